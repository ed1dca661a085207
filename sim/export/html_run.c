/*
 * One pass over the run: each kept record becomes a few numbers, each the difference to the one
 * before where that makes it small. Records that are left out still change the state and the spans
 * of their nodes; these are put behind the last record that was kept.
 */
#include "export/html_internal.h"

#include "observe/changes.h"
#include "observe/names.h"

#include <inttypes.h>
#include <string.h>

typedef struct html_collector {
    changes *changes;
    spans *spans;
    GHashTable *known;  /* html_what's key -> place in `what`; looked up, never walked */
    GArray *place_of;   /* uint32_t per record number: records kept up to it */
    html_bytes is_kept; /* a bit per record number */
    int64_t *skew;      /* per node */
    GString *text;
    uint32_t *field_slots[STACK_MOST][2]; /* of the state, of the stable storage */
    uint64_t last_number, last_place;
    int64_t last_at;
    uint64_t last_key;
    uint32_t last_what;
} html_collector;

/* --------------------------------------------------------------------------------- numbers */

static void make_room(html_bytes *b, size_t more)
{
    if (b->size + more > b->room) {
        b->room = MAX(b->room + b->room / 2, b->size + more + 256);
        b->data = g_realloc(b->data, b->room);
    }
}

static void put(html_run *h, html_column column, uint64_t value)
{
    html_bytes *b = &h->columns[column];
    make_room(b, 10);
    while (value >= 128) {
        b->data[b->size++] = (guint8)(value | 128);
        value >>= 7;
    }
    b->data[b->size++] = (guint8)value;
}

