#include "check/causality.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void message(causality *c, record_kind kind, uint64_t number, uint64_t cause, uint32_t node,
                    uint32_t peer)
{
    causality_record(c, &(record){.number = number,
                                  .cause = cause,
                                  .node = node,
                                  .peer = peer,
                                  .kind = (uint16_t)kind,
                                  .reason = REASON_DOWN});
}

static uint32_t known(causality *c, uint32_t by, uint32_t of)
{
    uint32_t clock = causality_keep(c, by);
    uint32_t known = causality_knows(c, clock, of);
    causality_drop(c, clock);
    return known;
}

enum { NODES = 5, STEPS = 20000, UNDER_WAY = 16 };

/* The plain way: a full copy of the sender's clock with every message. */
typedef struct reference {
    uint32_t clocks[NODES][NODES];
    struct {
        uint64_t number;
        uint32_t from, to, clock[NODES];
    } messages[UNDER_WAY];
} reference;

Test (causality, agrees_with_full_vector_clocks_on_random_histories) {
    causality *c = causality_new(NODES, (size_t)1 << 20);
    reference *plain = calloc(1, sizeof *plain);
    uint64_t random = 1;
    for (uint64_t number = 1; number <= STEPS; number++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t node = (random >> 33) % NODES, slot = (random >> 43) % UNDER_WAY;
        if ((random >> 60) < 3) {
            cr_assert_eq(causality_mark(c, node), ++plain->clocks[node][node]);
        } else if (plain->messages[slot].number == 0) {
            uint32_t to = (node + 1 + (random >> 50) % (NODES - 1)) % NODES;
            plain->messages[slot].number = number;
            plain->messages[slot].from = node;
            plain->messages[slot].to = to;
            memcpy(plain->messages[slot].clock, plain->clocks[node], sizeof plain->clocks[node]);
            message(c, RECORD_SEND, number, 0, node, to);
        } else {
            uint32_t from = plain->messages[slot].from, to = plain->messages[slot].to;
            bool is_lost = (random >> 60) == 15;
            message(c, is_lost ? RECORD_LOST : RECORD_RECEIVE, number, plain->messages[slot].number,
                    is_lost ? from : to, is_lost ? to : from);
            for (int i = 0; !is_lost && i < NODES; i++) {
                uint32_t news = plain->messages[slot].clock[i];
                plain->clocks[to][i] = plain->clocks[to][i] > news ? plain->clocks[to][i] : news;
            }
            plain->messages[slot].number = 0;
        }
        for (uint32_t i = 0; i < NODES * NODES; i++) {
            cr_assert_eq(known(c, i / NODES, i % NODES), plain->clocks[i / NODES][i % NODES],
                         "step %u: node %u about node %u", (unsigned)number, i / NODES, i % NODES);
        }
    }
    cr_expect_not(causality_is_full(c));
    causality_free(c);
    free(plain);
}

Test (causality, a_kept_clock_stays_as_it_was) {
    causality *c = causality_new(2, (size_t)1 << 20);
    causality_mark(c, 0);
    uint32_t before = causality_keep(c, 0);
    causality_mark(c, 0);
    cr_expect_eq(causality_knows(c, before, 0), 1);
    cr_expect_eq(known(c, 0, 0), 2);
    causality_drop(c, before);
    causality_free(c);
}

Test (causality, gives_up_where_memory_ends) {
    causality *c = causality_new(1000, (size_t)1 << 20);
    for (uint64_t number = 1; number <= 1000; number++) {
        causality_mark(c, number % 1000);
        message(c, RECORD_SEND, number, 0, number % 1000, (number + 1) % 1000);
    }
    cr_expect(causality_is_full(c));
    message(c, RECORD_RECEIVE, 1001, 1, 2, 1);
    cr_expect_eq(causality_mark(c, 1), 0);
    cr_expect_eq(known(c, 1, 1), 0);
    causality_free(c);
}

/* Messages that never arrive must not pile up: 100,000 versions of a clock of 4 KB. */
Test (causality, forgets_old_losses) {
    causality *c = causality_new(1000, (size_t)64 << 20);
    for (uint64_t number = 1; number <= 200000; number += 2) {
        causality_mark(c, 0);
        message(c, RECORD_SEND, number, 0, 0, 1);
        message(c, RECORD_LOST, number + 1, number, 0, 1);
    }
    cr_expect_not(causality_is_full(c));
    cr_expect_eq(known(c, 0, 0), 100000);
    causality_free(c);
}
