#include "drive/chaos.h"

#include "base/rng.h"

#include <inttypes.h>
#include <string.h>

enum { PURPOSE_CHAOS = 0x4348 }; /* draws of its own: not of the world's */
enum { MS = 1000000, PERCENT = 10000000, DRIFTS = 4, PPM = 1000 };

static const char *const names[CHAOS_KINDS] = {
    [CHAOS_CRASH] = "crash",         [CHAOS_PAUSE] = "pause",
    [CHAOS_SLOW] = "slow",           [CHAOS_CUT] = "cut",
    [CHAOS_PARTITION] = "partition", [CHAOS_LOSS] = "loss",
    [CHAOS_DUPLICATE] = "duplicate", [CHAOS_REORDER] = "reorder",
    [CHAOS_DELAY] = "delay",         [CHAOS_DRIFT] = "drift",
};

/* What is drawn from: periods and lengths from much shorter to much longer than a message takes. */
static const int64_t periods[] = {20 * MS, 100 * MS, 500 * MS, INT64_C(2000) * MS};
static const int64_t lengths[] = {5 * MS, 50 * MS, 300 * MS, INT64_C(1000) * MS};
static const int64_t ends[] = {1000 * MS, INT64_C(3000) * MS, INT64_C(10000) * MS};
static const int64_t ratios[] = {PERCENT / 10, PERCENT, 5 * PERCENT, 20 * PERCENT};

/* All that is drawn of a kind, whether it is on or not: so that what one kind does never depends on
 * which others are left out. */
typedef struct drawn {
    bool is_on;
    int64_t every, lasts, ratio, amount;
} drawn;

static uint64_t draw(uint64_t seed, uint32_t kind, uint64_t n, uint64_t bound)
{
    return rng_below(rng_draw(rng_key_of(seed, PURPOSE_CHAOS, kind), n), bound);
}

static drawn draw_kind(uint64_t seed, uint32_t kind)
{
    return (drawn){
        .is_on = draw(seed, kind, 0, 2) == 1,
        .every = periods[draw(seed, kind, 1, G_N_ELEMENTS(periods))],
        .lasts = lengths[draw(seed, kind, 2, G_N_ELEMENTS(lengths))],
        .ratio = ratios[draw(seed, kind, 3, G_N_ELEMENTS(ratios))],
        .amount = lengths[draw(seed, kind, 4, G_N_ELEMENTS(lengths))],
    };
}

static int64_t draw_end(uint64_t seed)
{
    return ends[draw(seed, CHAOS_KINDS, 0, G_N_ELEMENTS(ends))];
}

const char *chaos_name(chaos_kind kind)
{
    return names[kind];
}

/* -------------------------------------------------------------------------------- which kinds */

uint32_t chaos_allowed(const world_config *config)
{
    uint32_t assumes = 0, allowed = CHAOS_ALL;
    for (uint32_t i = 0; i < config->stack_size; i++) {
        assumes |= config->stack[i].algorithm->assumes;
    }
    if (assumes & DASIM_RELIABLE) { /* what is sent to a dead node is lost, too */
        allowed &=
            ~(1u << CHAOS_CRASH | 1u << CHAOS_CUT | 1u << CHAOS_PARTITION | 1u << CHAOS_LOSS);
    }
    if (assumes & DASIM_NO_CRASH) {
        allowed &= ~(1u << CHAOS_CRASH);
    }
    if (assumes & DASIM_NO_DUPLICATES) {
        allowed &= ~(1u << CHAOS_DUPLICATE);
    }
    if (assumes & DASIM_FIFO) {
        allowed &= ~(1u << CHAOS_REORDER | (config->network.usual.fifo ? 0 : 1u << CHAOS_DELAY));
    }
    return allowed;
}

uint32_t chaos_kinds(const char *list, const world_config *config)
{
    uint32_t kinds = 0;
    if (strcmp(list, "all") == 0) {
        return CHAOS_ALL;
    }
    if (strcmp(list, "allowed") == 0) {
        return config ? chaos_allowed(config) : CHAOS_ALL;
    }
    char **words = g_strsplit(list, ",", -1);
    for (char **word = words; *word; word++) {
        uint32_t kind = 0;
        while (kind < CHAOS_KINDS && strcmp(names[kind], *word) != 0) {
            kind++;
        }
        if (kind == CHAOS_KINDS) {
            kinds = 0;
            break;
        }
        kinds |= 1u << kind;
    }
    g_strfreev(words);
    return kinds;
}

/* -------------------------------------------------------------------------------------- faults */

static const action_kind actions[] = {
    [CHAOS_CRASH] = ACTION_CRASH, [CHAOS_PAUSE] = ACTION_PAUSE,         [CHAOS_SLOW] = ACTION_SLOW,
    [CHAOS_CUT] = ACTION_CUT,     [CHAOS_PARTITION] = ACTION_PARTITION,
};

