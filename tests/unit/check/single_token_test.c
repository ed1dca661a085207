#include "judging.h"

/* A lock with a token: a field that says where it is, and messages that carry it: ANSWER that of
 * resource 0, ASK that of its field `resource`. */
static const dasim_message token_messages[] = {
    [STUB_ASK] = {.name = "ASK", .size = sizeof(stub_body), .fields = stub_fields, .token = true},
    [STUB_ANSWER] = {.name = "ANSWER", .token = true},
    [STUB_BLOB] = {.name = "BLOB", .size = 64},
    {.name = NULL},
};

static const dasim_field token_state[] = {
    {.name = "other", .type = DASIM_U32, .offset = 0},
    {.name = "token",
     .type = DASIM_BOOL,
     .offset = 4,
     .count = DASIM_PER_RESOURCE,
     .stride = 2,
     .role = "token_holder"},
    {.name = NULL},
};

enum { STATE_BYTES = 16, NODES = 4, RESOURCES = 3 };

static size_t token_state_size(const dasim_config *config)
{
    (void)config;
    return STATE_BYTES;
}

static const dasim_algorithm token_lock = {.magic = DASIM_MAGIC,
                                           .abi = DASIM_ABI,
                                           .size = sizeof(dasim_algorithm),
                                           .name = "token_lock",
                                           .provides = DASIM_MUTEX,
                                           .messages = token_messages,
                                           .state = token_state,
                                           .state_size = token_state_size,
                                           .on_request = stub_on_request,
                                           .on_message = stub_on_message};

/* What a handler does to the state. */
static void set_token(const history *h, uint32_t node, uint32_t resource, bool here)
{
    const void *state = world_state(h->world, node, h->component);
    ((bool *)(uintptr_t)state)[4 + 2 * resource] = here;
}

/* As history_play(), and between the records: 5H1.2 the token of resource 2 is at node 1 from now
 * on, 5U1.2 it is not any more. */
static void play(history *h, const char *text)
{
    history_sent sent[26] = {{0, 0, 0}};
    history_step step;
    while (*text) {
        text = history_read(text, &step);
        if (step.what == 'H' || step.what == 'U') {
            set_token(h, step.node, step.other, step.what == 'H');
        } else {
            history_do(h, &step, &sent[step.name - 'a']);
        }
    }
}

static history begin(void)
{
    history h = history_of_stack(NODES, RESOURCES, &token_lock, &stub_application);
    h.component = 0;
    h.self = single_token.make(h.world);
    h.watch = single_token.on_record;
    return h;
}

static finding end(history *h)
{
    finding f;
    single_token.judge(h->self, h->world, (run_end){.settled = true}, &f);
    single_token.destroy(h->self);
    history_end(h);
    return f;
}

static void expect_all(const judged_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const judged_case *c = &cases[i];
        history h = begin();
        play(&h, c->history);
        finding f = end(&h);
        cr_expect_eq(f.verdict, c->expected, "%s: verdict %d", c->claim, (int)f.verdict);
        cr_expect_eq(f.record, c->record, "%s: record %u", c->claim, (unsigned)f.record);
        cr_expect_eq(f.at, c->at, "%s: at %d", c->claim, (int)f.at);
        cr_expect(g_strcmp0(f.reason, c->reason) == 0, "%s: %s", c->claim,
                  f.reason ? f.reason : "no reason");
        finding_clear(&f);
    }
}

Test (single_token, is_judged_only_where_a_lock_declares_one) {
    static const dasim_algorithm no_field = STUB(.name = "no_field", .provides = DASIM_MUTEX);
    const dasim_algorithm *tops[] = {&stub_lock, &no_field, &stub_application};
    for (size_t i = 0; i < G_N_ELEMENTS(tops); i++) {
        world_config config = {.stack_size = 1, .stack = {{.algorithm = tops[i]}}};
        cr_expect_not(single_token.applies(&config));
        config.stack[config.stack_size++].algorithm = &token_lock;
        cr_expect(single_token.applies(&config));
    }
}

Test (single_token, holds_while_one_token_moves) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("it stays where it is", "0B0 0H0 0B1 0B2 5A1"),
        HOLDS("it is handed on", "0B0 0H0 1A1 2A0 2U0 2Sa0>1 3Ta 3H1 4A2"),
        HOLDS("the field changes behind the sending", "0B0 0H0 2A0 2Sa0>1 2U0 3Ta 3H1 4A2"),
        HOLDS("a booting node hands it on at once", "0B0 0Sa0>1 0B1 1Ta 1H1 2A3"),
        HOLDS("so does one that does not want it", "0B0 0Sa0>1 1Ta 1Sb1>2 2Tb 2H2 3A3"),
        HOLDS("lost, then made anew", "0B0 0Sa0>1 1La 5A2 5H2 6A3"),
        HOLDS("lost with its holder, then made anew", "0B0 0H0 1X0 1U0 2A1 2H1 3A1"),
        HOLDS("sent again, the second copy comes first",
              "0B0 0H0 1A0 1U0 1Sa0>1 2A0 2Sb0>1 3Tb 3H1 4Ta 5A1 5U1 5Sc1>2 6A3"),
        HOLDS("sent again after it came", "0B0 0Sa0>1 2Ta 2H1 3A0 3Sb0>1 4Tb 5A2"),
        HOLDS("lost, sent again, both of it", "0B0 0Sa0>1 0La 2A0 2Sb0>1 2Lb 3A0 3Sc0>1 4Tc 4H1"),
        HOLDS("given up by who sent it in vain", "0B0 0Sa0>1 0La 2A0 2H0 3A1"),
        HOLDS("the second copy is refused", "0B0 0Sa0>1 1Ta 1Sb1>2 2Ta 3Tb 3H2 4A1"),
        HOLDS("... or falls together with the first", "0B0 0Sa0>1 1Ta 1H1 2Ta 3A1"),
        HOLDS("... or is lost", "0B0 0Sa0>1 1Da 2Ta 2H1 3A1"),
        HOLDS("one of each resource", "0B0 0H0.0 0H0.1 0B1 0H1.2 5A3"),
    };
    expect_all(cases, G_N_ELEMENTS(cases));
}

