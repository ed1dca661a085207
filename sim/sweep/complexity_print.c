/* Tables of costs, as people read them and as gnuplot does. */
#include "sweep/complexity.h"

#include <math.h>
#include <string.h>

static const char *const findings[] = {
    [COST_EXACT] = "exact",      [COST_MEAN] = "mean",   [COST_REACHED] = "reached",
    [COST_BOUND] = "not beyond", [COST_LEFT] = "NOT SO", [COST_BROKEN] = "BROKEN",
};

/* Up to three decimals, no zeros at their end; times in ms. */
static void append_number(GString *text, double value, bool is_time)
{
    char digits[64];
    g_snprintf(digits, sizeof digits, "%.3f", is_time ? value / 1000000 : value);
    size_t length = strlen(digits);
    while (digits[length - 1] == '0') {
        length--;
    }
    length -= digits[length - 1] == '.';
    g_string_append_len(text, digits, (gssize)length);
}

static void append_cell(GString *text, double value, bool is_time, int width)
{
    GString *cell = g_string_new(NULL);
    append_number(cell, value, is_time);
    g_string_append_printf(text, "%*s", width, cell->str);
    g_string_free(cell, TRUE);
}

static void append_point(const cost_row *row, const cost_point *p, GString *text)
{
    g_string_append_printf(text, "  %5u", p->n);
    if (p->finding == COST_BROKEN) {
        g_string_append_printf(text, "%*s", 12, "-");
    } else {
        append_cell(text, p->measured, row->is_time, 12);
    }
    append_cell(text, p->formula, row->is_time, 12);
    g_string_append_printf(text, "  %s", findings[p->finding]);
    bool is_mean = p->finding == COST_MEAN || (p->finding == COST_LEFT && p->low < p->high);
    if (is_mean) {
        g_string_append(text, ", ");
        append_number(text, p->low, row->is_time);
        g_string_append(text, " .. ");
        append_number(text, p->high, row->is_time);
    }
    g_string_append(text, "\n");
}

static void append_title(const cost_row *row, GString *text)
{
    const char *when = row->cost->when;
    g_string_append_printf(text, "%s, %s", row->cost->measure, when);
    if (row->load && strcmp(row->load, when) != 0 && strcmp(when, "isolated") != 0) {
        g_string_append_printf(text, " (%s)", row->load);
    }
    g_string_append_printf(text, ": %s\n", row->cost->formula);
}

static void append_row(const cost_row *row, GString *text)
{
    append_title(row, text);
    if (row->points->len > 0) {
        g_string_append_printf(text, "  %5s%12s%12s\n", "n", row->is_time ? "ms" : "measured",
                               "formula");
    }
    for (guint i = 0; i < row->points->len; i++) {
        append_point(row, &g_array_index(row->points, cost_point, i), text);
    }
    if (row->trouble) {
        g_string_append_printf(text, "  %s\n", row->trouble);
    }
    g_string_append_c(text, '\n');
}

void complexity_append(const complexity *c, GString *text)
{
    g_string_append_printf(text, "%s: %s\nT = 1 ms, E = 10 ms\n\n", c->algorithm->name,
                           c->algorithm->title);
    for (guint i = 0; i < c->rows->len; i++) {
        append_row(c->rows->pdata[i], text);
    }
    complexity_append_line(c, text);
}

static void append_count(GString *text, guint count, const char *words)
{
    if (count > 0) {
        g_string_append_printf(text, ", %u %s", count, words);
    }
}

void complexity_append_line(const complexity *c, GString *text)
{
    if (c->rows->len == 0) {
        g_string_append_printf(text, "%-22s none  it declares no formula\n", c->algorithm->name);
        return;
    }
    guint left = 0, unmeasured = 0, points[COST_BROKEN + 1] = {0}, all = 0;
    for (guint i = 0; i < c->rows->len; i++) {
        const cost_row *row = c->rows->pdata[i];
        left += !row->holds;
        unmeasured += row->holds && row->trouble;
        for (guint k = 0; k < row->points->len; k++) {
            points[g_array_index(row->points, cost_point, k).finding]++;
            all++;
        }
    }
    g_string_append_printf(text, "%-22s %-5s %2u formulas, %3u points: ", c->algorithm->name,
                           left > 0 ? "LEFT" : "hold", c->rows->len, all);
    g_string_append_printf(text, "%u exact", points[COST_EXACT] + points[COST_REACHED]);
    append_count(text, points[COST_MEAN], "means");
    append_count(text, points[COST_BOUND], "bounds not reached");
    append_count(text, points[COST_LEFT], "NOT SO");
    append_count(text, points[COST_BROKEN], "BROKEN");
    append_count(text, unmeasured, "not measured");
    g_string_append_c(text, '\n');
}

void complexity_append_data(const complexity *c, GString *text, bool with_head)
{
    if (with_head) {
        g_string_append(text, "algorithm\tmeasure\twhen\tload\tunit\tn\truns\tmeasured\tlow\thigh"
                              "\tformula\tfinding\n");
    }
    for (guint i = 0; i < c->rows->len; i++) {
        const cost_row *row = c->rows->pdata[i];
        for (guint k = 0; k < row->points->len; k++) {
            const cost_point *p = &g_array_index(row->points, cost_point, k);
            double values[] = {p->measured, p->low, p->high, p->formula};
            g_string_append_printf(text, "%s\t%s\t%s\t%s\t%s\t%u\t%" G_GUINT64_FORMAT,
                                   c->algorithm->name, row->cost->measure, row->cost->when,
                                   row->load ? row->load : "-", row->is_time ? "ms" : "1", p->n,
                                   p->runs);
            for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
                g_string_append_c(text, '\t');
                append_number(text, values[v], row->is_time);
            }
            g_string_append_printf(text, "\t%s\n", findings[p->finding]);
        }
    }
}