static void put_signed(html_run *h, html_column column, int64_t value)
{
    put(h, column, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

static void put_bytes(html_run *h, html_column column, const void *data, size_t size)
{
    html_bytes *b = &h->columns[column];
    make_room(b, size);
    memcpy(b->data + b->size, data, size);
    b->size += size;
}

/* ----------------------------------------------------------------------------------- places */

static void note_kept(html_run *h, uint64_t number, bool kept)
{
    html_collector *c = h->collector;
    html_bytes *b = &c->is_kept;
    size_t byte = number / 8;
    make_room(b, byte + 1 > b->size ? byte + 1 - b->size : 0);
    while (b->size <= byte) {
        b->data[b->size++] = 0;
    }
    b->data[byte] |= (guint8)(kept << number % 8);
    uint32_t place = (uint32_t)h->kept;
    if (c->place_of->len <= number) {
        g_array_set_size(c->place_of, (guint)number);
        g_array_append_val(c->place_of, place);
    }
}

static bool was_kept(const html_run *h, uint64_t number)
{
    const html_bytes *b = &h->collector->is_kept;
    return number / 8 < b->size && (b->data[number / 8] >> number % 8 & 1) != 0;
}

/* Of a record, or of the last kept one before it; 0 where there is none. */
static uint64_t place_of(const html_run *h, uint64_t number)
{
    uint32_t kept = g_array_index(h->collector->place_of, uint32_t, number);
    return was_kept(h, number) || kept == 0 ? kept : kept - 1;
}

/* ------------------------------------------------------------------------------------- what */

static bool is_token(const world *w, const record *r)
{
    const dasim_message *m = world_config_of(w)->stack[r->component].algorithm->messages;
    for (uint32_t i = 0; m && m[i].name; i++) {
        if (i == r->type) {
            return m[i].token;
        }
    }
    return false;
}

/* Only these have a type that stands for one of a few things. */
static bool has_type(const record *r)
{
    return r->kind != RECORD_NOTE && r->kind != RECORD_CHECK && r->kind != RECORD_SLOW &&
           r->kind != RECORD_CLOCK && r->kind != RECORD_LINKS;
}

static uint32_t what_of(html_run *h, const world *w, const record *r)
{
    html_collector *c = h->collector;
    uint32_t type = has_type(r) ? r->type : 0;
    uint64_t key =
        (uint64_t)type << 32 | (uint64_t)r->kind << 16 | (uint64_t)r->component << 8 | r->reason;
    if (key == c->last_key) {
        return c->last_what;
    }
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(c->known, &key));
    if (place == 0) {
        bool message =
            r->kind == RECORD_SEND || r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST;
        html_what one = {.type = type,
                         .kind = r->kind,
                         .component = r->component,
                         .reason = r->reason,
                         .name = record_type_name(w, r),
                         .has_component = record_component_name(w, r) != NULL};
        one.token = message && one.has_component && is_token(w, r);
        g_array_append_val(h->what, one);
        place = h->what->len;
        g_hash_table_insert(c->known, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(place));
    }
    c->last_key = key;
    c->last_what = place - 1;
    return place - 1;
}

/* ---------------------------------------------------------------------------------- columns */

static void put_body(html_run *h, const world *w, const record *r)
{
    GString *text = h->collector->text;
    bool arrived = r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST;
    if (r->size == 0) {
        put(h, COLUMN_BODY, 0);
        return;
    }
    if (arrived && r->reason != REASON_CORRUPT && was_kept(h, r->cause)) {
        put(h, COLUMN_BODY, 1);
        return;
    }
    g_string_truncate(text, 0);
    if (r->kind == RECORD_LINKS) { /* the page draws the groups: all of them */
        record_append_json(w, r, text);
    } else {
        record_append_body(w, r, text);
    }
    if (r->kind == RECORD_CHECK) {
        g_string_append_printf(text, " is false (line %" PRIu32 ")", r->type);
    }
    put(h, COLUMN_BODY, text->len + 2);
    put_bytes(h, COLUMN_TEXT, text->str, text->len);
}

static void put_record(html_run *h, const world *w, const record *r)
{
    html_collector *c = h->collector;
    put(h, COLUMN_NUMBER, r->number - c->last_number);
    put(h, COLUMN_AT, (uint64_t)(r->at - c->last_at));
    put(h, COLUMN_WHAT, what_of(h, w, r));
    put(h, COLUMN_NODE, (uint32_t)(r->node + 1));
    put(h, COLUMN_PEER, (uint32_t)(r->peer + 1));
    put(h, COLUMN_CAUSE, r->cause ? r->number - r->cause : 0);
    put_body(h, w, r);
    int64_t skew = r->local - r->at;
    put_signed(h, COLUMN_SKEW, r->node == NOBODY ? 0 : skew - c->skew[r->node]);
    if (r->node != NOBODY) {
        c->skew[r->node] = skew;
    }
    c->last_number = r->number;
    c->last_at = r->at;
    h->kept++;
}

static void put_changes(html_run *h, const change *all, size_t count)
{
    html_collector *c = h->collector;
    for (size_t i = 0; i < count; i++) {
        const change *one = &all[i];
        uint64_t place = place_of(h, one->record);
        uint32_t slot = c->field_slots[one->component][one->stable][one->number] + one->index;
        put(h, COLUMN_CHANGE_PLACE,
            (place - c->last_place) * 2 + (was_kept(h, one->record) ? 0 : 1));
        put(h, COLUMN_CHANGE_NODE, one->node);
        put(h, COLUMN_CHANGE_SLOT, slot);
        put_signed(h, COLUMN_CHANGE_VALUE, one->new);
        c->last_place = place;
        h->changed++;
    }
}

static void put_spans(html_run *h, int64_t now)
{
    size_t count;
    const span *all = spans_all(h->collector->spans, now, &count);
    uint64_t last_from = 0;
    int64_t last_at = 0;
    for (size_t i = 0; i < count; i++) {
        const span *one = &all[i];
        uint64_t from = place_of(h, one->from), to = one->to ? place_of(h, one->to) : 0;
        put(h, COLUMN_SPAN_KIND, one->kind);
        put(h, COLUMN_SPAN_NODE, one->node);
        put_signed(h, COLUMN_SPAN_CLIENT, one->client);
        put(h, COLUMN_SPAN_RESOURCE, one->resource);
        put_signed(h, COLUMN_SPAN_FROM, (int64_t)(from - last_from));
        put(h, COLUMN_SPAN_TO, one->to ? to - from + 1 : 0);
        put_signed(h, COLUMN_SPAN_FROM_AT, one->from_at - last_at);
        put(h, COLUMN_SPAN_TO_AT, (uint64_t)(one->to_at - one->from_at));
        last_from = from;
        last_at = one->from_at;
    }
    h->spans = count;
}

/* ----------------------------------------------------------------------------------- public */

static void number_fields(html_collector *c, const world *w, uint32_t component, bool stable)
{
    const dasim_algorithm *a = world_config_of(w)->stack[component].algorithm;
    const dasim_field *fields = stable ? a->stable : a->state;
    uint32_t count = 0;
    while (fields && fields[count].name) {
        count++;
    }
    c->field_slots[component][stable] = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        c->field_slots[component][stable][i] = html_slots(w, component, stable, i);
    }
}

