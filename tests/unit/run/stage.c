#include "stage.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <unistd.h>

scenario *scenario_of_text(const char *text, uint64_t seed)
{
    GError *error = NULL;
    const char *build = g_getenv("BUILD_DIR");
    char *folder = g_build_filename(build ? build : "build", "modules", NULL), *name = NULL;
    const char *const path[] = {folder, NULL};
    int file = g_file_open_tmp("dasim-XXXXXX.lua", &name, NULL);
    cr_assert_geq(file, 0);
    close(file);
    cr_assert(g_file_set_contents(name, text, -1, NULL));
    catalogue *modules = catalogue_new(path);
    scenario *s = scenario_load(name, NULL, 0, seed, modules, NULL, &error);
    cr_assert_not_null(s, "%s", error ? error->message : "");
    catalogue_free(modules);
    g_unlink(name);
    g_free(name);
    g_free(folder);
    return s;
}

outcome perform(const char *text, uint64_t seed, const run_options *options)
{
    GError *error = NULL;
    run_options usual;
    run_options_init(&usual);
    outcome o = {.scenario = scenario_of_text(text, seed)};
    o.result = run_scenario(o.scenario, seed, options ? options : &usual, &error);
    cr_assert_not_null(o.result, "%s", error ? error->message : "");
    return o;
}

void outcome_clear(outcome *o)
{
    run_result_free(o->result);
    scenario_free(o->scenario);
}

const run_verdict *verdict_of(const outcome *o, const char *name)
{
    for (guint i = 0; i < o->result->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(o->result->verdicts, run_verdict, i);
        if (g_str_equal(v->property->name, name)) {
            return v;
        }
    }
    cr_assert_fail("%s was not judged", name);
    return NULL;
}
