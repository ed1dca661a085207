/*
 * Memories, access by access. A fault is measured for reader, manager and owner at three different
 * nodes: nine placements at even distances, with nobody else having a copy or all others. What
 * holds for each read and each write is measured over a random history.
 */
#include "sweep/complexity_internal.h"

#include "sweep/access_play.h"

#include "base/rng.h"

#include <string.h>

enum { PLACEMENTS = 9, HISTORIES = 20, ACCESSES = 200 };

static bool play(access_play *p, char **trouble)
{
    const char *words = access_play_run(p);
    *trouble = g_strdup(words);
    return words == NULL;
}

/* ----------------------------------------------------------------------------------- faults */

static uint64_t placements(const cost_bench *b, uint32_t n)
{
    (void)n;
    bool is_extreme = strcmp(b->cost->when, "best") == 0 || strcmp(b->cost->when, "worst") == 0;
    return is_extreme ? HISTORIES : PLACEMENTS;
}

typedef struct place {
    uint32_t reader, manager, owner;
} place;

/* Three nodes, all different. */
static place place_of(uint32_t n, uint64_t run)
{
    uint32_t reader = (uint32_t)(run * n / PLACEMENTS), apart = 1 + (uint32_t)(run % (n - 2));
    return (place){reader, (reader + apart) % n, (reader + apart + 1) % n};
}

/* The owner writes, those who are to have copies read, and then the reader has its fault. */
static bool have_fault(const cost_bench *b, uint32_t n, uint64_t run, bool writes, bool all_read,
                       access_play *p, char **trouble)
{
    place at = place_of(n, run);
    access_play_init(p, b->algorithm, n, 1);
    access_play_set(p, "manager", at.manager);
    access_play_add(p, at.owner, true, 0);
    for (uint32_t node = 0; all_read && node < n; node++) {
        if (node != at.owner && node != at.reader) {
            access_play_add(p, node, false, 0);
        }
    }
    access_play_add(p, at.reader, writes, 0);
    return play(p, trouble);
}

/* Faults of a random history: an access that costs no message is none. */
static bool random_faults(const cost_bench *b, uint32_t n, uint64_t run, bool writes,
                          cost_sample *s, char **trouble)
{
    access_play p;
    rng_key key = rng_key_of(1, n, run);
    access_play_init(&p, b->algorithm, n, 1);
    for (uint64_t i = 0; i < ACCESSES; i++) {
        uint64_t draw = rng_draw(key, i);
        access_play_add(&p, (uint32_t)rng_below(draw, n), draw % 3 == 0, 0);
    }
    if (!play(&p, trouble)) {
        return false;
    }
    for (uint32_t i = 0; i < p.count; i++) {
        if (p.steps[i].writes == writes && p.steps[i].messages > 0) {
            cost_sample_add(s, (int64_t)p.steps[i].messages);
        }
    }
    return true;
}

static bool measure_fault(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                          char **trouble)
{
    access_play p;
    bool writes = strstr(b->cost->measure, "write") != NULL;
    bool all_read = strstr(b->cost->measure, "if all read") != NULL;
    if (placements(b, n) == HISTORIES) {
        return random_faults(b, n, run, writes, s, trouble);
    }
    if (!have_fault(b, n, run, writes, all_read, &p, trouble)) {
        return false;
    }
    cost_sample_add(s, (int64_t)p.steps[p.count - 1].messages);
    return true;
}

static bool measure_fault_time(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                               char **trouble)
{
    access_play p;
    if (!have_fault(b, n, run, strstr(b->cost->measure, "write") != NULL, false, &p, trouble)) {
        return false;
    }
    cost_sample_add(s, p.steps[p.count - 1].took);
    return true;
}

/* -------------------------------------------------------------------------------- each access */

static uint64_t histories(const cost_bench *b, uint32_t n)
{
    (void)b;
    (void)n;
    return HISTORIES;
}

/* With a sequencer, which is node 0, the others write. */
static bool measure_access(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                           char **trouble)
{
    access_play p;
    rng_key key = rng_key_of(2, n, run);
    bool writes = strstr(b->cost->measure, "write") != NULL;
    bool is_sequenced = strstr(b->cost->measure, "sequencer") != NULL;
    access_play_init(&p, b->algorithm, n, 1);
    if (is_sequenced) {
        access_play_set(&p, "sequencer", 1);
        access_play_set(&p, "at", 0);
    }
    if (strstr(b->cost->measure, "acknowledged")) {
        access_play_set(&p, "acknowledge", 1);
    }
    for (uint64_t i = 0; i < ACCESSES; i++) {
        uint64_t draw = rng_draw(key, i);
        uint32_t node =
            is_sequenced ? 1 + (uint32_t)rng_below(draw, n - 1) : (uint32_t)rng_below(draw, n);
        access_play_add(&p, node, draw % 3 == 0, 0);
    }
    if (!play(&p, trouble)) {
        return false;
    }
    for (uint32_t i = 0; i < p.count; i++) {
        if (p.steps[i].writes == writes) {
            cost_sample_add(s, (int64_t)p.steps[i].messages);
        }
    }
    return true;
}

const cost_method cost_methods_of_memories[] = {
    {DASIM_MEMORY, "messages per read", false, false, 2, histories, measure_access},
    {DASIM_MEMORY, "messages per write", false, false, 2, histories, measure_access},
    {DASIM_MEMORY, "messages per write, acknowledged", false, false, 2, histories, measure_access},
    {DASIM_MEMORY, "messages per write, with a sequencer", false, false, 2, histories,
     measure_access},
    {DASIM_MEMORY, "messages per read fault", false, false, 3, placements, measure_fault},
    {DASIM_MEMORY, "messages per write fault", false, false, 3, placements, measure_fault},
    {DASIM_MEMORY, "messages per write fault if all read", false, false, 3, placements,
     measure_fault},
    {DASIM_MEMORY, "time of a read fault", true, false, 3, placements, measure_fault_time},
    {DASIM_MEMORY, "time of a write fault", true, false, 3, placements, measure_fault_time},
    {0},
};
