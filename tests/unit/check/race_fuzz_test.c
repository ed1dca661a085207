/*
 * Random histories of processes, judged by race_free and by what the definition says word for word:
 * edges between the words of a history, their closure, and all pairs of accesses. They must agree
 * on the verdict and on the word of the first race; the earlier access must be one of its races.
 */
#include "dice.h"
#include "racing.h"

#include <string.h>

enum { CASES = 6000, WORDS = 60, PROCESSES = 5 };

typedef struct event {
    char verb, what;
    uint32_t process;
} event;

typedef struct play {
    event events[WORDS];
    uint32_t count;
    /* What is so at its end: */
    uint32_t mutex[2]; /* owner + 1 */
    uint32_t file[2];  /* who has it exclusively + 1 */
    bool shares[2][PROCESSES];
    bool is_alive[PROCESSES], waits[PROCESSES][2]; /* for a condition of mutex m, n */
    bool is_child[PROCESSES], is_over[PROCESSES];  /* over, not waited for yet */
} play;

/* ------------------------------------------------------------------------ random histories */

static void add(play *p, uint32_t process, char verb, char what)
{
    p->events[p->count++] = (event){verb, what, process};
}

static void add_lock(play *p, dice *d, uint32_t who)
{
    uint32_t which = roll(d, 2);
    char name = "mn"[which];
    if (p->mutex[which] == who + 1) {
        bool waits = roll(d, 4) == 0;
        p->mutex[which] = 0;
        p->waits[who][which] = waits;
        add(p, who, waits ? 'c' : 'u', name);
    } else if (p->mutex[which] == 0) {
        p->mutex[which] = who + 1;
        add(p, who, 'l', name);
    } else {
        add(p, who, roll(d, 2) ? 's' : 'F', name);
    }
}

static void add_file_lock(play *p, dice *d, uint32_t who)
{
    uint32_t which = roll(d, 2), others = 0;
    char name = "fg"[which];
    for (uint32_t i = 0; i < PROCESSES; i++) {
        others += i != who && p->shares[which][i];
    }
    if (p->file[which] == who + 1 || p->shares[which][who]) {
        p->file[which] = p->file[which] == who + 1 ? 0 : p->file[which];
        p->shares[which][who] = false;
        add(p, who, 'U', name);
    } else if (p->file[which] == 0 && (others > 0 || roll(d, 2))) {
        p->shares[which][who] = true;
        add(p, who, 'S', name);
    } else if (p->file[which] == 0) {
        p->file[which] = who + 1;
        add(p, who, 'E', name);
    }
}

/* The one with the highest number that is free becomes a child; who ends holds nothing. */
static void add_life(play *p, dice *d, uint32_t who)
{
    uint32_t other = roll(d, PROCESSES);
    bool holds = false;
    for (uint32_t i = 0; i < 2; i++) {
        holds |= p->file[i] == who + 1 || p->shares[i][who];
    }
    if (other != who && !p->is_alive[other] && !p->is_over[other]) {
        p->is_alive[other] = p->is_child[other] = true;
        add(p, who, 'k', (char)('0' + other));
    } else if (other != who && p->is_over[other]) {
        p->is_over[other] = false;
        add(p, who, 'j', (char)('0' + other));
    } else if (p->is_child[who] && !holds) {
        p->is_alive[who] = p->is_child[who] = false;
        p->is_over[who] = true;
        for (uint32_t i = 0; i < 2; i++) { /* it dies with its mutexes, which others get */
            p->mutex[i] = p->mutex[i] == who + 1 ? 0 : p->mutex[i];
        }
        add(p, who, 'e', '.');
    }
}

static void add_any(play *p, dice *d, bool chatty)
{
    uint32_t who = roll(d, PROCESSES), kind = roll(d, chatty ? 20 : 40);
    uint32_t blocked = p->waits[who][0] ? 0 : p->waits[who][1] ? 1 : 2;
    if (!p->is_alive[who] || (blocked < 2 && p->mutex[blocked] != 0)) {
        return;
    }
    if (blocked < 2) {
        p->waits[who][blocked] = false;
        p->mutex[blocked] = who + 1;
        add(p, who, 'g', "mn"[blocked]);
        return;
    }
    if (kind < 5) {
        add_lock(p, d, who);
    } else if (kind < 7) {
        add_file_lock(p, d, who);
    } else if (kind < 9) {
        add_life(p, d, who);
    } else if (kind < 11) {
        add(p, who, "vp"[roll(d, 2)], "st"[roll(d, 2)]);
    } else if (kind < 13) {
        add(p, who, "RW"[roll(d, 2)], "yz"[roll(d, 2)]);
    } else if (kind == 13) {
        add(p, who, "oi"[roll(d, 2)], '.');
    } else if (kind == 14 && roll(d, 8) == 0) {
        add(p, who, "ab"[roll(d, 2)], '.');
    } else if (roll(d, 3) || p->mutex[roll(d, 2)] == who + 1) {
        add(p, who, "rrw"[roll(d, 3)], "wx"[roll(d, 2)]);
    }
}

/* ------------------------------------------------------------------------------- definition */

enum { NONE = UINT32_MAX };

/* What the words are about: a number that is used again is another life. */
typedef struct lives {
    uint32_t count;
    uint32_t begin[WORDS], end[WORDS]; /* of each life: words */
    uint32_t of[WORDS];                /* of each word; NONE: of the node */
    uint32_t other[WORDS];             /* of a fork: the child's; of a join: that was waited for */
    bool gives[WORDS][2];              /* each word: mutexes m, n */
    bool shared[WORDS];                /* 'U': the lock was shared */
} lives;

