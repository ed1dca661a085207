/*
 * string.format. As Lua's, without %p and %a, and with one way to write what is no number: "nan",
 * where the C library may write "-nan". The door has set the numeric locale to "C".
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MOST 2  /* of a width and of a precision, as in Lua */
#define FLOAT_UNITS 50 /* of few digits */
#define WIDTH_MOST 99
#define NUMBER_MOST 512 /* bytes: %99.99f of the largest number has 410 */

/* %-08.3f: "-0" are the flags. */
typedef struct conversion {
    bool left, zeros, plus, space, alternate;
    int width;     /* 0: none */
    int precision; /* -1: none */
    char letter;
    char text[16]; /* as it was written, for messages */
} conversion;

static int invalid(lua_State *lua, const conversion *c)
{
    return luaL_error(lua, "invalid conversion '%%%s' to 'format'", c->text);
}

static bool read_digits(const char **at, const char *end, int *value)
{
    int n = 0;
    for (*value = 0; *at < end && g_ascii_isdigit(**at); ++*at, n++)
        if (n < DIGITS_MOST)
            *value = *value * 10 + (**at - '0');
    return n <= DIGITS_MOST;
}

static bool *flag_of(conversion *c, char letter)
{
    switch (letter) {
    case '-':
        return &c->left;
    case '0':
        return &c->zeros;
    case '+':
        return &c->plus;
    case ' ':
        return &c->space;
    case '#':
        return &c->alternate;
    default:
        return NULL;
    }
}

/* Reads from behind the %; returns the place behind the letter. */
static const char *read_conversion(lua_State *lua, const char *at, const char *end, conversion *c)
{
    const char *start = at;
    memset(c, 0, sizeof *c);
    c->precision = -1;
    bool valid;
    for (bool *flag; at < end && (flag = flag_of(c, *at)) != NULL; at++)
        *flag = true;
    valid = read_digits(&at, end, &c->width);
    if (at < end && *at == '.') {
        at++;
        valid = read_digits(&at, end, &c->precision) && valid;
    }
    c->letter = at < end ? *at++ : 0;
    char *text = sandbox_printable(start, (size_t)(at - start), sizeof c->text - 4);
    g_strlcpy(c->text, text, sizeof c->text);
    g_free(text);
    if (!valid || c->letter == 0)
        invalid(lua, c);
    return at;
}

/* Adds `size` bytes, filled up to the width. Zeros go behind a sign or 0x. */
static void add_filled(luaL_Buffer *to, const conversion *c, const char *text, size_t size)
{
    size_t fill = (size_t)c->width > size ? (size_t)c->width - size : 0, head = 0;
    bool zeros = c->zeros && !c->left;
    if (zeros) {
        head = size > 0 && strchr("+- ", text[0]) ? 1 : 0;
        if (size >= head + 2 && text[head] == '0' && g_ascii_tolower(text[head + 1]) == 'x')
            head += 2;
        luaL_addlstring(to, text, head);
    }
    for (size_t i = 0; i < fill && !c->left; i++)
        luaL_addchar(to, zeros ? '0' : ' ');
    luaL_addlstring(to, text + head, size - head);
    for (size_t i = 0; i < fill && c->left; i++)
        luaL_addchar(to, ' ');
}

static const char *sign_of(const conversion *c, bool is_negative)
{
    return is_negative ? "-" : c->plus ? "+" : c->space ? " " : "";
}

static void add_integer(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    lua_Integer value = luaL_checkinteger(lua, argument);
    bool is_signed = c->letter == 'd' || c->letter == 'i';
    bool is_hex = !is_signed && c->letter != 'u';
    if ((c->alternate && !is_hex) || (!is_signed && (c->plus || c->space)))
        invalid(lua, c);
    unsigned long long digits = (unsigned long long)value;
    if (value < 0 && is_signed)
        digits = -digits;
    char form[] = {'%', '#', '.', '*', 'l', 'l', is_hex ? c->letter : 'u', 0};
    if (!c->alternate)
        memmove(form + 1, form + 2, sizeof form - 2);
    char number[NUMBER_MOST], text[NUMBER_MOST + 1];
    snprintf(number, sizeof number, form, c->precision < 0 ? 1 : c->precision, digits);
    int n = snprintf(text, sizeof text, "%s%s", is_signed ? sign_of(c, value < 0) : "", number);
    conversion fill = *c;
    fill.zeros = c->zeros && c->precision < 0; /* as in C */
    add_filled(to, &fill, text, (size_t)n);
}

/* The C library works with all digits, as many as the exponent says. */
static uint64_t float_units(const conversion *c, double value)
{
    int exponent = 0;
    if (isfinite(value))
        frexp(value, &exponent);
    return (uint64_t)(FLOAT_UNITS + 2 * MAX(c->precision, 0) + abs(exponent) / 2);
}