html_run *html_run_new(const world *w, const export_about *about)
{
    html_run *h = g_new0(html_run, 1);
    html_collector *c = h->collector = g_new0(html_collector, 1);
    h->what = g_array_new(FALSE, FALSE, sizeof(html_what));
    h->scenario = g_strdup(about->scenario);
    h->question = g_strdup(about->question);
    h->settings = g_strdup(about->settings);
    h->seed = about->seed;
    h->from = about->window->from;
    h->until = about->window->until;
    h->about = g_string_new(NULL);
    c->changes = about->without_state ? NULL : changes_new(w);
    c->spans = spans_new(w);
    c->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    c->place_of = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    c->skew = g_new0(int64_t, world_nodes(w));
    c->text = g_string_new(NULL);
    c->last_key = UINT64_MAX;
    for (uint32_t i = 0; i < world_config_of(w)->stack_size; i++) {
        number_fields(c, w, i, false);
        number_fields(c, w, i, true);
    }
    return h;
}

/* What must be drawn wherever it began: without it, a window in a partition would show none. */
static bool is_fault(const record *r)
{
    return r->kind == RECORD_CRASH || r->kind == RECORD_PAUSE || r->kind == RECORD_RESUME ||
           r->kind == RECORD_LINKS || (r->kind == RECORD_BOOT && r->at > 0);
}

void html_run_record(html_run *h, const world *w, const record *r, bool selected)
{
    html_collector *c = h->collector;
    size_t count;
    selected |= is_fault(r);
    if (c->changes) {
        const change *found = changes_record(c->changes, w, r, &count);
        put_changes(h, found, count);
    }
    spans_record(c->spans, r);
    note_kept(h, r->number, selected);
    if (selected) {
        put_record(h, w, r);
    }
}

static void free_collector(html_collector *c)
{
    for (uint32_t i = 0; i < STACK_MOST; i++) {
        g_free(c->field_slots[i][0]);
        g_free(c->field_slots[i][1]);
    }
    changes_free(c->changes);
    spans_free(c->spans);
    g_hash_table_destroy(c->known);
    g_array_free(c->place_of, TRUE);
    g_free(c->is_kept.data);
    g_free(c->skew);
    g_string_free(c->text, TRUE);
    g_free(c);
}

void html_run_end(html_run *h, const world *w, const export_end *how)
{
    size_t count;
    if (h->collector->changes) {
        const change *found = changes_end(h->collector->changes, w, &count);
        put_changes(h, found, count);
    }
    put_spans(h, how->ended_at);
    html_describe(h, w, how);
    free_collector(h->collector);
    h->collector = NULL;
}

void html_run_free(html_run *h)
{
    if (h == NULL) {
        return;
    }
    for (uint32_t i = 0; i < COLUMNS; i++) {
        g_free(h->columns[i].data);
    }
    if (h->collector) {
        free_collector(h->collector);
    }
    g_array_free(h->what, TRUE);
    g_free(h->scenario);
    g_free(h->question);
    g_free(h->settings);
    g_string_free(h->about, TRUE);
    g_free(h);
}
