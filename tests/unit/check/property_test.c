#include "../history.h"

#include "check/property.h"

#include <string.h>

Test (property, all_are_listed_by_name_and_found) {
    uint32_t count = 0;
    for (const property *const *p = property_all(); *p; p++, count++) {
        cr_expect(p[1] == NULL || strcmp(p[0]->name, p[1]->name) < 0, "%s", p[0]->name);
        cr_expect_eq(property_find(p[0]->name), p[0]);
        cr_expect(strlen(p[0]->statement) > 0 && strlen(p[0]->reference) > 0);
    }
    cr_expect_gt(count, 0);
    cr_expect_null(property_find("mutual_exclusio"));
    cr_expect_null(property_find(""));
}

/* The lock is below an application: its records carry its place in the stack. */
Test (property, the_uppermost_lock_of_the_stack_is_judged) {
    history h = history_of_stack(2, 1, &stub_lock, &stub_application);
    for (uint32_t component = 0; component < 2; component++) {
        h.component = component;
        h.self = mutual_exclusion.make(h.world);
        h.watch = mutual_exclusion.on_record;
        history_play(&h, "1G0 2G1");
        finding f;
        mutual_exclusion.judge(h.self, h.world, (run_end){.settled = true}, &f);
        cr_expect_eq(f.verdict, component == 0 ? VERDICT_VIOLATED : VERDICT_HOLDS);
        finding_clear(&f);
        mutual_exclusion.destroy(h.self);
    }
    history_end(&h);
}

Test (property, what_is_no_lock_is_ignored) {
    history h = history_of(2, 1);
    for (const property *const *p = property_all(); *p; p++) {
        if ((*p)->service != DASIM_MUTEX ||
            ((*p)->applies && !(*p)->applies(world_config_of(h.world)))) {
            continue;
        }
        h.self = (*p)->make(h.world);
        h.watch = (*p)->on_record;
        record strange[] = {
            {.kind = RECORD_INDICATION, .type = DASIM_GRANTED, .size = 0},
            {.kind = RECORD_INDICATION, .type = 77, .size = 16, .body = &(dasim_lock){0}},
            {.kind = RECORD_REQUEST, .type = 77, .size = 16, .body = &(dasim_lock){0}},
            {.kind = RECORD_INDICATION,
             .type = DASIM_GRANTED,
             .size = 16,
             .body = &(dasim_lock){.resource = 1}},
            {.kind = RECORD_TIMER, .peer = NOBODY},
            {.kind = RECORD_LINKS, .node = NOBODY, .peer = NOBODY},
        };
        for (size_t i = 0; i < 2 * sizeof strange / sizeof *strange; i++) {
            history_record(&h, strange[i / 2]);
        }
        finding f;
        (*p)->judge(h.self, h.world, (run_end){.settled = true}, &f);
        cr_expect_eq(f.verdict, VERDICT_HOLDS, "%s: %s", (*p)->name, f.reason);
        finding_clear(&f);
        (*p)->destroy(h.self);
    }
    history_end(&h);
}
