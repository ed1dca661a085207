/*
 * Sequence diagrams for slides, as PlantUML (https://plantuml.com/sequence-diagram) and Mermaid
 * (https://mermaid.js.org/syntax/sequenceDiagram.html) read them: an arrow when a message arrives
 * or is lost, a note where a client is told something, a node crashes or starts again. Short
 * windows only: behind 200 lines the rest is counted.
 */
#include "export/export.h"
#include "export/lines.h"
#include "observe/names.h"

enum { LINES_MOST = 200, NODES_MOST = 26 };

typedef struct sequence {
    lines out;
    bool is_mermaid;
    uint32_t nodes;
    uint64_t written, others;
    GString *body;
} sequence;

/* Line ends and what Mermaid takes for its own. */
static void append_plain(GString *out, const char *text)
{
    for (; *text; text++) {
        g_string_append_c(out, *text == ';' || *text == '#' || *text == '\n' ? ' ' : *text);
    }
}

static void *begin(FILE *file, const world *w, const export_about *about, bool is_mermaid)
{
    sequence *s = g_new0(sequence, 1);
    lines_init(&s->out, file);
    s->is_mermaid = is_mermaid;
    s->nodes = MIN(world_nodes(w), NODES_MOST);
    s->body = g_string_new(NULL);
    g_string_append(s->out.text, is_mermaid ? "sequenceDiagram\n" : "@startuml\ntitle ");
    if (is_mermaid) {
        g_string_append(s->out.text, "  %% ");
    }
    append_plain(s->out.text, *about->question ? about->question : about->scenario);
    g_string_append_printf(s->out.text, " (seed %" G_GUINT64_FORMAT ")\n", about->seed);
    for (uint32_t node = 0; node < s->nodes; node++) {
        g_string_append_printf(s->out.text, "%sparticipant n%u\n", is_mermaid ? "  " : "", node);
    }
    return s;
}

static void *begin_plantuml(FILE *file, const world *w, const export_about *about)
{
    return begin(file, w, about, false);
}

static void *begin_mermaid(FILE *file, const world *w, const export_about *about)
{
    return begin(file, w, about, true);
}

/* "REQUEST{clock=7}" */
static void append_what(sequence *s, const world *w, const record *r)
{
    g_string_truncate(s->body, 0);
    g_string_append(s->body, record_type_name(w, r));
    if (r->size > 0) {
        g_string_append_c(s->body, '{');
        record_append_body(w, r, s->body);
        g_string_append_c(s->body, '}');
    }
    append_plain(s->out.text, s->body->str);
}

static void arrow(sequence *s, const world *w, const record *r)
{
    bool is_lost = r->kind == RECORD_LOST;
    uint32_t from = is_lost ? r->node : r->peer, to = is_lost ? r->peer : r->node;
    const char *line = s->is_mermaid ? (is_lost ? "-x" : "->>") : is_lost ? " ->x " : " -> ";
    g_string_append_printf(s->out.text, "%sn%u%sn%u%s: ", s->is_mermaid ? "  " : "", from, line, to,
                           s->is_mermaid ? "" : " ");
    append_what(s, w, r);
    if (is_lost) {
        g_string_append_printf(s->out.text, ", lost: %s", record_reason_name(r->reason));
    }
    g_string_append_c(s->out.text, '\n');
}

static void note(sequence *s, const world *w, const record *r)
{
    g_string_append_printf(s->out.text, "%s over n%u%s: ", s->is_mermaid ? "  Note" : "note",
                           r->node, s->is_mermaid ? "" : " ");
    if (r->kind == RECORD_INDICATION) {
        append_what(s, w, r);
    } else {
        g_string_append(s->out.text, r->kind == RECORD_CRASH    ? "crashes"
                                     : r->kind == RECORD_PAUSE  ? "stands still"
                                     : r->kind == RECORD_RESUME ? "goes on"
                                                                : "starts again");
    }
    g_string_append_c(s->out.text, '\n');
}

static bool is_message(const record *r)
{
    return r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST;
}

static bool is_drawn(const sequence *s, const world *w, const record *r)
{
    bool is_note = r->kind == RECORD_CRASH || r->kind == RECORD_PAUSE || r->kind == RECORD_RESUME ||
                   (r->kind == RECORD_BOOT && r->type == 1) ||
                   (r->kind == RECORD_INDICATION && world_is_heard(w, r->component));
    return r->node < s->nodes && (is_note || (is_message(r) && r->peer < s->nodes));
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    sequence *s = self;
    if (!selected || !(is_message(r) || is_drawn(s, w, r))) {
        return;
    }
    if (!is_drawn(s, w, r) || s->written == LINES_MOST) {
        s->others++;
        return;
    }
    s->written++;
    (is_message(r) ? arrow : note)(s, w, r);
    lines_done(&s->out);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    (void)how;
    sequence *s = self;
    if (s->others > 0) {
        g_string_append_printf(s->out.text,
                               "%s over n0%s: %" G_GUINT64_FORMAT
                               " more lines are left out (%d at most, of %d nodes)\n",
                               s->is_mermaid ? "  Note" : "note", s->is_mermaid ? "" : " ",
                               s->others, LINES_MOST, NODES_MOST);
    }
    g_string_append(s->out.text, s->is_mermaid ? "" : "@enduml\n");
    lines_clear(&s->out);
    g_string_free(s->body, TRUE);
    g_free(s);
}

const exporter export_plantuml = {
    .name = "plantuml",
    .extension = ".puml",
    .title = "a sequence diagram for PlantUML, of a short window",
    .begin = begin_plantuml,
    .on_record = on_record,
    .end = end,
};

const exporter export_mermaid = {
    .name = "mermaid",
    .extension = ".mmd",
    .title = "a sequence diagram for Mermaid, of a short window",
    .begin = begin_mermaid,
    .on_record = on_record,
    .end = end,
};
