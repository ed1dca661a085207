/* dasim report: what a results database says, as Markdown. */
#include "cli/cli.h"

#include "sweep/report.h"

#include <string.h>

static const option options[] = {
    {"compare", "NAME", "a parameter: its values against each other; a varied one if not given"},
    {"measure", "NAME", "only that one; may be repeated"},
    {"out", "FILE", "or -o FILE: where to write; standard output if not given"},
    {0},
};

/* Names of --measure, NULL-ended; NULL: none was given, or *fine is false and a line went to
 * standard error. */
static GPtrArray *take_measures(const arguments *a, bool *fine)
{
    GPtrArray *names = g_ptr_array_new(), *known = g_ptr_array_new();
    *fine = true;
    for (const metric_kind *kind = metric_all(); kind->name; kind++) {
        g_ptr_array_add(known, (char *)(uintptr_t)kind->name);
    }
    for (guint i = 0; *fine && i < a->names->len; i++) {
        const char *value = a->values->pdata[i];
        if (strcmp(a->names->pdata[i], "measure") == 0) {
            *fine = metric_find(value) != NULL;
            g_ptr_array_add(names, a->values->pdata[i]);
        }
        if (!*fine) {
            const char *near = nearest_name(value, (const char *const *)known->pdata, known->len);
            complain("found --measure '%s', expected one of the table `measures`%s%s%s", value,
                     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        }
    }
    g_ptr_array_free(known, TRUE);
    if (!*fine || names->len == 0) {
        g_ptr_array_free(names, TRUE);
        return NULL;
    }
    g_ptr_array_add(names, NULL);
    return names;
}

/* Is --compare a parameter whose values differ? */
static bool can_compare(const analysis *a, const char *file, const char *name)
{
    if (name == NULL || g_ptr_array_find_with_equal_func(a->varied, name, g_str_equal, NULL)) {
        return true;
    }
    const char *near = nearest_name(name, (const char *const *)a->varied->pdata, a->varied->len);
    complain("%s: found --compare '%s', expected a parameter that differs between cells%s%s%s",
             file, name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return false;
}

/* False: *status says how it ended, and a line went to standard error. */
static bool append_sweep(store *s, int64_t sweep, const arguments *a, const GPtrArray *measures,
                         GString *out, int *status)
{
    GError *error = NULL;
    const char *compare = arguments_value(a, "compare");
    analysis *all = analysis_new(s, sweep, NULL, &error);
    bool fine = all != NULL;
    if (fine && !can_compare(all, a->words->pdata[0], compare)) {
        *status = EXIT_USAGE;
        fine = false;
    } else if (fine) {
        g_string_append(out, out->len > 0 ? "\n" : "");
        fine = report_append(s, all, compare,
                             measures ? (const char *const *)measures->pdata : NULL, out, &error);
    }
    if (error) {
        complain("%s", error->message);
        g_error_free(error);
        *status = EXIT_FILE;
    }
    analysis_free(all);
    return fine;
}

static int write_out(const GString *out, const char *name)
{
    output o;
    if (name == NULL) {
        return cli_print(out) ? EXIT_AS_EXPECTED : EXIT_FILE;
    }
    if (!output_open(&o, name)) {
        return EXIT_FILE;
    }
    fwrite(out->str, 1, out->len, o.file);
    return output_close(&o) ? EXIT_AS_EXPECTED : EXIT_FILE;
}

static int report_with(const arguments *a, const GPtrArray *measures)
{
    GError *error = NULL;
    int status = EXIT_FILE;
    GString *out = g_string_new(NULL);
    store *s = store_open(a->words->pdata[0], STORE_READ, &error);
    GArray *sweeps = s ? analysis_sweeps(s, &error) : NULL;
    if (sweeps == NULL) {
        complain("%s", error->message);
        status = g_error_matches(error, STORE_ERROR, STORE_ERROR_FOREIGN) ? EXIT_USAGE : EXIT_FILE;
        g_error_free(error);
    } else {
        bool fine = true;
        for (guint i = 0; fine && i < sweeps->len; i++) {
            fine = append_sweep(s, g_array_index(sweeps, int64_t, i), a, measures, out, &status);
        }
        status = fine ? write_out(out, arguments_value(a, "out")) : status;
        g_array_free(sweeps, TRUE);
    }
    if (s) {
        store_close(s, NULL);
    }
    g_string_free(out, TRUE);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    bool fine;
    if (arguments_parse(&command_report, count, words, 1, 1, &a)) {
        GPtrArray *measures = take_measures(&a, &fine);
        status = a.help ? EXIT_AS_EXPECTED : fine ? report_with(&a, measures) : EXIT_USAGE;
        if (measures) {
            g_ptr_array_free(measures, TRUE);
        }
    }
    arguments_clear(&a);
    return status;
}

const command command_report = {
    .name = "report",
    .arguments = "FILE",
    .summary = "what the results database of a sweep says: tables with intervals, as Markdown",
    .options = options,
    .run = run,
};
