/* A bit per cell and seed says what has been handed out, or was done before: all bits below `next`
 * are set. A cell without a bit set has no bytes yet. */
#include "sweep/work.h"

#include "sweep/statistics.h"

#include <string.h>

typedef struct cell_work {
    uint8_t *given;     /* a bit per seed number; NULL: none */
    uint64_t next;      /* number of the first seed that may be free */
    uint64_t limit;     /* so many seeds are wanted now */
    uint64_t in_flight; /* given, and not back */
    bool is_closed;     /* no more will be wanted */
} cell_work;

struct work {
    const grid *grid;
    uint32_t shard, shards, cells;
    uint32_t current; /* cells below have nothing left */
    cell_work *of;
    uint64_t per_cell, total, skipped, finished, failures;
    GArray *careful; /* unit, of one run each: last in, first out */
    bool (*is_enough)(void *context, uint32_t cell, uint64_t count); /* NULL: no steps */
    void *context;
    uint32_t open; /* cells that are not closed; where there are steps */
};

work *work_new(const grid *g, uint32_t shard, uint32_t shards)
{
    work *w = g_new0(work, 1);
    w->grid = g;
    w->shard = shard;
    w->shards = shards;
    w->cells = grid_cells(g);
    w->of = g_new0(cell_work, w->cells);
    w->per_cell = (g->seed_count + shards - 1 - shard) / shards;
    w->total = w->per_cell * w->cells;
    w->careful = g_array_new(FALSE, FALSE, sizeof(unit));
    for (uint32_t cell = 0; cell < w->cells; cell++) {
        w->of[cell].limit = w->per_cell;
    }
    return w;
}

void work_free(work *w)
{
    for (uint32_t cell = 0; cell < w->cells; cell++) {
        g_free(w->of[cell].given);
    }
    g_free(w->of);
    g_array_free(w->careful, TRUE);
    g_free(w);
}

static bool is_given(const cell_work *c, uint64_t i)
{
    return c->given && c->given[i / 8] >> i % 8 & 1;
}

static void give(work *w, cell_work *c, uint64_t i)
{
    if (c->given == NULL) {
        c->given = g_malloc0((w->per_cell + 7) / 8);
    }
    c->given[i / 8] |= (uint8_t)(1 << i % 8);
}

/* Number i of this shard. */
static uint64_t seed_of(const work *w, uint64_t i)
{
    return grid_seed(w->grid, i * w->shards + w->shard);
}

bool work_number(const work *w, uint64_t seed, uint64_t *number)
{
    uint64_t before = 0;
    for (guint r = 0; r < w->grid->seeds->len; r++) {
        seed_range range = g_array_index(w->grid->seeds, seed_range, r);
        if (seed >= range.first && seed <= range.last) {
            uint64_t i = before + seed - range.first;
            *number = i / w->shards;
            return i % w->shards == w->shard;
        }
        before += range.last - range.first + 1;
    }
    return false;
}

void work_skip(work *w, uint32_t cell, uint64_t seed, bool failed)
{
    uint64_t i;
    cell_work *c = &w->of[cell];
    if (work_number(w, seed, &i) && !is_given(c, i)) {
        give(w, c, i);
        w->skipped++;
        w->failures += failed;
    }
}

/* -------------------------------------------------------------------------------------- steps */

/* Goes on while everything up to the limit is done, to where something is missing. */
static void step(work *w, uint32_t cell)
{
    cell_work *c = &w->of[cell];
    while (w->is_enough && !c->is_closed) {
        while (c->next < c->limit && is_given(c, c->next)) {
            c->next++;
        }
        if (c->next < c->limit || c->in_flight > 0) {
            return;
        }
        if (c->limit == w->per_cell || w->is_enough(w->context, cell, c->limit)) {
            c->is_closed = true;
            w->open--;
            w->total -= w->per_cell - c->limit;
        } else {
            c->limit = MIN(precision_next(c->limit), w->per_cell);
        }
    }
}

void work_in_steps(work *w, bool (*is_enough)(void *context, uint32_t cell, uint64_t count),
                   void *context)
{
    w->is_enough = is_enough;
    w->context = context;
    w->open = w->cells;
    for (uint32_t cell = 0; cell < w->cells; cell++) {
        w->of[cell].limit = MIN(PRECISION_LEAST, w->per_cell);
        step(w, cell);
    }
}

/* ------------------------------------------------------------------------------------- handing */

static bool take_from(work *w, uint32_t cell, uint32_t most, unit *u)
{
    cell_work *c = &w->of[cell];
    for (; c->next < c->limit && u->count < most; c->next++) {
        if (!is_given(c, c->next)) {
            give(w, c, c->next);
            c->in_flight++;
            u->seeds[u->count++] = seed_of(w, c->next);
        }
    }
    u->cell = cell;
    return u->count > 0;
}

bool work_take(work *w, uint32_t most, unit *u)
{
    if (w->careful->len > 0) {
        *u = g_array_index(w->careful, unit, w->careful->len - 1);
        g_array_set_size(w->careful, w->careful->len - 1);
        return true;
    }
    *u = (unit){0};
    while (w->current < w->cells && w->of[w->current].next == w->per_cell) {
        w->current++;
    }
    for (uint32_t cell = w->current; cell < w->cells; cell++) {
        if (take_from(w, cell, most, u)) {
            return true;
        }
    }
    return false;
}

void work_return(work *w, const unit *u)
{
    for (uint32_t i = u->count; i-- > u->reported;) { /* the first of them is taken first */
        unit one = {.cell = u->cell, .count = 1, .careful = true, .strikes = u->strikes};
        one.seeds[0] = u->seeds[i];
        g_array_append_val(w->careful, one);
    }
}

void work_done(work *w, uint32_t cell, bool failed)
{
    w->finished++;
    w->failures += failed;
    w->of[cell].in_flight--;
    step(w, cell);
}

uint64_t work_total(const work *w)
{
    return w->total;
}

uint64_t work_skipped(const work *w)
{
    return w->skipped;
}

uint64_t work_finished(const work *w)
{
    return w->finished;
}

uint64_t work_failures(const work *w)
{
    return w->failures;
}

bool work_is_over(const work *w)
{
    return w->is_enough ? w->open == 0 : w->skipped + w->finished == w->total;
}
