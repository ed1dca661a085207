/* The figures of distributed shared memory, met exactly: what each access costs, with nothing
 * else going on. */
#include "plugin/plugin.h"
#include "sweep/access_play.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

static const int64_t ms = 1000000;

enum { STEPS_MOST = PLAY_STEPS_MOST };

typedef access_play play;

static const dasim_algorithm *algorithm_of(const char *name)
{
    static catalogue *modules;
    GError *error = NULL;
    if (modules == NULL) {
        const char *build = g_getenv("BUILD_DIR");
        char *folder = g_build_filename(build ? build : "build", "modules", NULL);
        const char *const path[] = {folder, NULL};
        modules = catalogue_new(path);
        g_free(folder);
    }
    const dasim_algorithm *a = catalogue_load(modules, name, &error);
    cr_assert_not_null(a, "%s", error ? error->message : "");
    return a;
}

static play play_of(const char *algorithm, uint32_t nodes, uint32_t objects)
{
    play p;
    access_play_init(&p, algorithm_of(algorithm), nodes, objects);
    return p;
}

static void set(play *p, const char *name, int64_t value)
{
    cr_assert(access_play_set(p, name, value), "%s", name);
}

static void add(play *p, uint32_t node, bool writes, uint32_t object)
{
    access_play_add(p, node, writes, object);
}

static void run(play *p)
{
    const char *trouble = access_play_run(p);
    cr_assert_null(trouble, "%s: %s", p->algorithm->name, trouble);
}

/* ---------------------------------------------------------------------------------- placements */

/* Who asks, who manages, who owns the page, and (a bit each) who has a copy, the owner aside. */
typedef struct placement {
    uint32_t n, r, m, o, copies;
} placement;

static uint32_t is_other(uint32_t a, uint32_t b)
{
    return a != b;
}

/* Copies that must be told to go when r writes. */
static uint32_t others(const placement *p)
{
    return (uint32_t)__builtin_popcount(p->copies & ~(1u << p->r));
}

static uint64_t central(const placement *p, bool writes)
{
    bool here = p->r == p->o || p->copies >> p->r & 1;
    uint32_t told = others(p) - (p->r != p->m && (p->copies >> p->m & 1));
    if (writes ? p->r == p->o && p->copies == 0 : here) {
        return 0;
    }
    return 2 * is_other(p->r, p->m) + is_other(p->m, p->o) + is_other(p->o, p->r) +
           (writes ? 2 * told : 0);
}

static uint64_t improved(const placement *p, bool writes)
{
    bool here = p->r == p->o || p->copies >> p->r & 1;
    if (!writes && here) {
        return 0;
    }
    uint32_t asking = p->r == p->o ? 0 : is_other(p->r, p->m) + is_other(p->m, p->o) + 1;
    return asking + (writes ? 2 * others(p) : 0);
}

static uint64_t broadcast(const placement *p, bool writes)
{
    bool here = p->r == p->o || p->copies >> p->r & 1;
    if (!writes && here) {
        return 0;
    }
    return (p->r == p->o ? 0 : p->n - 1 + 1) + (writes ? 2 * others(p) : 0);
}

/* The owner writes, those who are to have copies read, r does what is measured. */
static void expect_placement(const char *algorithm, const char *manager, const placement *p,
                             bool writes, uint64_t expected)
{
    play one = play_of(algorithm, p->n, 1);
    if (manager) {
        set(&one, manager, p->m);
    }
    add(&one, p->o, true, 0);
    for (uint32_t node = 0; node < p->n; node++) {
        if (p->copies >> node & 1) {
            add(&one, node, false, 0);
        }
    }
    add(&one, p->r, writes, 0);
    run(&one);
    cr_expect_eq(one.steps[one.count - 1].messages, expected,
                 "%s: n %u, r %u, m %u, o %u, copies %x, %s: %" PRIu64 " messages, not %" PRIu64,
                 algorithm, p->n, p->r, p->m, p->o, p->copies, writes ? "write" : "read",
                 one.steps[one.count - 1].messages, expected);
}

