#include "../history.h"

#include "observe/metrics.h"

#include <string.h>

typedef struct run {
    history h;
    metrics *m;
} run;

static run played_on(uint32_t nodes, uint32_t resources, int64_t warm_up,
                     const dasim_algorithm *below, const dasim_algorithm *top, const char *text)
{
    run r = {.h = history_of_stack(nodes, resources, below, top)};
    r.m = metrics_new(r.h.world, warm_up);
    observer o = metrics_observer(r.m);
    r.h.self = o.self;
    r.h.watch = o.on_record;
    history_play(&r.h, text);
    return r;
}

static run played(int64_t warm_up, const char *text)
{
    return played_on(4, 3, warm_up, NULL, &stub_lock, text);
}

static void end(run *r)
{
    metrics_free(r->m);
    history_end(&r->h);
}

typedef struct totals {
    const char *claim;
    int64_t warm_up;
    const char *text;
    uint64_t sent, received, lost, requests, entries;
    int64_t per_entry, throughput, fairness;
} totals;

static const totals table[] = {
    {"nothing", 0, "", 0, 0, 0, 0, 0, -1, -1, -1},
    {"messages that arrive, are lost, find nobody", 0,
     "1M0>1 2Sa0>1 3Sb0>2 4Ta 5Lb 6Sc0>3 7Dc 8Sd1>2", 5, 2, 2, 0, 0, -1, -1, -1},
    {"messages to oneself cost nothing", 0, "1M1>1 2Sa2>2 3Da 4M1>2", 1, 1, 0, 0, 0, -1, -1, -1},
    {"a duplicate is received twice, sent once", 0, "1Sa0>1 2Ta 3Ta", 1, 2, 0, 0, 0, -1, -1, -1},
    {"one entry of three messages", 0, "0A1 1M1>0 2M0>1 2G1 1000000000R1 1000000000M1>0", 3, 3, 0,
     1, 1, 3000, 1000, 1000000},
    {"two entries, rounded to nearest", 0,
     "0A1 0M1>0 0G1 1R1 0A1 0M1>0 0G1 1R1 1M1>0 1A0 1M1>2 1M1>2 3000000000M0>2", 6, 6, 0, 3, 2,
     3000, 667, 500000},
    {"one entry out of three messages a thousandth", 0,
     "0A1 0G1 0R1 0A1 0G1 0R1 0A1 0G1 0R1 0M1>0 0M0>1", 2, 2, 0, 3, 3, 667, -1, 1000000},
    {"held to the end is not completed", 0, "0A1 0M1>0 5G1 6M1>0", 2, 2, 0, 1, 0, -1, -1, -1},
    {"a crash completes nothing", 0, "0A1 5G1 6X1 7B1 8R1 9A1 9G1 9R1", 0, 0, 0, 2, 1, 0,
     INT64_C(111111111111), 1000000},
    {"a grant nobody asked for is no entry", 0, "1G1 2R1 3R2 4A2 5G2 6G2 7R2 8R2", 0, 0, 0, 1, 1, 0,
     INT64_C(125000000000), 1000000},
    {"warm-up leaves out what began before", 10,
     "5A0 5Sa0>1 9Sb0>1 10Sc0>1 11Ta 11Lb 11Tc 12G0 13R0 14A1 15G1 1000000010R1", 1, 1, 0, 1, 1,
     1000, 1000, 1000000},
    {"fairness of 3, 1 and 0 entries", 0,
     "0A0 0G0 0R0 0A0 0G0 0R0 0A0 0G0 0R0 0A1 0G1 0R1 1000000000A2", 0, 0, 0, 5, 4, 0, 4000,
     533333},
};

Test (metrics, count_as_the_literature_does) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const totals *t = &table[i];
        run r = played(t->warm_up, t->text);
        cr_expect_eq(metrics_sent(r.m), t->sent, "%s: sent", t->claim);
        cr_expect_eq(metrics_received(r.m), t->received, "%s: received", t->claim);
        cr_expect_eq(metrics_lost(r.m), t->lost, "%s: lost", t->claim);
        cr_expect_eq(metrics_requests(r.m), t->requests, "%s: requests", t->claim);
        cr_expect_eq(metrics_entries(r.m), t->entries, "%s: entries", t->claim);
        cr_expect_eq(metrics_messages_per_entry(r.m), t->per_entry, "%s: %d", t->claim,
                     (int)metrics_messages_per_entry(r.m));
        cr_expect_eq(metrics_throughput(r.m), t->throughput, "%s: throughput %.0f", t->claim,
                     (double)metrics_throughput(r.m));
        cr_expect_eq(metrics_fairness(r.m), t->fairness, "%s: fairness %d", t->claim,
                     (int)metrics_fairness(r.m));
        end(&r);
    }
}

typedef struct times {
    const char *claim;
    int64_t warm_up;
    const char *text;
    const histogram *(*of)(const metrics *m);
    uint64_t count;
    int64_t least, most;
} times;

