/*
 * A window of a run as a figure: a line for each node, time to the right, messages as arrows, as
 * textbooks draw them. Waiting is a thin bar, holding a thick one, a crash a dark one; a lost
 * message is dashed and ends in an X on its way; a violation is a line over all nodes with its
 * word. Nothing is told by colour alone. Colours: M. Okabe, K. Ito, "Color universal design", 2008.
 */
#include "base/map.h"
#include "export/export.h"
#include "export/lines.h"
#include "observe/intervals.h"
#include "observe/names.h"

#include <string.h>

enum { ARROWS_MOST = 600, NODES_MOST = 100, LEFT = 52, WIDTH = 1000, TOP = 58, NAMES_MOST = 60 };

typedef struct arrow {
    int64_t from, to; /* true time */
    uint32_t sender, receiver;
    const char *name;
    bool is_lost, is_under_way;
} arrow;

typedef struct svg {
    lines out;
    char *title, *details;
    GArray *arrows;    /* arrow */
    GArray *intervals; /* interval */
    intervals *watch;
    map sent; /* number of the SEND -> number of the arrow + 1 */
    const window *window;
    int64_t first, last; /* of what is drawn */
    uint64_t left_out;
    uint32_t nodes, step;
} svg;

/* ------------------------------------------------------------------------------------- records */

static void widen(svg *s, int64_t at)
{
    s->first = MIN(s->first, at);
    s->last = MAX(s->last, at);
}

static void on_interval(void *self, const interval *one)
{
    svg *s = self;
    if (one->kind != INTERVAL_CUT && one->node < s->nodes &&
        window_overlaps(s->window, one->from, one->to) && window_has_node(s->window, one->node)) {
        g_array_append_val(s->intervals, *one);
    }
}

static void *begin(FILE *file, const world *w, const export_about *about)
{
    svg *s = g_new0(svg, 1);
    lines_init(&s->out, file);
    s->title = g_strdup(*about->question ? about->question : about->scenario);
    s->details = g_strdup_printf("seed %" G_GUINT64_FORMAT "%s%s", about->seed,
                                 *about->settings ? ", " : "", about->settings);
    s->window = about->window;
    s->arrows = g_array_new(FALSE, FALSE, sizeof(arrow));
    s->intervals = g_array_new(FALSE, FALSE, sizeof(interval));
    s->watch = intervals_new(w, on_interval, s);
    map_init(&s->sent, sizeof(uint64_t));
    s->nodes = MIN(world_nodes(w), NODES_MOST);
    s->step = s->nodes <= 8 ? 60 : s->nodes <= 20 ? 40 : 22;
    s->first = INT64_MAX;
    return s;
}

static void on_send(svg *s, const world *w, const record *r)
{
    if (s->arrows->len == ARROWS_MOST || r->node >= s->nodes || r->peer >= s->nodes) {
        s->left_out++;
        return;
    }
    arrow one = {.from = r->at,
                 .to = r->at,
                 .sender = r->node,
                 .receiver = r->peer,
                 .name = record_type_name(w, r),
                 .is_under_way = true};
    g_array_append_val(s->arrows, one);
    *(uint64_t *)map_at(&s->sent, r->number) = s->arrows->len;
    widen(s, r->at);
}

static void on_fate(svg *s, const record *r)
{
    uint64_t number;
    if (map_take(&s->sent, r->cause, &number)) {
        arrow *one = &g_array_index(s->arrows, arrow, number - 1);
        one->to = r->at;
        one->is_lost = r->kind == RECORD_LOST;
        one->is_under_way = false;
        widen(s, r->at);
    }
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    svg *s = self;
    bool is_full = s->arrows->len == ARROWS_MOST;
    intervals_record(s->watch, r);
    if (r->kind == RECORD_SEND && selected) {
        on_send(s, w, r);
    } else if (r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) {
        on_fate(s, r);
    } else if (selected && r->node < s->nodes && !is_full) {
        widen(s, r->at);
    }
}

