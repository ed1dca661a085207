#include "stage.h"

#include "observe/changes.h"
#include "observe/text_trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------------------------- algorithm */

/* Nodes send each other a counter; each remembers whom it heard, in interleaved arrays. */
typedef struct chat_peer {
    uint32_t heard;
    uint16_t last;
    uint8_t known, unused;
} chat_peer;

enum { CHAT_NODES = 4 };

typedef struct chat_state {
    int64_t now;
    chat_peer peers[CHAT_NODES];
} chat_state;

typedef struct chat_body {
    uint64_t count;
    uint32_t from, resource;
} chat_body;

static const dasim_field body_fields[] = {
    {.name = "count", .type = DASIM_U64, .offset = offsetof(chat_body, count)},
    {.name = "from", .type = DASIM_NODE, .offset = offsetof(chat_body, from)},
    {.name = NULL},
};

static const dasim_message messages[] = {
    {.name = "HELLO", .size = sizeof(chat_body), .fields = body_fields, .help = "a greeting"},
    {.name = "LONG", .size = 3000},
    {.name = NULL},
};

#define PEER_FIELD(member, kind)                                                                   \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(chat_state, peers[0].member),            \
        .count = DASIM_PER_NODE, .stride = sizeof(chat_peer)                                       \
    }

static const dasim_field state_fields[] = {
    {.name = "now", .type = DASIM_TIME, .offset = offsetof(chat_state, now)},
    PEER_FIELD(heard, DASIM_U32),
    PEER_FIELD(last, DASIM_U16),
    PEER_FIELD(known, DASIM_BOOL),
    {.name = NULL},
};

static const dasim_field stable_fields[] = {{.name = "total", .type = DASIM_I64}, {.name = NULL}};
static const char *const timers[] = {"again", NULL};
static const char *const promises[] = {"mutual_exclusion", NULL};

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(chat_state);
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(int64_t);
}

static void on_boot(dasim_node *self, bool recovering)
{
    ((chat_state *)self->state)->now = -1;
    *(int64_t *)self->stable += recovering;
    dasim_arm(self, 0, 1000);
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    chat_state *s = self->state;
    chat_body body = {(uint64_t)++ * (int64_t *)self->stable, self->id, 0};
    char text[3000] = {0};
    s->now = dasim_clock(self);
    dasim_broadcast(self, 0, &body, body.count % 3 ? sizeof body : 8);
    memset(text, (int)dasim_random(self, 256), sizeof text);
    if (body.count % 64 == 0) {
        dasim_send(self, (self->id + 1) % self->nodes, 1, text, sizeof text);
    }
    if (body.count % 5 == 0) {
        dasim_lock lock = {.resource = (uint32_t)(body.count % 2), .fencing = body.count};
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
    dasim_arm(self, timer, 1000 + (int64_t)dasim_random(self, 500));
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    chat_peer *peer = &((chat_state *)self->state)->peers[message->from];
    peer->heard++;
    peer->last = message->type == 0 ? (uint16_t) * (const uint64_t *)message->body : 0;
    if (message->type == 1) {
        dasim_send(self, self->id, 0, &(chat_body){0}, sizeof(chat_body));
    }
    peer->known = 1;
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    dasim_indicate(self, op, arg, size);
}

static const dasim_algorithm chat = {.magic = DASIM_MAGIC,
                                     .abi = DASIM_ABI,
                                     .size = sizeof(dasim_algorithm),
                                     .name = "chat",
                                     .title = "everybody greets everybody",
                                     .reference = "none",
                                     .provides = DASIM_MUTEX,
                                     .assumes = DASIM_SEES_CORRUPTION,
                                     .promises = promises,
                                     .messages = messages,
                                     .state = state_fields,
                                     .stable = stable_fields,
                                     .timers = timers,
                                     .state_size = state_size,
                                     .stable_size = stable_size,
                                     .on_boot = on_boot,
                                     .on_request = on_request,
                                     .on_message = on_message,
                                     .on_timer = on_timer};

/* Components that do as they are told, for those who watch services. */
#define ECHO(kind, called)                                                                         \
    {                                                                                              \
        .magic = DASIM_MAGIC, .abi = DASIM_ABI, .size = sizeof(dasim_algorithm), .name = called,   \
        .title = "an echo", .reference = "none", .provides = kind, .on_request = on_request        \
    }

static const dasim_algorithm echoes[] = {ECHO(DASIM_MEMORY, "echo_memory"),
                                         ECHO(DASIM_ELECTION, "echo_election"),
                                         ECHO(DASIM_CHANNEL, "shared_memory")};

enum { ECHOES = sizeof echoes / sizeof *echoes };

static void use_memory(world *w, uint32_t node, uint64_t value)
{
    dasim_access read = {.object = node % 2, .tag = 1, .value = value};
    dasim_access write = {.object = node % 2, .tag = 2, .value = value};
    world_request(w, node, 0, DASIM_READ, &read, sizeof read);
    world_request(w, node, 0, DASIM_WRITE, &write, sizeof write);
}

static void use_channel(world *w, uint32_t node)
{
    static const uint32_t calls[] = {DASIM_FORK, DASIM_ATTACH, DASIM_STORE,  DASIM_LOAD,
                                     DASIM_WAIT, DASIM_POST,   DASIM_DETACH, DASIM_EXIT};
    for (uint32_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        dasim_call call = {.process = i / 4, .descriptor = 3, .value = (int64_t)(i * 8)};
        world_request(w, node, 2, calls[i], &call, sizeof call);
    }
}

static void use_services(world *w)
{
    for (uint32_t node = 0; node < world_nodes(w); node++) {
        dasim_leader leader = {.leader = 3, .term = 1};
        use_memory(w, node, node + 1);
        use_channel(w, node);
        world_request(w, node, 1, DASIM_LEADER, &leader, sizeof leader);
    }
}

/* ------------------------------------------------------------------------------------ watching */

typedef struct watching {
    recording *recording;
    text_trace *trace;
    changes *changes;
    native_writer *writer; /* NULL: it is read */
} watching;

static void tell(GString *text, const change *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(text, "#%" PRIu64 " n%" PRIu32 " %s[%" PRIu32 "] %" PRId64 "\n",
                               all[i].record, all[i].node, all[i].field->name, all[i].index,
                               all[i].new);
    }
}

