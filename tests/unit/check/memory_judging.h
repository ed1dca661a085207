/*
 * Histories of memories as text, and what they are judged. Steps are separated by blanks; the time
 * of each is its number.
 *   0x=1  0x?1   node 0 writes 1 to object x, reads 1 from it: asked for and done at once
 *   (0x=1 (0x?1  asks for it
 *   0)           node 0's access is done (and returns what its question said)
 *   0!           node 0 crashes
 *   |            nothing happens: for the eye
 * Behind the node a tag may stand: 0.2x=1, 0.2). Objects are x, y, z; values one digit.
 */
#ifndef DASIM_TESTS_MEMORY_JUDGING_H
#define DASIM_TESTS_MEMORY_JUDGING_H

#include "../history.h"

#include "check/memory_history.h"

#include <string.h>

static const dasim_algorithm stub_memory = STUB(.name = "stub_memory", .provides = DASIM_MEMORY);

typedef struct memory_player {
    history h;
    dasim_access open[10][10]; /* [node][tag] */
    bool is_write[10][10];
} memory_player;

static inline void history_access(history *h, int64_t at, record_kind kind, uint32_t op,
                                  uint32_t node, dasim_access access)
{
    history_record(h, (record){.at = at,
                               .node = node,
                               .peer = NOBODY,
                               .type = op,
                               .size = sizeof access,
                               .kind = (uint16_t)kind,
                               .component = (uint8_t)h->component,
                               .body = &access});
}

static inline void memory_ask(memory_player *p, uint32_t node, uint32_t tag, uint32_t object,
                              bool is_write, uint64_t value)
{
    dasim_access a = {.object = object, .tag = tag, .value = value};
    p->open[node][tag] = a;
    p->is_write[node][tag] = is_write;
    a.value = is_write ? value : 77; /* of a read nobody looks at it */
    history_access(&p->h, (int64_t)p->h.number + 1, RECORD_REQUEST,
                   is_write ? DASIM_WRITE : DASIM_READ, node, a);
}

static inline void memory_end(memory_player *p, uint32_t node, uint32_t tag)
{
    history_access(&p->h, (int64_t)p->h.number + 1, RECORD_INDICATION,
                   p->is_write[node][tag] ? DASIM_WRITE_DONE : DASIM_READ_DONE, node,
                   p->open[node][tag]);
}

static inline void memory_play(memory_player *p, const char *text)
{
    for (; *text; text += *text == ' ') {
        bool asks = *text == '(';
        text += asks;
        if (*text == '|') {
            text++;
            continue;
        }
        uint32_t node = (uint32_t)(*text++ - '0'), tag = 0;
        if (*text == '.') {
            tag = (uint32_t)(text[1] - '0');
            text += 2;
        }
        cr_assert(node < 10 && tag < 10, "not a step: %s", text);
        if (*text == '!') {
            history_record(&p->h, (record){.at = (int64_t)p->h.number + 1,
                                           .node = node,
                                           .peer = NOBODY,
                                           .kind = RECORD_CRASH});
            text++;
        } else if (*text == ')') {
            memory_end(p, node, tag);
            text++;
        } else {
            cr_assert(text[1] == '=' || text[1] == '?', "not a step: %s", text);
            memory_ask(p, node, tag, (uint32_t)(text[0] - 'x'), text[1] == '=',
                       (uint64_t)(text[2] - '0'));
            if (!asks) {
                memory_end(p, node, tag);
            }
            text += 3;
        }
        cr_assert(*text == ' ' || *text == '\0', "not a step: %s", text);
    }
}

/* A player whose records go to a history of three objects. */
static inline memory_player memory_player_new(void)
{
    memory_player p = {.h = history_of_stack(10, 3, NULL, &stub_memory)};
    p.h.self = memory_history_make(p.h.world);
    p.h.watch = memory_history_record;
    return p;
}

static inline void memory_player_end(memory_player *p)
{
    memory_history_free(p->h.self);
    history_end(&p->h);
}

static inline finding memory_judged(const char *text, memory_model model)
{
    memory_player p = memory_player_new();
    finding f;
    memory_play(&p, text);
    memory_history_judge(p.h.self, model, MEMORY_EFFORT, NULL, &f);
    memory_player_end(&p);
    return f;
}

#endif
