#include "machine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(uint32_t op)
{
    static const char *const names[] = {
        [DASIM_FORK] = "FORK",     [DASIM_EXIT] = "EXIT",     [DASIM_CLOSE] = "CLOSE",
        [DASIM_DUP] = "DUP",       [DASIM_OPTION] = "OPTION", [DASIM_ATTACH] = "ATTACH",
        [DASIM_DETACH] = "DETACH", [DASIM_LOAD] = "LOAD",     [DASIM_STORE] = "STORE",
        [DASIM_WAIT] = "WAIT",     [DASIM_POST] = "POST",
    };
    return names[op];
}

/* An error has no descriptor; the text of an access comes back behind a colon. */
static void indicate(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    machine *m = (machine *)self;
    const dasim_call *call = arg;
    char words[100];
    cr_assert_eq(size, sizeof *call + call->size);
    snprintf(words, sizeof words, "%d:p%u %s=%s%d%s%.*s ", (int)m->clock, call->process,
             name_of(op), call->descriptor < 0 && call->value < 0 ? "!" : "", (int)call->value,
             call->size ? ":" : "", (int)call->size, (const char *)(call + 1));
    strcat(m->log, words);
    cr_assert_lt(strlen(m->log), sizeof m->log - sizeof words);
}

static void arm(dasim_node *self, uint32_t timer, int64_t after)
{
    machine *m = (machine *)self;
    cr_assert(timer == 0 && after >= 0);
    m->due = m->clock + after;
}

static void disarm(dasim_node *self, uint32_t timer)
{
    cr_assert_eq(timer, 0);
    ((machine *)self)->due = -1;
}

static int64_t look_at_clock(dasim_node *self)
{
    return ((machine *)self)->clock;
}

static void fail(dasim_node *self, const char *condition, uint32_t line)
{
    (void)self;
    cr_assert_fail("%s is false (line %u)", condition, line);
}

static void set_params(machine *m, const char *text)
{
    for (uint32_t i = 0; m->module->params[i].name; i++) {
        const dasim_param *p = &m->module->params[i];
        const char *at = strstr(text, p->name);
        bool is_it = at && at[strlen(p->name)] == '=' && (at == text || at[-1] == ' ');
        m->params[i] = is_it ? strtoll(at + strlen(p->name) + 1, NULL, 10) : p->value;
    }
}

void machine_begin(machine *m, const dasim_algorithm *module, const char *params)
{
    static const dasim_api api = {.arm = arm,
                                  .disarm = disarm,
                                  .clock = look_at_clock,
                                  .indicate = indicate,
                                  .fail = fail};
    *m = (machine){.module = module, .due = -1};
    set_params(m, params);
    dasim_config config = {1, 1, m->params};
    m->node = (dasim_node){.api = &api,
                           .state = calloc(1, module->state_size(&config)),
                           .stable = calloc(1, module->stable_size(&config)),
                           .params = m->params,
                           .nodes = 1,
                           .resources = 1};
    module->on_boot(&m->node, false);
}

void machine_end(machine *m)
{
    free(m->node.state);
    free(m->node.stable);
}

void machine_call(machine *m, uint32_t process, uint32_t op, int32_t descriptor, int64_t value,
                  uint32_t flags, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    dasim_call *call = calloc(1, sizeof *call + length);
    *call = (dasim_call){process, descriptor, value, flags, (uint32_t)length};
    if (text) {
        memcpy(call + 1, text, length);
    }
    m->module->on_request(&m->node, op, call, sizeof *call + length);
    free(call);
}

void machine_run(machine *m, int64_t limit)
{
    while (m->due >= 0 && m->due <= limit) {
        m->clock = m->due;
        m->due = -1;
        m->module->on_timer(&m->node, 0);
    }
    m->clock = limit > m->clock ? limit : m->clock;
}

void machine_crash(machine *m)
{
    dasim_config config = {1, 1, m->params};
    memset(m->node.state, 0, m->module->state_size(&config));
    m->due = -1;
    m->module->on_boot(&m->node, true);
}
