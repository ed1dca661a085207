/*
 * A trace is looked through twice: first all frames are checked and it is counted how often each
 * message arrives; then records lead a world, and of each message only as long as copies of it are
 * still to arrive what they carry is kept.
 */
#include "export/native.h"
#include "export/native_decode.h"
#include "export/native_frames.h"

#include "base/map.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    NODES_WITHOUT_RECORDS = 1 << 20,
    CLIENTS_MOST = 1 << 22,
    BODY_ROOM = ARGUMENT_MOST + (1 << 17), /* observers may read fields behind a short body */
    OFTEN = UINT8_MAX
};

static const size_t states_most = (size_t)1 << 31; /* bytes of all nodes */

/* A message under way. */
typedef struct sent {
    uint32_t node, peer, type, size;
    uint8_t left, component; /* copies that are still to arrive */
    unsigned char body[];
} sent;

struct native_trace {
    frames frames;
    native_head *head;
    decoder decoder;
    blob contents;
    uint8_t *arrivals; /* by number of a SEND: how often it arrives; OFTEN: that or more */
    native_slots slots;
    uint32_t messages[STACK_MOST]; /* how many types a component has */
    world *world;
    map under_way;       /* number of a SEND -> sent * */
    unsigned char *body; /* of the record that is shown; zero behind it */
    size_t dirty;        /* bytes of it that are not zero */
    char *missing;       /* explanation of a trace that is damaged */
};

/* ----------------------------------------------------------------------------------- looking */

static bool count_arrivals(native_trace *t, guint which)
{
    const frame *one = &g_array_index(t->frames.all, frame, which);
    record r;
    if (!frames_unpack(&t->frames, which, &t->contents) ||
        !decoder_begin(&t->decoder, &t->contents, &one->header)) {
        return false;
    }
    for (uint32_t i = 0; i < one->header.count; i++) {
        if (!decoder_skim(&t->decoder, &r)) {
            return false;
        }
        if (!is_told(r.kind, r.reason) && t->arrivals[r.cause] < OFTEN) {
            t->arrivals[r.cause]++;
        }
    }
    return true;
}

static bool read_end(native_trace *t, guint which)
{
    return frames_unpack(&t->frames, which, &t->contents) &&
           native_read_end(t->head, t->contents.bytes, t->contents.size) &&
           t->head->end.records == t->frames.records;
}

static void look_through(native_trace *t)
{
    t->arrivals = g_malloc0(t->frames.records + 1);
    for (guint i = 1; i < t->frames.all->len; i++) {
        uint32_t kind = g_array_index(t->frames.all, frame, i).header.kind;
        if (!(kind == FRAME_END ? read_end(t, i) : count_arrivals(t, i))) {
            frames_damaged(&t->frames, i, "does not make sense");
        }
    }
}

static bool read_head(native_trace *t, const char *file, GError **error)
{
    if (t->frames.all->len > 0 && frames_unpack(&t->frames, 0, &t->contents)) {
        t->head = native_read_head(t->contents.bytes, t->contents.size);
    }
    if (t->head == NULL) {
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_UNREADABLE, "%s: %s", file,
                    t->frames.fault && t->frames.all->len == 0
                        ? t->frames.fault
                        : "frame 1, what the trace is about, does not make sense");
    }
    return t->head != NULL;
}

native_trace *native_open(const char *file, GError **error)
{
    native_trace *t = g_new0(native_trace, 1);
    decoder_init(&t->decoder);
    map_init(&t->under_way, sizeof(sent *));
    if (!frames_open(&t->frames, file, error) || !read_head(t, file, error)) {
        native_close(t);
        return NULL;
    }
    look_through(t);
    if (t->frames.fault) {
        t->missing = g_strdup_printf("the trace is not whole: %s", t->frames.fault);
        t->head->end = (export_end){.records = t->frames.records,
                                    .digest = "",
                                    .status = EXPORT_INTERRUPTED,
                                    .explanation = t->missing};
    }
    return t;
}

static void free_sent(void *context, uint64_t key, int64_t value)
{
    (void)context;
    (void)key;
    g_free((void *)(intptr_t)value);
}

void native_close(native_trace *t)
{
    if (t == NULL) {
        return;
    }
    map_each(&t->under_way, free_sent, NULL);
    map_clear(&t->under_way);
    world_free(t->world);
    native_slots_clear(&t->slots);
    native_head_free(t->head);
    frames_close(&t->frames);
    decoder_clear(&t->decoder);
    blob_clear(&t->contents);
    g_free(t->arrivals);
    g_free(t->body);
    g_free(t->missing);
    g_free(t);
}

