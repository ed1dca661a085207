/* A scenario file from its name to data: read, run once in the sandbox, checked. The Lua state
 * lives on as long as the scenario, because on() and call() have functions in it. */
#include "script/script.h"

#include "script/files.h"
#include "script/sandbox.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <lauxlib.h>
#include <string.h>
#include <sys/stat.h>

G_DEFINE_QUARK(dasim - scenario - error, scenario_error)

enum { POOL_MOST = 512 << 20, BYTES_PER_UNIT = 16 };

script *script_of(lua_State *L)
{
    return sandbox_host(sandbox_of(L));
}

void only_in_file(lua_State *L, const char *function)
{
    if (script_of(L)->loaded) {
        fail_at(L, line_of_caller(L),
                "found %s() during the run, expected it in the file, outside "
                "of the functions of on() and call()",
                function);
    }
}

/* --------------------------------------------------------------------------------- the pool */

static void pool_pay(lua_State *L, size_t size)
{
    script *s = script_of(L);
    if (size > POOL_MOST - s->pool_bytes) {
        fail_at(L, line_of_caller(L), "found more than %d MiB of values, expected less",
                POOL_MOST >> 20);
    }
    sandbox_charge(L, 20 + size / BYTES_PER_UNIT);
    s->pool_bytes += size;
}

void *script_allocate(lua_State *L, size_t size)
{
    pool_pay(L, size);
    void *block = g_malloc0(MAX(size, 1));
    g_ptr_array_add(script_of(L)->pool, block);
    return block;
}

void script_adopt(lua_State *L, void *block, size_t size)
{
    g_ptr_array_add(script_of(L)->pool, block);
    pool_pay(L, size);
}

/* ---------------------------------------------------------------------------------- globals */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that scenarios know, for "did you mean". */
static void collect_names(script *s)
{
    lua_State *L = s->L;
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            g_ptr_array_add(s->names, g_strdup(lua_tostring(L, -2)));
        }
    }
    lua_pop(L, 1);
    g_ptr_array_sort(s->names, by_text); /* the names differ */
    g_ptr_array_add(s->names, NULL);
}

/* __index of the globals: the sandbox's own answer first, then ours. */
static int find_global(lua_State *L)
{
    char found[128], hint[96];
    size_t size;
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    if (!lua_isnil(L, -1) || lua_type(L, 2) != LUA_TSTRING) {
        return 1;
    }
    const char *name = lua_tolstring(L, 2, &size);
    did_you_mean(name, (const char *const *)script_of(L)->names->pdata, hint);
    fail_at(L, line_of_caller(L),
            "found unknown name %s, expected a name of the language or of this "
            "file%s",
            quote(name, size, found), hint);
}

static void watch_globals(script *s)
{
    lua_State *L = s->L;
    lua_pushglobaltable(L);
    if (lua_getmetatable(L, -1)) {
        lua_getfield(L, -1, "__index");
        lua_pushcclosure(L, find_global, 1);
        lua_setfield(L, -2, "__index");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void open_language(script *s)
{
    static void (*const parts[])(lua_State *) = {
        handles_open, params_open,    distributions_open, network_open,
        matrix_open,  topology_open,  stack_open,         workload_open,
        targets_open, actions_open,   patterns_open,      memory_workload_open,
        faults_open,  callbacks_open, processes_open,     experiment_open,
    };
    lua_checkstack(s->L, 20);
    lua_pushglobaltable(s->L);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        parts[i](s->L);
    }
    lua_pop(s->L, 1);
    collect_names(s);
    watch_globals(s);
}

/* ---------------------------------------------------------------------------------- the file */

static bool refuse(const scenario *s, int code, const char *found, GError **error)
{
    g_set_error(error, SCENARIO_ERROR, code, "%s: found %s, expected a scenario file", s->file,
                found);
    return false;
}

static bool read_bytes(const scenario *s, char **text, gsize *size, GError **error)
{
    struct stat facts;
    const char *file = s->file;
    if (g_stat(file, &facts) != 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        return refuse(s, SCENARIO_ERROR_UNREADABLE,
                      missing ? "no such file" : "a name that cannot be read", error);
    }
    if (!S_ISREG(facts.st_mode)) {
        return refuse(s, SCENARIO_ERROR_UNREADABLE,
                      S_ISDIR(facts.st_mode) ? "a directory" : "something that is no file", error);
    }
    if (facts.st_size > SANDBOX_SOURCE_MOST) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD,
                    "%s: found %" G_GINT64_FORMAT " bytes, expected a scenario of at most %d KiB",
                    file, (gint64)facts.st_size, SANDBOX_SOURCE_MOST / 1024);
        return false;
    }
    if (!g_file_get_contents(file, text, size, NULL)) {
        return refuse(s, SCENARIO_ERROR_UNREADABLE, g_strerror(errno), error);
    }
    return true;
}

static bool read_file(script *s, GError **error)
{
    char *text = NULL;
    gsize size = 0;
    if (!files_recall(s->files, s->out->file, &text, &size)) {
        if (!read_bytes(s->out, &text, &size, error)) {
            return false;
        }
        files_keep(s->files, s->out->file, text, size);
    }
    digest_add(s->inputs, text, size);
    s->text = (source){text, size};
    g_ptr_array_add(s->pool, text);
    if (size == strspn(text, " \t\r\n")) {
        return refuse(s->out, SCENARIO_ERROR_BAD, "an empty file", error);
    }
    return true;
}