static void expect_all_placements(const char *algorithm, const char *manager, uint32_t most,
                                  uint64_t (*formula)(const placement *, bool))
{
    placement p;
    uint64_t count = 0;
    for (p.n = 2; p.n <= most; p.n++) {
        for (uint32_t i = 0; i < p.n * p.n * p.n << p.n; i++) {
            p.copies = i & ((1u << p.n) - 1);
            p.r = (i >> p.n) % p.n;
            p.m = (i >> p.n) / p.n % p.n;
            p.o = (i >> p.n) / p.n / p.n;
            if (!(p.copies >> p.o & 1) && (manager || p.m == 0)) {
                expect_placement(algorithm, manager, &p, false, formula(&p, false));
                expect_placement(algorithm, manager, &p, true, formula(&p, true));
                count++;
            }
        }
    }
    cr_expect_gt(count, 0);
}

Test (figures_memory, central_manager_costs_4_and_4_plus_2c_for_all_placements) {
    expect_all_placements("write_invalidate", "manager", 6, central);
}

Test (figures_memory, improved_manager_costs_3_and_3_plus_2c_for_all_placements) {
    expect_all_placements("improved_manager", "manager", 6, improved);
}

Test (figures_memory, broadcast_costs_n_and_2c_for_all_placements) {
    expect_all_placements("broadcast_manager", NULL, 6, broadcast);
}

/* The published numbers themselves, for r, m, o and c other copies all different. */
Test (figures_memory, published_numbers) {
    for (uint32_t c = 0; c <= 4; c++) {
        placement p = {.n = 8, .r = 0, .m = 1, .o = 2, .copies = ((1u << c) - 1) << 3};
        expect_placement("write_invalidate", "manager", &p, false, 4);
        expect_placement("write_invalidate", "manager", &p, true, 4 + 2 * c);
        expect_placement("improved_manager", "manager", &p, false, 3);
        expect_placement("improved_manager", "manager", &p, true, 3 + 2 * c);
        expect_placement("broadcast_manager", NULL, &p, false, 7 + 1);
        expect_placement("broadcast_manager", NULL, &p, true, 7 + 1 + 2 * c);
        p.m = p.r;
        expect_placement("write_invalidate", "manager", &p, false, 2);
        expect_placement("improved_manager", "manager", &p, false, 2);
        expect_placement("improved_manager", "manager", &p, true, 2 + 2 * c);
        p.m = p.o;
        expect_placement("write_invalidate", "manager", &p, false, 3);
        expect_placement("improved_manager", "manager", &p, false, 2);
        expect_placement("improved_manager", "manager", &p, true, 2 + 2 * c);
    }
}

/* Page p belongs to manager p mod n: the same figures, page by page. */
Test (figures_memory, fixed_distributed_manager_costs_3_and_one_fewer_at_its_manager) {
    enum { N = 5 };
    for (uint32_t page = 0; page < 2 * N; page++) {
        for (uint32_t r = 0; r < N; r++) {
            for (uint32_t o = 0; o < N; o++) {
                placement at = {.n = N, .r = r, .m = page % N, .o = o};
                play p = play_of("improved_manager", N, 2 * N);
                set(&p, "distributed", 1);
                add(&p, o, true, page);
                add(&p, r, false, page);
                add(&p, r, true, page);
                run(&p);
                cr_expect_eq(p.steps[1].messages, improved(&at, false));
                at.copies = r == o ? 0 : 1u << r;
                cr_expect_eq(p.steps[2].messages, improved(&at, true));
            }
        }
    }
}

/* -------------------------------------------------------------------------- the probable owner */

enum { MODEL_NODES = 9 };

/* Hints as the paper has them, no messages. */
typedef struct model {
    uint32_t owner, hint[MODEL_NODES], copies; /* copies: a bit each, the owner aside */
} model;

/* What an access costs; `k`: messages until the owner is found. */
static uint64_t model_access(model *m, uint32_t r, bool writes, uint32_t *k)
{
    uint64_t cost = 0;
    *k = 0;
    if (!writes && (r == m->owner || m->copies >> r & 1)) {
        return 0;
    }
    if (r != m->owner) {
        uint32_t x = m->hint[r], next;
        for (*k = 1; x != m->owner; x = next, ++*k) {
            next = m->hint[x];
            m->hint[x] = r;
        }
        m->hint[x] = r;
        m->copies |= writes ? 0 : 1u << m->owner;
        m->owner = r;
        cost = *k + 1;
    }
    m->copies &= ~(1u << r);
    for (uint32_t node = 0; writes && node < MODEL_NODES; node++) {
        if (m->copies >> node & 1) {
            m->hint[node] = r;
            cost += 2;
        }
    }
    m->copies = writes ? 0 : m->copies;
    return cost;
}

