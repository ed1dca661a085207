#include "../history.h"

#include "observe/recovery.h"

static const dasim_algorithm stub_memory = STUB(.name = "stub_memory", .provides = DASIM_MEMORY);

/*
 * Steps beside those of history_play:
 *   10P3 10U3   node 3 pauses; resumes
 *   10C0>1 10H0 a cut of 0 -> 1; all cuts heal
 *   10Q0        a partition
 *   10Ga3       node 3 is granted resource 0 in the handler of message a, which has just arrived
 *   10I3 10O3   a component below the lock tells it something, in the handler of the message that
 *               has no name and has just arrived; because of that node 3 is granted resource 0
 *   10r3 10w3   node 3 asks to read, to write object 0, with tag 0; 10r3.1: with tag 1
 *   10d3 10dw3  the answer to a read, to a write
 */
typedef struct player {
    history h;
    history_sent sent[26];
    uint64_t arrived[26]; /* the RECEIVE */
    uint64_t told;        /* the lower component's indication */
} player;

static void change(player *p, const history_step *s, record_kind kind, record_reason reason)
{
    bool is_link = kind == RECORD_LINKS;
    history_record(&p->h, (record){.at = s->at,
                                   .node = s->node,
                                   .peer = is_link ? s->other : NOBODY,
                                   .kind = (uint16_t)kind,
                                   .reason = (uint8_t)reason});
}

static uint64_t tell(player *p, const history_step *s, uint32_t component, uint64_t cause)
{
    dasim_lock lock = {.resource = s->other};
    return history_record(&p->h, (record){.at = s->at,
                                          .cause = cause,
                                          .node = s->node,
                                          .peer = NOBODY,
                                          .type = DASIM_GRANTED,
                                          .size = sizeof lock,
                                          .kind = RECORD_INDICATION,
                                          .component = (uint8_t)component,
                                          .body = &lock});
}

static void access(player *p, const history_step *s, record_kind kind, uint32_t op)
{
    dasim_access body = {.object = 0, .tag = s->other};
    history_record(&p->h, (record){.at = s->at,
                                   .node = s->node,
                                   .peer = NOBODY,
                                   .type = op,
                                   .size = sizeof body,
                                   .kind = (uint16_t)kind,
                                   .component = (uint8_t)p->h.component,
                                   .body = &body});
}

static void act(player *p, const history_step *s)
{
    int which = s->name - 'a';
    switch (s->what) {
    case 'P':
    case 'U':
        change(p, s, s->what == 'P' ? RECORD_PAUSE : RECORD_RESUME, REASON_NONE);
        break;
    case 'C':
    case 'H':
    case 'Q':
        change(p, s, RECORD_LINKS,
               s->what == 'C'   ? REASON_CUT
               : s->what == 'H' ? REASON_HEAL
                                : REASON_PARTITION);
        break;
    case 'I':
        p->told = tell(p, s, 0, p->arrived['z' - 'a']);
        break;
    case 'O':
        tell(p, s, p->h.component, p->told);
        break;
    case 'G':
        tell(p, s, p->h.component, s->name == 'z' ? 0 : p->arrived[which]);
        break;
    case 'r':
        access(p, s, RECORD_REQUEST, DASIM_READ);
        break;
    case 'w':
        access(p, s, RECORD_REQUEST, DASIM_WRITE);
        break;
    case 'd':
        access(p, s, RECORD_INDICATION, s->name == 'w' ? DASIM_WRITE_DONE : DASIM_READ_DONE);
        break;
    default:
        history_do(&p->h, s, &p->sent[which]);
        p->arrived[which] = s->what == 'T' ? p->h.number : p->arrived[which];
    }
}

static void watch(void *self, const world *w, const record *r)
{
    (void)w;
    recovery_on_record(self, r);
}

typedef struct expected {
    const char *claim, *text;
    uint64_t count, missing;
    int64_t least, most;
} expected;

static void expect_on(const dasim_algorithm *below, const dasim_algorithm *top, int64_t warm_up,
                      const expected *e)
{
    player p = {.h = history_of_stack(5, 3, below, top)};
    recovery *y = recovery_new(p.h.world, warm_up);
    p.h.self = y;
    p.h.watch = watch;
    for (const char *text = e->text; *text;) {
        history_step step;
        text = history_read(text, &step);
        act(&p, &step);
    }
    const histogram *times = recovery_time(y);
    cr_expect_eq(histogram_count(times), e->count, "%s: %u times", e->claim,
                 (unsigned)histogram_count(times));
    cr_expect_eq(recovery_missing(y), e->missing, "%s: %u missing", e->claim,
                 (unsigned)recovery_missing(y));
    cr_expect_eq(histogram_least(times), e->least, "%s: least %u", e->claim,
                 (unsigned)histogram_least(times));
    cr_expect_eq(histogram_most(times), e->most, "%s: most %u", e->claim,
                 (unsigned)histogram_most(times));
    recovery_free(y);
    history_end(&p.h);
}

static void expect_all(const dasim_algorithm *top, const expected *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_on(NULL, top, 0, &all[i]);
    }
}

#define EXPECT_ALL(top, all) expect_all(top, all, sizeof(all) / sizeof *(all))

