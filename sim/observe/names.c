/*
 * What is called how is declared in one place each: messages, fields and timers by the module that
 * owns them, operations of services by the contract, bodies of the kernel's own records here.
 */
#include "observe/names.h"

#include "plugin/plugin.h"

#include <inttypes.h>

enum { ARRAY_MOST = 64, BYTES_MOST = 32, TEXT_MOST = 48 };

/* How fields are written: for people or as JSON. */
typedef struct style {
    const char *before_name, *after_name, *between;
    bool json;
} style;

static const style plain = {"", "=", " ", false};
static const style json = {"\"", "\":", ",", true};

static const uint32_t type_sizes[DASIM_TYPES] = {
    [DASIM_BOOL] = 1, [DASIM_U8] = 1,  [DASIM_U16] = 2,  [DASIM_U32] = 4,  [DASIM_U64] = 8,
    [DASIM_I32] = 4,  [DASIM_I64] = 8, [DASIM_NODE] = 4, [DASIM_TIME] = 8,
};

static const dasim_field slow_fields[] = {{.name = "service", .type = DASIM_TIME}, {.name = NULL}};

static const dasim_field clock_fields[] = {
    {.name = "step", .type = DASIM_I64},
    {.name = "rate", .type = DASIM_I64, .offset = 8},
    {.name = NULL},
};

static const dasim_field partition_fields[] = {
    {.name = "group", .type = DASIM_U16, .count = DASIM_PER_NODE},
    {.name = NULL},
};

static const dasim_field client_fields[] = {
    {.name = "client", .type = DASIM_I32, .offset = offsetof(client_body, client)},
    {.name = "resource", .type = DASIM_U32, .offset = offsetof(client_body, resource)},
    {.name = NULL},
};

static const dasim_field join_fields[] = {
    {.name = "process", .type = DASIM_I32, .offset = offsetof(client_body, client)},
    {.name = "child", .type = DASIM_U32, .offset = offsetof(client_body, resource)},
    {.name = NULL},
};

static const char *client_step_name(uint32_t step)
{
    static const char *const names[] = {[CLIENT_WAITS] = "WAITS",
                                        [CLIENT_HOLDS] = "HOLDS",
                                        [CLIENT_QUITS] = "QUITS",
                                        [CLIENT_JOINS] = "JOINS"};
    return step < G_N_ELEMENTS(names) && names[step] ? names[step] : "?";
}

/* The component of a record that is about one. */
static const dasim_algorithm *algorithm_of(const world *w, const record *r)
{
    const world_config *config = world_config_of(w);
    switch ((record_kind)r->kind) {
    case RECORD_SEND:
    case RECORD_RECEIVE:
    case RECORD_LOST:
    case RECORD_TIMER:
    case RECORD_REQUEST:
    case RECORD_INDICATION:
    case RECORD_CHECK:
        return r->component < config->stack_size ? config->stack[r->component].algorithm : NULL;
    default:
        return NULL;
    }
}

static const dasim_message *message_of(const dasim_algorithm *algorithm, uint32_t type)
{
    const dasim_message *message = algorithm->messages;
    for (; message && message->name; message++) {
        if (type-- == 0) {
            return message;
        }
    }
    return NULL;
}

static const char *timer_name(const dasim_algorithm *algorithm, uint32_t timer)
{
    const char *const *name = algorithm->timers;
    for (; name && *name; name++) {
        if (timer-- == 0) {
            return *name;
        }
    }
    return "?";
}

/* ------------------------------------------------------------------------------- values */

/* How many values of the field lie within the body: a message may be sent with less than its
 * longest body. */
static uint32_t values_within(const world *w, const record *r, const dasim_field *field,
                              uint32_t offset)
{
    uint32_t size = type_sizes[field->type], stride = field->stride ? field->stride : size;
    uint32_t count = field_count(field, world_nodes(w), world_config_of(w)->resources);
    if (r->body == NULL || r->size < size || offset > r->size - size) {
        return 0;
    }
    uint32_t fit = (r->size - size - offset) / stride + 1;
    return count < fit ? count : fit;
}

static void append_value(GString *text, const style *s, dasim_type type, int64_t value)
{
    if (type == DASIM_BOOL) {
        g_string_append(text, value ? "true" : "false");
    } else if (type == DASIM_NODE && value == NOBODY) {
        g_string_append(text, s->json ? "null" : "-");
    } else if (type == DASIM_NODE && !s->json) {
        g_string_append_printf(text, "n%" PRId64, value);
    } else if (type == DASIM_TIME && !s->json) {
        append_seconds(text, value);
        g_string_append_c(text, 's');
    } else if (type == DASIM_U64) {
        g_string_append_printf(text, "%" PRIu64, (uint64_t)value);
    } else {
        g_string_append_printf(text, "%" PRId64, value);
    }
}

