#include "observe/changes.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

/* A counter that each ASK raises, twice where it is answered in between; what it has stored. */
typedef struct count_state {
    uint32_t count, unused;
    uint8_t seen[2];
    uint8_t gap[6];
} count_state;

static const dasim_field state_fields[] = {
    {.name = "count", .type = DASIM_U32, .offset = offsetof(count_state, count)},
    {.name = "seen", .type = DASIM_BOOL, .offset = offsetof(count_state, seen), .count = 2},
    {.name = NULL},
};
static const dasim_field stable_fields[] = {{.name = "total", .type = DASIM_I64}, {.name = NULL}};
static const dasim_message messages[] = {{.name = "ASK"}, {.name = "ANSWER"}, {.name = NULL}};

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(count_state);
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(int64_t);
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    count_state *s = self->state;
    s->count = 10;
    if (self->id == 0) {
        dasim_send(self, 1, 0, NULL, 0);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    count_state *s = self->state;
    s->seen[message->from] = 1;
    s->count++;
    if (message->type == 0) {
        dasim_send(self, message->from, 1, NULL, 0);
        s->count++;
        *(int64_t *)self->stable -= 256;
    }
}

static const dasim_algorithm counting = {.magic = DASIM_MAGIC,
                                         .abi = DASIM_ABI,
                                         .size = sizeof(dasim_algorithm),
                                         .name = "counting",
                                         .provides = DASIM_APPLICATION,
                                         .messages = messages,
                                         .state = state_fields,
                                         .stable = stable_fields,
                                         .state_size = state_size,
                                         .stable_size = stable_size,
                                         .on_boot = on_boot,
                                         .on_message = on_message};

typedef struct listing {
    changes *changes;
    GString *text;
} listing;

static void list(listing *l, const change *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(l->text, "#%d n%d %s%s", (int)all[i].record, (int)all[i].node,
                               all[i].stable ? "stable " : "", all[i].field->name);
        g_string_append_printf(l->text, "[%d] %d -> %d\n", (int)all[i].index, (int)all[i].old,
                               (int)all[i].new);
    }
}

static void on_record(void *self, const world *w, const record *r)
{
    listing *l = self;
    size_t count;
    const change *all = changes_record(l->changes, w, r, &count);
    list(l, all, count);
}

Test (changes, belong_to_the_record_whose_handling_brought_them) {
    const char *fault;
    world_config config = {.nodes = 2, .resources = 1, .seed = 1, .stack_size = 1};
    config.stack[0].algorithm = &counting;
    config.network.usual.delay.a = 1000;
    world *w = world_new(&config, &fault);
    listing l = {changes_new(w), g_string_new(NULL)};
    size_t count;
    world_observe(w, &(observer){&l, on_record});
    world_start(w);
    world_run(w, INT64_MAX, UINT64_MAX);
    world_crash(w, 1, true);
    const change *rest = changes_end(l.changes, w, &count);
    list(&l, rest, count);
    /* 1 BOOT, 2 SEND, 3 BOOT, 4 RECEIVE, 5 SEND, 6 RECEIVE, 7 CRASH */
    cr_expect_str_eq(l.text->str, "#1 n0 count[0] 0 -> 10\n"
                                  "#3 n1 count[0] 0 -> 10\n"
                                  "#4 n1 count[0] 10 -> 12\n"
                                  "#4 n1 seen[0] 0 -> 1\n"
                                  "#4 n1 stable total[0] 0 -> -256\n"
                                  "#6 n0 count[0] 10 -> 11\n"
                                  "#6 n0 seen[1] 0 -> 1\n"
                                  "#7 n1 count[0] 12 -> 0\n"
                                  "#7 n1 seen[0] 1 -> 0\n"
                                  "#7 n1 stable total[0] -256 -> 0\n");
    rest = changes_end(l.changes, w, &count);
    cr_expect(rest == NULL && count == 0, "the end comes once");
    changes_free(l.changes);
    g_string_free(l.text, TRUE);
    world_free(w);
}