const export_about *native_about(const native_trace *t)
{
    return &t->head->about;
}

const export_end *native_end(const native_trace *t)
{
    return &t->head->end;
}

const char *native_fault(const native_trace *t)
{
    return t->frames.fault;
}

uint64_t native_records(const native_trace *t)
{
    return t->frames.records;
}

bool native_has_states(const native_trace *t)
{
    return t->head->has_states;
}

/* ------------------------------------------------------------------------------------- world */

static size_t bytes_of_states(const world_config *config)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        bytes += fields_extent(a->state, config->nodes, config->resources);
        bytes += fields_extent(a->stable, config->nodes, config->resources);
    }
    return bytes;
}

/* Every node of a run boots, but those that join late: a made-up number of them is refused. */
static const char *refusal(const native_trace *t)
{
    const world_config *config = &t->head->config;
    if (config->nodes > t->frames.records + NODES_WITHOUT_RECORDS) {
        return "it tells of more nodes than it has records";
    }
    if (bytes_of_states(config) > states_most / config->nodes) {
        return "the states of all nodes need more than 2 GiB";
    }
    return NULL;
}

world *native_world(native_trace *t, GError **error)
{
    const char *fault = refusal(t);
    map_each(&t->under_way, free_sent, NULL);
    map_clear(&t->under_way);
    world_free(t->world);
    t->world = fault ? NULL : world_replay_new(&t->head->config, t->head->has_states, &fault);
    if (t->world == NULL) {
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_BAD, "the trace cannot be read: %s", fault);
        return NULL;
    }
    if (t->head->keeps_clocks) {
        world_replay_clocks(t->world);
    }
    for (uint32_t i = 0; i < t->head->config.stack_size; i++) {
        const dasim_message *m = t->head->config.stack[i].algorithm->messages;
        for (t->messages[i] = 0; m[t->messages[i]].name; t->messages[i]++) {
        }
    }
    native_slots_clear(&t->slots);
    native_slots_init(&t->slots, &t->head->config);
    g_free(t->body);
    t->body = g_malloc0(BODY_ROOM);
    t->dirty = 0;
    return t->world;
}

/* ------------------------------------------------------------------------------------ records */

static bool is_message(const record *r)
{
    return r->kind == RECORD_SEND || r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST;
}

/* Does such a record fit the world? */
static bool makes_sense(const native_trace *t, const record *r)
{
    const world_config *config = &t->head->config;
    bool has_node = r->node < config->nodes, has_peer = r->peer < config->nodes;
    bool fits = r->component < config->stack_size &&
                (has_node || (r->node == NOBODY && r->kind == RECORD_LINKS)) &&
                (has_peer || (r->peer == NOBODY && !is_message(r)));
    if (fits && is_message(r)) {
        fits = r->type < t->messages[r->component] &&
               r->size <= config->stack[r->component].algorithm->messages[r->type].size;
    }
    if (fits && r->kind == RECORD_CLIENT && r->size >= sizeof(client_body)) {
        client_body body;
        memcpy(&body, r->body, sizeof body);
        fits = body.client < CLIENTS_MOST;
    }
    return fits;
}

static void keep_sent(native_trace *t, const record *r)
{
    uint8_t copies = t->arrivals[r->number];
    if (copies > 0) {
        sent *one = g_malloc(sizeof *one + r->size);
        *one = (sent){r->node, r->peer, r->type, r->size, copies, r->component};
        if (r->size > 0) {
            memcpy(one->body, r->body, r->size);
        }
        map_put(&t->under_way, r->number, (int64_t)(intptr_t)one);
    }
}

static void set_body(native_trace *t, record *r)
{
    if (r->size > 0) {
        memcpy(t->body, r->body, r->size);
    }
    if (t->dirty > r->size) {
        memset(t->body + r->size, 0, t->dirty - r->size);
    }
    t->dirty = r->size;
    r->body = t->body;
}