static void on_record(void *self, const world *w, const record *r)
{
    watching *x = self;
    size_t count;
    const change *all = changes_record(x->changes, w, r, &count);
    observer one = text_trace_observer(x->trace);
    tell(x->recording->states, all, count);
    one.on_record(one.self, w, r);
    x->recording->records = r->number;
    if (x->writer) {
        native_writer_record(x->writer, w, r);
    }
}

static void begin(watching *x, recording *r, const world *w, FILE **file, char **text, size_t *size)
{
    *file = open_memstream(text, size);
    *r = (recording){.states = g_string_new(NULL)};
    *x = (watching){r, text_trace_new(*file, TRACE_JSON_LINES), changes_new(w), NULL};
}

static void end(watching *x, const world *w, FILE *file, char **text, size_t *size, digest *sum)
{
    size_t count;
    char words[33];
    const change *all = changes_end(x->changes, w, &count);
    tell(x->recording->states, all, count);
    text_trace_close(x->trace);
    fclose(file);
    x->recording->text = g_string_new_len(*text, (gssize)*size);
    free(*text);
    digest_text(digest_now(sum), words);
    x->recording->digest = g_strdup(words);
    changes_free(x->changes);
}

/* ----------------------------------------------------------------------------------- recording */

static world *make_world(int flags)
{
    static const int64_t no_params[1];
    const char *fault;
    world_config config = {.nodes = CHAT_NODES, .resources = 2, .seed = 7};
    for (uint32_t i = 0; i < ECHOES; i++) {
        config.stack[config.stack_size++] = (component_config){&echoes[i], no_params, 0, false};
    }
    config.stack[config.stack_size++] = (component_config){&chat, no_params, 0, false};
    link_quality *q = &config.network.usual;
    q->delay = (distribution){.kind = DISTRIBUTION_EXPONENTIAL, .a = 700, .most = INT64_MAX};
    q->loss = q->corrupt = probability_of_ppb(20000000);
    q->duplicate = probability_of_ppb(50000000);
    if (flags & STAGE_CLOCKS) {
        config.clocks.drift = (distribution){.kind = DISTRIBUTION_UNIFORM, .a = -50000, .b = 50000};
        config.clocks.drift.least = -50000;
        config.clocks.drift.most = 50000;
    }
    world *w = world_new(&config, &fault);
    cr_assert_not_null(w, "%s", fault);
    return w;
}

