/* What the page must know to read the columns, and what it says in its head: one JSON object. */
#include "export/html_internal.h"

#include "plugin/plugin.h"

#include <inttypes.h>

static const char *const column_names[COLUMNS] = {
    [COLUMN_NUMBER] = "number",
    [COLUMN_AT] = "at",
    [COLUMN_SKEW] = "skew",
    [COLUMN_WHAT] = "what",
    [COLUMN_NODE] = "node",
    [COLUMN_PEER] = "peer",
    [COLUMN_CAUSE] = "cause",
    [COLUMN_BODY] = "body",
    [COLUMN_TEXT] = "text",
    [COLUMN_CHANGE_PLACE] = "changePlace",
    [COLUMN_CHANGE_NODE] = "changeNode",
    [COLUMN_CHANGE_SLOT] = "changeSlot",
    [COLUMN_CHANGE_VALUE] = "changeValue",
    [COLUMN_SPAN_KIND] = "spanKind",
    [COLUMN_SPAN_NODE] = "spanNode",
    [COLUMN_SPAN_CLIENT] = "spanClient",
    [COLUMN_SPAN_RESOURCE] = "spanResource",
    [COLUMN_SPAN_FROM] = "spanFrom",
    [COLUMN_SPAN_TO] = "spanTo",
    [COLUMN_SPAN_FROM_AT] = "spanFromAt",
    [COLUMN_SPAN_TO_AT] = "spanToAt",
};

static const char *const type_names[DASIM_TYPES] = {
    [DASIM_BOOL] = "bool", [DASIM_U8] = "int",    [DASIM_U16] = "int",
    [DASIM_U32] = "int",   [DASIM_U64] = "u64",   [DASIM_I32] = "int",
    [DASIM_I64] = "int",   [DASIM_NODE] = "node", [DASIM_TIME] = "time",
};

const char *html_column_name(html_column column)
{
    return column_names[column];
}

/* Quoted. Safe within a script element, too: no '<' is left. */
static void add_text(GString *json, const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1);
    g_string_append_c(json, '"');
    for (const char *c = valid; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == '<' || *c == '"' || *c == '\\' || *c == 0x7f) {
            g_string_append_printf(json, "\\u%04x", (unsigned char)*c);
        } else {
            g_string_append_c(json, *c);
        }
    }
    g_string_append_c(json, '"');
    g_free(valid);
}

static void add_key(GString *json, const char *key, const char *text)
{
    g_string_append_printf(json, "\"%s\":", key);
    add_text(json, text);
}

static void add_fields(GString *json, const world *w, const char *key, const dasim_field *fields)
{
    uint32_t nodes = world_nodes(w), resources = world_config_of(w)->resources;
    g_string_append_printf(json, ",\"%s\":[", key);
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        g_string_append(json, i > 0 ? ",\n{" : "{");
        add_key(json, "name", fields[i].name);
        g_string_append_printf(json, ",\"type\":\"%s\",\"count\":%" PRIu32 ",\"array\":%s,",
                               type_names[fields[i].type],
                               field_count(&fields[i], nodes, resources),
                               fields[i].count > 1 ? "true" : "false");
        add_key(json, "help", fields[i].help);
        g_string_append_c(json, '}');
    }
    g_string_append_c(json, ']');
}

uint32_t html_slots(const world *w, uint32_t component, bool stable, uint32_t field)
{
    const world_config *config = world_config_of(w);
    uint32_t slot = 0;
    for (uint32_t i = 0; i <= component; i++) {
        for (int s = 0; s <= (i == component ? (int)stable : 1); s++) {
            const dasim_algorithm *a = config->stack[i].algorithm;
            const dasim_field *fields = s ? a->stable : a->state;
            bool here = i == component && s == (int)stable;
            for (uint32_t f = 0; fields && fields[f].name && (!here || f < field); f++) {
                slot += field_count(&fields[f], config->nodes, config->resources);
            }
        }
    }
    return slot;
}