static void give_mutexes(lives *l, const event *e, uint32_t k, uint32_t *owner)
{
    for (uint32_t which = 0; which < 2; which++) {
        bool names = e->what == "mn"[which];
        bool leaves = e->verb == 'e' || (names && (e->verb == 'u' || e->verb == 'c'));
        l->gives[k][which] = leaves && owner[which] == e->process + 1;
        owner[which] = l->gives[k][which]                            ? 0
                       : names && (e->verb == 'l' || e->verb == 'g') ? e->process + 1
                                                                     : owner[which];
    }
}

static void find_lives(const play *p, lives *l)
{
    uint32_t now[PROCESSES], last[PROCESSES], owner[2] = {0, 0};
    bool shares[2][PROCESSES] = {{false}};
    memset(now, 0xFF, sizeof now);
    memset(last, 0xFF, sizeof last);
    l->count = 0;
    for (uint32_t k = 0; k < p->count; k++) {
        const event *e = &p->events[k];
        bool is_node = e->verb == 'a' || e->verb == 'b';
        uint32_t other = (uint32_t)(e->what - '0');
        if (!is_node && now[e->process] == NONE) {
            l->begin[l->count] = k;
            now[e->process] = l->count++;
        }
        l->of[k] = is_node ? NONE : now[e->process];
        l->other[k] = e->verb == 'j' ? last[other] : NONE;
        give_mutexes(l, e, k, owner);
        if (strchr("ESU", e->verb)) {
            l->shared[k] = shares[e->what - 'f'][e->process];
            shares[e->what - 'f'][e->process] = e->verb == 'S';
        }
        if (e->verb == 'k') {
            l->begin[l->count] = k;
            l->other[k] = now[other] = l->count++;
        } else if (e->verb == 'e') {
            last[e->process] = now[e->process];
            l->end[now[e->process]] = k;
            now[e->process] = NONE;
        }
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        if (now[i] != NONE) {
            l->end[now[i]] = p->count;
        }
    }
}

/* Word i and a later word k: is it said of the two that one is before the other? */
static bool is_edge(const play *p, const lives *l, uint32_t i, uint32_t k)
{
    const event *a = &p->events[i], *b = &p->events[k];
    bool same = a->what == b->what;
    if (l->of[i] == l->of[k] && l->of[i] != NONE) {
        return true;
    }
    if ((a->verb == 'k' && l->other[i] == l->of[k]) ||
        (b->verb == 'j' && l->other[k] == l->of[i]) ||
        (b->verb == 'a' && l->of[i] != NONE && l->end[l->of[i]] > k) ||
        (a->verb == 'b' && l->of[k] != NONE && l->begin[l->of[k]] < i)) {
        return true;
    }
    switch (b->verb) {
    case 'l':
    case 'g':
        return l->gives[i][b->what - 'm'];
    case 'E':
        return a->verb == 'U' && same;
    case 'S':
        return a->verb == 'U' && same && !l->shared[i];
    case 'v':
        return a->verb == 'p' && same;
    case 'R':
        return a->verb == 'W' && same;
    case 'i':
    case 'b':
        return a->verb == 'o' || a->verb == 'a';
    default:
        return false;
    }
}

/* The earlier words that word k races with, as bits, if it is the first one that does; 0: none. */
static uint64_t naive_race(const play *p, unsigned *later)
{
    uint64_t before[WORDS] = {0};
    lives l;
    find_lives(p, &l);
    for (uint32_t k = 0; k < p->count; k++) {
        const event *b = &p->events[k];
        uint64_t races = 0;
        for (uint32_t i = 0; i < k; i++) {
            before[k] |= is_edge(p, &l, i, k) ? before[i] | UINT64_C(1) << i : 0;
        }
        for (uint32_t i = 0; i < k && (b->verb == 'r' || b->verb == 'w'); i++) {
            const event *a = &p->events[i];
            bool conflict = a->what == b->what && ((a->verb == 'w' && b->verb == 'r') ||
                                                   (b->verb == 'w' && strchr("rw", a->verb)));
            races |= conflict && !(before[k] >> i & 1) ? UINT64_C(1) << i : 0;
        }
        if (races) {
            *later = k + 1;
            return races;
        }
    }
    *later = 0;
    return 0;
}

/* ------------------------------------------------------------------------------- comparison */

static const char *text_of(const play *p)
{
    static char text[4 * WORDS + 1];
    for (uint32_t i = 0; i < p->count; i++) {
        text[4 * i] = (char)('0' + p->events[i].process);
        text[4 * i + 1] = p->events[i].verb;
        text[4 * i + 2] = p->events[i].what;
        text[4 * i + 3] = ' ';
    }
    text[p->count ? 4 * p->count - 1 : 0] = '\0';
    return text;
}

Test (race_fuzz, verdicts_are_those_of_the_definition) {
    dice d = {20260117};
    uint32_t races = 0, late = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        play p = {.is_alive = {true, true}};
        uint32_t length = 1 + roll(&d, WORDS - 1);
        while (p.count < length) {
            add_any(&p, &d, i % 2);
        }
        unsigned later, earlier, expected;
        const char *text = text_of(&p);
        uint64_t which = naive_race(&p, &expected);
        finding f = racing_judge(text);
        racing_lines(&f, &later, &earlier);
        cr_assert_eq(racing_word(&f), expected, "case %u: %s: word %u, expected %u: %s", i, text,
                     racing_word(&f), expected, f.reason ? f.reason : "holds");
        cr_assert(expected == 0 || (later == expected && which >> (earlier - 1) & 1),
                  "case %u: %s: %s", i, text, f.reason);
        finding_clear(&f);
        races += expected > 0;
        late += expected > 20;
    }
    cr_expect(races > CASES / 4 && races < CASES * 9 / 10, "one-sided: %u of %d", races, CASES);
    cr_expect_gt(late, CASES / 20);
}
