/* links = { ... }: how all links treat messages, and entries link(from, to, { ... }) that say what
 * some of them do differently. */
#include "script/script.h"

#include <lauxlib.h>
#include <string.h>

enum { RULES_MOST = 100000, SOME = 1 << 16 /* bit of *mask: queue or header is set */ };

typedef struct link_handle {
    handle head;
    target_plan from, to;
    bool both;
    uint32_t mask;
    link_quality quality;
    bool has_base;
} link_handle;

#define QUALITY_KEYS                                                                               \
    "latency", "loss", "burst", "duplicate", "reorder", "corrupt", "fifo", "bandwidth", "queue",   \
        "header"

static const char *const links_keys[] = {QUALITY_KEYS, "base", "symmetric", "matrix", NULL};
static const char *const link_keys[] = {QUALITY_KEYS, "base", "symmetric", "both", NULL};

static void burst_read(const reader *r, link_quality *q, uint32_t *mask)
{
    static const char *const keys[] = {"enter", "leave", "loss", NULL};
    static const char *const example =
        "burst = { enter = \"1%\", leave = \"10%\", loss = \"50%\" }";
    place p;
    if (!reader_get(r, "burst", &p)) {
        return;
    }
    reader burst = reader_of_value(r->L, -1, &p, keys, false);
    uint64_t *const values[] = {&q->burst_enter, &q->burst_leave, &q->burst_loss};
    for (int i = 0; i < 3; i++) {
        place one;
        reader_need(&burst, keys[i], example, &one);
        *values[i] = take_probability(r->L, -1, &one);
        lua_pop(r->L, 1);
    }
    lua_pop(r->L, 1);
    *mask |= QUALITY_BURST;
}

/* "5%" or { probability = "5%", by = exponential("10ms") }. */
static void reorder_read(const reader *r, link_quality *q, uint32_t *mask)
{
    static const char *const keys[] = {"probability", "by", NULL};
    place p;
    if (!reader_get(r, "reorder", &p)) {
        return;
    }
    q->reorder_by = (distribution){DISTRIBUTION_EXPONENTIAL, 10000000, 0, 0, INT64_MAX, NULL};
    if (lua_type(r->L, -1) == LUA_TTABLE) {
        reader reorder = reader_of_value(r->L, -1, &p, keys, false);
        place one;
        reader_need(&reorder, "probability", "reorder = { probability = \"5%\" }", &one);
        q->reorder = take_probability(r->L, -1, &one);
        lua_pop(r->L, 1);
        read_distribution(&reorder, "by", DIMENSION_DURATION, false, &q->reorder_by);
    } else {
        q->reorder = take_probability(r->L, -1, &p);
    }
    lua_pop(r->L, 1);
    *mask |= QUALITY_REORDER;
}

static void bandwidth_read(const reader *r, link_quality *q, uint32_t *mask)
{
    place p;
    if (reader_get(r, "bandwidth", &p)) {
        q->bytes_per_second = (uint64_t)take_quantity(r->L, -1, &p, DIMENSION_RATE, 1, INT64_MAX);
        lua_pop(r->L, 1);
        *mask |= QUALITY_BANDWIDTH;
    }
    if (reader_get(r, "queue", &p)) {
        q->queue_bytes = (uint64_t)take_quantity(r->L, -1, &p, DIMENSION_BYTES, 0, INT64_MAX);
        lua_pop(r->L, 1);
        *mask |= SOME;
    }
    if (reader_get(r, "header", &p)) {
        q->header_bytes = (uint32_t)take_quantity(r->L, -1, &p, DIMENSION_BYTES, 0, 65536);
        lua_pop(r->L, 1);
        *mask |= SOME;
    }
    if ((*mask & SOME) && q->bytes_per_second == 0) {
        fail_at(r->L, r->line,
                "found queue or header without bandwidth in %s, expected bandwidth = \"10Mbit/s\"",
                r->name);
    }
    *mask = *mask & SOME ? (*mask & ~(uint32_t)SOME) | QUALITY_BANDWIDTH : *mask;
}

void quality_read(const reader *r, link_quality *q, uint32_t *mask)
{
    static const struct {
        const char *key;
        size_t offset;
        uint32_t bit;
    } chances[] = {
        {"loss", offsetof(link_quality, loss), QUALITY_LOSS},
        {"duplicate", offsetof(link_quality, duplicate), QUALITY_DUPLICATE},
        {"corrupt", offsetof(link_quality, corrupt), QUALITY_CORRUPT},
    };
    place p;
    if (read_distribution(r, "latency", DIMENSION_DURATION, false, &q->delay)) {
        *mask |= QUALITY_DELAY;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(chances); i++) {
        if (reader_get(r, chances[i].key, &p)) {
            *(uint64_t *)((char *)q + chances[i].offset) = take_probability(r->L, -1, &p);
            lua_pop(r->L, 1);
            *mask |= chances[i].bit;
        }
    }
    burst_read(r, q, mask);
    reorder_read(r, q, mask);
    bandwidth_read(r, q, mask);
    if (reader_get(r, "fifo", &p)) {
        q->fifo = take_switch(r->L, -1, &p);
        lua_pop(r->L, 1);
        *mask |= QUALITY_FIFO;
    }
}