/* Faults of every kind; without STAGE_CLOCKS clocks begin to matter in the middle. */
static void play(world *w, int64_t unit)
{
    world_start(w);
    use_services(w);
    world_run(w, unit, UINT64_MAX);
    world_crash(w, 1, false);
    world_cut(w, 0, 2);
    world_run(w, 2 * unit, UINT64_MAX);
    world_recover(w, 1);
    world_pause(w, 2);
    world_partition(w, (const uint16_t[CHAT_NODES]){0, 1, 1, 0});
    world_note(w, 3, 0, "a remark", 8);
    world_run(w, 3 * unit, UINT64_MAX);
    world_heal(w);
    world_resume(w, 2);
    world_crash(w, 3, true);
    world_slow(w, 0, 30);
    world_run(w, 4 * unit, UINT64_MAX);
    world_clock_step(w, 2, 12345);
    world_clock_rate(w, 0, -70000);
    world_client(w, 2, CLIENT_WAITS, (client_body){3, 1});
    use_services(w);
    world_request(w, 2, ECHOES, DASIM_ACQUIRE, &(dasim_lock){1, 0, 0}, sizeof(dasim_lock));
    world_run(w, 5 * unit, UINT64_MAX);
    world_crash_in_broadcast(w, 0, 1);
    world_run(w, 6 * unit, UINT64_MAX);
}

recording record_run(int flags)
{
    recording r;
    watching x;
    FILE *memory, *out;
    char *text, *name = NULL;
    size_t size;
    window whole;
    window_init(&whole);
    int descriptor = g_file_open_tmp("dasim-XXXXXX.dtrace", &name, NULL);
    cr_assert_geq(descriptor, 0);
    out = fdopen(descriptor, "w");
    static const export_expectation expectations[] = {{"mutual_exclusion", EXPORT_FAILS}};
    static const export_verdict verdicts[] = {
        {"mutual_exclusion", "violated", "two hold it", 77, 1234, true}};
    const export_about about = {.scenario = "chat.lua",
                                .question = "Who greets whom?",
                                .settings = "nodes=4",
                                .seed = 7,
                                .window = &whole,
                                .expectations = expectations,
                                .expectation_count = 1,
                                .without_state = (flags & STAGE_NO_STATE) != 0};
    world *w = make_world(flags);
    digest *sum = digest_new();
    begin(&x, &r, w, &memory, &text, &size);
    x.writer = native_writer_new(out, w, &about);
    world_set_digest(w, sum);
    world_observe(w, &(observer){&x, on_record});
    play(w, flags & STAGE_SHORT ? 5000 : 200000);
    end(&x, w, memory, &text, &size, sum);
    native_writer_end(x.writer, w,
                      &(export_end){.ended_at = world_now(w),
                                    .records = r.records,
                                    .events = world_events(w),
                                    .digest = r.digest,
                                    .settled = true,
                                    .verdicts = verdicts,
                                    .verdict_count = 1});
    fclose(out);
    r.file = name;
    digest_free(sum);
    world_free(w);
    window_clear(&whole);
    return r;
}

void recording_clear(recording *r)
{
    if (r->file) {
        g_unlink(r->file);
    }
    g_free(r->file);
    g_free(r->digest);
    g_string_free(r->text, TRUE);
    g_string_free(r->states, TRUE);
}

bool replay_file(const char *file, recording *r, char **fault)
{
    GError *error = NULL;
    watching x;
    FILE *memory;
    char *text;
    size_t size;
    *fault = NULL;
    native_trace *t = native_open(file, &error);
    world *w = t ? native_world(t, &error) : NULL;
    bool good = w != NULL;
    if (w) {
        digest *sum = digest_new();
        begin(&x, r, w, &memory, &text, &size);
        world_set_digest(w, sum);
        world_observe(w, &(observer){&x, on_record});
        good = native_replay(t, &error);
        end(&x, w, memory, &text, &size, sum);
        digest_free(sum);
        if (!good) {
            recording_clear(r);
        }
    }
    *fault = good ? g_strdup(native_fault(t)) : g_strdup(error->message);
    g_clear_error(&error);
    native_close(t);
    return good;
}
