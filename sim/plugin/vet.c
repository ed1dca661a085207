/*
 * Vetting of a module's description. Whoever reads a dasim_algorithm later relies on what is
 * checked here: names are names, lists end, fields lie inside their message, defaults inside their
 * bounds, and a handler is there for whatever is declared to come. (Whether the fields of the
 * state lie inside the state depends on the scenario: the kernel checks it.)
 */
#include "plugin/vet.h"

#include "plugin/plugin.h"

#include <string.h>

enum {
    NAME_LONGEST = 63,
    LIST_LONGEST = 1024, /* a longer list has lost its end */
    BODY_LARGEST = 65536,
    VALUES_MOST = 1 << 24,
    ASSUMPTIONS = 2 * DASIM_SEES_CORRUPTION - 1
};

static const uint32_t type_size[DASIM_TYPES] = {
    [DASIM_BOOL] = 1, [DASIM_U8] = 1,  [DASIM_U16] = 2,  [DASIM_U32] = 4,  [DASIM_U64] = 8,
    [DASIM_I32] = 4,  [DASIM_I64] = 8, [DASIM_NODE] = 4, [DASIM_TIME] = 8,
};

G_GNUC_PRINTF(3, 4)
static bool refuse(const char *file, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED, "%s: %s", file, what);
    g_free(what);
    return false;
}

static bool is_name(const char *name, char first, char last)
{
    if (!(*name >= first && *name <= last)) {
        return false;
    }
    size_t size = 1;
    for (const char *c = name + 1; *c; c++, size++) {
        if (!((*c >= first && *c <= last) || g_ascii_isdigit(*c) || *c == '_')) {
            return false;
        }
    }
    return size <= NAME_LONGEST;
}

bool vet_is_name(const char *name)
{
    return is_name(name, 'a', 'z');
}

/* The names of one list: a name each, no two alike, an end. */
typedef struct name_list {
    const char *file, *what;
    bool upper;
    const char *names[LIST_LONGEST];
    uint32_t count;
} name_list;

static bool add_name(name_list *list, const char *name, GError **error)
{
    if (list->count == LIST_LONGEST) {
        return refuse(list->file, error, "more than %d %ss, expected a list that ends with %s",
                      LIST_LONGEST, list->what, "NULL");
    }
    if (list->upper ? !is_name(name, 'A', 'Z') : !vet_is_name(name)) {
        char *shown = g_strescape(name, NULL);
        refuse(list->file, error, "%s \"%.80s\", expected a name like %s", list->what, shown,
               list->upper ? "REQUEST (A-Z, 0-9, _)" : "request_timeout (a-z, 0-9, _)");
        g_free(shown);
        return false;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->names[i], name) == 0) {
            return refuse(list->file, error, "two %ss %s, expected different names", list->what,
                          name);
        }
    }
    list->names[list->count++] = name;
    return true;
}

static bool vet_names(const char *file, const char *what, const char *const *names, GError **error)
{
    name_list list = {.file = file, .what = what};
    for (; names && *names; names++) {
        if (!add_name(&list, *names, error)) {
            return false;
        }
    }
    return true;
}

static bool vet_head(const char *file, const dasim_algorithm *a, GError **error)
{
    if (a->magic != DASIM_MAGIC) {
        return refuse(file, error, "magic %08X, expected %08X: describe it with DASIM_ALGORITHM",
                      a->magic, DASIM_MAGIC);
    }
    if (a->abi != DASIM_ABI) {
        return refuse(file, error, "ABI %u, expected %u: rebuild it against this dasim's dasim.h",
                      a->abi, DASIM_ABI);
    }
    if (a->size != sizeof *a) {
        return refuse(file, error,
                      "a description of %u bytes, expected %zu: rebuild it against this dasim's "
                      "dasim.h",
                      a->size, sizeof *a);
    }
    return true;
}

