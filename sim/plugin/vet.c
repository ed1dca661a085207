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
    TEXT_LONGEST = 4096,
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
        return refuse(list->file, error, "more than %d %ss, expected a list that ends with NULL",
                      LIST_LONGEST, list->what);
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

/* What is printed for people: UTF-8 of one line, or several; not without an end. `of`: whose. */
static bool vet_text(const char *file, const char *what, const char *of, const char *text,
                     bool lines, GError **error)
{
    if (text == NULL) {
        return true;
    }
    size_t size = strnlen(text, TEXT_LONGEST + 1);
    if (size > TEXT_LONGEST) {
        return refuse(file, error, "%s of %s is longer than %d bytes, expected less", what, of,
                      TEXT_LONGEST);
    }
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        return refuse(file, error, "%s of %s is not UTF-8", what, of);
    }
    for (const char *c = text; *c; c++) {
        if (g_ascii_iscntrl(*c) && !(lines && *c == '\n')) {
            return refuse(file, error, "%s of %s holds the character \\%03o, expected %s", what, of,
                          (unsigned)(unsigned char)*c, lines ? "text" : "text of one line");
        }
    }
    return true;
}

/* An entry without a name ends its list. Where it says something else, the name was forgotten. */
static bool vet_end(const char *file, const char *what, const void *end, size_t size,
                    uint32_t index, GError **error)
{
    const unsigned char *bytes = end;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return refuse(file, error, "%s number %u has no name, expected one, or {0} at the end",
                          what, index);
        }
    }
    return true;
}

bool vet_head(const char *file, const uint32_t head[3], GError **error)
{
    if (head[0] != DASIM_MAGIC) {
        return refuse(file, error,
                      "found magic %08X, expected %08X: describe the algorithm with "
                      "DASIM_ALGORITHM(...)",
                      head[0], DASIM_MAGIC);
    }
    if (head[1] != DASIM_ABI) {
        return refuse(file, error,
                      "found ABI %u, expected %u: rebuild the module with this dasim's dasim.h",
                      head[1], DASIM_ABI);
    }
    if (head[2] != sizeof(dasim_algorithm)) {
        return refuse(file, error,
                      "found a description of %u bytes, expected %zu: rebuild the module with "
                      "this dasim's dasim.h",
                      head[2], sizeof(dasim_algorithm));
    }
    return true;
}

static bool vet_identity(const char *file, const dasim_algorithm *a, const char *name,
                         GError **error)
{
    name_list own = {.file = file, .what = "name"};
    if (!a->name) {
        return refuse(file, error, "found no name, expected .name = \"%s\"", name ? name : "...");
    }
    if (!add_name(&own, a->name, error)) {
        return false;
    }
    if (name && strcmp(a->name, name) != 0) {
        return refuse(file, error, "found algorithm \"%s\", expected \"%s\" as in the file's name",
                      a->name, name);
    }
    if (!a->title || !*a->title) {
        return refuse(file, error, "found no title, expected .title of one line");
    }
    if (!vet_text(file, "title", a->name, a->title, false, error) ||
        !vet_text(file, "reference", a->name, a->reference, true, error) ||
        !vet_text(file, "about", a->name, a->about, true, error)) {
        return false;
    }
    if ((uint32_t)a->provides <= DASIM_NO_SERVICE || (uint32_t)a->provides >= DASIM_SERVICES) {
        return refuse(file, error,
                      "found service %u provided, expected one of dasim_service (1 .. %d)",
                      (unsigned)a->provides, DASIM_SERVICES - 1);
    }
    if (a->assumes & ~(uint32_t)ASSUMPTIONS) {
        return refuse(file, error,
                      "found assumptions 0x%x, expected a sum of the DASIM_RELIABLE family",
                      a->assumes);
    }
    return true;
}

/* One of the lists `uses` and `may_use`; `seen`: services of either. The service that it provides
 * may be among them: a lock above a lock. */
static bool vet_services(const char *file, const dasim_service *s, bool seen[DASIM_SERVICES],
                         GError **error)
{
    for (; s && *s != DASIM_NO_SERVICE; s++) {
        if ((uint32_t)*s >= DASIM_SERVICES || *s == DASIM_APPLICATION) {
            return refuse(file, error,
                          "uses service %u, expected one that can be asked, and "
                          "DASIM_NO_SERVICE at the end",
                          (unsigned)*s);
        }
        if (seen[*s]) {
            return refuse(file, error, "uses %s twice, expected each service once",
                          service_name(*s));
        }
        seen[*s] = true;
    }
    return true;
}

