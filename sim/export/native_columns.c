/*
 * What a record is about (kind, component, reason, type, size) is its shape: a frame lists its
 * shapes once and tells each record's by a number. Times, causes and nodes are told as differences
 * to what is likely: the time before, the record before, the node before, the node itself.
 */
#include "export/native_columns.h"

#include <stdlib.h>

enum { SHAPE_PLACES = 16384, WORD = 8 };

typedef struct shape {
    uint64_t what;  /* reason, component, kind as the kernel packs them */
    uint64_t bytes; /* type and size as the kernel packs them; 0: not told */
} shape;

struct columns {
    blob column[COLUMNS];
    shape shapes[FRAME_RECORDS];
    uint16_t recent[RECORD_KINDS]; /* number of the last shape of a kind */
    uint16_t places[SHAPE_PLACES]; /* number of a shape + 1, by its hash; 0: free */
    uint32_t shape_count, count;
    uint64_t first;     /* number of the frame's first record */
    uint64_t base;      /* time before the frame */
    uint32_t clocked;   /* records of the frame before the first that tells a local time */
    bool keeps_clocks;  /* from now on */
    int64_t at, ahead;  /* of the last record: its time, its local time minus that */
    int64_t node;       /* last node that was told, + 1 */
    GArray *found;      /* native_change that wait for their record */
    guint next;         /* of them */
    uint64_t change_at; /* found of the last change of the frame */
    int64_t change_node;
    GArray *last; /* native_change of the frame, for its snapshot */
};

static void begin_frame(columns *c)
{
    c->first += c->count;
    c->count = c->shape_count = 0;
    memset(c->places, 0, sizeof c->places);
    for (int i = 0; i < COLUMNS; i++) {
        c->column[i].size = 0;
    }
    c->base = (uint64_t)c->at;
    c->ahead = 0;
    c->node = 0;
    c->change_at = c->first - 1;
    c->change_node = 0;
    c->clocked = c->keeps_clocks ? 0 : UINT32_MAX;
    g_array_set_size(c->last, 0);
}

columns *columns_new(bool keeps_clocks)
{
    columns *c = g_new0(columns, 1);
    c->first = 1;
    c->keeps_clocks = keeps_clocks;
    c->found = g_array_new(FALSE, FALSE, sizeof(native_change));
    c->last = g_array_new(FALSE, FALSE, sizeof(native_change));
    for (int i = COLUMN_SHAPE; i < COLUMN_BODY; i++) {
        blob_reserve(&c->column[i], (size_t)FRAME_RECORDS * NUMBER_MOST);
    }
    blob_reserve(&c->column[COLUMN_BODY], FRAME_BODIES);
    begin_frame(c);
    return c;
}

void columns_free(columns *c)
{
    for (int i = 0; i < COLUMNS; i++) {
        blob_clear(&c->column[i]);
    }
    g_array_free(c->found, TRUE);
    g_array_free(c->last, TRUE);
    g_free(c);
}

/* ------------------------------------------------------------------------------------ changes */

void columns_change(columns *c, const native_change *change)
{
    g_array_append_vals(c->found, change, 1);
}

static const native_change *next_change(const columns *c)
{
    return c->next < c->found->len ? &g_array_index(c->found, native_change, c->next) : NULL;
}

/* All that the handling of one record brought: found, by whom, where, what. */
static void put_group(columns *c, const native_change *group, guint count)
{
    blob *to = &c->column[COLUMN_CHANGES];
    put_number(to, group->found - c->change_at);
    put_number(to, group->found - group->record);
    put_signed(to, (int64_t)group->node - c->change_node);
    put_number(to, count);
    uint64_t slot = 0;
    for (guint i = 0; i < count; i++) {
        put_number(to, group[i].slot - slot);
        put_signed(to, (int64_t)((uint64_t)group[i].new - (uint64_t)group[i].old));
        slot = group[i].slot;
    }
    c->change_at = group->found;
    c->change_node = group->node;
    g_array_append_vals(c->last, group, count);
}

/* Those found before record `number`. */
static void put_changes(columns *c, uint64_t number)
{
    const native_change *one = next_change(c);
    while (one && one->found <= number) {
        guint count = 1;
        while (c->next + count < c->found->len && one[count].found == one->found) {
            count++;
        }
        put_group(c, one, count);
        c->next += count;
        one = next_change(c);
    }
    if (one == NULL) {
        g_array_set_size(c->found, 0);
        c->next = 0;
    }
}

void columns_take_rest(columns *c)
{
    put_changes(c, UINT64_MAX);
}

static int by_place(const void *a, const void *b)
{
    const native_change *x = a, *y = b;
    if (x->node != y->node) {
        return x->node < y->node ? -1 : 1;
    }
    if (x->slot != y->slot) {
        return x->slot < y->slot ? -1 : 1;
    }
    return x->found < y->found ? -1 : x->found > y->found;
}

/* The last value of each that changed in the frame, by node and slot. */
static void put_snapshot(columns *c)
{
    blob *to = &c->column[COLUMN_SNAPSHOT];
    int64_t node = 0;
    uint64_t slot = 0;
    native_change *all = (native_change *)(void *)c->last->data;
    if (c->last->len > 1) {
        qsort(all, c->last->len, sizeof *all, by_place);
    }
    for (guint i = 0; i < c->last->len; i++) {
        bool is_last = i + 1 == c->last->len || all[i + 1].node != all[i].node ||
                       all[i + 1].slot != all[i].slot;
        if (is_last) {
            put_number(to, (uint64_t)(all[i].node - node));
            put_number(to, all[i].node == node ? all[i].slot - slot : all[i].slot);
            put_signed(to, all[i].new);
            node = all[i].node;
            slot = all[i].slot;
        }
    }
}

