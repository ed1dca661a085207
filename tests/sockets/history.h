/* What is drawn, what was done, and the end where model and kernel differ. */
#ifndef TESTS_SOCKETS_HISTORY_H
#define TESTS_SOCKETS_HISTORY_H

#include <stddef.h>
#include <stdint.h>

void roll_seed(uint64_t seed);
uint32_t roll(uint32_t bound); /* 0 .. bound-1 */

void history_clear(void);
size_t history_length(void);
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints the difference and all notes since the last history_clear(); exit status 1. */
void differs(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
