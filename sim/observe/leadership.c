/* The agreed leader is kept up to date with each record: `names` counts, for each node, the live
 * nodes that name it. */
#include "observe/leadership.h"

#include <glib.h>

struct leadership {
    uint32_t nodes, live;
    uint32_t agreed;
    uint8_t component;
    bool *lives;      /* by node */
    uint32_t *leader; /* by node: whom it names, NOBODY */
    uint32_t *names;  /* by node: how many live ones name it */
};

leadership *leadership_new(const world *w)
{
    const world_config *config = world_config_of(w);
    uint32_t component = world_component(w, DASIM_ELECTION);
    if (component == STACK_MOST) {
        return NULL;
    }
    leadership *l = g_new0(leadership, 1);
    l->nodes = config->nodes;
    l->component = (uint8_t)component;
    l->agreed = NOBODY;
    l->lives = g_new0(bool, l->nodes);
    l->leader = g_new(uint32_t, l->nodes);
    l->names = g_new0(uint32_t, l->nodes);
    for (uint32_t i = 0; i < l->nodes; i++) {
        l->leader[i] = NOBODY;
    }
    return l;
}

void leadership_free(leadership *l)
{
    if (l) {
        g_free(l->lives);
        g_free(l->leader);
        g_free(l->names);
        g_free(l);
    }
}

static void name(leadership *l, uint32_t node, uint32_t leader)
{
    uint32_t before = l->leader[node];
    if (before != NOBODY) {
        l->names[before]--;
    }
    if (leader != NOBODY) {
        l->names[leader]++;
    }
    l->leader[node] = leader;
}

static void set_life(leadership *l, uint32_t node, bool lives)
{
    name(l, node, NOBODY);
    l->live += lives;
    l->live -= l->lives[node];
    l->lives[node] = lives;
}

/* Whom all name, if anybody, is whom any of them names. */
static uint32_t find_agreed(const leadership *l, uint32_t any)
{
    while (any < l->nodes && !l->lives[any]) {
        any++;
    }
    uint32_t leader = any < l->nodes ? l->leader[any] : NOBODY;
    bool agreed = leader != NOBODY && l->lives[leader] && l->names[leader] == l->live;
    return agreed ? leader : NOBODY;
}

leader_step leadership_record(leadership *l, const record *r, dasim_leader *named)
{
    if (r->kind == RECORD_BOOT || r->kind == RECORD_CRASH) {
        bool lives = r->kind == RECORD_BOOT;
        set_life(l, r->node, lives);
        l->agreed = find_agreed(l, 0);
        return lives ? LEADER_BOOT : LEADER_CRASH;
    }
    if (r->kind != RECORD_INDICATION || r->component != l->component || r->type != DASIM_LEADER ||
        r->body == NULL || r->size < sizeof *named) {
        return LEADER_OTHER;
    }
    *named = *(const dasim_leader *)r->body;
    if (named->leader >= l->nodes || !l->lives[r->node]) {
        return LEADER_OTHER;
    }
    name(l, r->node, named->leader);
    l->agreed = find_agreed(l, r->node);
    return LEADER_NAMED;
}

uint32_t leadership_of(const leadership *l, uint32_t node)
{
    return l->leader[node];
}

bool leadership_lives(const leadership *l, uint32_t node)
{
    return l->lives[node];
}

uint32_t leadership_highest(const leadership *l)
{
    for (uint32_t node = l->nodes; node-- > 0;) {
        if (l->lives[node]) {
            return node;
        }
    }
    return NOBODY;
}

uint32_t leadership_agreed(const leadership *l)
{
    return l->agreed;
}