/* What arrives is what was sent. */
static bool set_arrival(native_trace *t, record *r)
{
    int64_t place;
    if (!map_get(&t->under_way, r->cause, &place)) {
        return false;
    }
    sent *one = (sent *)(intptr_t)place;
    if (one->component != r->component) {
        return false;
    }
    r->node = one->peer;
    r->peer = one->node;
    r->type = one->type;
    r->size = one->size;
    r->body = one->body;
    set_body(t, r);
    if (one->left != OFTEN && --one->left == 0) {
        map_take(&t->under_way, r->cause, NULL);
        g_free(one);
    }
    return true;
}

/* ------------------------------------------------------------------------------------ changes */

static int64_t value_of(const native_trace *t, uint32_t node, const native_field *f, uint64_t slot)
{
    const world_config *config = &t->head->config;
    const dasim_algorithm *a = config->stack[f->component].algorithm;
    const dasim_field *fields = f->stable ? a->stable : a->state;
    const void *block = f->stable ? world_stable(t->world, node, f->component)
                                  : world_state(t->world, node, f->component);
    uint32_t offset = field_offset(fields, f->number, config->nodes, config->resources);
    return field_value(block, &fields[f->number], offset, (uint32_t)(slot - f->first));
}

static bool apply_group(native_trace *t)
{
    decoded_group group;
    uint64_t slot = 0;
    int64_t by;
    bool good = t->head->has_states && decoder_group(&t->decoder, &group, t->head->config.nodes);
    for (uint64_t i = 0; good && i < group.count; i++) {
        good = decoder_change(&t->decoder, &slot, &by);
        const native_field *f = good ? native_slots_find(&t->slots, slot) : NULL;
        if (f) {
            int64_t old = value_of(t, group.node, f, slot);
            world_replay_set(t->world, group.node, f->component, f->stable, f->number,
                             (uint32_t)(slot - f->first), (int64_t)((uint64_t)old + (uint64_t)by));
        }
        good = good && f;
    }
    return good && decoder_group_end(&t->decoder);
}

static bool apply_changes(native_trace *t, uint64_t number)
{
    bool good = true;
    while (good && decoder_has_changes(&t->decoder, number)) {
        good = apply_group(t);
    }
    return good;
}

/* The snapshot tells what the changes of the frame have led to. */
static bool agrees_with_snapshot(native_trace *t)
{
    cursor *in = &t->decoder.column[COLUMN_SNAPSHOT];
    uint64_t node = 0, slot = 0;
    while (in->at < in->end && !in->bad) {
        uint64_t step = get_number(in), place = get_number(in);
        int64_t value = get_signed(in);
        node += step;
        slot = step == 0 ? slot + place : place;
        const native_field *f = native_slots_find(&t->slots, slot);
        if (in->bad || f == NULL || node >= t->head->config.nodes || !t->head->has_states ||
            value_of(t, (uint32_t)node, f, slot) != value) {
            return false;
        }
    }
    return !in->bad;
}

/* -------------------------------------------------------------------------------------- replay */

static bool show_next(native_trace *t)
{
    record r;
    if (!decoder_next(&t->decoder, &r) || !apply_changes(t, r.number)) {
        return false;
    }
    if (!is_told(r.kind, r.reason)) {
        if (!set_arrival(t, &r)) {
            return false;
        }
    } else {
        if (!makes_sense(t, &r)) {
            return false;
        }
        set_body(t, &r);
    }
    if (r.kind == RECORD_SEND) {
        keep_sent(t, &r);
    }
    world_replay(t->world, &r);
    return true;
}

static bool show_frame(native_trace *t, guint which)
{
    const frame *one = &g_array_index(t->frames.all, frame, which);
    bool good = frames_unpack(&t->frames, which, &t->contents) &&
                decoder_begin(&t->decoder, &t->contents, &one->header);
    for (uint32_t i = 0; good && i < one->header.count; i++) {
        good = show_next(t);
    }
    return good && apply_changes(t, UINT64_MAX) && agrees_with_snapshot(t);
}

bool native_replay(native_trace *t, GError **error)
{
    for (guint i = 1; i < t->frames.all->len; i++) {
        const frame_header *h = &g_array_index(t->frames.all, frame, i).header;
        if (h->kind == FRAME_OF_RECORDS && !show_frame(t, i)) {
            g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_BAD,
                        "frame %u, record %" PRIu64 ", does not make sense", i + 1,
                        world_records(t->world) + 1);
            return false;
        }
    }
    export_end *end = &t->head->end;
    if (t->frames.fault || end->ended_at < world_now(t->world)) {
        end->ended_at = world_now(t->world);
    }
    world_replay_until(t->world, end->ended_at);
    return true;
}