static const times time_table[] = {
    {"waiting is from ACQUIRE to GRANTED", 0, "5A0 12G0 13R0 20A1 24G1 50R1", metrics_waiting, 2, 4,
     7},
    {"waiting counts completed entries", 0, "5A0 12G0 13R0 20A1 24G1", metrics_waiting, 1, 7, 7},
    {"asking twice: from the first", 0, "5A0 7A0 12G0 13R0", metrics_waiting, 1, 7, 7},
    {"a new life waits anew", 0, "5A0 6X0 7B0 8A0 12G0 13R0", metrics_waiting, 1, 4, 4},
    {"per resource", 0, "5A0.0 6A0.1 7G0.1 8R0.1 15G0.0 16R0.0", metrics_waiting, 2, 1, 10},
    {"waiting after warm-up", 10, "9A0 10A1 11G0 11R0 13G1 14R1", metrics_waiting, 1, 3, 3},
    {"holding is from GRANTED to RELEASE", 0, "5A0 12G0 20R0", metrics_holding, 1, 8, 8},
    {"who already waits makes the delay count", 0, "1A0 2A1 3G0 10R0 14G1", metrics_synchronisation,
     1, 4, 4},
    {"nobody waits at the release", 0, "1A0 3G0 10R0 11A1 14G1", metrics_synchronisation, 0, 0, 0},
    {"who waits for another resource does not count", 0, "1A0.0 2A1.1 3G0.0 10R0.0 11A2.0 14G2.0",
     metrics_synchronisation, 0, 0, 0},
    {"a chain of three", 0, "1A0 1A1 1A2 3G0 5R0 7G1 9R1 12G2 13R2", metrics_synchronisation, 2, 2,
     3},
    {"only the next entry", 0, "1A0 1A1 3G0 5R0 7G1 9R1 10A2 12G2", metrics_synchronisation, 1, 2,
     2},
    {"the only one that waits crashes", 0, "1A0 1A1 3G0 5R0 6X1 7A2 12G2", metrics_synchronisation,
     0, 0, 0},
    {"one of two that wait crashes", 0, "1A0 1A1 1A2 3G0 5R0 6X1 12G2", metrics_synchronisation, 1,
     7, 7},
    {"a crashed node does not wait any more", 0, "1A0 1A1 3G0 4X1 5R0 6A2 12G2",
     metrics_synchronisation, 0, 0, 0},
    {"the crash of the holder is no release", 0, "1A0 1A1 3G0 5X0 9G1", metrics_synchronisation, 0,
     0, 0},
    {"a release before warm-up", 10, "1A0 1A1 3G0 9R0 12G1", metrics_synchronisation, 0, 0, 0},
    {"a release at warm-up", 10, "1A0 1A1 3G0 10R0 12G1", metrics_synchronisation, 1, 2, 2},
    {"delays", 0, "1Sa0>1 2Sb1>2 3Tb 9Ta 10Sc1>2 11Lc", metrics_delay, 2, 1, 8},
    {"the first copy counts", 0, "1Sa0>1 4Ta 9Ta", metrics_delay, 1, 3, 3},
    {"delays after warm-up", 5, "1Sa0>1 9Ta 9Sb0>1 12Tb", metrics_delay, 1, 3, 3},
};

Test (metrics, times_are_between_the_right_records) {
    for (size_t i = 0; i < sizeof time_table / sizeof *time_table; i++) {
        const times *t = &time_table[i];
        run r = played(t->warm_up, t->text);
        const histogram *found = t->of(r.m);
        cr_expect_eq(histogram_count(found), t->count, "%s: %u times", t->claim,
                     (unsigned)histogram_count(found));
        cr_expect_eq(histogram_least(found), t->least, "%s: least %d", t->claim,
                     (int)histogram_least(found));
        cr_expect_eq(histogram_most(found), t->most, "%s: most %d", t->claim,
                     (int)histogram_most(found));
        end(&r);
    }
}

Test (metrics, messages_are_counted_by_component_and_type) {
    run r = played_on(4, 1, 0, &stub_application, &stub_lock, "1M0>1 2Sa0>1 3La");
    r.h.component = 0;
    stub_body body = {0};
    uint64_t sent = history_record(&r.h, (record){.kind = RECORD_SEND,
                                                  .node = 0,
                                                  .peer = 1,
                                                  .type = STUB_ASK,
                                                  .size = 24,
                                                  .body = &body});
    history_record(&r.h, (record){.kind = RECORD_RECEIVE,
                                  .node = 1,
                                  .peer = 0,
                                  .type = STUB_ASK,
                                  .size = 24,
                                  .body = &body,
                                  .cause = sent});
    uint32_t count = 0;
    const message_count *all = metrics_messages(r.m, &count);
    cr_assert_eq(count, 6);
    for (uint32_t i = 0; i < count; i++) {
        message_count expected = {.component = i / 3, .type = i % 3};
        if (i == 0) {
            expected.sent = expected.received = 1;
            expected.bytes = 24;
        } else if (i == 4) {
            expected.sent = 2;
            expected.received = expected.lost = 1;
        }
        cr_expect(memcmp(&all[i], &expected, sizeof expected) == 0, "type %u", i);
    }
    end(&r);
}