Test (figures_memory, probable_owner_is_found_over_the_hints_of_the_paper) {
    uint64_t draw = 1;
    for (uint32_t n = 2; n <= MODEL_NODES; n++) {
        model m = {0};
        uint32_t k, longest = 0;
        uint64_t expected[STEPS_MOST];
        play p = play_of("probable_owner", n, 1);
        for (uint32_t i = 0; i < STEPS_MOST; i++) {
            draw = draw * UINT64_C(6364136223846793005) + 1442695040888963407u;
            uint32_t r = (uint32_t)(draw >> 33) % n;
            bool writes = draw >> 60 < 5;
            expected[i] = model_access(&m, r, writes, &k);
            longest = MAX(longest, k);
            add(&p, r, writes, 0);
        }
        run(&p);
        for (uint32_t i = 0; i < STEPS_MOST; i++) {
            cr_expect_eq(p.steps[i].messages, expected[i],
                         "n %u, access %u: %" PRIu64 ", not "
                         "%" PRIu64,
                         n, i, p.steps[i].messages, expected[i]);
        }
        cr_expect_leq(longest, n - 1);
        cr_expect_geq(longest, MIN(n - 1, 3), "n %u: no more than %u", n, longest);
    }
}

/* -------------------------------------------------------------------------------- write-update */

Test (figures_memory, write_update_costs_n_minus_1_or_twice_that_and_nothing_to_read) {
    for (uint32_t n = 1; n <= 8; n++) {
        for (int acknowledged = 0; acknowledged <= 1; acknowledged++) {
            play p = play_of("write_update", n, 1);
            set(&p, "acknowledge", acknowledged);
            for (uint32_t node = 0; node < n; node++) {
                add(&p, node, true, 0);
                add(&p, n - 1 - node, false, 0);
            }
            run(&p);
            for (uint32_t i = 0; i < p.count; i++) {
                uint64_t expected = i % 2 == 0 ? (1u + (unsigned)acknowledged) * (n - 1) : 0;
                cr_expect_eq(p.steps[i].messages, expected);
                cr_expect_eq(p.steps[i].took, i % 2 == 0 && acknowledged && n > 1 ? 2 * ms : 0);
            }
        }
    }
}

Test (figures_memory, sequenced_write_costs_one_more_unless_the_sequencer_writes) {
    for (uint32_t n = 2; n <= 8; n++) {
        for (uint32_t at = 0; at < n; at++) {
            play p = play_of("write_update", n, 1);
            set(&p, "sequencer", 1);
            set(&p, "at", at);
            for (uint32_t node = 0; node < n; node++) {
                add(&p, node, true, 0);
            }
            run(&p);
            for (uint32_t node = 0; node < n; node++) {
                cr_expect_eq(p.steps[node].messages, is_other(node, at) + n - 1);
                cr_expect_eq(p.steps[node].took, node == at ? 0 : 2 * ms);
            }
        }
    }
}

/* --------------------------------------------------------------------- ping-pong, false sharing */

Test (figures_memory, k_nodes_that_write_in_turn_cost_a_fault_each_time) {
    for (uint32_t k = 2; k <= 6; k++) {
        play p = play_of("write_invalidate", k + 1, 1); /* node 0 manages */
        for (uint32_t i = 0; i < 10 * k; i++) {
            add(&p, 1 + i % k, true, 0);
        }
        run(&p);
        for (uint32_t i = 0; i < p.count; i++) {
            cr_expect_eq(p.steps[i].messages, i == 0 ? 3 : 4); /* at first the manager owns it */
        }
    }
}

