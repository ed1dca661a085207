/* The list of all properties, and what they share. */
#include "check/property.h"

#include "check/lock_history.h"

#include <string.h>

static const property *const all[] = {
    &agreement_on_leader,
    &bounded_bypass,
    &coherent,
    &deadlock_detected,
    &every_access_completed,
    &every_request_granted,
    &fencing_safe,
    &granted_in_order,
    &linearizable,
    &mutual_exclusion,
    &no_deadlock,
    &no_phantom_deadlock,
    &one_leader_per_term,
    &race_free,
    &sequentially_consistent,
    &single_token,
    &single_writer_or_readers,
    NULL,
};

void finding_clear(finding *f)
{
    g_free(f->reason);
    *f = (finding){.verdict = VERDICT_HOLDS};
}

const property *const *property_all(void)
{
    return all;
}

const property *property_find(const char *name)
{
    for (const property *const *p = all; *p; p++) {
        if (strcmp((*p)->name, name) == 0) {
            return *p;
        }
    }
    return NULL;
}

uint32_t lock_component(const world *w)
{
    return world_component(w, DASIM_MUTEX);
}

lock_step lock_step_of(const world *w, uint32_t component, const record *r, uint32_t *resource)
{
    if (r->kind == RECORD_CRASH) {
        return LOCK_CRASH;
    }
    if ((r->kind != RECORD_REQUEST && r->kind != RECORD_INDICATION) || r->component != component ||
        r->body == NULL || r->size < sizeof(dasim_lock)) {
        return LOCK_OTHER;
    }
    *resource = ((const dasim_lock *)r->body)->resource;
    if (*resource >= world_config_of(w)->resources) {
        return LOCK_OTHER;
    }
    if (r->kind == RECORD_INDICATION) {
        return r->type == DASIM_GRANTED    ? LOCK_GRANTED
               : r->type == DASIM_LOST     ? LOCK_RELEASE
               : r->type == DASIM_DEADLOCK ? LOCK_DEADLOCK
                                           : LOCK_OTHER;
    }
    return r->type == DASIM_ACQUIRE   ? LOCK_ACQUIRE
           : r->type == DASIM_RELEASE ? LOCK_RELEASE
                                      : LOCK_OTHER;
}

bool deadlock_detector(const world_config *config)
{
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        for (const dasim_service *uses = a->uses; uses && *uses != DASIM_NO_SERVICE; uses++) {
            if (a->provides == DASIM_MUTEX && *uses == DASIM_MUTEX) {
                return true;
            }
        }
    }
    return false;
}