static void append_array(GString *text, const style *s, const record *r, const dasim_field *field,
                         uint32_t offset, uint32_t count)
{
    uint32_t shown = s->json || count <= ARRAY_MOST ? count : ARRAY_MOST;
    g_string_append_c(text, '[');
    for (uint32_t i = 0; i < shown; i++) {
        g_string_append(text, i > 0 ? s->between : "");
        append_value(text, s, field->type, field_value(r->body, field, offset, i));
    }
    if (shown < count) {
        g_string_append_printf(text, " and %" PRIu32 " more", count - shown);
    }
    g_string_append_c(text, ']');
}

static void append_fields(const world *w, const record *r, GString *text, const style *s,
                          const dasim_field *fields)
{
    const char *between = "";
    for (uint32_t i = 0; fields[i].name; i++) {
        uint32_t offset = field_offset(fields, i, world_nodes(w), world_config_of(w)->resources);
        uint32_t count = values_within(w, r, &fields[i], offset);
        if (count == 0) {
            continue;
        }
        g_string_append(text, between);
        g_string_append(text, s->before_name);
        g_string_append(text, fields[i].name);
        g_string_append(text, s->after_name);
        if (fields[i].count > 1) {
            append_array(text, s, r, &fields[i], offset, count);
        } else {
            append_value(text, s, fields[i].type, field_value(r->body, &fields[i], offset, 0));
        }
        between = s->between;
    }
}

/* One character a byte: what is not printable ASCII as \n, \x1b; JSON: \u001b. */
static void append_text(GString *text, const style *s, const char *bytes, uint32_t size)
{
    uint32_t shown = s->json || size <= TEXT_MOST ? size : TEXT_MOST;
    g_string_append_c(text, '"');
    for (uint32_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '"' || c == '\\') {
            g_string_append_printf(text, "\\%c", c);
        } else if (c == '\n') {
            g_string_append(text, "\\n");
        } else if (c < 0x20 || c >= 0x7f) {
            g_string_append_printf(text, s->json ? "\\u%04x" : "\\x%02x", c);
        } else {
            g_string_append_c(text, (char)c);
        }
    }
    g_string_append_c(text, '"');
    if (shown < size) {
        g_string_append_printf(text, " and %" PRIu32 " more", size - shown);
    }
}

/* What a system call has beside its fields. */
static void append_call(const world *w, const record *r, GString *text, const style *s)
{
    const dasim_algorithm *algorithm = algorithm_of(w, r);
    bool is_call = (r->kind == RECORD_REQUEST || r->kind == RECORD_INDICATION) && algorithm &&
                   algorithm->provides == DASIM_CHANNEL && r->type != DASIM_LOAD &&
                   r->type != DASIM_STORE;
    if (!is_call || r->size < sizeof(dasim_call)) {
        return;
    }
    const dasim_call *its = r->body;
    uint32_t size = r->size - (uint32_t)sizeof *its;
    if (its->flags) {
        g_string_append_printf(text, "%s%sflags%s%" PRIu32, s->between, s->before_name,
                               s->after_name, its->flags);
    }
    if (its->size > 0) {
        g_string_append_printf(text, "%s%stext%s", s->between, s->before_name, s->after_name);
        append_text(text, s, (const char *)(its + 1), MIN(its->size, size));
    }
}

static void append_bytes(const record *r, GString *text, uint32_t most)
{
    const unsigned char *bytes = r->body;
    for (uint32_t i = 0; i < r->size && i < most; i++) {
        g_string_append_printf(text, "%02x", bytes[i]);
    }
}

/* Text of a module or of a client, cut somewhere: made valid UTF-8, without control characters. */
static void append_words(const record *r, GString *text, bool quoted)
{
    char *valid = g_utf8_make_valid(r->body ? r->body : "", r->body ? (gssize)r->size : 0);
    for (const char *c = valid; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            g_string_append_printf(text, "\\u%04x", (unsigned char)*c);
        } else {
            g_string_append(text, quoted && (*c == '"' || *c == '\\') ? "\\" : "");
            g_string_append_c(text, *c);
        }
    }
    g_free(valid);
}

/* ------------------------------------------------------------------------------- public */