/* Happens again and again to a node or a link that is drawn then. */
static void add_repeated(uint32_t kind, drawn d, int64_t end, GArray *out)
{
    fault f = {.trigger = TRIGGER_EVERY,
               .until = end,
               .draw_first = true,
               .times = UINT64_MAX,
               .every = {DISTRIBUTION_EXPONENTIAL, d.every, 0, 1, INT64_MAX, NULL}};
    f.action = (action){.kind = actions[kind],
                        .who.kind = TARGET_RANDOM,
                        .whom.kind = TARGET_RANDOM,
                        .lasts = d.lasts,
                        .amount = kind == CHAOS_SLOW ? d.amount / 10 : 0};
    g_array_append_val(out, f);
}

static void add_quality(int64_t at, uint32_t mask, link_quality quality, GArray *out)
{
    fault f = {.trigger = TRIGGER_AT, .at = at, .until = INT64_MAX, .times = 1};
    f.action = (action){.kind = ACTION_QUALITY,
                        .who.kind = TARGET_ANY,
                        .whom.kind = TARGET_ANY,
                        .quality = quality,
                        .quality_mask = mask};
    g_array_append_val(out, f);
}

/* All links from the start to the end; delays stay. */
static void add_links(uint32_t kind, drawn d, int64_t end, GArray *out)
{
    link_quality q = {0}, none = {0};
    uint32_t mask = QUALITY_DELAY;
    switch (kind) {
    case CHAOS_LOSS:
        q.loss = probability_of_ppb(d.ratio);
        mask = QUALITY_LOSS;
        break;
    case CHAOS_DUPLICATE:
        q.duplicate = probability_of_ppb(d.ratio);
        mask = QUALITY_DUPLICATE;
        break;
    case CHAOS_REORDER:
        q.reorder = probability_of_ppb(d.ratio);
        q.reorder_by = (distribution){DISTRIBUTION_EXPONENTIAL, d.lasts, 0, 0, INT64_MAX, NULL};
        mask = QUALITY_REORDER;
        break;
    default:
        q.delay = (distribution){DISTRIBUTION_EXPONENTIAL, d.amount / 10, 0, 0, INT64_MAX, NULL};
    }
    add_quality(0, mask, q, out);
    if (mask != QUALITY_DELAY) {
        add_quality(end, mask, none, out);
    }
}

static void add_drifts(uint64_t seed, int64_t end, GArray *out)
{
    for (uint64_t i = 0; i < DRIFTS; i++) {
        int64_t ppm = (int64_t)draw(seed, CHAOS_DRIFT, 8 + 2 * i, 2001) - 1000;
        int64_t at = (int64_t)draw(seed, CHAOS_DRIFT, 9 + 2 * i, (uint64_t)end);
        fault f = {.trigger = TRIGGER_AT, .at = at, .until = INT64_MAX, .times = 1};
        f.action = (action){.kind = ACTION_DRIFT, .who.kind = TARGET_RANDOM, .amount = ppm * PPM};
        g_array_append_val(out, f);
    }
}

uint32_t chaos_on(uint32_t kinds, uint64_t seed)
{
    uint32_t on = 0;
    for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
        on |= (kinds >> kind & draw_kind(seed, kind).is_on) << kind;
    }
    return on;
}

void chaos_draw(uint32_t kinds, uint64_t seed, GArray *out)
{
    int64_t end = draw_end(seed);
    uint32_t on = chaos_on(kinds, seed);
    for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
        drawn d = draw_kind(seed, kind);
        if (!(on >> kind & 1)) {
            continue;
        }
        if (kind < CHAOS_LOSS) {
            add_repeated(kind, d, end, out);
        } else if (kind == CHAOS_DRIFT) {
            add_drifts(seed, end, out);
        } else {
            add_links(kind, d, end, out);
        }
    }
}

/* --------------------------------------------------------------------------------------- words */

static void append_kind(GString *text, uint32_t kind, drawn d)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", names[kind]);
    if (kind < CHAOS_LOSS) {
        g_string_append_printf(text, " every %" PRId64 " ms for %" PRId64 " ms", d.every / MS,
                               d.lasts / MS);
    } else if (kind < CHAOS_DELAY) {
        g_string_append_printf(text, " %" PRId64 ".%" PRId64 " %%", d.ratio / PERCENT,
                               d.ratio * 10 / PERCENT % 10);
    } else if (kind == CHAOS_DELAY) {
        g_string_append_printf(text, " %" PRId64 " us", d.amount / 10 / 1000);
    }
}

char *chaos_words(uint32_t kinds, uint64_t seed)
{
    GString *text = g_string_new(NULL), *left_out = g_string_new(NULL);
    for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
        drawn d = draw_kind(seed, kind);
        if (d.is_on && kinds >> kind & 1) {
            append_kind(text, kind, d);
        } else {
            g_string_append_printf(left_out, "%s%s", left_out->len > 0 ? ", " : "", names[kind]);
        }
    }
    if (text->len == 0) {
        g_string_append(text, "nothing");
    } else {
        g_string_append_printf(text, "; until %" PRId64 " s", draw_end(seed) / (1000 * MS));
    }
    if (left_out->len > 0) {
        g_string_append_printf(text, "; not: %s", left_out->str);
    }
    g_string_free(left_out, TRUE);
    return g_string_free(text, FALSE);
}