Test (single_token, is_violated_by_a_second_one) {
    static const judged_case cases[] = {
        {"two hold it", "0B0 0H0 7B1 7H1 8A2", VERDICT_VIOLATED, 2, 7,
         "tokens of resource 0 are at node 0 and at node 1 at 0.000000007 s"},
        {"seen at the end", "0B0 0H0.2 7B1 7H1.2", VERDICT_VIOLATED, 2, 7,
         "tokens of resource 2 are at node 0 and at node 1 at 0.000000007 s"},
        {"handed on and kept", "0B0 0H0 1234567890A0 1234567890Sa0>1 1234567895A3",
         VERDICT_VIOLATED, 2, 1234567890,
         "tokens of resource 0 are at node 0 and under way from node 0 to node 1 at 1.234567890 s"},
        {"two at the start", "0B0 0Sa0>1 0Sb0>2", VERDICT_VIOLATED, 1, 0,
         "tokens of resource 0 are under way from node 0 to node 1 and under way from node 0 to "
         "node 2 at 0.000000000 s"},
        {"the second copy is handed on", "0B0 0Sa0>1 1Ta 1Sb1>2 2Ta 2Sc1>2", VERDICT_VIOLATED, 5, 2,
         "tokens of resource 0 are under way from node 1 to node 2 and under way from node 1 to "
         "node 2 at 0.000000002 s"},
        {"the second copy is kept", "0B0 0Sa0>1 1Ta 1Sb1>2 2Tb 2H2 3Ta 3H1", VERDICT_VIOLATED, 6, 3,
         "tokens of resource 0 are at node 1 and at node 2 at 0.000000003 s"},
        {"made anew while it is under way", "0B0 0Sa0>1 5A2 5H2", VERDICT_VIOLATED, 3, 5,
         "tokens of resource 0 are at node 2 and under way from node 0 to node 1 at 0.000000005 s"},
        {"made anew, when it arrives", "0B0 0H0 5A2 5Sa2>3 6Ta 6H3", VERDICT_VIOLATED, 4, 6,
         "tokens of resource 0 are at node 0 and at node 3 at 0.000000006 s"},
        {"the first violation is told", "0B0 0H0 7B1 7H1 8B2 8H2 9B3", VERDICT_VIOLATED, 2, 7,
         "tokens of resource 0 are at node 0 and at node 1 at 0.000000007 s"},
    };
    expect_all(cases, G_N_ELEMENTS(cases));
}

static void send_ask(history *h, int64_t at, uint32_t from, uint32_t to, uint32_t resource)
{
    stub_body body = {.resource = resource};
    history_record(h, (record){.at = at,
                               .node = from,
                               .peer = to,
                               .type = STUB_ASK,
                               .size = sizeof body,
                               .kind = RECORD_SEND,
                               .body = &body});
}

Test (single_token, belongs_to_the_resource_that_its_message_names) {
    history h = begin();
    play(&h, "0B0 0H0.0 0H0.1 1A0");
    set_token(&h, 0, 1, false);
    send_ask(&h, 1, 0, 1, 1);
    finding f = end(&h);
    cr_expect_eq(f.verdict, VERDICT_HOLDS, "%s", f.reason);
    h = begin();
    play(&h, "0B0 0H0.0 0H0.1 1A0");
    send_ask(&h, 1, 0, 1, 1);
    f = end(&h);
    cr_expect_str_eq(f.reason, "tokens of resource 1 are at node 0 and under way from node 0 to "
                               "node 1 at 0.000000001 s");
    finding_clear(&f);
}

Test (single_token, is_not_carried_by_other_messages_nor_by_other_components) {
    history h = begin();
    play(&h, "0B0 0H0 1A0");
    history_record(&h, (record){.at = 1, .peer = 1, .type = STUB_BLOB, .kind = RECORD_SEND});
    h.component = 1;
    play(&h, "1Sa0>1 2Ta 3A2");
    h.component = 0;
    finding f = end(&h);
    cr_expect_eq(f.verdict, VERDICT_HOLDS, "%s", f.reason);
}
