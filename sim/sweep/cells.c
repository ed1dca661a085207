/* Keys are digests of texts in which nothing can be taken for something else: each piece stands
 * with its length before it. */
#include "sweep/cells.h"

#include "check/property.h"

#include <string.h>

/* -------------------------------------------------------------------------------------- facts */

static void parameter_clear(void *data)
{
    cell_parameter *p = data;
    g_free(p->name);
    g_free(p->value);
}

static void module_clear(void *data)
{
    cell_module *m = data;
    g_free(m->service);
    g_free(m->algorithm);
}

static void facts_init(cell_facts *facts)
{
    *facts = (cell_facts){0};
    facts->parameters = g_array_new(FALSE, FALSE, sizeof(cell_parameter));
    facts->modules = g_array_new(FALSE, FALSE, sizeof(cell_module));
    g_array_set_clear_func(facts->parameters, parameter_clear);
    g_array_set_clear_func(facts->modules, module_clear);
}

void cell_facts_clear(cell_facts *facts)
{
    g_free(facts->question);
    g_array_free(facts->parameters, TRUE);
    g_array_free(facts->modules, TRUE);
}

static void put_digest(GByteArray *out, digest_value value)
{
    frame_put_number(out, value.high);
    frame_put_number(out, value.low);
}

static digest_value take_digest(frame *f)
{
    digest_value value;
    value.high = frame_take_number(f);
    value.low = frame_take_number(f);
    return value;
}

void cell_facts_put(GByteArray *out, const cell_facts *facts)
{
    put_digest(out, facts->scenario);
    put_digest(out, facts->key);
    frame_put_text(out, facts->question);
    frame_put_number(out, facts->nodes);
    frame_put_number(out, facts->serves_all_seeds);
    frame_put_number(out, facts->parameters->len);
    for (guint i = 0; i < facts->parameters->len; i++) {
        const cell_parameter *p = &g_array_index(facts->parameters, cell_parameter, i);
        frame_put_text(out, p->name);
        frame_put_text(out, p->value);
        frame_put_number(out, p->is_set);
    }
    frame_put_number(out, facts->modules->len);
    for (guint i = 0; i < facts->modules->len; i++) {
        const cell_module *m = &g_array_index(facts->modules, cell_module, i);
        frame_put_text(out, m->service);
        frame_put_text(out, m->algorithm);
        put_digest(out, m->digest);
    }
}

bool cell_facts_take(frame *f, cell_facts *facts)
{
    facts_init(facts);
    facts->scenario = take_digest(f);
    facts->key = take_digest(f);
    facts->question = g_strdup(frame_take_text(f));
    facts->nodes = (uint32_t)frame_take_number(f);
    facts->serves_all_seeds = frame_take_number(f) > 0;
    for (uint64_t count = frame_take_number(f); count > 0 && !f->bad; count--) {
        cell_parameter p = {0};
        p.name = g_strdup(frame_take_text(f));
        p.value = g_strdup(frame_take_text(f));
        p.is_set = frame_take_number(f) > 0;
        g_array_append_val(facts->parameters, p);
    }
    for (uint64_t count = frame_take_number(f); count > 0 && !f->bad; count--) {
        cell_module m = {0};
        m.service = g_strdup(frame_take_text(f));
        m.algorithm = g_strdup(frame_take_text(f));
        m.digest = take_digest(f);
        g_array_append_val(facts->modules, m);
    }
    if (f->bad) {
        cell_facts_clear(facts);
    }
    return !f->bad;
}

/* ------------------------------------------------------------------------------------- loading */

void loader_init(loader *l, const char *file, const grid *g, const char *const *path)
{
    *l = (loader){.file = file, .grid = g};
    l->files = scenario_files_new();
    l->modules = catalogue_new(path);
    l->properties = g_ptr_array_new();
    l->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (const property *const *p = property_all(); *p; p++) {
        g_ptr_array_add(l->properties, (char *)(uintptr_t)(*p)->name);
    }
    g_ptr_array_add(l->properties, NULL);
}

void loader_clear(loader *l)
{
    scenario_files_free(l->files);
    catalogue_free(l->modules);
    g_ptr_array_free(l->properties, TRUE);
    g_hash_table_destroy(l->digests);
}

scenario *loader_scenario(loader *l, uint32_t cell, uint64_t seed, GError **error)
{
    GArray *settings = grid_settings(l->grid, cell);
    scenario *s =
        scenario_load_from(l->files, l->file,
                           (const scenario_setting *)(const void *)settings->data, settings->len,
                           seed, l->modules, (const char *const *)l->properties->pdata, error);
    g_array_free(settings, TRUE);
    return s;
}

static bool module_digest(loader *l, const char *file, digest_value *value, GError **error)
{
    char *bytes;
    gsize size;
    const digest_value *known = g_hash_table_lookup(l->digests, file);
    if (known) {
        *value = *known;
        return true;
    }
    if (!g_file_get_contents(file, &bytes, &size, error)) {
        return false;
    }
    *value = digest_of(bytes, size);
    g_free(bytes);
    g_hash_table_insert(l->digests, g_strdup(file), g_memdup2(value, sizeof *value));
    return true;
}

static digest_value key_of(const cell_facts *facts, const char *chaos)
{
    GByteArray *text = g_byte_array_new();
    frame_put_text(text, "dasim " DASIM_VERSION);
    put_digest(text, facts->scenario);
    for (guint i = 0; i < facts->modules->len; i++) {
        const cell_module *m = &g_array_index(facts->modules, cell_module, i);
        frame_put_text(text, m->algorithm);
        put_digest(text, m->digest);
    }
    for (guint i = 0; i < facts->parameters->len; i++) {
        const cell_parameter *p = &g_array_index(facts->parameters, cell_parameter, i);
        frame_put_text(text, p->name);
        frame_put_text(text, p->value);
    }
    if (chaos) {
        frame_put_text(text, "--chaos");
        frame_put_text(text, chaos);
    }
    digest_value key = digest_of(text->data, text->len);
    g_byte_array_free(text, TRUE);
    return key;
}

static bool look_at(loader *l, const scenario *s, cell_facts *facts, GError **error)
{
    bool fine = true;
    facts->scenario = s->digest;
    facts->question = g_strdup(s->question);
    facts->nodes = s->world.nodes;
    facts->serves_all_seeds = s->serves_all_seeds;
    for (guint i = 0; i < s->params->len; i++) {
        const scenario_param *from = &g_array_index(s->params, scenario_param, i);
        cell_parameter p = {g_strdup(from->name), g_strdup(from->value), from->is_set};
        g_array_append_val(facts->parameters, p);
    }
    for (uint32_t i = 0; fine && i < s->world.stack_size; i++) {
        const dasim_algorithm *a = s->stack[i].algorithm;
        cell_module m = {.service = g_strdup(service_name(a->provides)),
                         .algorithm = g_strdup(a->name)};
        fine = module_digest(l, s->stack[i].file, &m.digest, error);
        g_array_append_val(facts->modules, m);
    }
    facts->key = key_of(facts, l->grid->chaos);
    return fine;
}

bool loader_facts(loader *l, uint32_t cell, cell_facts *facts, GError **error)
{
    scenario *s = loader_scenario(l, cell, grid_seed(l->grid, 0), error);
    if (s == NULL) {
        return false;
    }
    facts_init(facts);
    bool fine = look_at(l, s, facts, error);
    if (!fine) {
        cell_facts_clear(facts);
    }
    scenario_free(s);
    return fine;
}
