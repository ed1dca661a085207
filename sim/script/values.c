/* One value of the scenario, checked for type, unit and range. */
#include "script/script.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* "0 .. 5", "1 or more". */
static const char *range_words(int64_t least, int64_t most, char words[64])
{
    if (most >= INT64_C(1) << 53) {
        snprintf(words, 64, "%lld or more", (long long)least);
    } else {
        snprintf(words, 64, "%lld .. %lld", (long long)least, (long long)most);
    }
    return words;
}

int64_t take_integer(lua_State *L, int index, const place *p, int64_t least, int64_t most)
{
    char words[64];
    int exact = 0;
    lua_Integer value = 0;
    if (lua_type(L, index) == LUA_TNUMBER) {
        value = lua_tointegerx(L, index, &exact);
    }
    if (!exact || value < least || value > most) {
        fail_value(L, index, p, "", "a whole number, %s", range_words(least, most, words));
    }
    return value;
}

/* What would have been right where the unit was forgotten or is mistyped. */
static void unit_hint(lua_State *L, int index, dimension d, units_fault wrong, const char *unit,
                      char hint[96])
{
    static const char *const usual[DIMENSIONS] = {"", "ms", "%", "B", "Mbit/s"};
    char text[128];
    hint[0] = '\0';
    if (wrong == UNITS_NO_UNIT) {
        const char *number =
            lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : describe(L, index, text);
        snprintf(hint, 96, "; did you mean \"%.40s%s\"?", number, usual[d]);
    } else if (wrong == UNITS_UNKNOWN) {
        did_you_mean(unit, unit_names(), hint);
    }
}

static const char *fault_words(units_fault wrong)
{
    switch (wrong) {
    case UNITS_TOO_FINE:
        return " (finer than can be told apart)";
    case UNITS_TOO_LARGE:
        return " (too large)";
    default:
        return "";
    }
}

/* The value as a quantity of any dimension; what was wrong with it otherwise. */
static units_fault to_quantity(lua_State *L, int index, quantity *q, const char **unit)
{
    const quantity_handle *h = handle_at(L, index, HANDLE_QUANTITY);
    if (h) {
        *q = h->quantity;
        return UNITS_FINE;
    }
    if (lua_type(L, index) == LUA_TSTRING) {
        return quantity_parse(lua_tostring(L, index), q, unit);
    }
    *q = (quantity){DIMENSION_NUMBER, 0};
    if (lua_type(L, index) != LUA_TNUMBER) {
        return UNITS_NO_NUMBER;
    }
    return lua_tonumber(L, index) == 0 ? UNITS_FINE : UNITS_NO_UNIT;
}

int64_t take_quantity(lua_State *L, int index, const place *p, dimension d, int64_t least,
                      int64_t most)
{
    quantity q;
    char hint[96], bound[32];
    const char *unit = "";
    units_fault wrong = to_quantity(L, index, &q, &unit);
    if (wrong != UNITS_FINE) {
        unit_hint(L, index, d, wrong, unit, hint);
        fail_value(L, index, p, hint, "%s%s", dimension_expected(d), fault_words(wrong));
    }
    if (q.dimension != d && q.dimension != DIMENSION_NUMBER) {
        fail_value(L, index, p, "", "%s", dimension_expected(d));
    }
    if (q.value < least) {
        fail_value(L, index, p, "", "%s, %s or more", dimension_expected(d),
                   quantity_format((quantity){least ? d : DIMENSION_NUMBER, least}, bound));
    }
    if (q.value > most) {
        fail_value(L, index, p, "", "%s, %s or less", dimension_expected(d),
                   quantity_format((quantity){d, most}, bound));
    }
    return q.value;
}

int64_t take_duration(lua_State *L, int index, const place *p)
{
    return take_quantity(L, index, p, DIMENSION_DURATION, 0, INT64_MAX);
}

uint64_t take_probability(lua_State *L, int index, const place *p)
{
    return probability_of_ppb(take_quantity(L, index, p, DIMENSION_RATIO, 0, 1000000000));
}

bool take_switch(lua_State *L, int index, const place *p)
{
    if (lua_type(L, index) != LUA_TBOOLEAN) {
        fail_value(L, index, p, "", "true or false");
    }
    return lua_toboolean(L, index);
}

const char *take_text(lua_State *L, int index, const place *p)
{
    if (lua_type(L, index) != LUA_TSTRING) {
        fail_value(L, index, p, "", "a text in quotes");
    }
    return lua_tostring(L, index);
}

size_t take_choice(lua_State *L, int index, const place *p, const char *const *choices)
{
    char list[256] = "", hint[96] = "";
    size_t used = 0;
    const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : NULL;
    for (size_t i = 0; choices[i]; i++) {
        if (text && strcmp(text, choices[i]) == 0) {
            return i;
        }
        if (used < sizeof list) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%s\"", i ? " or " : "",
                                     choices[i]);
        }
    }
    if (text) {
        did_you_mean(text, choices, hint);
    }
    fail_value(L, index, p, hint, "%s", list);
}

/* A distribution that may not be negative: its values where they are known, draws otherwise. */
static void refuse_negative(lua_State *L, int index, const place *p, dimension d, distribution *out)
{
    bool below = (out->kind == DISTRIBUTION_FIXED && out->a < 0) ||
                 (out->kind == DISTRIBUTION_UNIFORM && out->a < 0) ||
                 (out->kind == DISTRIBUTION_EMPIRICAL && out->table->value[0] < 0) || out->most < 0;
    if (below) {
        fail_value(L, index, p, " (found values below 0)", "%s, 0 or more", dimension_expected(d));
    }
    if (out->least < 0) {
        out->least = 0;
    }
}

void take_distribution(lua_State *L, int index, const place *p, dimension d, bool negative,
                       distribution *out)
{
    const distribution_handle *h = handle_at(L, index, HANDLE_DISTRIBUTION);
    if (h == NULL) {
        int64_t least = negative ? INT64_MIN : 0;
        int64_t value = take_quantity(L, index, p, d, least, INT64_MAX);
        *out = (distribution){DISTRIBUTION_FIXED, value, 0, least, INT64_MAX, NULL};
        return;
    }
    if (h->dimension != d && h->dimension != DIMENSION_NUMBER) {
        fail_value(L, index, p, "", "%s, or a distribution of such", dimension_expected(d));
    }
    *out = h->distribution;
    if (!negative) {
        refuse_negative(L, index, p, d, out);
    }
}