static void add_stack(GString *json, const world *w)
{
    const world_config *config = world_config_of(w);
    g_string_append(json, ",\n\"stack\":[");
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        g_string_append(json, i > 0 ? ",\n{" : "{");
        add_key(json, "name", a->name);
        g_string_append_c(json, ',');
        add_key(json, "title", a->title);
        g_string_append_c(json, ',');
        add_key(json, "service", service_name(a->provides));
        add_fields(json, w, "state", a->state);
        add_fields(json, w, "stable", a->stable);
        g_string_append_c(json, '}');
    }
    g_string_append_c(json, ']');
}

static void add_what(GString *json, const html_run *h)
{
    g_string_append(json, ",\n\"what\":[");
    for (guint i = 0; i < h->what->len; i++) {
        const html_what *one = &g_array_index(h->what, html_what, i);
        g_string_append(json, i > 0 ? ",\n{" : "{");
        add_key(json, "kind", record_kind_name(one->kind));
        g_string_append_c(json, ',');
        add_key(json, "name", one->name);
        g_string_append_c(json, ',');
        add_key(json, "reason", record_reason_name(one->reason));
        g_string_append_printf(json, ",\"component\":%d,\"token\":%s}",
                               one->has_component ? one->component : -1,
                               one->token ? "true" : "false");
    }
    g_string_append_c(json, ']');
}

static void add_verdicts(GString *json, const export_end *how)
{
    g_string_append(json, ",\n\"verdicts\":[");
    for (size_t i = 0; i < how->verdict_count; i++) {
        const export_verdict *v = &how->verdicts[i];
        g_string_append(json, i > 0 ? ",\n{" : "{");
        add_key(json, "property", v->property);
        g_string_append_c(json, ',');
        add_key(json, "verdict", v->verdict);
        g_string_append_c(json, ',');
        add_key(json, "reason", v->reason);
        g_string_append_printf(json, ",\"record\":%" PRIu64 ",\"at\":%" PRId64 ",\"met\":%s}",
                               v->record, v->at, v->met ? "true" : "false");
    }
    g_string_append_c(json, ']');
}

static void add_columns(GString *json, const html_run *h)
{
    g_string_append(json, ",\n\"columns\":[");
    for (uint32_t i = 0; i < COLUMNS; i++) {
        g_string_append_printf(json, "%s[\"%s\",%zu]", i > 0 ? "," : "", html_column_name(i),
                               h->columns[i].size);
    }
    g_string_append(json, "],\n\"spanKinds\":[");
    for (uint32_t i = 0; i < SPAN_KINDS; i++) {
        g_string_append_printf(json, "%s\"%s\"", i > 0 ? "," : "", span_kind_name(i));
    }
    g_string_append_c(json, ']');
}

void html_describe(html_run *h, const world *w, const export_end *how)
{
    GString *json = h->about;
    g_string_append(json, "{\"version\":1,");
    add_key(json, "scenario", h->scenario);
    g_string_append_c(json, ',');
    add_key(json, "question", h->question);
    g_string_append_c(json, ',');
    add_key(json, "settings", h->settings);
    g_string_append_printf(json,
                           ",\"seed\":\"%" PRIu64 "\",\"nodes\":%" PRIu32 ",\"resources\":%" PRIu32
                           ",\"kept\":%" PRIu64 ",\"records\":%" PRIu64 ",\"changes\":%" PRIu64
                           ",\"spans\":%zu,\"from\":%" PRId64 ",\"until\":%" PRId64
                           ",\"ended\":%" PRId64 ",",
                           h->seed, world_nodes(w), world_config_of(w)->resources, h->kept,
                           how->records, h->changed, h->spans, CLAMP(h->from, 0, how->ended_at),
                           CLAMP(h->until, 0, how->ended_at), how->ended_at);
    add_key(json, "digest", how->digest);
    add_stack(json, w);
    add_what(json, h);
    add_verdicts(json, how);
    add_columns(json, h);
    g_string_append(json, "}\n");
}
