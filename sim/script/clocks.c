/* clocks = { offset =, drift =, wander = { every =, by = }, sync = { every =, error =, step =,
 * slew = } } */
#include "script/script.h"

/* A time that must pass: more than 0. */
static int64_t need_period(const reader *r, const char *example)
{
    place p;
    reader_need(r, "every", example, &p);
    int64_t every = take_quantity(r->L, -1, &p, DIMENSION_DURATION, 1, INT64_MAX);
    lua_pop(r->L, 1);
    return every;
}

static void wander_read(const reader *r, clock_config *clocks)
{
    static const char *const keys[] = {"every", "by", NULL};
    static const char *const example =
        "wander = { every = \"1s\", by = normal(\"0ppm\", \"1ppm\") }";
    place p;
    if (!reader_get(r, "wander", &p)) {
        return;
    }
    reader wander = reader_of_value(r->L, -1, &p, keys, false);
    clocks->wander_every = need_period(&wander, example);
    reader_need(&wander, "by", example, &p);
    take_distribution(r->L, -1, &p, DIMENSION_RATIO, true, &clocks->wander);
    lua_pop(r->L, 2);
}

static void sync_read(const reader *r, clock_config *clocks)
{
    static const char *const keys[] = {"every", "error", "step", "slew", NULL};
    place p;
    if (!reader_get(r, "sync", &p)) {
        return;
    }
    reader sync = reader_of_value(r->L, -1, &p, keys, false);
    clocks->sync_every = need_period(&sync, "sync = { every = \"16s\" }");
    read_distribution(&sync, "error", DIMENSION_DURATION, true, &clocks->sync_error);
    read_duration(&sync, "step", &clocks->sync_step);
    if (reader_get(&sync, "slew", &p)) {
        clocks->sync_slew = take_quantity(r->L, -1, &p, DIMENSION_RATIO, 1, 500000000);
        lua_pop(r->L, 1);
    }
    lua_pop(r->L, 1);
}

void clocks_read(const reader *r, scenario *out)
{
    static const char *const keys[] = {"offset", "drift", "wander", "sync", NULL};
    clock_config *clocks = &out->world.clocks;
    const distribution none = {DISTRIBUTION_FIXED, 0, 0, INT64_MIN, INT64_MAX, NULL};
    clocks->offset = clocks->drift = clocks->wander = clocks->sync_error = none;
    place p;
    if (!reader_get(r, "clocks", &p)) {
        return;
    }
    reader table = reader_of_value(r->L, -1, &p, keys, false);
    read_distribution(&table, "offset", DIMENSION_DURATION, true, &clocks->offset);
    read_distribution(&table, "drift", DIMENSION_RATIO, true, &clocks->drift);
    wander_read(&table, clocks);
    sync_read(&table, clocks);
    lua_pop(r->L, 1);
}