static bool vet_identity(const char *file, const dasim_algorithm *a, const char *name,
                         GError **error)
{
    name_list own = {.file = file, .what = "name"};
    if (!a->name) {
        return refuse(file, error, "no name, expected .name = \"%s\"", name ? name : "...");
    }
    if (!add_name(&own, a->name, error)) {
        return false;
    }
    if (name && strcmp(a->name, name) != 0) {
        return refuse(file, error, "algorithm \"%s\", expected \"%s\" as in the file's name",
                      a->name, name);
    }
    if (!a->title || !*a->title || strchr(a->title, '\n')) {
        return refuse(file, error, "%s, expected .title of one line",
                      a->title && *a->title ? "a title of several lines" : "no title");
    }
    if ((uint32_t)a->provides <= DASIM_NO_SERVICE || (uint32_t)a->provides >= DASIM_SERVICES) {
        return refuse(file, error, "provides service %u, expected one of dasim_service (1 .. %d)",
                      (unsigned)a->provides, DASIM_SERVICES - 1);
    }
    if (a->assumes & ~(uint32_t)ASSUMPTIONS) {
        return refuse(file, error, "assumes 0x%x, expected a sum of the DASIM_RELIABLE family",
                      a->assumes);
    }
    return true;
}

static bool vet_uses(const char *file, const dasim_algorithm *a, GError **error)
{
    bool seen[DASIM_SERVICES] = {false};
    for (const dasim_service *s = a->uses; s && *s != DASIM_NO_SERVICE; s++) {
        if ((uint32_t)*s >= DASIM_SERVICES || *s == DASIM_APPLICATION) {
            return refuse(file, error,
                          "uses service %u, expected one that can be asked, and "
                          "DASIM_NO_SERVICE at the end",
                          (unsigned)*s);
        }
        if (*s == a->provides || seen[*s]) {
            return refuse(file, error, "uses %s%s, expected other services, each once",
                          service_name(*s), *s == a->provides ? ", which it provides" : " twice");
        }
        seen[*s] = true;
    }
    return true;
}

static bool vet_field(const char *file, const char *of, const dasim_field *f, uint32_t bytes,
                      GError **error)
{
    if ((uint32_t)f->type >= DASIM_TYPES) {
        return refuse(file, error, "field %s of %s has type %u, expected one of dasim_type",
                      f->name, of, (unsigned)f->type);
    }
    if (f->stride != 0 && f->stride < type_size[f->type]) {
        return refuse(file, error, "field %s of %s has stride %u, expected %u bytes at least",
                      f->name, of, f->stride, type_size[f->type]);
    }
    bool depends = f->count >= DASIM_PER_NODE && f->count <= DASIM_PER_RESOURCE_AND_NODE;
    if (!depends && f->count > VALUES_MOST) {
        return refuse(file, error, "field %s of %s has %u values, expected %d at most", f->name, of,
                      f->count, VALUES_MOST);
    }
    if (f->role && !vet_is_name(f->role)) {
        return refuse(file, error, "field %s of %s has role \"%.80s\", expected a name", f->name,
                      of, f->role);
    }
    uint64_t values = depends || f->count == 0 ? 1 : f->count;
    uint64_t stride = f->stride ? f->stride : type_size[f->type];
    uint64_t end = f->offset + (values - 1) * stride + type_size[f->type];
    if (f->offset != DASIM_AFTER && end > bytes) {
        return refuse(file, error, "field %s of %s ends at byte %" G_GUINT64_FORMAT ", expected %u",
                      f->name, of, end, bytes);
    }
    return true;
}

/* `bytes`: what the fields must fit in. */
static bool vet_fields(const char *file, const char *of, const dasim_field *fields, uint32_t bytes,
                       GError **error)
{
    char what[NAME_LONGEST + 16];
    g_snprintf(what, sizeof what, "%s field", of);
    name_list list = {.file = file, .what = what};
    for (; fields && fields->name; fields++) {
        if (!add_name(&list, fields->name, error) || !vet_field(file, of, fields, bytes, error)) {
            return false;
        }
    }
    return true;
}

