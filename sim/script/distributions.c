/* exponential("2ms"), uniform("-50ppm", "50ppm"), ...: distributions of durations or ratios. Which
 * of the two is known from the units and checked where the distribution is used. */
#include "script/data.h"
#include "script/script.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

typedef struct form {
    const char *name;
    distribution_kind kind;
    enum { SECOND_NONE, SECOND_QUANTITY, SECOND_NUMBER } second;
    const char *example;
} form;

static const form forms[] = {
    {"fixed", DISTRIBUTION_FIXED, SECOND_NONE, "fixed(\"2ms\")"},
    {"uniform", DISTRIBUTION_UNIFORM, SECOND_QUANTITY, "uniform(\"1ms\", \"5ms\")"},
    {"exponential", DISTRIBUTION_EXPONENTIAL, SECOND_NONE, "exponential(\"2ms\")"},
    {"normal", DISTRIBUTION_NORMAL, SECOND_QUANTITY, "normal(\"10ms\", \"2ms\")"},
    {"log_normal", DISTRIBUTION_LOG_NORMAL, SECOND_NUMBER, "log_normal(\"10ms\", 0.5)"},
    {"pareto", DISTRIBUTION_PARETO, SECOND_NUMBER, "pareto(\"1ms\", 1.5)"},
    {"weibull", DISTRIBUTION_WEIBULL, SECOND_NUMBER, "weibull(\"10ms\", 2)"},
};
enum { FORMS = sizeof forms / sizeof forms[0], TABLE_MOST = 1000000 };

static const char *const empirical_example =
    "empirical { \"1ms\", \"5ms\" } or empirical(\"file.csv\")";
static const char *const limit_keys[] = {"least", "most", NULL};
static const char *const empirical_keys[] = {"least", "most", "unit", NULL};

static bool is_ratio(lua_State *L, int index)
{
    const quantity_handle *h = handle_at(L, index, HANDLE_QUANTITY);
    quantity q = {DIMENSION_NUMBER, 0};
    if (!h && lua_type(L, index) == LUA_TSTRING) {
        quantity_parse(lua_tostring(L, index), &q, NULL);
    }
    return (h ? h->quantity.dimension : q.dimension) == DIMENSION_RATIO;
}

/* A duration or a ratio, the same as those before: *d, DIMENSION_NUMBER as long as all were 0. */
static int64_t take_part(lua_State *L, int index, const place *p, dimension *d)
{
    dimension wanted = *d;
    if (wanted == DIMENSION_NUMBER) {
        wanted = is_ratio(L, index) ? DIMENSION_RATIO : DIMENSION_DURATION;
    }
    int64_t value = take_quantity(L, index, p, wanted, INT64_MIN, INT64_MAX);
    *d = value != 0 ? wanted : *d;
    return value;
}

