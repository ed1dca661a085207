/* The expression becomes the body of a function of n, T and E; H is a global. */
#include "script/formula.h"

#include "script/sandbox.h"

#include <lauxlib.h>
#include <math.h>

enum { FORMULA_INSTRUCTIONS = 100000, HARMONIC_MOST = 1 << 24 };

struct formula {
    sandbox *box;
    char *text;
    int function; /* its place on the stack */
};

static int harmonic(lua_State *lua)
{
    lua_Integer n = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, n >= 0 && n <= HARMONIC_MOST, 1, "out of range");
    sandbox_charge(lua, (uint64_t)n);
    double sum = 0;
    for (lua_Integer k = n; k > 0; k--) {
        sum += 1 / (double)k;
    }
    lua_pushnumber(lua, sum);
    return 1;
}

formula *formula_new(const char *text, GError **error)
{
    formula *f = g_new0(formula, 1);
    f->box = sandbox_new(1);
    f->text = g_strdup(text);
    lua_register(sandbox_lua(f->box), "H", harmonic);
    char *source = g_strdup_printf("return function(n, T, E) return (%s) end", text);
    bool fine = sandbox_load(f->box, "formula", source, strlen(source), error) &&
                sandbox_call(f->box, 0, 1, FORMULA_INSTRUCTIONS, error);
    g_free(source);
    if (!fine) {
        formula_free(f);
        return NULL;
    }
    f->function = lua_gettop(sandbox_lua(f->box));
    return f;
}

void formula_free(formula *f)
{
    if (f) {
        sandbox_free(f->box);
        g_free(f->text);
        g_free(f);
    }
}

bool formula_value(formula *f, int64_t n, double t, double e, double *value, GError **error)
{
    lua_State *lua = sandbox_lua(f->box);
    lua_pushvalue(lua, f->function);
    lua_pushinteger(lua, n);
    lua_pushnumber(lua, t);
    lua_pushnumber(lua, e);
    if (!sandbox_call(f->box, 3, 1, FORMULA_INSTRUCTIONS, error)) {
        return false;
    }
    int is_number = 0;
    *value = lua_tonumberx(lua, -1, &is_number);
    lua_pop(lua, 1);
    if (!is_number || !isfinite(*value)) {
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_RAISED,
                    "found '%s' without a value for n = %" G_GINT64_FORMAT ", expected a number",
                    f->text, n);
        return false;
    }
    return true;
}
