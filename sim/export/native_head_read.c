/*
 * Reading the first and the last frame: what a made-up file says is checked here, so that nothing
 * behind it has to doubt names, types, places and sizes.
 */
#include "export/native_head.h"

#include "plugin/plugin.h"

#include <stdlib.h>

enum {
    LIST_MOST = 4096,
    TEXT_MOST = 1 << 20,
    NODES_MOST = 1 << 30,
    RESOURCES_MOST = 1 << 22,
    VALUES_MOST = 1 << 26, /* of a field, and of nodes times resources */
    OFFSET_MOST = 1 << 30,
    STRIDE_MOST = 1 << 20,
    MESSAGE_MOST = 1 << 16
};

typedef struct reader {
    cursor *in;
    native_head *head;
} reader;

static void *own(reader *r, size_t size)
{
    void *block = g_malloc0(size ? size : 1);
    g_ptr_array_add(r->head->owned, block);
    return block;
}

/* Never NULL. */
static const char *read_text(reader *r)
{
    uint64_t size = get_up_to(r->in, TEXT_MOST);
    const unsigned char *bytes = get_bytes(r->in, (size_t)size);
    if (bytes == NULL || !g_utf8_validate((const char *)bytes, (gssize)size, NULL)) {
        r->in->bad = true;
        return "";
    }
    char *text = own(r, (size_t)size + 1);
    return memcpy(text, bytes, (size_t)size);
}

static const char *read_name(reader *r)
{
    const char *name = read_text(r);
    for (const char *c = name; *c; c++) {
        r->in->bad |= !g_ascii_isalnum(*c) && *c != '_';
    }
    r->in->bad |= name[0] == '\0';
    return name;
}

static const char *read_text_or_null(reader *r)
{
    const char *text = read_text(r);
    return text[0] ? text : NULL;
}

static bool is_per(uint32_t count)
{
    return count == DASIM_PER_NODE || count == DASIM_PER_RESOURCE ||
           count == DASIM_PER_RESOURCE_AND_NODE;
}

static void read_field(reader *r, dasim_field *f)
{
    f->name = read_name(r);
    f->type = (dasim_type)get_up_to(r->in, DASIM_TYPES - 1);
    f->offset = (uint32_t)get_up_to(r->in, UINT32_MAX);
    f->count = (uint32_t)get_up_to(r->in, UINT32_MAX);
    f->stride = (uint32_t)get_up_to(r->in, STRIDE_MOST);
    f->role = read_text_or_null(r);
    f->help = read_text_or_null(r);
    r->in->bad |= f->offset > OFFSET_MOST && f->offset != DASIM_AFTER;
    r->in->bad |= f->count > VALUES_MOST && !is_per(f->count);
}

static const dasim_field *read_fields(reader *r)
{
    uint64_t count = get_up_to(r->in, LIST_MOST);
    dasim_field *fields = own(r, (count + 1) * sizeof *fields);
    for (uint64_t i = 0; i < count && !r->in->bad; i++) {
        read_field(r, &fields[i]);
    }
    return count > 0 ? fields : NULL;
}

static dasim_service read_service(reader *r)
{
    const char *name = read_text(r);
    dasim_service found = service_of_name(name);
    r->in->bad |= found == DASIM_SERVICES;
    return found == DASIM_SERVICES ? DASIM_APPLICATION : found;
}

static const dasim_service *read_services(reader *r)
{
    uint64_t count = get_up_to(r->in, DASIM_SERVICES);
    dasim_service *list = own(r, (count + 1) * sizeof *list);
    for (uint64_t i = 0; i < count; i++) {
        list[i] = read_service(r);
    }
    return list;
}

static const char *const *read_names(reader *r)
{
    uint64_t count = get_up_to(r->in, LIST_MOST);
    const char **names = own(r, (count + 1) * sizeof *names);
    for (uint64_t i = 0; i < count && !r->in->bad; i++) {
        names[i] = read_name(r);
    }
    return names;
}

static const dasim_message *read_messages(reader *r)
{
    uint64_t count = get_up_to(r->in, LIST_MOST);
    dasim_message *messages = own(r, (count + 1) * sizeof *messages);
    for (uint64_t i = 0; i < count && !r->in->bad; i++) {
        messages[i].name = read_name(r);
        messages[i].size = (uint32_t)get_up_to(r->in, MESSAGE_MOST);
        messages[i].token = get_up_to(r->in, 1) != 0;
        messages[i].help = read_text_or_null(r);
        messages[i].fields = read_fields(r);
    }
    return messages;
}

static void read_params(reader *r, dasim_algorithm *a, component_config *config)
{
    uint64_t count = get_up_to(r->in, LIST_MOST);
    dasim_param *params = own(r, (count + 1) * sizeof *params);
    int64_t *values = own(r, (count + 1) * sizeof *values);
    for (uint64_t i = 0; i < count && !r->in->bad; i++) {
        params[i].name = read_name(r);
        params[i].unit = (dasim_unit)get_up_to(r->in, DASIM_UNITS - 1);
        values[i] = get_signed(r->in);
    }
    a->params = params;
    config->params = values;
}

/* dasim has tables of its own. */
static void skip_operations(reader *r)
{
    uint64_t count = get_up_to(r->in, LIST_MOST);
    for (uint64_t i = 0; i < count && !r->in->bad; i++) {
        get_number(r->in);
        read_name(r);
        read_fields(r);
    }
}