/* A shape or a sigma, in ppb. */
static int64_t take_shape(lua_State *L, int index, const place *p)
{
    if (lua_type(L, index) != LUA_TNUMBER) {
        fail_value(L, index, p, "", "a plain number");
    }
    volatile double scaled = lua_tonumber(L, index) * 1e9; /* no fused rounding */
    if (!(scaled > -1e15 && scaled < 1e15)) {
        fail_value(L, index, p, "", "a number from 0.01 to 100");
    }
    return (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static void read_limits(lua_State *L, int index, const char *name, const char *const *keys,
                        distribution_handle *h)
{
    if (lua_isnoneornil(L, index)) {
        return;
    }
    reader r = reader_of_argument(L, index, name, keys, false);
    place p;
    if (reader_get(&r, "least", &p)) {
        h->distribution.least = take_part(L, -1, &p, &h->dimension);
        lua_pop(L, 1);
    }
    if (reader_get(&r, "most", &p)) {
        h->distribution.most = take_part(L, -1, &p, &h->dimension);
        lua_pop(L, 1);
    }
    if (h->distribution.least > h->distribution.most) {
        fail_at(L, r.line, "found least above most in %s(), expected least to be at most most",
                name);
    }
}

static void check_form(lua_State *L, const char *name, const char *example,
                       const distribution_handle *h)
{
    const char *wrong = distribution_fault(&h->distribution);
    if (wrong) {
        fail_at(L, h->head.line, "found %s() where %s, expected values as in %s", name, wrong,
                example);
    }
}

static int make_form(lua_State *L)
{
    const form *f = &forms[lua_tointeger(L, lua_upvalueindex(1))];
    int parts = f->second == SECOND_NONE ? 1 : 2, given = lua_gettop(L);
    if (given < parts || given > parts + 1) {
        fail_count(L, given, f->name, f->example);
    }
    distribution_handle *h = handle_new(L, HANDLE_DISTRIBUTION, sizeof *h);
    h->distribution = (distribution){f->kind, 0, 0, INT64_MIN, INT64_MAX, NULL};
    place p = argument_of(L, f->name, 1);
    h->distribution.a = take_part(L, 1, &p, &h->dimension);
    p.number = 2;
    if (f->second == SECOND_QUANTITY) {
        h->distribution.b = take_part(L, 2, &p, &h->dimension);
    } else if (f->second == SECOND_NUMBER) {
        h->distribution.b = take_shape(L, 2, &p);
    }
    if (given > parts) {
        read_limits(L, parts + 1, f->name, limit_keys, h);
    }
    check_form(L, f->name, f->example, h);
    return 1;
}

/* -------------------------------------------------------------------------------- empirical */

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static distribution_table *new_table(lua_State *L, size_t count)
{
    distribution_table *table = script_allocate(L, sizeof *table + count * sizeof(int64_t));
    table->count = (uint32_t)count;
    return table;
}

static distribution_table *table_of_list(lua_State *L, distribution_handle *h)
{
    reader r = reader_of_argument(L, 1, "empirical", NULL, true);
    size_t count = lua_rawlen(L, 1);
    if (count < 2 || count > TABLE_MOST) {
        fail_at(L, r.line, "found %zu value%s in empirical(), expected 2 .. 1000000", count,
                count == 1 ? "" : "s");
    }
    distribution_table *table = new_table(L, count);
    place p;
    for (size_t i = 0; i < count && reader_entry(&r, i + 1, &p); i++) {
        table->value[i] = take_part(L, -1, &p, &h->dimension);
        lua_pop(L, 1);
    }
    return table;
}

/* One cell a row, each with its unit, or all in `unit`. */
static int64_t value_of_cell(const data *d, const cell *c, const quantity *unit, dimension *kind)
{
    quantity q;
    if (unit) {
        if (decimal_parse(c->text, c->size, unit->value, &q.value)) {
            *kind = unit->dimension;
            return q.value;
        }
        data_fail(d, c, "a number");
    }
    char text[64];
    g_snprintf(text, sizeof text, "%.*s", (int)MIN(c->size, 63), c->text);
    if (quantity_parse(text, &q, NULL) != UNITS_FINE ||
        (q.dimension != DIMENSION_DURATION && q.dimension != DIMENSION_RATIO &&
         q.dimension != DIMENSION_NUMBER)) {
        data_fail(d, c, "a value with a unit such as 5ms");
    }
    if (*kind != DIMENSION_NUMBER && q.dimension != DIMENSION_NUMBER && q.dimension != *kind) {
        data_fail(d, c, "a value of the same kind as those before");
    }
    *kind = q.dimension == DIMENSION_NUMBER ? *kind : q.dimension;
    return q.value;
}

static distribution_table *table_of_file(lua_State *L, distribution_handle *h, const quantity *unit)
{
    place p = argument_of(L, "empirical", 1);
    data d;
    cell c;
    size_t count = 0;
    data_open(L, 1, &p, &d);
    data again = d;
    while (data_next(&d, &c)) {
        if (!d.row_ended) {
            data_fail(&d, &c, "one value a row");
        }
        count++;
    }
    if (count < 2 || count > TABLE_MOST) {
        fail_at(L, p.line, "found %zu values in the file of empirical(), expected 2 .. 1000000",
                count);
    }
    distribution_table *table = new_table(L, count);
    for (size_t i = 0; data_next(&again, &c); i++) {
        table->value[i] = value_of_cell(&again, &c, unit, &h->dimension);
    }
    return table;
}

static bool read_unit(lua_State *L, quantity *unit)
{
    static const char *const names[] = {"ns", "us", "ms", "s", "%", "ppm", "ppb", NULL};
    if (lua_type(L, 2) != LUA_TTABLE) {
        return false;
    }
    reader r = reader_of_argument(L, 2, "empirical", empirical_keys, false);
    place p;
    if (!reader_get(&r, "unit", &p)) {
        return false;
    }
    char one[16];
    g_snprintf(one, sizeof one, "1%s", names[take_choice(L, -1, &p, names)]);
    lua_pop(L, 1);
    return quantity_parse(one, unit, NULL) == UNITS_FINE;
}

static int make_empirical(lua_State *L)
{
    int given = lua_gettop(L);
    only_in_file(L, "empirical");
    if (given < 1 || given > 2) {
        fail_count(L, given, "empirical", empirical_example);
    }
    distribution_handle *h = handle_new(L, HANDLE_DISTRIBUTION, sizeof *h);
    h->distribution = (distribution){DISTRIBUTION_EMPIRICAL, 0, 0, INT64_MIN, INT64_MAX, NULL};
    quantity unit;
    bool has_unit = given == 2 && read_unit(L, &unit);
    distribution_table *table = lua_type(L, 1) == LUA_TSTRING
                                    ? table_of_file(L, h, has_unit ? &unit : NULL)
                                    : table_of_list(L, h);
    qsort(table->value, table->count, sizeof table->value[0], ascending);
    h->distribution.table = table;
    if (given == 2) {
        read_limits(L, 2, "empirical", empirical_keys, h);
    }
    check_form(L, "empirical", empirical_example, h);
    return 1;
}

void distributions_open(lua_State *L)
{
    for (size_t i = 0; i < FORMS; i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, make_form, 1);
        lua_setfield(L, -2, forms[i].name);
    }
    lua_pushcfunction(L, make_empirical);
    lua_setfield(L, -2, "empirical");
}
