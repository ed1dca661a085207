/* dasim doc NAME: what an algorithm or a property is, from its own declaration. */
#include "cli/cli.h"

#include "check/property.h"

#include <inttypes.h>
#include <string.h>

static void heading(GString *text, const char *words)
{
    g_string_append_printf(text, "\n%s\n", words);
}

/* Lines of the declaration, indented. */
static void append_lines(GString *text, const char *lines)
{
    char **all = g_strsplit(lines, "\n", -1);
    for (char **line = all; *line; line++) {
        g_string_append_printf(text, "  %s\n", *line);
    }
    g_strfreev(all);
}

static void append_value(GString *text, dasim_unit unit, int64_t value)
{
    static const struct {
        const char *name;
        int64_t size;
    } times[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
    if (unit == DASIM_SWITCH) {
        g_string_append(text, value ? "true" : "false");
    } else if (unit == DASIM_DURATION && value != 0) {
        size_t i = 0;
        while (value % times[i].size != 0) {
            i++;
        }
        g_string_append_printf(text, "%" PRId64 "%s", value / times[i].size, times[i].name);
    } else if (unit == DASIM_RATIO) {
        bool percent = value % 10000000 == 0;
        g_string_append_printf(text, "%" PRId64 "%s", value / (percent ? 10000000 : 1),
                               percent ? "%" : "ppb");
    } else {
        g_string_append_printf(text, "%" PRId64 "%s", value, unit == DASIM_BYTES ? "B" : "");
    }
}

static void append_params(GString *text, const dasim_param *params)
{
    if (params == NULL || params->name == NULL) {
        return;
    }
    heading(text, "Parameters");
    for (; params->name; params++) {
        GString *value = g_string_new(NULL);
        append_value(value, params->unit, params->value);
        g_string_append_printf(text, "  %-20s %-10s %s (", params->name, value->str,
                               params->help ? params->help : "");
        append_value(text, params->unit, params->least);
        g_string_append(text, " .. ");
        append_value(text, params->unit, params->most);
        g_string_append(text, ")\n");
        g_string_free(value, TRUE);
    }
}

static void append_fields(GString *text, const char *title, const dasim_field *fields)
{
    static const char *const types[DASIM_TYPES] =
        {[DASIM_BOOL] = "bool", [DASIM_U8] = "u8",     [DASIM_U16] = "u16",
         [DASIM_U32] = "u32",   [DASIM_U64] = "u64",   [DASIM_I32] = "i32",
         [DASIM_I64] = "i64",   [DASIM_NODE] = "node", [DASIM_TIME] = "time"};
    if (fields == NULL || fields->name == NULL) {
        return;
    }
    heading(text, title);
    for (; fields->name; fields++) {
        const char *count = fields->count == DASIM_PER_NODE                ? "[node]"
                            : fields->count == DASIM_PER_RESOURCE          ? "[resource]"
                            : fields->count == DASIM_PER_RESOURCE_AND_NODE ? "[resource][node]"
                            : fields->count > 1                            ? "[]"
                                                                           : "";
        char *name = g_strconcat(fields->name, count, NULL);
        g_string_append_printf(text, "  %-28s %-6s %s", name, types[fields->type],
                               fields->help ? fields->help : "");
        if (fields->role) {
            g_string_append_printf(text, " (role: %s)", fields->role);
        }
        g_string_append_c(text, '\n');
        g_free(name);
    }
}

static void append_messages(GString *text, const dasim_message *messages)
{
    if (messages == NULL || messages->name == NULL) {
        return;
    }
    heading(text, "Messages");
    for (; messages->name; messages++) {
        GString *name = g_string_new(messages->name);
        const dasim_field *f = messages->fields;
        for (bool first = true; f && f->name; f++, first = false) {
            g_string_append_printf(name, "%s%s", first ? "{" : ", ", f->name);
        }
        g_string_append(name, messages->fields && messages->fields->name ? "}" : "");
        g_string_append_printf(text, "  %-32s %s\n", name->str,
                               messages->help ? messages->help : "");
        g_string_free(name, TRUE);
    }
}

static void append_costs(GString *text, const dasim_cost *costs)
{
    if (costs == NULL || costs->measure == NULL) {
        return;
    }
    heading(text, "Costs (n nodes, T one-way delay, E time in the section, H(n) = 1+1/2+...+1/n)");
    int width = 24;
    for (const dasim_cost *c = costs; c->measure; c++) {
        width = MAX(width, (int)strlen(c->measure));
    }
    for (; costs->measure; costs++) {
        g_string_append_printf(text, "  %-*s %-16s %s\n", width, costs->measure, costs->formula,
                               costs->when);
    }
}

static void append_assumptions(GString *text, const dasim_algorithm *a)
{
    static const struct {
        uint32_t bit;
        const char *words;
    } all[] = {
        {DASIM_RELIABLE, "every message arrives"},
        {DASIM_NO_DUPLICATES, "no message arrives twice"},
        {DASIM_FIFO, "messages between two nodes arrive in the order of sending"},
        {DASIM_NO_CRASH, "no node fails"},
    };
    heading(text, "Assumes");
    if ((a->assumes & (DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_FIFO | DASIM_NO_CRASH)) == 0) {
        g_string_append(text, "  nothing\n");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (a->assumes & all[i].bit) {
            g_string_append_printf(text, "  %s\n", all[i].words);
        }
    }
    heading(text, "Promises");
    for (const char *const *promise = a->promises; promise && *promise; promise++) {
        const property *p = property_find(*promise);
        g_string_append_printf(text, "  %-24s %s\n", *promise, p ? p->statement : "");
    }
    if (a->promises == NULL || a->promises[0] == NULL) {
        g_string_append(text, "  nothing\n");
    }
}

static void append_services(GString *text, const char *title, const dasim_service *list)
{
    if (list && *list != DASIM_NO_SERVICE) {
        heading(text, title);
        for (const dasim_service *s = list; *s != DASIM_NO_SERVICE; s++) {
            g_string_append_printf(text, "  %s\n", service_name(*s));
        }
    }
}

static void append_algorithm(GString *text, const dasim_algorithm *a, const char *file)
{
    g_string_append_printf(text, "%s.%s: %s\n", service_name(a->provides), a->name, a->title);
    g_string_append_printf(text, "  after %s\n", a->reference ? a->reference : "its author");
    if (a->about) {
        g_string_append_c(text, '\n');
        append_lines(text, a->about);
    }
    append_services(text, "Uses", a->uses);
    append_services(text, "May use", a->may_use);
    append_assumptions(text, a);
    append_costs(text, a->costs);
    append_params(text, a->params);
    append_messages(text, a->messages);
    append_fields(text, "State", a->state);
    append_fields(text, "Stable storage", a->stable);
    if (file) {
        g_string_append_printf(text, "\nModule\n  %s\n", file);
    }
}

static void append_property(GString *text, const property *p)
{
    g_string_append_printf(text, "%s: a %s property of %s\n\n", p->name,
                           p->liveness ? "liveness" : "safety", service_name(p->service));
    g_string_append_printf(text, "  %s\n\n", p->statement);
    g_string_append_printf(text, "  after %s\n", p->reference);
}

/* No algorithm either: the nearest name of both kinds. */
static void complain_unknown(catalogue *modules, const char *name)
{
    char **names = catalogue_names(modules);
    GPtrArray *all = g_ptr_array_new();
    for (char **one = names; *one; one++) {
        g_ptr_array_add(all, *one);
    }
    for (const property *const *p = property_all(); *p; p++) {
        g_ptr_array_add(all, (char *)(uintptr_t)(*p)->name);
    }
    const char *near = nearest_name(name, (const char *const *)all->pdata, all->len);
    complain("found unknown name '%s', expected an algorithm or a property of dasim list%s%s%s",
             name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    g_ptr_array_free(all, TRUE);
    g_strfreev(names);
}

/* A column that is empty at the end of a line leaves no blanks there. */
static void strip_lines(GString *text)
{
    gsize to = 0;
    for (gsize i = 0; i < text->len; i++) {
        while (text->str[i] == '\n' && to > 0 && text->str[to - 1] == ' ') {
            to--;
        }
        text->str[to++] = text->str[i];
    }
    g_string_truncate(text, to);
}

static int document(catalogue *modules, const char *name)
{
    GError *error = NULL;
    const property *p = property_find(name);
    const char *dot = strchr(name, '.'); /* mutex.NAME is fine, too */
    const char *plain = dot ? dot + 1 : name;
    const dasim_algorithm *a = p ? NULL : catalogue_load(modules, plain, &error);
    int status = EXIT_AS_EXPECTED;
    if (p || a) {
        GString *text = g_string_new(NULL);
        if (p) {
            append_property(text, p);
        } else {
            append_algorithm(text, a, catalogue_file(modules, plain));
        }
        strip_lines(text);
        status = cli_print(text) ? EXIT_AS_EXPECTED : EXIT_FILE;
        g_string_free(text, TRUE);
        return status;
    }
    status = g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNREADABLE) ? EXIT_FILE : EXIT_USAGE;
    if (g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNKNOWN)) {
        complain_unknown(modules, name);
    } else {
        complain("%s", error->message);
    }
    g_error_free(error);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_doc, count, words, 1, 1, &a)) {
        status = EXIT_AS_EXPECTED;
        if (!a.help) {
            catalogue *modules = arguments_catalogue(&a);
            status = document(modules, a.words->pdata[0]);
            catalogue_free(modules);
        }
    }
    arguments_clear(&a);
    return status;
}

const command command_doc = {
    .name = "doc",
    .arguments = "NAME",
    .summary = "what an algorithm or a property is: idea, costs, parameters",
    .run = run,
};
