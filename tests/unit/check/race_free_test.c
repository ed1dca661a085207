#include "racing.h"

#include <string.h>

typedef struct racing_case {
    const char *claim, *history;
    unsigned later, earlier; /* lines; 0: it holds */
} racing_case;

static const racing_case cases[] = {
    {"nobody does anything", "", 0, 0},
    {"one process is in order with itself", "0wx 0rx 0wx 0rx", 0, 0},
    {"reads alone are no race", "0rx 1rx 2rx", 0, 0},
    {"different words", "0wx 1wy 0wf 1wg", 0, 0},
    {"two writes", "0wx 1wx", 2, 1},
    {"a write after a read", "0rx 1wx", 2, 1},
    {"a read after a write", "0wx 1rx", 2, 1},
    {"the first race is told, not the next", "0wx 1rx 2wy 0wy", 2, 1},
    {"a read that is not the last one", "0rx 1lm 1rx 1um 2lm 2wx 2um", 6, 1},
    {"of two writes the last one", "0wx 0lm 0wx 0um 1wx", 5, 3},
    {"the earliest of several reads", "0rx 1rx 2wx", 3, 1},
    {"the words of a file are words", "0wf 1wf", 2, 1},

    {"a lock", "0lm 0rx 0wx 0um 1lm 1rx 1wx 1um", 0, 0},
    {"another lock", "0lm 0wx 0um 1ln 1wx 1un", 5, 2},
    {"a lock that one did not ask for", "0wx 1lm 1wx 1um", 3, 1},
    {"an access behind the lock", "0lm 0um 0wx 1lm 1wx 1um", 5, 3},
    {"who comes first matters, not who writes", "0lm 0wx 0um 1lm 1um 1wx", 0, 0},
    {"one lock after the other", "0lm 0wx 0um 1lm 1um 1ln 1un 2ln 2un 2wx", 0, 0},
    {"an unlocking that failed", "0wx 0Fm 1lm 1wx 1um", 4, 1},
    {"the lock of a process that died", "0lm 0wx 0e. 1lm 1wx", 0, 0},
    {"what it did not lock", "0wx 0e. 1lm 1wx", 4, 1},

    {"a semaphore", "0wx 0ps 1vs 1wx", 0, 0},
    {"a semaphore that nobody posted", "0wx 1vs 1wx", 3, 1},
    {"a post behind the access of the other", "0wx 1vs 1wx 0ps", 3, 1},
    {"an access behind the post", "0ps 0wx 1vs 1wx", 4, 2},
    {"posts of two", "0wx 0ps 1wy 1ps 2vs 2vs 2rx 2ry", 0, 0},

    {"a monitor", "0lm 0cm 1lm 1wx 1sm 1um 0gm 0rx 0um", 0, 0},
    {"a condition's waiter lets in what it did", "0lm 0wx 0cm 1lm 1wx 1um 0gm 0um", 0, 0},
    {"a signal alone orders nothing", "0lm 0cm 1wx 1sm 2lm 2um 0gm 0rx", 8, 3},

    {"a file lock", "0Ef 0wf 0Uf 1Ef 1wf 1Uf", 0, 0},
    {"who does not ask for it is not stopped", "0Ef 0wf 0Uf 1wf", 4, 2},
    {"readers, then a writer", "0Sf 0rf 0Uf 1Sf 1rf 1Uf 2Ef 2wf 2Uf", 0, 0},
    {"a writer, then readers", "2Ef 2wf 2Uf 0Sf 1Sf 0rf 1rf 0Uf 1Uf", 0, 0},
    {"who shares a lock is not in order", "0Sf 0wf 0Uf 1Sf 1wf 1Uf", 5, 2},
    {"a file lock that ends with its descriptor", "0Ef 0wx 0df 1Ef 1wx", 0, 0},
    {"... with its process", "0Ef 0wx 0e. 1Ef 1wx", 0, 0},
    {"... with another lock of the same file", "0Ef 0wx 0Sf 1Sf 1rx", 0, 0},
    {"a file that is not locked orders nothing", "0wx 0df 1Ef 1wx", 4, 1},

    {"an atomic word", "0wx 0Wy 1Ry 1rx", 0, 0},
    {"an atomic word is no race itself", "0Wy 1Wy 0Ry 1Ry", 0, 0},
    {"an atomic word that was read too early", "1Ry 0wx 0Wy 1rx", 4, 2},
    {"an atomic word orders only who reads it", "0wx 0Wy 1Wy 1rx", 4, 1},
    {"another atomic word", "0wx 0Wy 1Rz 1rx", 4, 1},
    {"an access behind the atomic store", "0Wy 0wx 1Ry 1rx", 4, 2},

    {"a child knows what its parent did", "0wx 0k1 1wx", 0, 0},
    {"a parent does not know what its child does", "0k1 1wx 0rx", 3, 2},
    {"nor the child what the parent does next", "0k1 0wx 1rx", 3, 2},
    {"children do not know of each other", "0k1 0k2 1wx 2wx", 4, 3},
    {"who has waited for its child knows", "0k1 1wx 1e. 0j1 0wx", 0, 0},
    {"the end of a child alone says nothing", "0k1 1wx 1e. 0wx", 4, 2},
    {"another process of the same number", "0k1 1wx 1e. 0k1 1wx", 5, 2},
    {"a child has the file locks of its parent", "0Ef 0k1 0e. 1wx 1e. 2Ef 2wx", 0, 0},

    {"what comes through a pipe", "0wx 0o. 1i. 1rx", 0, 0},
    {"what was read before", "1i. 0wx 0o. 1rx", 4, 2},
    {"a lock service", "0wx 0a. 1ry 0b. 1rx", 0, 0},
    {"a lock service that has not answered", "0wx 1ry 0a. 1rx", 4, 1},
    {"a crash of the machine", "0wf 0X. 1wf 0wf", 4, 3},
};

Test (race_free, histories) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const racing_case *c = &cases[i];
        unsigned later, earlier;
        finding f = racing_judge(c->history);
        racing_lines(&f, &later, &earlier);
        cr_expect_eq(f.verdict, c->later ? VERDICT_VIOLATED : VERDICT_HOLDS, "%s: %s", c->claim,
                     f.reason ? f.reason : "holds");
        cr_expect(later == c->later && earlier == c->earlier, "%s: %s", c->claim,
                  f.reason ? f.reason : "holds");
        cr_expect_eq(racing_word(&f), c->later, "%s: record %d", c->claim, (int)f.record);
        finding_clear(&f);
    }
}

Test (race_free, the_sentence_names_processes_lines_object_and_times) {
    finding f = racing_judge("0rx 1wx");
    cr_expect_str_eq(f.reason, "at 0.002000000 s process 1 of node 0 (line 2) wrote [3] of segment "
                               "'x', which process 0 of node 0 (line 1) had read at 0.001000000 s; "
                               "nothing orders the two");
    cr_expect_eq(f.at, 2000000);
    finding_clear(&f);
    f = racing_judge("2wf 1rf");
    cr_expect_str_eq(f.reason, "at 0.002000000 s process 1 of node 0 (line 2) read [3] of file "
                               "'f', which process 2 of node 0 (line 1) had written at "
                               "0.001000000 s; nothing orders the two");
    finding_clear(&f);
}

Test (race_free, worlds_without_shared_memory_are_not_judged) {
    world_config config = {.nodes = 1, .resources = 1, .stack_size = 1};
    config.stack[0].algorithm = &stub_lock;
    cr_expect_not(race_free.applies(&config));
}