/* ------------------------------------------------------------------------------------- drawing */

/* Tenths of a pixel. */
static int64_t x_of(const svg *s, int64_t at)
{
    int64_t span = MAX(s->last - s->first, 1), width = (WIDTH - LEFT - 24) * 10;
    int64_t inside = CLAMP(at, s->first, s->last) - s->first;
    return LEFT * 10 + (int64_t)((__int128)inside * width / span);
}

static int64_t y_of(const svg *s, uint32_t node)
{
    return ((int64_t)TOP + s->step / 2 + (int64_t)node * s->step) * 10;
}

static void put(svg *s, const char *name, int64_t tenths)
{
    g_string_append_printf(s->out.text, " %s=\"%" G_GINT64_FORMAT ".%d\"", name, tenths / 10,
                           (int)(tenths % 10));
}

static void text_at(svg *s, int64_t x, int64_t y, const char *style, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append(s->out.text, "<text");
    put(s, "x", x);
    put(s, "y", y);
    g_string_append_printf(s->out.text, " %s>%s</text>\n", style, escaped);
    g_free(escaped);
}

static void line(svg *s, int64_t x1, int64_t y1, int64_t x2, int64_t y2, const char *style)
{
    g_string_append(s->out.text, "<line");
    put(s, "x1", x1);
    put(s, "y1", y1);
    put(s, "x2", x2);
    put(s, "y2", y2);
    g_string_append_printf(s->out.text, " %s/>\n", style);
}

static void bar(svg *s, int64_t from, int64_t to, int64_t middle, int64_t height, const char *style)
{
    int64_t x = x_of(s, from), width = MAX(x_of(s, to) - x, 5);
    g_string_append(s->out.text, "<rect");
    put(s, "x", x);
    put(s, "y", middle - height / 2);
    put(s, "width", width);
    put(s, "height", height);
    g_string_append_printf(s->out.text, " %s/>\n", style);
}

static void draw_interval(svg *s, const interval *one)
{
    static const struct {
        int64_t height;
        const char *style;
    } looks[INTERVAL_KINDS] = {
        [INTERVAL_WAITING] = {50, "fill=\"#F0E442\" stroke=\"#8a8000\" stroke-width=\"0.4\""},
        [INTERVAL_HOLDING] = {120, "fill=\"#0072B2\""},
        [INTERVAL_CRASHED] = {150, "fill=\"#444444\""},
        [INTERVAL_PAUSED] = {100, "fill=\"#bbbbbb\" stroke=\"#444444\" stroke-width=\"0.6\" "
                                  "stroke-dasharray=\"2 2\""},
        [INTERVAL_PARTITIONED] = {0, "fill=\"#D55E00\" fill-opacity=\"0.10\""},
    };
    int64_t height =
        one->kind == INTERVAL_PARTITIONED ? (int64_t)s->step * 10 : looks[one->kind].height;
    bar(s, one->from, one->to, y_of(s, one->node), height, looks[one->kind].style);
    if (one->kind == INTERVAL_PARTITIONED) {
        char *group = g_strdup_printf("group %" G_GUINT32_FORMAT, one->resource);
        text_at(s, x_of(s, one->from) + 30, y_of(s, one->node) + (int64_t)s->step * 4,
                "font-size=\"9\" fill=\"#8a3c00\"", group);
        g_free(group);
    }
}

