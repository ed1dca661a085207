#include "history.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOG = 1 << 16 };

static uint64_t dice;
static char history[LOG];
static size_t history_size;

void roll_seed(uint64_t seed)
{
    dice = seed * 0x9E3779B97F4A7C15u + 1;
}

void history_clear(void)
{
    history_size = 0;
}

size_t history_length(void)
{
    return history_size;
}

uint32_t roll(uint32_t bound)
{
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return (uint32_t)(dice >> 20) % bound;
}

void note(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (history_size < LOG - 300) {
        history_size += (size_t)vsnprintf(history + history_size, 300, format, list);
    }
    va_end(list);
}

void differs(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    printf("\n%s", history);
    va_end(list);
    exit(1);
}