static void add_float(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    double value = luaL_checknumber(lua, argument);
    sandbox_charge(lua, float_units(c, value));
    char number[NUMBER_MOST], text[NUMBER_MOST + 1];
    conversion fill = *c;
    bool is_upper = g_ascii_isupper(c->letter);
    if (isnan(value) || isinf(value)) {
        fill.zeros = false;
        g_strlcpy(number,
                  isnan(value) ? (is_upper ? "NAN" : "nan")
                  : is_upper   ? "INF"
                               : "inf",
                  sizeof number);
    } else {
        char form[] = {'%', '#', '.', '*', c->letter, 0};
        if (!c->alternate)
            memmove(form + 1, form + 2, sizeof form - 2);
        snprintf(number, sizeof number, form, c->precision < 0 ? 6 : c->precision, fabs(value));
    }
    bool is_negative = !isnan(value) && signbit(value);
    int n = snprintf(text, sizeof text, "%s%s", sign_of(c, is_negative), number);
    add_filled(to, &fill, text, (size_t)n);
}

static void add_string(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    if (c->zeros || c->plus || c->space || c->alternate)
        invalid(lua, c);
    size_t size;
    const char *text = sandbox_tostring(lua, argument, &size);
    sandbox_charge(lua, size / 16);
    if (c->precision >= 0)
        size = MIN(size, (size_t)c->precision);
    if (c->precision < 0 && size >= (size_t)c->width) {
        luaL_addvalue(to); /* may be long */
        return;
    }
    char copy[WIDTH_MOST + 1]; /* because the buffer wants the top of the stack */
    memcpy(copy, text, size);
    lua_pop(lua, 1);
    add_filled(to, c, copy, size);
}

static void add_quoted_text(lua_State *lua, luaL_Buffer *to, int argument)
{
    size_t size;
    const char *text = lua_tolstring(lua, argument, &size);
    sandbox_charge(lua, size / 2);
    luaL_addchar(to, '"');
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '"' || c == '\\' || c == '\n') {
            luaL_addchar(to, '\\');
            luaL_addchar(to, c);
        } else if (g_ascii_iscntrl(c)) {
            bool is_digit_next = i + 1 < size && g_ascii_isdigit(text[i + 1]);
            char escape[8];
            g_snprintf(escape, sizeof escape, is_digit_next ? "\\%03d" : "\\%d", c);
            luaL_addstring(to, escape);
        } else {
            luaL_addchar(to, c);
        }
    }
    luaL_addchar(to, '"');
}

/* Exact, and a float when it is read again. */
static void write_float(char *text, size_t most, double value)
{
    snprintf(text, most, "%.17g", value);
    if (!strpbrk(text, ".e"))
        g_strlcat(text, ".0", most);
}

/* %q: as Lua would read it again. */
static void add_quoted(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    if (strcmp(c->text, "q") != 0)
        luaL_error(lua, "specifier '%%q' cannot have modifiers");
    char text[64];
    double value = lua_tonumber(lua, argument);
    switch (lua_type(lua, argument)) {
    case LUA_TSTRING:
        add_quoted_text(lua, to, argument);
        return;
    case LUA_TNIL:
        g_strlcpy(text, "nil", sizeof text);
        break;
    case LUA_TBOOLEAN:
        g_strlcpy(text, lua_toboolean(lua, argument) ? "true" : "false", sizeof text);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(lua, argument) && lua_tointeger(lua, argument) == LUA_MININTEGER)
            g_strlcpy(text, "0x8000000000000000", sizeof text);
        else if (lua_isinteger(lua, argument))
            g_snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(lua, argument));
        else if (isnan(value))
            g_strlcpy(text, "(0/0)", sizeof text);
        else if (isinf(value))
            g_strlcpy(text, value > 0 ? "1e9999" : "-1e9999", sizeof text);
        else
            write_float(text, sizeof text, value);
        break;
    default:
        luaL_argerror(lua, argument, "value has no literal form");
        return;
    }
    luaL_addstring(to, text);
}

static void add_character(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    if (c->zeros || c->plus || c->space || c->alternate || c->precision >= 0)
        invalid(lua, c);
    char text = (char)luaL_checkinteger(lua, argument);
    add_filled(to, c, &text, 1);
}

static void add_argument(lua_State *lua, luaL_Buffer *to, const conversion *c, int argument)
{
    luaL_checkany(lua, argument);
    switch (c->letter) {
    case 'c':
        add_character(lua, to, c, argument);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        add_integer(lua, to, c, argument);
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        add_float(lua, to, c, argument);
        break;
    case 's':
        add_string(lua, to, c, argument);
        break;
    case 'q':
        add_quoted(lua, to, c, argument);
        break;
    case 'p':
        luaL_error(lua, "'%%p' is not available: an address differs from run to run");
        break;
    case 'a':
    case 'A':
        luaL_error(lua,
                   "'%%%c' is not available: its digits differ between machines; expected "
                   "'%%.17g'",
                   c->letter);
        break;
    default:
        invalid(lua, c);
    }
}

int safe_format(lua_State *lua)
{
    size_t size;
    const char *form = luaL_checklstring(lua, 1, &size), *end = form + size;
    int argument = 1;
    sandbox_charge(lua, size / 4);
    luaL_Buffer to;
    luaL_buffinit(lua, &to);
    for (const char *at = form; at < end;) {
        if (*at != '%') {
            luaL_addchar(&to, *at++);
        } else if (at + 1 < end && at[1] == '%') {
            luaL_addchar(&to, '%');
            at += 2;
        } else {
            conversion c;
            at = read_conversion(lua, at + 1, end, &c);
            sandbox_charge(lua, 20);
            add_argument(lua, &to, &c, ++argument);
        }
    }
    luaL_pushresult(&to);
    return 1;
}