static void draw_arrow(svg *s, const arrow *a)
{
    int64_t x1 = x_of(s, a->from), y1 = y_of(s, a->sender);
    int64_t x2 = x_of(s, a->is_under_way ? s->last : a->to), y2 = y_of(s, a->receiver);
    if (a->is_lost || a->is_under_way) {
        int64_t part = a->is_lost ? 60 : 25; /* of the way, percent */
        x2 = x1 + MAX((x2 - x1) * part / 100, 30);
        y2 = y1 + (y2 - y1) * part / 100;
        line(s, x1, y1, x2, y2,
             a->is_lost ? "stroke=\"#D55E00\" stroke-dasharray=\"4 3\""
                        : "stroke=\"#666666\" stroke-dasharray=\"1 3\"");
        if (a->is_lost) {
            line(s, x2 - 35, y2 - 35, x2 + 35, y2 + 35, "stroke=\"#D55E00\" stroke-width=\"1.6\"");
            line(s, x2 - 35, y2 + 35, x2 + 35, y2 - 35, "stroke=\"#D55E00\" stroke-width=\"1.6\"");
        }
    } else {
        line(s, x1, y1, x2, y2, "stroke=\"#333333\" marker-end=\"url(#head)\"");
    }
    if (s->arrows->len <= NAMES_MOST) {
        text_at(s, (x1 + x2) / 2 + 40, (y1 + y2) / 2,
                "font-size=\"9\" fill=\"#333333\" stroke=\"#ffffff\" stroke-width=\"2.5\" "
                "paint-order=\"stroke\"",
                a->name);
    }
}

static void draw_axis(svg *s)
{
    static const int64_t steps[] = {1, 2, 5};
    int64_t y = y_of(s, s->nodes) - (int64_t)s->step * 5 + 60, span = MAX(s->last - s->first, 1);
    int64_t unit = 1, step = 1;
    for (int i = 0; span / step > 10; i++) {
        unit *= i > 0 && i % 3 == 0 ? 10 : 1;
        step = steps[i % 3] * unit;
    }
    for (int64_t at = (s->first + step - 1) / step * step; at <= s->last; at += step) {
        GString *word = g_string_new(NULL);
        append_duration(word, at);
        line(s, x_of(s, at), TOP * 10, x_of(s, at), y - 30, "stroke=\"#e4e4e4\"");
        text_at(s, x_of(s, at), y + 80, "font-size=\"10\" fill=\"#444444\" text-anchor=\"middle\"",
                word->str);
        g_string_free(word, TRUE);
    }
}

static void draw_head(svg *s, int64_t height)
{
    g_string_append_printf(
        s->out.text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %" G_GINT64_FORMAT
        "\" font-family=\"DejaVu Sans, Helvetica, sans-serif\">\n"
        "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 1L8 4L0 7z\" fill=\"#333333\"/></marker>"
        "</defs>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
        WIDTH, height);
    text_at(s, LEFT * 10, 220, "font-size=\"14\" fill=\"#111111\"", s->title);
    text_at(s, LEFT * 10, 390, "font-size=\"10\" fill=\"#555555\"", s->details);
}