/* What is drawn once per pair; true if the key is there. */
static bool base_read(const reader *r, link_quality *q)
{
    place p;
    bool has_base = read_distribution(r, "base", DIMENSION_DURATION, false, &q->base);
    if (reader_get(r, "symmetric", &p)) {
        q->base_symmetric = take_switch(r->L, -1, &p);
        lua_pop(r->L, 1);
    }
    return has_base;
}

/* link(from, to, { ... }) */
static int make_link(lua_State *L)
{
    if (lua_gettop(L) != 3) {
        fail_count(L, lua_gettop(L), "link", "link(from, to, { latency = \"80ms\" })");
    }
    only_in_file(L, "link");
    link_handle *h = handle_new(L, HANDLE_LINK, sizeof *h);
    place from = argument_of(L, "link", 1), to = argument_of(L, "link", 2);
    target_take(L, 1, &from, &h->from);
    target_take(L, 2, &to, &h->to);
    reader r = reader_of_argument(L, 3, "link", link_keys, false);
    quality_read(&r, &h->quality, &h->mask);
    h->has_base = base_read(&r, &h->quality);
    read_switch(&r, "both", &h->both);
    return 1;
}

static uint32_t end_of_link(lua_State *L, const link_handle *h, const target_plan *end,
                            uint32_t nodes)
{
    if (end->target.kind == TARGET_ANY) {
        return NOBODY;
    }
    if (end->target.kind != TARGET_NODE || end->target.number >= nodes) {
        char found[32] = "a role";
        if (end->target.kind == TARGET_NODE) {
            g_snprintf(found, sizeof found, "node %u", end->target.number);
        }
        fail_at(L, h->head.line, "found %s for link(), expected 0 .. %u or any()", found,
                nodes - 1);
    }
    return end->target.number;
}

/* What the entry sets on top of what holds for all links. */
static link_quality merged(const link_quality *usual, const link_handle *h)
{
    link_quality q = *usual;
    const link_quality *own = &h->quality;
    q.delay = h->mask & QUALITY_DELAY ? own->delay : q.delay;
    q.loss = h->mask & QUALITY_LOSS ? own->loss : q.loss;
    q.duplicate = h->mask & QUALITY_DUPLICATE ? own->duplicate : q.duplicate;
    q.corrupt = h->mask & QUALITY_CORRUPT ? own->corrupt : q.corrupt;
    q.fifo = h->mask & QUALITY_FIFO ? own->fifo : q.fifo;
    if (h->mask & QUALITY_REORDER) {
        q.reorder = own->reorder;
        q.reorder_by = own->reorder_by;
    }
    if (h->mask & QUALITY_BURST) {
        q.burst_enter = own->burst_enter;
        q.burst_leave = own->burst_leave;
        q.burst_loss = own->burst_loss;
    }
    if (h->mask & QUALITY_BANDWIDTH) {
        q.bytes_per_second = own->bytes_per_second;
        q.queue_bytes = own->queue_bytes;
        q.header_bytes = own->header_bytes;
    }
    if (h->has_base) {
        q.base = own->base;
        q.base_symmetric = own->base_symmetric;
    }
    return q;
}

static void rules_read(const reader *r, scenario *out)
{
    network_config *network = &out->world.network;
    size_t count = lua_rawlen(r->L, r->table);
    if (count > RULES_MOST) {
        fail_at(r->L, r->line, "found %zu links in links, expected at most 100000", count);
    }
    link_rule *rules = script_allocate(r->L, (count * 2 + 1) * sizeof *rules);
    network->rules = rules;
    place p;
    for (size_t i = 0; i < count && reader_entry(r, i + 1, &p); i++) {
        const link_handle *h = handle_at(r->L, -1, HANDLE_LINK);
        if (h == NULL) {
            fail_value(r->L, -1, &p, "", "link(from, to, { ... })");
        }
        uint32_t from = end_of_link(r->L, h, &h->from, out->world.nodes);
        uint32_t to = end_of_link(r->L, h, &h->to, out->world.nodes);
        link_quality q = merged(&network->usual, h);
        rules[network->rule_count++] = (link_rule){from, to, q};
        if (h->both) {
            rules[network->rule_count++] = (link_rule){to, from, q};
        }
        lua_pop(r->L, 1);
    }
}

void links_read(const reader *r, scenario *out)
{
    link_quality *usual = &out->world.network.usual;
    const distribution one_ms = {DISTRIBUTION_FIXED, 1000000, 0, 0, INT64_MAX, NULL};
    const distribution none = {DISTRIBUTION_FIXED, 0, 0, 0, INT64_MAX, NULL};
    usual->delay = usual->base = usual->reorder_by = none;
    place p;
    if (!reader_get(r, "links", &p)) {
        usual->delay = one_ms;
        return;
    }
    reader links = reader_of_value(r->L, -1, &p, links_keys, true);
    uint32_t mask = 0;
    quality_read(&links, usual, &mask);
    bool has_base = base_read(&links, usual);
    if (reader_get(&links, "matrix", &p)) {
        matrix_take(r->L, -1, &p, out);
        usual->use_matrix = true;
        lua_pop(r->L, 1);
    }
    if (!(mask & QUALITY_DELAY) && !has_base && !usual->use_matrix) {
        usual->delay = one_ms;
    }
    rules_read(&links, out);
    lua_pop(r->L, 1);
}

void network_open(lua_State *L)
{
    lua_pushcfunction(L, make_link);
    lua_setfield(L, -2, "link");
}
