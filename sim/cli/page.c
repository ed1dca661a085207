#include "cli/page.h"

#include "export/html.h"

typedef struct collection {
    html_run *run;
    const window *window;
} collection;

static void collect(void *self, const world *w, const record *r)
{
    const collection *c = self;
    html_run_record(c->run, w, r, window_selects(c->window, w, r));
}

/* NULL: there is nothing to be shown. */
static html_run *read_run(const char *file, const window *seen, bool without_state, int *status)
{
    world *w;
    collection c = {.window = seen};
    native_trace *t = reading_open(file, &w, status);
    if (t == NULL) {
        return NULL;
    }
    *status = EXIT_USAGE;
    if (cli_window_fits(seen, world_config_of(w))) {
        export_about about = *native_about(t);
        about.window = seen;
        about.without_state = without_state || !native_has_states(t);
        c.run = html_run_new(w, &about);
        world_observe(w, &(observer){&c, collect});
        *status = reading_replay(t, file);
        html_run_end(c.run, w, native_end(t));
    }
    native_close(t);
    return c.run;
}

int cli_page(char **traces, size_t count, const window *seen, bool without_state, const char *out,
             bool *written)
{
    html_run *runs[2] = {NULL, NULL};
    int status = EXIT_AS_EXPECTED;
    *written = true;
    for (size_t i = 0; *written && i < count; i++) {
        int one;
        runs[i] = read_run(traces[i], seen, without_state, &one);
        status = one == EXIT_AS_EXPECTED ? status : one;
        *written = runs[i] != NULL;
    }
    output o;
    if (*written && (*written = output_open(&o, out))) {
        html_write(o.file, runs, count);
        *written = output_close(&o);
        status = *written ? status : EXIT_FILE;
    } else if (status == EXIT_AS_EXPECTED) {
        status = EXIT_FILE;
    }
    html_run_free(runs[0]);
    html_run_free(runs[1]);
    return status;
}
