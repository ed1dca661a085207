/* What is said of runs that are the same, and of ones that are not: the scenario that is loaded
 * again is another one on purpose. */
#include "run/verify.h"

#include "stage.h"

#include <criterion/criterion.h>
#include <string.h>

#define LOCKS(entries)                                                                             \
    "return scenario { nodes = 3, run = mutex.coordinator {}, workload = lock_clients {"           \
    " think = '1ms', hold = '1ms', entries = " entries " } }"

/* The texts that load() gives, one after the other; NULL: none. */
typedef struct series {
    const char *const *texts;
    size_t next;
} series;

static scenario *load(void *context)
{
    series *s = context;
    const char *text = s->texts[s->next++];
    return text ? scenario_of_text(text, 1) : NULL;
}

static bool verified(const char *const *texts, verify_result *result)
{
    GError *error = NULL;
    bool done = verify_scenario(load, &(series){texts, 0}, 1, NULL, result, &error);
    cr_assert_null(error);
    return done;
}

Test (verify, the_same_scenario_has_one_digest_in_all_ways) {
    const char *const texts[] = {LOCKS("5"), LOCKS("5"), LOCKS("5"), LOCKS("5")};
    verify_result v;
    cr_assert(verified(texts, &v));
    cr_expect(v.same && v.differing == -1 && !v.first && !v.other);
    for (int i = 1; i < VERIFY_WAYS; i++) {
        cr_expect_eq(memcmp(&v.ways[i].digest, &v.ways[0].digest, sizeof v.ways[0].digest), 0);
        cr_expect(v.ways[i].records == v.ways[0].records && v.ways[i].events == v.ways[0].events);
    }
    verify_clear(&v);
}

Test (verify, the_first_record_that_differs_is_found) {
    const char *other = "return scenario { nodes = 3, run = mutex.coordinator {}, workload = "
                        "lock_clients { think = '1ms', hold = '3ms', entries = 5 } }";
    const char *const texts[] = {LOCKS("5"), LOCKS("5"), other, LOCKS("5"), LOCKS("5"), other};
    verify_result v;
    cr_assert(verified(texts, &v));
    cr_expect(!v.same && v.differing == 2);
    cr_assert(v.first && v.other && strcmp(v.first, v.other) != 0);
    cr_expect(strstr(v.first, "\"RELEASE\"") && !strstr(v.other, "\"RELEASE\""), "%s", v.first);
    verify_clear(&v);
}

Test (verify, a_run_that_only_ends_earlier_differs_by_its_end) {
    const char *const texts[] = {LOCKS("2, clients = {1}"), LOCKS("3, clients = {1}"),
                                 LOCKS("2, clients = {1}"), LOCKS("2, clients = {1}"),
                                 LOCKS("2, clients = {1}"), LOCKS("3, clients = {1}")};
    verify_result v;
    cr_assert(verified(texts, &v));
    cr_expect(!v.same && v.differing == 1);
    cr_expect(v.first == NULL && v.other != NULL);
    verify_clear(&v);
}

Test (verify, without_a_scenario_there_is_no_result) {
    const char *const texts[] = {LOCKS("5"), NULL};
    verify_result v;
    cr_expect_not(verified(texts, &v));
    verify_clear(&v);
}
