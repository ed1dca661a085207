/* The table as JSON Lines: numbers as they are in the database, means as doubles, all digits. */
#include "sweep/table.h"

#include "sweep/figures.h"

#include <inttypes.h>
#include <math.h>

static void append_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\') {
            g_string_append_printf(out, "\\%c", *c);
        } else if (*c < 0x20 || *c == 0x7F) {
            g_string_append_printf(out, "\\u%04x", *c);
        } else {
            g_string_append_c(out, (char)*c);
        }
    }
    g_string_append_c(out, '"');
}

/* null where it is not known. */
static void append_double(GString *out, const char *key, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "\"%s\":%s", key,
                           isfinite(value) ? g_ascii_dtostr(digits, sizeof digits, value) : "null");
}

static void append_measures(figures *f, int64_t cell, GString *out)
{
    bool first = true;
    g_string_append(out, ",\"measures\":{");
    for (const metric_kind *kind = metric_all(); kind->name; kind++) {
        if (!figures_has(f, cell, kind->name)) {
            continue;
        }
        estimate e = figures_estimate(f, cell, kind->name);
        g_string_append_printf(out, "%s\"%s\":{", first ? "" : ",", kind->name);
        append_double(out, "mean", e.value);
        g_string_append_c(out, ',');
        append_double(out, "low", e.low);
        g_string_append_c(out, ',');
        append_double(out, "high", e.high);
        if (kind->has_histogram && figures_quantile(f, cell, kind->name, 500000, &e)) {
            g_string_append_c(out, ',');
            append_double(out, "p50", e.value);
            figures_quantile(f, cell, kind->name, 990000, &e);
            g_string_append_c(out, ',');
            append_double(out, "p99", e.value);
        }
        g_string_append_c(out, '}');
        first = false;
    }
    g_string_append_c(out, '}');
}

static void append_cell(figures *f, const sweep *s, const grid *g, guint i, GString *out)
{
    int64_t cell = g_array_index(s->cells, int64_t, i);
    cell_counts counts = figures_counts(f, cell);
    GArray *settings = grid_settings(g, i);
    g_string_append(out, "{\"kind\":\"cell\",\"parameters\":{");
    for (guint k = 0; k < settings->len; k++) {
        const scenario_setting *one = &g_array_index(settings, scenario_setting, k);
        g_string_append(out, k > 0 ? "," : "");
        append_text(out, one->name);
        g_string_append_c(out, ':');
        append_text(out, one->value);
    }
    g_string_append_printf(out,
                           "},\"runs\":%" PRIu64 ",\"violated\":%" PRIu64
                           ",\"inconclusive\":%" PRIu64 ",\"failed\":%" PRIu64,
                           counts.runs, counts.violated, counts.inconclusive, counts.failed);
    append_measures(f, cell, out);
    g_string_append(out, "}\n");
    g_array_free(settings, TRUE);
}

bool table_json(sweep *s, const sweep_options *options, GString *text)
{
    GError *error = NULL;
    figures *f = figures_new(s->store, &error);
    if (f == NULL) {
        g_free(s->refusal);
        s->refusal = g_strdup(error->message);
        s->status = 4;
        g_error_free(error);
        return false;
    }
    for (guint i = 0; i < s->cells->len; i++) {
        append_cell(f, s, options->grid, i, text);
    }
    figures_free(f);
    g_string_append_printf(text, "{\"kind\":\"end\",\"interrupted\":%s,\"exit_status\":%d}\n",
                           s->interrupted ? "true" : "false", sweep_exit_status(s));
    return true;
}