Test (recovery, of_a_lock_is_from_the_fault_to_the_next_grant) {
    static const expected all[] = {
        {"nothing happened", "", 0, 0, 0, 0},
        {"without a fault there is nothing to recover from", "1A1 9G1", 0, 0, 0, 0},
        {"one waits at the crash", "1A1 5X0 12G1", 1, 0, 7, 7},
        {"... at a pause", "1A1 5P0 12G1", 1, 0, 7, 7},
        {"... at a cut", "1A1 5C0>1 12G1", 1, 0, 7, 7},
        {"... at a partition", "1A1 5Q0 12G1", 1, 0, 7, 7},
        {"ends are no faults", "1A1 5U0 5H0 5B0 12G1", 0, 0, 0, 0},
        {"any grant is a sign of life", "1A1 2A2.1 5X0 12G2.1 20G1", 1, 0, 7, 7},
        {"a grant that nobody asked for is none", "1A1 5X0 9G2 12G1", 1, 0, 7, 7},
        {"nor is one for another resource", "1A1 5X0 9G1.2 12G1", 1, 0, 7, 7},
        {"who holds already does not wait", "1A1 2G1 5X0 9R1", 0, 0, 0, 0},
        {"in vain", "1A1 5X0 9X2", 0, 2, 0, 0},
    };
    EXPECT_ALL(&stub_lock, all);
}

Test (recovery, where_nobody_waits_it_begins_when_somebody_does) {
    static const expected all[] = {
        {"nobody ever waits", "5X0 9X2", 0, 0, 0, 0},
        {"somebody does later", "5X0 20A1 22G1", 1, 0, 2, 2},
        {"... and in vain", "5X0 20A1", 0, 1, 0, 0},
        {"the crash takes who waits", "1A1 5X1", 0, 0, 0, 0},
        {"before the next fault nobody does", "5X0 9P2 20A1 22G1", 1, 0, 2, 2},
        {"who waited dies, the clock goes on", "1A1 5P0 8X1 20A2 22G2", 2, 0, 2, 17},
    };
    EXPECT_ALL(&stub_lock, all);
}

Test (recovery, faults_that_overlap_are_measured_each_by_itself) {
    static const expected all[] = {
        {"two in a row", "1A1 5X0 9P2 12G1", 2, 0, 3, 7},
        {"two apart", "1A1 5X0 12G1 13A2 20P0 50G2", 2, 0, 7, 30},
        {"what begins at one instant is one fault", "1A1 5X0 5X2 5C3>4 12G1", 1, 0, 7, 7},
        {"each pause counts", "1A1 5P0 6U0 7P0 8U0 12G1", 2, 0, 5, 7},
    };
    EXPECT_ALL(&stub_lock, all);
}

Test (recovery, what_was_under_way_at_the_fault_is_no_sign_of_life) {
    static const expected all[] = {
        {"sent before", "1A1 1A2 4Sa0>1 5X0 6Ta 6Ga1 30G2", 1, 0, 25, 25},
        {"sent after", "1A1 1A2 5X3 5Sa0>1 6Ta 6Ga1 30G2", 1, 0, 1, 1},
        {"sent between two faults", "1A1 1A2 5X3 7Sa0>1 8P4 9Ta 9Ga1 30G2", 2, 0, 4, 22},
        {"handed on by a component below", "1A1 1A2 4S0>1 5X0 6T 6I1 6O1 30G2", 1, 0, 25, 25},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        expect_on(&stub_election, &stub_lock, 0, &all[i]);
    }
}

Test (recovery, of_a_memory_is_to_the_next_access_that_is_done) {
    static const expected all[] = {
        {"a read", "1r1 5X0 12d1", 1, 0, 7, 7},
        {"a write", "1w1 5X0 12dw1", 1, 0, 7, 7},
        {"nobody waits", "1r1 2d1 5X0", 0, 0, 0, 0},
        {"the answer to another tag is none", "1r1.1 5X0 9d1.2 12d1.1", 1, 0, 7, 7},
        {"the crash takes what its node asked for", "1r1.1 1w1.2 5X1", 0, 0, 0, 0},
    };
    EXPECT_ALL(&stub_memory, all);
}

Test (recovery, of_an_election_is_until_all_live_nodes_name_the_same_live_node) {
#define AGREED "0B0 0B1 0B2 0B3 0B4 1N0.4 1N1.4 1N2.4 1N3.4 1N4.4 "
    static const expected all[] = {
        {"the leader dies", AGREED "5X4 9N3.3 10N0.3 11N1.3 12N2.3", 1, 0, 7, 7},
        {"... and two are elected", AGREED "5X4 9N3.3 9N2.2 10N0.3 11N1.3", 0, 1, 0, 0},
        {"another one dies", AGREED "5X2", 0, 0, 0, 0},
        {"it comes back and asks who leads", AGREED "5X2 8B2 10N2.4", 1, 0, 2, 2},
        {"a partition is noticed", AGREED "5Q0 9N0.1 9N1.1 20H0 22N0.4 23N1.4", 1, 0, 14, 14},
        {"a partition is not noticed", AGREED "5Q0 20H0", 0, 0, 0, 0},
        {"the last who disagrees dies", AGREED "5P0 6N0.1 9X0", 1, 0, 3, 3},
    };
    EXPECT_ALL(&stub_election, all);
}

Test (recovery, faults_before_the_warm_up_are_left_out) {
    static const expected late = {"two", "1A1 5X0 10P2 12G1", 1, 0, 2, 2};
    expect_on(NULL, &stub_lock, 10, &late);
}

Test (recovery, where_clients_use_nothing_there_is_nothing_to_recover) {
    static const expected none = {"an application", "1A1 5X0 12G1", 0, 0, 0, 0};
    expect_on(NULL, &stub_application, 0, &none);
}