Test (figures_memory, who_writes_again_pays_nothing) {
    play p = play_of("write_invalidate", 3, 1);
    for (uint32_t i = 0; i < 10; i++) {
        add(&p, 1, i % 2 == 0, 0);
    }
    run(&p);
    for (uint32_t i = 1; i < p.count; i++) {
        cr_expect_eq(p.steps[i].messages, 0);
        cr_expect_eq(p.steps[i].took, 0);
    }
}

/* Two nodes, each writes an object of its own. */
static uint64_t shared(int64_t object_size, int64_t page_size)
{
    uint64_t count = 0;
    play p = play_of("write_invalidate", 3, 2);
    set(&p, "object_size", object_size);
    set(&p, "page_size", page_size);
    for (uint32_t i = 0; i < 40; i++) {
        add(&p, 1 + i % 2, true, i % 2);
    }
    run(&p);
    for (uint32_t i = 0; i < p.count; i++) {
        count += p.steps[i].messages > 0;
    }
    return count;
}

Test (figures_memory, two_objects_in_one_page_cost_a_fault_for_each_write_in_two_pages_one_each) {
    cr_expect_eq(shared(512, 1024), 40);
    cr_expect_eq(shared(8, 32768), 40);
    cr_expect_eq(shared(1024, 1024), 2);
    cr_expect_eq(shared(600, 1024), 2, "two do not fit");
    cr_expect_eq(shared(4096, 1024), 2, "an object that is larger than a page");
}

/* ----------------------------------------------------------------- less than the whole protocol */

Test (figures_memory, without_copies_every_read_costs_4) {
    play p = play_of("write_invalidate", 4, 1);
    set(&p, "copy_on_read", 0);
    add(&p, 1, true, 0);
    for (uint32_t i = 0; i < 10; i++) {
        add(&p, 2, false, 0);
    }
    add(&p, 1, true, 0);
    run(&p);
    for (uint32_t i = 1; i <= 10; i++) {
        cr_expect_eq(p.steps[i].messages, 4);
    }
    cr_expect_eq(p.steps[11].messages, 0, "its owner has nobody to tell");
}

Test (figures_memory, without_confirmation_a_fault_costs_one_less_without_acknowledgements_c_less) {
    play p = play_of("write_invalidate", 6, 1);
    set(&p, "acknowledge", 0);
    set(&p, "confirm", 0);
    add(&p, 1, true, 0);
    add(&p, 2, false, 0);
    add(&p, 3, false, 0);
    add(&p, 4, false, 0);
    add(&p, 5, true, 0);
    run(&p);
    cr_expect_eq(p.steps[1].messages, 3);
    cr_expect_eq(p.steps[4].messages, 3 + 3);
}

/* Hardening that is on costs nothing while all goes well. */
Test (figures_memory, hardened_manager_costs_the_same_where_nothing_is_lost) {
    for (uint32_t c = 0; c <= 4; c++) {
        play p = play_of("write_invalidate", 8, 1);
        set(&p, "retransmit", 50 * ms);
        set(&p, "durable", 1);
        add(&p, 1, true, 0);
        for (uint32_t node = 0; node < c; node++) {
            add(&p, 3 + node, false, 0);
        }
        add(&p, 2, true, 0);
        run(&p);
        cr_expect_eq(p.steps[c + 1].messages, 4 + 2 * c);
    }
}

/* T is 1 ms. */
Test (figures_memory, faults_take_3_or_5_delays_with_a_manager_and_2_or_4_without) {
    static const struct {
        const char *algorithm;
        int64_t read, write, write_copies;
    } all[] = {
        {"write_invalidate", 3, 3, 5},
        {"improved_manager", 3, 3, 5},
        {"broadcast_manager", 2, 2, 4},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        play p = play_of(all[i].algorithm, 6, 1);
        add(&p, 1, true, 0);
        add(&p, 2, true, 0);
        add(&p, 3, false, 0);
        add(&p, 4, false, 0);
        add(&p, 5, true, 0);
        run(&p);
        cr_expect_eq(p.steps[1].took, all[i].write * ms, "%s", all[i].algorithm);
        cr_expect_eq(p.steps[2].took, all[i].read * ms, "%s", all[i].algorithm);
        cr_expect_eq(p.steps[4].took, all[i].write_copies * ms, "%s", all[i].algorithm);
    }
}