static void read_component(reader *r, component_config *config)
{
    dasim_algorithm *a = own(r, sizeof *a);
    config->algorithm = a;
    a->magic = DASIM_MAGIC;
    a->abi = DASIM_ABI;
    a->size = sizeof *a;
    a->about = "";
    a->name = read_name(r);
    a->title = read_text(r);
    a->reference = read_text(r);
    a->provides = read_service(r);
    a->uses = read_services(r);
    a->may_use = read_services(r);
    for (const dasim_service *given = read_services(r); *given != DASIM_NO_SERVICE; given++) {
        config->given |= 1u << *given;
    }
    config->offered = get_up_to(r->in, 1) != 0;
    a->assumes = (uint32_t)get_up_to(r->in, UINT32_MAX);
    a->promises = read_names(r);
    a->messages = read_messages(r);
    a->state = read_fields(r);
    a->stable = read_fields(r);
    read_params(r, a, config);
    a->timers = read_names(r);
    skip_operations(r);
    skip_operations(r);
}

static void read_about(reader *r)
{
    export_about *about = &r->head->about;
    about->scenario = read_text(r);
    about->question = read_text(r);
    about->settings = read_text(r);
    about->seed = get_number(r->in);
    about->warm_up = get_signed(r->in);
    about->expectation_count = (size_t)get_up_to(r->in, LIST_MOST);
    export_expectation *all = own(r, (about->expectation_count + 1) * sizeof *all);
    for (size_t i = 0; i < about->expectation_count && !r->in->bad; i++) {
        all[i].property = read_name(r);
        all[i].wish = (export_wish)get_up_to(r->in, EXPORT_WISHES - 1);
    }
    about->expectations = all;
    about->window = &r->head->whole;
}

static void read_world(reader *r)
{
    world_config *config = &r->head->config;
    config->seed = r->head->about.seed;
    config->nodes = (uint32_t)get_up_to(r->in, NODES_MOST);
    config->resources = (uint32_t)get_up_to(r->in, RESOURCES_MOST);
    r->head->keeps_clocks = get_up_to(r->in, 1) != 0;
    r->head->has_states = get_up_to(r->in, 1) != 0;
    config->stack_size = (uint32_t)get_up_to(r->in, STACK_MOST);
    for (uint32_t i = 0; i < config->stack_size && !r->in->bad; i++) {
        read_component(r, &config->stack[i]);
    }
    r->in->bad |= config->nodes == 0 || config->resources == 0 || config->stack_size == 0;
    r->in->bad |= (uint64_t)config->nodes * config->resources > VALUES_MOST;
}

/* What observers read of a body is never beyond what a reader keeps for one. */
static bool are_bodies_small(const world_config *config)
{
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_message *m = config->stack[i].algorithm->messages;
        for (; m->name; m++) {
            for (uint32_t f = 0; m->fields && m->fields[f].name; f++) {
                if (field_offset(m->fields, f, config->nodes, config->resources) > MESSAGE_MOST) {
                    return false;
                }
            }
        }
    }
    return true;
}

native_head *native_read_head(const unsigned char *bytes, size_t size)
{
    cursor in = {bytes, bytes + size, false};
    native_head *h = g_new0(native_head, 1);
    h->owned = g_ptr_array_new_with_free_func(g_free);
    window_init(&h->whole);
    reader r = {&in, h};
    read_about(&r);
    read_world(&r);
    if (in.bad || in.at != in.end || !are_bodies_small(&h->config)) {
        native_head_free(h);
        return NULL;
    }
    return h;
}

static const char *read_verdict(reader *r)
{
    static const char *const words[] = {"holds", "violated", "inconclusive"};
    const char *text = read_text(r);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(text, words[i]) == 0) {
            return words[i];
        }
    }
    r->in->bad = true;
    return words[2];
}

bool native_read_end(native_head *h, const unsigned char *bytes, size_t size)
{
    cursor in = {bytes, bytes + size, false};
    reader r = {&in, h};
    export_end *end = &h->end;
    end->ended_at = get_signed(&in);
    end->records = get_number(&in);
    end->events = get_number(&in);
    end->digest = read_text(&r);
    end->status = (export_status)get_up_to(&in, EXPORT_STATUSES - 1);
    end->explanation = read_text_or_null(&r);
    end->settled = get_up_to(&in, 1) != 0;
    end->verdict_count = (size_t)get_up_to(&in, LIST_MOST);
    export_verdict *all = own(&r, (end->verdict_count + 1) * sizeof *all);
    for (size_t i = 0; i < end->verdict_count && !in.bad; i++) {
        all[i].property = read_name(&r);
        all[i].verdict = read_verdict(&r);
        all[i].reason = read_text_or_null(&r);
        all[i].record = get_number(&in);
        all[i].at = get_signed(&in);
        all[i].met = get_up_to(&in, 1) != 0;
    }
    end->verdicts = all;
    return !in.bad && in.at == in.end && end->ended_at >= 0;
}

void native_head_free(native_head *h)
{
    if (h) {
        g_ptr_array_free(h->owned, TRUE);
        window_clear(&h->whole);
        g_free(h);
    }
}