/* What the file returned is on top of the stack. */
static bool check_result(const script *s, GError **error)
{
    const char *file = s->out->file;
    if (handle_at(s->L, -1, HANDLE_SCENARIO)) {
        return true;
    }
    if (s->scenario_line > 0) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD,
                    "%s:%d: found scenario { ... } that the file does not return, expected return "
                    "scenario { ... }",
                    file, s->scenario_line);
    } else {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD,
                    "%s: found no scenario { ... }, expected return scenario { nodes = 5, ... }",
                    file);
    }
    return false;
}

/* Runs the file; the scenario is complete if this is true. */
static bool run_file(script *s, GError **error)
{
    GError *cause = NULL;
    bool ran = sandbox_load(s->box, s->out->file, s->text.text, s->text.size, &cause) &&
               sandbox_call(s->box, 0, 1, SANDBOX_LOAD_INSTRUCTIONS, &cause);
    if (!ran) {
        int code = s->unreadable ? SCENARIO_ERROR_UNREADABLE : SCENARIO_ERROR_BAD;
        g_set_error_literal(error, SCENARIO_ERROR, code, cause->message);
        g_error_free(cause);
        return false;
    }
    bool fine = check_result(s, error) && params_check(s, error);
    lua_settop(s->L, 0);
    return fine;
}

static script *script_new(scenario *out, uint64_t seed)
{
    script *s = g_new0(script, 1);
    s->out = out;
    s->box = sandbox_new(seed);
    s->L = sandbox_lua(s->box);
    s->folder = g_path_get_dirname(out->file);
    s->pool = g_ptr_array_new_with_free_func(g_free);
    s->names = g_ptr_array_new_with_free_func(g_free);
    s->partitions = g_ptr_array_new();
    s->settings = g_array_new(FALSE, FALSE, sizeof(scenario_setting));
    s->watchers = g_array_new(FALSE, FALSE, sizeof(watcher));
    s->functions = g_array_new(FALSE, FALSE, sizeof(int));
    s->note = g_string_new(NULL);
    s->inputs = digest_new();
    sandbox_set_host(s->box, s);
    open_language(s);
    return s;
}

static void script_free(script *s)
{
    processes_clear(s); /* they lie in the sandbox */
    sandbox_free(s->box);
    g_string_free(s->note, TRUE);
    digest_free(s->inputs);
    g_free(s->folder);
    g_ptr_array_free(s->pool, TRUE);
    g_ptr_array_free(s->names, TRUE);
    g_ptr_array_free(s->partitions, TRUE);
    g_array_free(s->settings, TRUE);
    g_array_free(s->watchers, TRUE);
    g_array_free(s->functions, TRUE);
    g_clear_error(&s->failure);
    g_free(s);
}

static void param_clear(void *data)
{
    scenario_param *p = data;
    g_free(p->name);
    g_free(p->value);
    g_free(p->fallback);
    g_free(p->help);
}

static void expectation_clear(void *data)
{
    g_free(((expectation *)data)->property);
}

static scenario *scenario_new(const char *file, uint64_t seed)
{
    scenario *out = g_new0(scenario, 1);
    out->file = g_strdup(file);
    out->params = g_array_new(FALSE, FALSE, sizeof(scenario_param));
    out->faults = g_array_new(FALSE, FALSE, sizeof(fault));
    out->rules = g_array_new(FALSE, FALSE, sizeof(message_rule));
    out->expectations = g_array_new(FALSE, FALSE, sizeof(expectation));
    g_array_set_clear_func(out->params, param_clear);
    g_array_set_clear_func(out->expectations, expectation_clear);
    out->script = script_new(out, seed);
    return out;
}

/* What the rest of dasim may rely on, now that the file has run. */
static void conclude(script *s, scenario *out)
{
    out->question = source_question(&s->text);
    out->digest = digest_now(s->inputs);
    out->serves_all_seeds = sandbox_draws(s->box) == 0 && s->watchers->len == 0 &&
                            s->functions->len == 0 && out->process_count == 0;
    g_array_set_size(s->settings, 0);
    s->files = NULL;
    s->modules = NULL;
    s->properties = NULL;
    s->loaded = true;
}

scenario *scenario_load_from(scenario_files *files, const char *file,
                             const scenario_setting *settings, size_t count, uint64_t seed,
                             catalogue *modules, const char *const *properties, GError **error)
{
    scenario *out = scenario_new(file, seed);
    script *s = out->script;
    out->path = g_strdupv((char **)(uintptr_t)catalogue_path(modules));
    s->files = files;
    s->modules = modules;
    s->properties = properties;
    if (count > 0) {
        g_array_append_vals(s->settings, settings, (guint)count);
    }
    if (!read_file(s, error) || !run_file(s, error)) {
        scenario_free(out);
        return NULL;
    }
    conclude(s, out);
    return out;
}

scenario *scenario_load(const char *file, const scenario_setting *settings, size_t count,
                        uint64_t seed, catalogue *modules, const char *const *properties,
                        GError **error)
{
    return scenario_load_from(NULL, file, settings, count, seed, modules, properties, error);
}

void scenario_free(scenario *s)
{
    if (s == NULL) {
        return;
    }
    script_free(s->script);
    g_array_free(s->params, TRUE);
    g_array_free(s->faults, TRUE);
    g_array_free(s->rules, TRUE);
    g_array_free(s->expectations, TRUE);
    g_strfreev(s->path);
    g_free(s->question);
    g_free(s->file);
    g_free(s);
}