static bool vet_messages(const char *file, const dasim_message *m, GError **error)
{
    name_list list = {.file = file, .what = "message", .upper = true};
    for (; m && m->name; m++) {
        if (!add_name(&list, m->name, error)) {
            return false;
        }
        if (m->size > BODY_LARGEST) {
            return refuse(file, error, "message %s of %u bytes, expected %d at most", m->name,
                          m->size, BODY_LARGEST);
        }
        if (!vet_fields(file, m->name, m->fields, m->size, error)) {
            return false;
        }
    }
    return true;
}

static bool vet_params(const char *file, const dasim_param *p, GError **error)
{
    name_list list = {.file = file, .what = "parameter"};
    for (; p && p->name; p++) {
        if (!add_name(&list, p->name, error)) {
            return false;
        }
        if ((uint32_t)p->unit >= DASIM_UNITS) {
            return refuse(file, error, "parameter %s has unit %u, expected one of dasim_unit",
                          p->name, (unsigned)p->unit);
        }
        if (p->unit == DASIM_SWITCH && (p->least < 0 || p->most > 1)) {
            return refuse(file, error, "parameter %s is a switch with bounds beyond 0 .. 1",
                          p->name);
        }
        if (p->least > p->value || p->value > p->most) {
            return refuse(file, error,
                          "parameter %s is %" G_GINT64_FORMAT
                          " by default, expected it within its bounds %" G_GINT64_FORMAT
                          " .. %" G_GINT64_FORMAT,
                          p->name, p->value, p->least, p->most);
        }
        /* In a scenario both are keys of one table. */
        if (service_of_name(p->name) != DASIM_SERVICES) {
            return refuse(file, error, "parameter %s has the name of a service, expected another",
                          p->name);
        }
    }
    return true;
}

static bool vet_costs(const char *file, const dasim_cost *c, GError **error)
{
    for (uint32_t i = 0; c && c->measure; c++, i++) {
        if (i == LIST_LONGEST) {
            return refuse(file, error, "more than %d costs, expected a list that ends with NULL",
                          LIST_LONGEST);
        }
        if (!c->formula || !c->when ||
            (strcmp(c->when, "always") != 0 && strcmp(c->when, "isolated") != 0 &&
             strcmp(c->when, "saturated") != 0)) {
            return refuse(file, error,
                          "cost \"%s\" without a formula or with when \"%s\", expected always, "
                          "isolated or saturated",
                          c->measure, c->when ? c->when : "NULL");
        }
    }
    return true;
}

static bool vet_handlers(const char *file, const dasim_algorithm *a, GError **error)
{
    const struct {
        bool is_due, is_there;
        const char *handler, *because;
    } table[] = {
        {a->messages && a->messages->name, a->on_message, "on_message", "it declares messages"},
        {a->timers && *a->timers, a->on_timer, "on_timer", "it declares timers"},
        {a->uses && *a->uses, a->on_indication, "on_indication", "it uses a service"},
        {a->provides != DASIM_APPLICATION, a->on_request, "on_request", "it provides a service"},
        {a->state && a->state->name, a->state_size, "state_size", "it declares state fields"},
        {a->stable && a->stable->name, a->stable_size, "stable_size", "it declares stable fields"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].is_due && !table[i].is_there) {
            return refuse(file, error, "no %s, expected one because %s", table[i].handler,
                          table[i].because);
        }
    }
    return true;
}

bool vet_algorithm(const char *file, const dasim_algorithm *a, const char *name, GError **error)
{
    return vet_head(file, a, error) && vet_identity(file, a, name, error) &&
           vet_uses(file, a, error) && vet_names(file, "promise", a->promises, error) &&
           vet_costs(file, a->costs, error) && vet_messages(file, a->messages, error) &&
           vet_fields(file, "state", a->state, UINT32_MAX, error) &&
           vet_fields(file, "stable", a->stable, UINT32_MAX, error) &&
           vet_params(file, a->params, error) && vet_names(file, "timer", a->timers, error) &&
           vet_handlers(file, a, error);
}
