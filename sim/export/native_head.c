/* Writing the first and the last frame, and where a node's values are counted. native_head_read.c
 * reads them back, in the same order. */
#include "export/native_head.h"

#include "plugin/plugin.h"

enum { OPERATIONS_MOST = 64 };

static void write_fields(blob *out, const dasim_field *fields)
{
    uint32_t count = 0;
    while (fields && fields[count].name) {
        count++;
    }
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, fields[i].name);
        put_number(out, fields[i].type);
        put_number(out, fields[i].offset);
        put_number(out, fields[i].count);
        put_number(out, fields[i].stride);
        put_text(out, fields[i].role);
        put_text(out, fields[i].help);
    }
}

static void write_services(blob *out, const dasim_service *list)
{
    uint32_t count = 0;
    while (list && list[count] != DASIM_NO_SERVICE) {
        count++;
    }
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, service_name(list[i]));
    }
}

static void write_names(blob *out, const char *const *names)
{
    uint32_t count = 0;
    while (names && names[count]) {
        count++;
    }
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, names[i]);
    }
}

static void write_messages(blob *out, const dasim_message *messages)
{
    uint32_t count = 0;
    while (messages && messages[count].name) {
        count++;
    }
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, messages[i].name);
        put_number(out, messages[i].size);
        put_number(out, messages[i].token);
        put_text(out, messages[i].help);
        write_fields(out, messages[i].fields);
    }
}

static void write_params(blob *out, const dasim_param *params, const int64_t *values)
{
    uint32_t count = 0;
    while (params && params[count].name) {
        count++;
    }
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, params[i].name);
        put_number(out, params[i].unit);
        put_signed(out, values[i]);
    }
}

/* For readers that do not know the services; dasim has tables of its own. */
static void write_operations(blob *out, dasim_service service,
                             const char *(*name)(dasim_service service, uint32_t op),
                             const dasim_field *(*fields)(dasim_service service, uint32_t op))
{
    uint32_t count = 0;
    for (uint32_t op = 0; op < OPERATIONS_MOST; op++) {
        count += name(service, op)[0] != '?';
    }
    put_number(out, count);
    for (uint32_t op = 0; op < OPERATIONS_MOST; op++) {
        if (name(service, op)[0] != '?') {
            put_number(out, op);
            put_text(out, name(service, op));
            write_fields(out, fields(service, op));
        }
    }
}

static void write_component(blob *out, const component_config *config)
{
    const dasim_algorithm *a = config->algorithm;
    put_text(out, a->name);
    put_text(out, a->title);
    put_text(out, a->reference);
    put_text(out, service_name(a->provides));
    write_services(out, a->uses);
    write_services(out, a->may_use);
    uint32_t count = 0;
    for (int s = 0; s < DASIM_SERVICES; s++) {
        count += config->given >> s & 1;
    }
    put_number(out, count);
    for (int s = 0; s < DASIM_SERVICES; s++) {
        if (config->given >> s & 1) {
            put_text(out, service_name((dasim_service)s));
        }
    }
    put_number(out, config->offered);
    put_number(out, a->assumes);
    write_names(out, a->promises);
    write_messages(out, a->messages);
    write_fields(out, a->state);
    write_fields(out, a->stable);
    write_params(out, a->params, config->params);
    write_names(out, a->timers);
    write_operations(out, a->provides, service_request_name, service_request_fields);
    write_operations(out, a->provides, service_indication_name, service_indication_fields);
}

void native_write_head(blob *out, const world *w, const export_about *about)
{
    const world_config *config = world_config_of(w);
    put_text(out, about->scenario);
    put_text(out, about->question);
    put_text(out, about->settings);
    put_number(out, about->seed);
    put_signed(out, about->warm_up);
    put_number(out, about->expectation_count);
    for (size_t i = 0; i < about->expectation_count; i++) {
        put_text(out, about->expectations[i].property);
        put_number(out, about->expectations[i].wish);
    }
    put_number(out, config->nodes);
    put_number(out, config->resources);
    put_number(out, world_keeps_clocks(w));
    put_number(out, !about->without_state);
    put_number(out, config->stack_size);
    for (uint32_t i = 0; i < config->stack_size; i++) {
        write_component(out, &config->stack[i]);
    }
}

void native_write_end(blob *out, const export_end *how)
{
    put_signed(out, how->ended_at);
    put_number(out, how->records);
    put_number(out, how->events);
    put_text(out, how->digest);
    put_number(out, how->status);
    put_text(out, how->explanation);
    put_number(out, how->settled);
    put_number(out, how->verdict_count);
    for (size_t i = 0; i < how->verdict_count; i++) {
        put_text(out, how->verdicts[i].property);
        put_text(out, how->verdicts[i].verdict);
        put_text(out, how->verdicts[i].reason);
        put_number(out, how->verdicts[i].record);
        put_signed(out, how->verdicts[i].at);
        put_number(out, how->verdicts[i].met);
    }
}

/* -------------------------------------------------------------------------------------- slots */

static void add_fields(native_slots *s, const world_config *config, uint32_t component, bool stable)
{
    const dasim_algorithm *a = config->stack[component].algorithm;
    const dasim_field *fields = stable ? a->stable : a->state;
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        native_field one = {.first = s->count,
                            .count = field_count(&fields[i], config->nodes, config->resources),
                            .number = i,
                            .component = (uint8_t)component,
                            .stable = stable};
        g_array_append_val(s->all, one);
        s->count += one.count;
    }
}

void native_slots_init(native_slots *s, const world_config *config)
{
    *s = (native_slots){.all = g_array_new(FALSE, FALSE, sizeof(native_field))};
    for (uint32_t i = 0; i < config->stack_size; i++) {
        add_fields(s, config, i, false);
        add_fields(s, config, i, true);
    }
}

void native_slots_clear(native_slots *s)
{
    if (s->all) {
        g_array_free(s->all, TRUE);
        s->all = NULL;
    }
}

const native_field *native_slots_find(const native_slots *s, uint64_t slot)
{
    guint low = 0, high = s->all->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const native_field *one = &g_array_index(s->all, native_field, middle);
        if (slot < one->first) {
            high = middle;
        } else if (slot - one->first >= one->count) {
            low = middle + 1;
        } else {
            return one;
        }
    }
    return NULL;
}

uint64_t native_slots_first(const native_slots *s, uint8_t component, bool stable, uint32_t number)
{
    for (guint i = 0; i < s->all->len; i++) {
        const native_field *one = &g_array_index(s->all, native_field, i);
        if (one->component == component && one->stable == stable && one->number == number) {
            return one->first;
        }
    }
    g_assert_not_reached();
}
