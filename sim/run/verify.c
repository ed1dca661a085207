/*
 * A record that differs is looked for only where digests do: both runs are done once more, with
 * their traces in temporary files.
 */
#include "run/verify.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[VERIFY_WAYS] = {"plain", "once more", "without observers",
                                               "saved, restored elsewhere"};

static run_options options_of(int way, uint64_t events, const volatile sig_atomic_t *interrupted)
{
    run_options o;
    run_options_init(&o);
    o.observers = way != 2;
    o.restore_after = way == 3 ? MAX(events / 2, 1) : 0;
    o.interrupted = interrupted;
    return o;
}

typedef struct verification {
    scenario *(*load)(void *context);
    void *context;
    uint64_t seed;
    const volatile sig_atomic_t *interrupted;
    verify_result *result;
} verification;

/* One run; false where there was none. */
static bool run_way(const verification *v, int way, FILE *trace, GError **error)
{
    verify_result *result = v->result;
    run_options o = options_of(way, result->ways[0].events, v->interrupted);
    o.trace = trace;
    o.trace_format = TRACE_JSON_LINES;
    scenario *s = v->load(v->context);
    run_result *r = s ? run_scenario(s, v->seed, &o, error) : NULL;
    if (r) {
        result->ways[way] = (verify_way){names[way], r->digest, r->events, r->records};
    }
    bool ran = r != NULL;
    run_result_free(r);
    if (s) {
        scenario_free(s);
    }
    return ran;
}

static FILE *trace_of(const verification *v, int way)
{
    FILE *file = tmpfile();
    if (file) {
        run_way(v, way, file, NULL);
        rewind(file);
    }
    return file;
}

static char *next_line(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length = file ? getline(&line, &size, file) : -1;
    if (length <= 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}

static void find_difference(const verification *v)
{
    verify_result *result = v->result;
    FILE *a = trace_of(v, 0), *b = trace_of(v, result->differing);
    char *x = next_line(a), *y = next_line(b);
    while (x && y && strcmp(x, y) == 0) {
        free(x);
        free(y);
        x = next_line(a);
        y = next_line(b);
    }
    result->first = x;
    result->other = y;
    if (a) {
        fclose(a);
    }
    if (b) {
        fclose(b);
    }
}

bool verify_scenario(scenario *(*load)(void *context), void *context, uint64_t seed,
                     const volatile sig_atomic_t *interrupted, verify_result *result,
                     GError **error)
{
    verification v = {load, context, seed, interrupted, result};
    *result = (verify_result){.differing = -1};
    for (int way = 0; way < VERIFY_WAYS; way++) {
        if (!run_way(&v, way, NULL, error)) {
            return false;
        }
        const digest_value *found = &result->ways[way].digest;
        if (result->differing < 0 && memcmp(found, &result->ways[0].digest, sizeof *found) != 0) {
            result->differing = way;
        }
    }
    result->same = result->differing < 0;
    if (!result->same) {
        find_difference(&v);
    }
    return true;
}

void verify_clear(verify_result *result)
{
    free(result->first);
    free(result->other);
}