/* ------------------------------------------------------------------------------------ records */

static uint64_t word_at(const unsigned char *bytes, size_t which)
{
    uint64_t word;
    memcpy(&word, bytes + which * WORD, sizeof word);
    return word;
}

static uint32_t find_shape(columns *c, uint64_t what, uint64_t bytes)
{
    uint64_t hash = (what ^ bytes * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
    uint32_t place = (uint32_t)(hash >> 50);
    for (;; place = (place + 1) % SHAPE_PLACES) {
        uint32_t number = c->places[place];
        if (number == 0) {
            c->shapes[c->shape_count] = (shape){what, bytes};
            c->places[place] = (uint16_t)(c->shape_count + 1);
            return c->shape_count++;
        }
        if (c->shapes[number - 1].what == what && c->shapes[number - 1].bytes == bytes) {
            return number - 1;
        }
    }
}

/* Mostly the same as that of the last record of its kind. */
static uint32_t shape_of(columns *c, uint64_t what, uint64_t bytes)
{
    uint16_t *recent = &c->recent[what & 0xFF];
    const shape *last = &c->shapes[*recent];
    if (*recent >= c->shape_count || last->what != what || last->bytes != bytes) {
        *recent = (uint16_t)find_shape(c, what, bytes);
    }
    return *recent;
}

/* Nobody is node 0 here, all others are one more. */
static void put_places(columns *c, uint64_t word)
{
    int64_t node = (uint32_t)((word >> 32) + 1), peer = (uint32_t)(word + 1);
    put_number_fast(&c->column[COLUMN_NODE], folded(node - c->node));
    put_number_fast(&c->column[COLUMN_PEER], peer == 0 ? 0 : folded(peer - node) + 1);
    c->node = node;
}

/* The words of a record: which are there depends on its kind, as kernel/pack.h has it. */
static size_t words_of(const columns *c, uint64_t first)
{
    uint32_t kind = first & 0xFF, reason = first >> 16 & 0xFF;
    bool has_local = c->keeps_clocks || kind == RECORD_CLOCK;
    return 1 + (kind != RECORD_SEND) + has_local + 2 * is_told(kind, reason);
}

static void put_local(columns *c, int64_t local)
{
    int64_t ahead = local - c->at;
    put_number_fast(&c->column[COLUMN_LOCAL], folded(ahead - c->ahead));
    c->ahead = ahead;
}

/* The record at `bytes`, of so many words and a body. */
static void put_record(columns *c, const unsigned char *bytes, size_t words, uint32_t size)
{
    uint64_t first = word_at(bytes, 0), number = c->first + c->count, cause = first >> 24;
    uint32_t kind = first & 0xFF, reason = first >> 16 & 0xFF;
    size_t next = 1;
    if (kind != RECORD_SEND) {
        int64_t at = (int64_t)word_at(bytes, next++);
        put_number_fast(&c->column[COLUMN_TIME], (uint64_t)(at - c->at));
        c->at = at;
    }
    if (kind == RECORD_CLOCK && !c->keeps_clocks) {
        c->keeps_clocks = true;
        c->clocked = c->count;
    }
    if (c->keeps_clocks) {
        put_local(c, (int64_t)word_at(bytes, next++));
    }
    put_number_fast(&c->column[COLUMN_CAUSE], cause == 0 ? 0 : number - cause);
    uint64_t form = 0;
    if (is_told(kind, reason)) {
        put_places(c, word_at(bytes, next));
        form = word_at(bytes, next + 1);
        put_bytes(&c->column[COLUMN_BODY], bytes + words * WORD, size);
    }
    put_number_fast(&c->column[COLUMN_SHAPE], shape_of(c, first & 0xFFFFFF, form));
    c->count++;
}

bool columns_are_full(const columns *c)
{
    return c->count == FRAME_RECORDS || c->column[COLUMN_BODY].size >= FRAME_BODIES;
}

uint32_t columns_count(const columns *c)
{
    return c->count;
}

size_t columns_take(columns *c, const unsigned char *bytes, size_t size)
{
    size_t taken = 0;
    while (!columns_are_full(c) && size - taken >= WORD) {
        const unsigned char *at = bytes + taken;
        uint64_t first = word_at(at, 0);
        size_t words = words_of(c, first);
        if (size - taken < words * WORD) {
            break;
        }
        uint32_t body =
            is_told(first & 0xFF, first >> 16 & 0xFF) ? (uint32_t)word_at(at, words - 1) : 0;
        size_t whole = words * WORD + ((size_t)body + WORD - 1) / WORD * WORD;
        if (size - taken < whole) {
            break;
        }
        if (G_UNLIKELY(c->next < c->found->len)) {
            put_changes(c, c->first + c->count);
        }
        put_record(c, at, words, body);
        taken += whole;
    }
    return taken;
}

uint64_t columns_frame(columns *c, blob *out, uint32_t *count)
{
    uint64_t first = c->first;
    put_snapshot(c);
    out->size = 0;
    put_number(out, c->shape_count);
    for (uint32_t i = 0; i < c->shape_count; i++) {
        put_number(out, c->shapes[i].what);
        put_number(out, c->shapes[i].bytes >> 32);
        put_number(out, (uint32_t)c->shapes[i].bytes);
    }
    put_number(out, c->base);
    put_number(out, MIN(c->clocked, c->count));
    for (int i = 0; i < COLUMNS; i++) {
        put_number(out, c->column[i].size);
        put_bytes(out, c->column[i].bytes, c->column[i].size);
    }
    *count = c->count;
    begin_frame(c);
    return first;
}
