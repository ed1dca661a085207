/*
 * One line a record. Lines are collected and written in large pieces; the first failure of writing
 * is remembered, everything after it is dropped.
 */
#include "observe/text_trace.h"

#include "observe/names.h"

#include <errno.h>
#include <inttypes.h>

enum {
    WRITE_FROM = 1 << 16,
    COLUMN_NUMBER = 15,
    WIDTH_NUMBER = 9,
    WIDTH_KIND = 11,
    WIDTH_SUBJECT = 38
};

static const int64_t second = 1000000000;

struct text_trace {
    FILE *file;
    GString *text;
    int failure; /* errno of the first failed write; 0: none */
    trace_format format;
    gsize node_width; /* of "n12 " */
};

static void write_out(text_trace *t)
{
    if (t->failure == 0 && t->text->len > 0) {
        errno = 0;
        if (fwrite(t->text->str, 1, t->text->len, t->file) != t->text->len || ferror(t->file)) {
            t->failure = errno ? errno : EIO;
        }
    }
    g_string_truncate(t->text, 0);
}

/* -------------------------------------------------------------------------------- columns */

/* Fills with blanks up to column `to` of the line that starts at `start`; at least one. */
static void pad(GString *text, gsize start, gsize to)
{
    do {
        g_string_append_c(text, ' ');
    } while (text->len < start + to);
}

static void append_node(GString *text, uint32_t node, const char *nobody)
{
    if (node == NOBODY) {
        g_string_append(text, nobody);
    } else {
        g_string_append_printf(text, "n%" PRIu32, node);
    }
}

/* "REQUEST{clock=7 resource=0}"; of links "loss". */
static void append_subject(const world *w, const record *r, GString *text)
{
    const char *type = record_type_name(w, r), *component = record_component_name(w, r);
    if (r->kind == RECORD_LINKS) {
        type = record_reason_name(r->reason);
    }
    if (component && world_config_of(w)->stack_size > 1) {
        g_string_append_printf(text, "%s:", component);
    }
    g_string_append(text, type);
    if (r->kind == RECORD_CHECK) {
        record_append_body(w, r, text);
        g_string_append_printf(text, " is false (line %" PRIu32 ")", r->type);
    } else if (r->kind == RECORD_NOTE) {
        record_append_body(w, r, text);
    } else if (r->size > 0) {
        g_string_append_c(text, '{');
        record_append_body(w, r, text);
        g_string_append_c(text, '}');
    }
}

static void append_peer(const record *r, GString *text)
{
    bool any = r->kind == RECORD_LINKS && (r->node != NOBODY || r->peer != NOBODY);
    if (r->peer != NOBODY || any) {
        g_string_append(text, r->kind == RECORD_RECEIVE ? "<- " : "-> ");
        append_node(text, r->peer, "any");
    }
    if (r->reason != REASON_NONE && r->kind != RECORD_LINKS) {
        g_string_append_printf(text, " %s%s", r->kind == RECORD_LOST ? "lost: " : "",
                               record_reason_name(r->reason));
    }
}

static void append_line(text_trace *t, const world *w, const record *r)
{
    GString *text = t->text;
    gsize start = text->len;
    g_string_append_printf(text, "%4" PRId64 ".%09" PRId64 " #%" PRIu64, r->at / second,
                           r->at % second, r->number);
    gsize column = COLUMN_NUMBER + WIDTH_NUMBER;
    pad(text, start, column);
    append_node(text, r->node, r->kind == RECORD_LINKS && r->peer != NOBODY ? "any" : "-");
    pad(text, start, column += t->node_width);
    g_string_append(text, record_kind_name(r->kind));
    pad(text, start, column += WIDTH_KIND);
    append_subject(w, r, text);
    pad(text, start, column += WIDTH_SUBJECT);
    append_peer(r, text);
    if (r->cause != 0) {
        pad(text, start, column + t->node_width + 3);
        g_string_append_printf(text, "(#%" PRIu64 ")", r->cause);
    }
    if (r->local != r->at) {
        g_string_append(text, " clock ");
        append_seconds(text, r->local);
    }
    while (text->str[text->len - 1] == ' ') {
        g_string_truncate(text, text->len - 1);
    }
    g_string_append_c(text, '\n');
}

/* ----------------------------------------------------------------------------------- JSON */

static void append_id(GString *text, const char *key, uint32_t node)
{
    if (node == NOBODY) {
        g_string_append_printf(text, ",\"%s\":null", key);
    } else {
        g_string_append_printf(text, ",\"%s\":%" PRIu32, key, node);
    }
}

/* Names are of letters, digits, blanks and underscores: nothing to escape. */
static void append_name(GString *text, const char *key, const char *name)
{
    if (name == NULL || *name == '\0') {
        g_string_append_printf(text, ",\"%s\":null", key);
    } else {
        g_string_append_printf(text, ",\"%s\":\"%s\"", key, name);
    }
}

static void append_object(text_trace *t, const world *w, const record *r)
{
    GString *text = t->text;
    g_string_append_printf(text, "{\"number\":%" PRIu64 ",\"at\":%" PRId64 ",\"local\":%" PRId64,
                           r->number, r->at, r->local);
    append_name(text, "kind", record_kind_name(r->kind));
    append_id(text, "node", r->node);
    append_id(text, "peer", r->peer);
    append_name(text, "component", record_component_name(w, r));
    append_name(text, "type", record_type_name(w, r));
    g_string_append(text, ",\"body\":");
    record_append_json(w, r, text);
    if (r->reason != REASON_NONE) {
        append_name(text, "reason", record_reason_name(r->reason));
    }
    if (r->cause != 0) {
        g_string_append_printf(text, ",\"cause\":%" PRIu64 "}\n", r->cause);
    } else {
        g_string_append(text, ",\"cause\":null}\n");
    }
}

/* --------------------------------------------------------------------------------- public */

static void on_record(void *self, const world *w, const record *r)
{
    text_trace *t = self;
    if (t->failure != 0) {
        return;
    }
    if (t->node_width == 0) {
        t->node_width = 3;
        for (uint32_t rest = world_nodes(w) - 1; rest > 9; rest /= 10) {
            t->node_width++;
        }
    }
    if (t->format == TRACE_TEXT) {
        append_line(t, w, r);
    } else {
        append_object(t, w, r);
    }
    if (t->text->len >= WRITE_FROM) {
        write_out(t);
    }
}

text_trace *text_trace_new(FILE *file, trace_format format)
{
    text_trace *t = g_new0(text_trace, 1);
    t->file = file;
    t->format = format;
    t->text = g_string_sized_new(WRITE_FROM + 1024);
    return t;
}

observer text_trace_observer(text_trace *t)
{
    return (observer){.self = t, .on_record = on_record};
}

bool text_trace_close(text_trace *t)
{
    write_out(t);
    errno = 0;
    if (t->failure == 0 && (fflush(t->file) != 0 || ferror(t->file))) {
        t->failure = errno ? errno : EIO;
    }
    int failure = t->failure;
    g_string_free(t->text, TRUE);
    g_free(t);
    errno = failure;
    return failure == 0;
}