Test (metrics, entries_belong_to_their_node) {
    run r = played(0, "0A0 0G0 0R0 0A2 0G2 0R2 0A2 0G2 0R2 0A3");
    static const uint64_t expected[] = {1, 0, 2, 0, 0};
    for (uint32_t node = 0; node < 5; node++) {
        cr_expect_eq(metrics_entries_of(r.m, node), expected[node], "node %u", node);
    }
    end(&r);
}

static const dasim_service uses_a_lock[] = {DASIM_MUTEX, DASIM_NO_SERVICE};
static const dasim_algorithm stub_user =
    STUB(.name = "stub_user", .provides = DASIM_APPLICATION, .uses = uses_a_lock);

/* A client is told LOST when it is inside, when it is not, and for what it asked for before 10. */
Test (metrics, an_entry_that_its_lease_has_ended_is_not_completed) {
    run r = played(10, "5A0 6G0 12E0 20A1 21G1 22E1 23A1 24G1 25R1 26E2 27A2 28E2 30A3 31G3 32X3");
    cr_expect_eq(metrics_leases_over(r.m), 1);
    cr_expect_eq(metrics_entries(r.m), 1);
    end(&r);
}

Test (metrics, entries_are_those_of_a_lock_that_clients_use) {
    run r = played_on(4, 1, 0, &stub_lock, &stub_user, "");
    r.h.component = 0;
    history_play(&r.h, "0A0 0M0>1 0G0 1R0 2X0");
    cr_expect_eq(metrics_requests(r.m), 0);
    cr_expect_eq(metrics_entries(r.m), 0);
    cr_expect_eq(metrics_entries_of(r.m, 0), 0);
    cr_expect_eq(metrics_sent(r.m), 1);
    cr_expect_eq(metrics_fairness(r.m), -1);
    cr_expect_not(metrics_has_lock(r.m));
    end(&r);
}

Test (metrics, messages_per_entry_are_those_of_the_lock) {
    run r = played_on(4, 1, 0, &stub_lock, &stub_application, "");
    r.h.component = 0;
    history_play(&r.h, "0A0 0M0>1 0M1>0 1G0 2R0");
    r.h.component = 1;
    history_play(&r.h, "3M0>1 3M0>2 3M0>3");
    cr_expect(metrics_has_lock(r.m));
    cr_expect(metrics_below_lock(r.m) == 1 && metrics_below_memory(r.m) == 0);
    cr_expect_eq(metrics_sent(r.m), 5);
    cr_expect_eq(metrics_messages_per_entry(r.m), 2000);
    end(&r);
}

typedef struct agreeing {
    const char *claim;
    int64_t warm_up;
    const char *text;
    uint64_t leaders, count;
    int64_t least, most;
} agreeing;

Test (metrics, time_to_agree_is_from_the_loss_of_the_agreed_leader_to_the_next) {
    static const agreeing cases[] = {
        {"never lost", 0, "0B0 0B1 0N0.1 0N1.1 9N0.1", 1, 0, 0, 0},
        {"from the boot", 0, "0B0 0B1 4N1.1 7N0.1", 1, 1, 7, 7},
        {"from the crash to the last who learns", 0,
         "0B0 0B1 0B2 0N0.2 0N1.2 0N2.2 5X2 7N1.1 9N0.1", 2, 1, 4, 4},
        {"the crash of a follower loses nothing", 0, "0B0 0B1 0N0.1 0N1.1 5X0", 1, 0, 0, 0},
        {"who comes back must learn", 0, "0B0 0B1 0N0.1 0N1.1 5X0 6B0 9N0.1", 1, 1, 3, 3},
        {"the crash of who disagrees ends it", 0, "0B0 0B1 0N0.1 0N1.1 5N0.0 8X0", 2, 1, 3, 3},
        {"twice", 0, "0B0 0B1 0N0.1 0N1.1 5N0.0 6N0.1 10N0.0 15N0.1", 3, 2, 1, 5},
        {"never agreed again", 0, "0B0 0B1 0N0.1 0N1.1 5N0.0", 2, 0, 0, 0},
        {"lost before the warm-up's end", 6, "0B0 0B1 0N0.1 0N1.1 5N0.0 7N0.1 8N0.0 9N0.1", 1, 1, 1,
         1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const agreeing *c = &cases[i];
        run r = played_on(4, 1, c->warm_up, &stub_lock, &stub_election, c->text);
        const histogram *h = metrics_agreeing(r.m);
        cr_expect_eq(metrics_leaders(r.m), c->leaders, "%s: %d", c->claim,
                     (int)metrics_leaders(r.m));
        cr_expect_eq(histogram_count(h), c->count, "%s: %d", c->claim, (int)histogram_count(h));
        if (c->count > 0) {
            cr_expect_eq(histogram_least(h), c->least, "%s", c->claim);
            cr_expect_eq(histogram_most(h), c->most, "%s", c->claim);
        }
        end(&r);
    }
}

Test (metrics, without_an_election_nobody_agrees_on_anything) {
    run r = played(0, "0B0 0B1 4N1.1 7N0.1");
    cr_expect_eq(metrics_leaders(r.m), 0);
    cr_expect_eq(histogram_count(metrics_agreeing(r.m)), 0);
    end(&r);
}