static bool vet_uses(const char *file, const dasim_algorithm *a, GError **error)
{
    bool seen[DASIM_SERVICES] = {false};
    return vet_services(file, a->uses, seen, error) && vet_services(file, a->may_use, seen, error);
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
        if (!add_name(&list, fields->name, error) || !vet_field(file, of, fields, bytes, error) ||
            !vet_text(file, "help", fields->name, fields->help, false, error)) {
            return false;
        }
    }
    return fields == NULL || vet_end(file, what, fields, sizeof *fields, list.count, error);
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
        if (!vet_fields(file, m->name, m->fields, m->size, error) ||
            !vet_text(file, "help", m->name, m->help, false, error)) {
            return false;
        }
    }
    return m == NULL || vet_end(file, "message", m, sizeof *m, list.count, error);
}

static bool vet_param(const char *file, const dasim_param *p, GError **error)
{
    if ((uint32_t)p->unit >= DASIM_UNITS) {
        return refuse(file, error, "parameter %s has unit %u, expected one of dasim_unit", p->name,
                      (unsigned)p->unit);
    }
    if (p->unit == DASIM_SWITCH && (p->least < 0 || p->most > 1)) {
        return refuse(file, error,
                      "parameter %s has bounds %" G_GINT64_FORMAT " .. %" G_GINT64_FORMAT
                      ", expected 0 .. 1 of a switch",
                      p->name, p->least, p->most);
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
    return vet_text(file, "help", p->name, p->help, false, error);
}

static bool vet_params(const char *file, const dasim_param *p, GError **error)
{
    name_list list = {.file = file, .what = "parameter"};
    for (; p && p->name; p++) {
        if (!add_name(&list, p->name, error) || !vet_param(file, p, error)) {
            return false;
        }
    }
    return p == NULL || vet_end(file, "parameter", p, sizeof *p, list.count, error);
}

static bool is_when(const char *when)
{
    static const char *const whens[] = {"always", "isolated", "saturated", "best",
                                        "mean",   "worst",    NULL};
    return when && g_strv_contains(whens, when);
}

static bool vet_cost(const char *file, const dasim_cost *c, uint32_t i, GError **error)
{
    char of[24];
    g_snprintf(of, sizeof of, "cost number %u", i);
    if (!vet_text(file, "measure", of, c->measure, false, error) ||
        !vet_text(file, "formula", of, c->formula, false, error) ||
        !vet_text(file, "when", of, c->when, false, error)) {
        return false;
    }
    if (!c->formula || !*c->formula) {
        return refuse(file, error, "%s (%s) has no formula, expected one", of, c->measure);
    }
    if (!is_when(c->when)) {
        return refuse(file, error,
                      "%s (%s) holds when \"%s\", expected always, isolated, saturated, best, "
                      "mean or worst",
                      of, c->measure, c->when ? c->when : "");
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
        if (!vet_cost(file, c, i, error)) {
            return false;
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
        {a->may_use && *a->may_use, a->on_indication, "on_indication", "it may use a service"},
        {a->provides != DASIM_APPLICATION && a->provides != DASIM_DETECTOR, a->on_request,
         "on_request", "it provides a service"},
        {a->state && a->state->name, a->state_size, "state_size",
         "it declares fields of its state"},
        {a->stable && a->stable->name, a->stable_size, "stable_size",
         "it declares fields of its stable storage"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].is_due && !table[i].is_there) {
            return refuse(file, error, "found no %s, expected one because %s", table[i].handler,
                          table[i].because);
        }
    }
    return true;
}

bool vet_algorithm(const char *file, const dasim_algorithm *a, const char *name, GError **error)
{
    const uint32_t head[] = {a->magic, a->abi, a->size};
    return vet_head(file, head, error) && vet_identity(file, a, name, error) &&
           vet_uses(file, a, error) && vet_names(file, "promise", a->promises, error) &&
           vet_costs(file, a->costs, error) && vet_messages(file, a->messages, error) &&
           vet_fields(file, "state", a->state, UINT32_MAX, error) &&
           vet_fields(file, "stable", a->stable, UINT32_MAX, error) &&
           vet_params(file, a->params, error) && vet_names(file, "timer", a->timers, error) &&
           vet_handlers(file, a, error);
}