const char *record_type_name(const world *w, const record *r)
{
    const dasim_algorithm *algorithm = algorithm_of(w, r);
    if (r->kind == RECORD_BOOT) {
        return r->type ? "RECOVERING" : "";
    }
    if (r->kind == RECORD_CRASH) {
        return r->type ? "STABLE_LOST" : "";
    }
    if (r->kind == RECORD_CLIENT) {
        return client_step_name(r->type);
    }
    if (algorithm == NULL || r->kind == RECORD_CHECK) {
        return "";
    }
    if (r->kind == RECORD_TIMER) {
        return timer_name(algorithm, r->type);
    }
    if (r->kind == RECORD_REQUEST) {
        return service_request_name(algorithm->provides, r->type);
    }
    if (r->kind == RECORD_INDICATION) {
        return service_indication_name(algorithm->provides, r->type);
    }
    const dasim_message *message = message_of(algorithm, r->type);
    return message ? message->name : "?";
}

const char *record_component_name(const world *w, const record *r)
{
    const dasim_algorithm *algorithm = algorithm_of(w, r);
    return algorithm ? algorithm->name : NULL;
}

const dasim_field *record_fields(const world *w, const record *r)
{
    const dasim_algorithm *algorithm = algorithm_of(w, r);
    const dasim_message *message = NULL;
    switch ((record_kind)r->kind) {
    case RECORD_SLOW:
        return slow_fields;
    case RECORD_CLOCK:
        return clock_fields;
    case RECORD_LINKS:
        return r->reason == REASON_PARTITION ? partition_fields : NULL;
    case RECORD_CLIENT:
        return r->type == CLIENT_JOINS ? join_fields : client_fields;
    case RECORD_REQUEST:
        return algorithm ? service_request_fields(algorithm->provides, r->type) : NULL;
    case RECORD_INDICATION:
        return algorithm ? service_indication_fields(algorithm->provides, r->type) : NULL;
    case RECORD_SEND:
    case RECORD_RECEIVE:
    case RECORD_LOST:
        message = algorithm ? message_of(algorithm, r->type) : NULL;
        return message ? message->fields : NULL;
    default:
        return NULL;
    }
}

void record_append_body(const world *w, const record *r, GString *text)
{
    const dasim_field *fields = record_fields(w, r);
    if (r->kind == RECORD_CHECK || r->kind == RECORD_NOTE) {
        append_words(r, text, false);
    } else if (fields) {
        append_fields(w, r, text, &plain, fields);
        append_call(w, r, text, &plain);
    } else if (r->body && r->size > 0) {
        g_string_append(text, "bytes=");
        append_bytes(r, text, BYTES_MOST);
        g_string_append(text, r->size > BYTES_MOST ? "..." : "");
    }
}

void record_append_json(const world *w, const record *r, GString *text)
{
    const dasim_field *fields = record_fields(w, r);
    if (r->kind == RECORD_CHECK) {
        g_string_append(text, "{\"condition\":\"");
        append_words(r, text, true);
        g_string_append_printf(text, "\",\"line\":%" PRIu32 "}", r->type);
    } else if (r->kind == RECORD_NOTE) {
        g_string_append(text, "{\"text\":\"");
        append_words(r, text, true);
        g_string_append(text, "\"}");
    } else if (r->body == NULL || r->size == 0) {
        g_string_append(text, "null");
    } else if (fields) {
        g_string_append_c(text, '{');
        append_fields(w, r, text, &json, fields);
        append_call(w, r, text, &json);
        g_string_append_c(text, '}');
    } else {
        g_string_append(text, "{\"bytes\":\"");
        append_bytes(r, text, UINT32_MAX);
        g_string_append(text, "\"}");
    }
}

void append_seconds(GString *text, int64_t ns)
{
    const uint64_t second = 1000000000;
    uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    g_string_append_printf(text, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", size / second,
                           size % second);
}

void append_duration(GString *text, int64_t ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    uint64_t unit = 1;
    int which = 0, decimals = 2;
    while (which < 3 && (size + unit / 2) / unit >= 1000) { /* 999.6 us are 1.00 ms */
        unit *= 1000;
        which++;
    }
    if (which == 0) {
        if (size == 0) {
            g_string_append_c(text, '0');
        } else {
            g_string_append_printf(text, "%" PRId64 " ns", ns);
        }
        return;
    }
    uint64_t scale = 100; /* how many of the last digit shown make a unit */
    while (scale > 1 && (size + unit / scale / 2) / (unit / scale) >= 1000) {
        scale /= 10;
        decimals--;
    }
    uint64_t shown = (size + unit / scale / 2) / (unit / scale);
    g_string_append_printf(text, "%s%" PRIu64, ns < 0 ? "-" : "", shown / scale);
    if (decimals > 0) {
        g_string_append_printf(text, ".%0*" PRIu64, decimals, shown % scale);
    }
    g_string_append_printf(text, " %s", units[which]);
}