/* What each sign means, below the axis. */
static void draw_legend(svg *s, int64_t y)
{
    static const struct {
        const char *word, *sign;
    } entries[] = {
        {"message", "<line x1=\"0\" x2=\"22\" stroke=\"#333333\" marker-end=\"url(#head)\"/>"},
        {"lost", "<path d=\"M0 0H16\" stroke=\"#D55E00\" stroke-dasharray=\"4 3\"/><path d=\"M15 "
                 "-3L22 4M15 4L22 -3\" stroke=\"#D55E00\" stroke-width=\"1.6\"/>"},
        {"waiting",
         "<rect y=\"-2.5\" width=\"22\" height=\"5\" fill=\"#F0E442\" stroke=\"#8a8000\" "
         "stroke-width=\"0.4\"/>"},
        {"holding", "<rect y=\"-6\" width=\"22\" height=\"12\" fill=\"#0072B2\"/>"},
        {"crashed", "<rect y=\"-7.5\" width=\"22\" height=\"15\" fill=\"#444444\"/>"},
        {"partition", "<rect y=\"-8\" width=\"22\" height=\"16\" fill=\"#D55E00\" "
                      "fill-opacity=\"0.2\"/>"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_string_append_printf(s->out.text,
                               "<g transform=\"translate(%d %" G_GINT64_FORMAT ")\">%s</g>\n",
                               LEFT + (int)i * 120, y / 10 - 4, entries[i].sign);
        text_at(s, (LEFT + (int64_t)i * 120 + 28) * 10, y, "font-size=\"10\" fill=\"#444444\"",
                entries[i].word);
    }
    if (s->left_out > 0) {
        char *words = g_strdup_printf("%" G_GUINT64_FORMAT " messages are left out", s->left_out);
        text_at(s, (WIDTH - 24) * 10, y, "font-size=\"10\" fill=\"#B00020\" text-anchor=\"end\"",
                words);
        g_free(words);
    }
}

static void draw_violations(svg *s, const export_end *how)
{
    int64_t bottom = y_of(s, s->nodes) - (int64_t)s->step * 5;
    for (size_t i = 0; i < how->verdict_count; i++) {
        const export_verdict *v = &how->verdicts[i];
        if (v->record > 0 && v->at >= s->first && v->at <= s->last) {
            int64_t x = x_of(s, v->at);
            bool is_right = x > (int64_t)WIDTH * 7;
            line(s, x, TOP * 10 - 40, x, bottom, "stroke=\"#B00020\" stroke-width=\"1.6\"");
            char *words = g_strdup_printf("violated: %s", v->property);
            text_at(s, is_right ? x - 40 : x + 40, TOP * 10 - 10 + (int64_t)i % 2 * 100,
                    is_right ? "font-size=\"10\" fill=\"#B00020\" text-anchor=\"end\""
                             : "font-size=\"10\" fill=\"#B00020\"",
                    words);
            g_free(words);
        }
    }
}

static void draw_nodes(svg *s)
{
    for (uint32_t node = 0; node < s->nodes; node++) {
        char name[16];
        g_snprintf(name, sizeof name, "n%" G_GUINT32_FORMAT, node);
        text_at(s, (LEFT - 10) * 10, y_of(s, node) + 40,
                "font-size=\"12\" fill=\"#111111\" text-anchor=\"end\"", name);
        line(s, LEFT * 10, y_of(s, node), (WIDTH - 24) * 10, y_of(s, node), "stroke=\"#999999\"");
    }
}

static void draw_all(svg *s, const export_end *how)
{
    int64_t axis = y_of(s, s->nodes) - (int64_t)s->step * 5 + 60;
    draw_head(s, axis / 10 + 44);
    for (int pass = 0; pass < 2; pass++) { /* washes first, then bars over the lines */
        for (guint i = 0; i < s->intervals->len; i++) {
            const interval *one = &g_array_index(s->intervals, interval, i);
            bool is_seen = one->to >= s->first && one->from <= s->last;
            if (is_seen && (one->kind == INTERVAL_PARTITIONED) == (pass == 0)) {
                draw_interval(s, one);
            }
        }
        if (pass == 0) {
            draw_axis(s);
            draw_nodes(s);
        }
    }
    for (guint i = 0; i < s->arrows->len; i++) {
        draw_arrow(s, &g_array_index(s->arrows, arrow, i));
        lines_done(&s->out);
    }
    draw_violations(s, how);
    draw_legend(s, axis + 300);
    g_string_append(s->out.text, "</svg>\n");
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    svg *s = self;
    intervals_end(s->watch, how->ended_at);
    if (s->first == INT64_MAX) { /* nothing is selected */
        s->first = 0;
        s->last = how->ended_at;
    }
    draw_all(s, how);
    lines_clear(&s->out);
    intervals_free(s->watch);
    map_clear(&s->sent);
    g_array_free(s->arrows, TRUE);
    g_array_free(s->intervals, TRUE);
    g_free(s->title);
    g_free(s->details);
    g_free(s);
}

const exporter export_svg = {
    .name = "svg",
    .extension = ".svg",
    .title = "a figure of nodes, messages, who waits and who holds, 600 messages at most",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
