/* One machine without a world: a channel module, its clock, and processes that call. */
#ifndef DASIM_TESTS_CHANNEL_MACHINE_H
#define DASIM_TESTS_CHANNEL_MACHINE_H

#include <dasim.h>

enum { MACHINE_PARAMS = 16 };

typedef struct machine {
    dasim_node node; /* first */
    const dasim_algorithm *module;
    int64_t params[MACHINE_PARAMS];
    int64_t clock, due; /* due: of the timer; -1: not armed */
    char log[4000];     /* the answers: "25:p0 ATTACH=0 " */
} machine;

/* Booted, at time 0. `params`: "words=4 step=100"; others have their defaults. */
void machine_begin(machine *m, const dasim_algorithm *module, const char *params);
void machine_end(machine *m);

/* The process calls. `text` may be NULL. */
void machine_call(machine *m, uint32_t process, uint32_t op, int32_t descriptor, int64_t value,
                  uint32_t flags, const char *text);
/* Until nothing is due any more, or the clock shows `limit`. */
void machine_run(machine *m, int64_t limit);
/* Its state is gone. */
void machine_crash(machine *m);

/* What was answered since the last time. */
#define EXPECT_ANSWERS(m, text)                                                                    \
    do {                                                                                           \
        cr_expect_str_eq((m)->log, text, "answered: %s", (m)->log);                                \
        (m)->log[0] = '\0';                                                                        \
    } while (0)

#endif
