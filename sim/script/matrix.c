/* matrix("regions.csv", { unit = "ms", half = true }): delays between places, and which place each
 * node sits in. The file: a first row "from,A,B,C", then a row for each place, in the same order:
 * "A,0,12.5,80". */
#include "script/data.h"
#include "script/script.h"

#include <string.h>

enum { PLACES_MOST = 2000 };

typedef struct matrix_handle {
    handle head;
    delay_matrix *matrix;
    uint32_t *where; /* places of the nodes 0, 1, ..., then from the start again; NULL: all */
    uint32_t where_count;
} matrix_handle;

typedef struct matrix_options {
    int64_t unit;
    bool half;
} matrix_options;

static bool same(const cell *a, const cell *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* The first row: names of the places, after a cell of any text. */
static cell *read_names(data *d, uint32_t *count)
{
    cell c = {"", 0};
    if (!data_next(d, &c)) {
        data_fail_words(d, "the end of the file", "a first row such as from,Tokyo,Paris");
    }
    if (d->row_ended) {
        data_fail(d, &c, "a first row such as from,Tokyo,Paris");
    }
    data again = *d;
    for (*count = 0; !d->row_ended && data_next(d, &c); ++*count) {
        if (*count == PLACES_MOST) {
            data_fail(d, &c, "at most 2000 places");
        }
    }
    cell *names = script_allocate(d->L, *count * sizeof *names);
    for (uint32_t i = 0; i < *count && data_next(&again, &names[i]); i++) {
    }
    return names;
}

static int64_t read_delay(const data *d, const cell *c, const matrix_options *options)
{
    int64_t delay;
    quantity q = {DIMENSION_DURATION, 0};
    if (!decimal_parse(c->text, c->size, options->unit, &delay) || delay < 0) {
        data_fail(d, c, "a plain number, 0 or more");
    }
    q.value = delay;
    if (!quantity_fits(q)) {
        data_fail(d, c, "a number that is not as large");
    }
    return options->half ? delay / 2 : delay;
}

static delay_matrix *read_matrix(data *d, const matrix_options *options, cell **names)
{
    uint32_t count;
    cell c;
    *names = read_names(d, &count);
    delay_matrix *m = script_allocate(d->L, sizeof *m + (size_t)count * count * sizeof m->delay[0]);
    m->places = count;
    for (uint32_t row = 0; row < count; row++) {
        if (!data_next(d, &c)) {
            data_fail_words(d, "the end of the file", "as many rows as places (a square)");
        }
        if (!same(&c, &(*names)[row])) {
            data_fail(d, &c, "the places in the order of the first row");
        }
        for (uint32_t column = 0; column < count; column++) {
            if (d->row_ended || !data_next(d, &c)) {
                data_fail_words(d, "the end of a row", "as many delays as places (a square)");
            }
            m->delay[(size_t)row * count + column] = read_delay(d, &c, options);
        }
        if (!d->row_ended) {
            data_fail_words(d, "one more cell", "as many delays as places (a square)");
        }
    }
    if (data_next(d, &c)) {
        data_fail(d, &c, "as many rows as places (a square)");
    }
    return m;
}

static uint32_t place_number(lua_State *L, const place *p, const cell *names, uint32_t count)
{
    const char *text = take_text(L, -1, p);
    cell wanted = {text, strlen(text)};
    const char **list = script_allocate(L, (count + 1) * sizeof *list);
    for (uint32_t i = 0; i < count; i++) {
        if (same(&wanted, &names[i])) {
            return i;
        }
        char *copy = script_allocate(L, names[i].size + 1);
        memcpy(copy, names[i].text, names[i].size);
        list[i] = copy;
    }
    char hint[96];
    fail_value(L, -1, p, did_you_mean(text, list, hint), "a place of the matrix");
}

static void read_places(const reader *r, matrix_handle *h, const cell *names)
{
    place p;
    if (!reader_get(r, "places", &p)) {
        return;
    }
    reader places = reader_of_value(r->L, -1, &p, NULL, true);
    size_t count = lua_rawlen(r->L, -1);
    if (count == 0 || count > 1 << 20) {
        fail_value(r->L, -1, &p, "", "a list of names of places");
    }
    h->where_count = (uint32_t)count;
    h->where = script_allocate(r->L, count * sizeof *h->where);
    for (size_t i = 0; i < count && reader_entry(&places, i + 1, &p); i++) {
        h->where[i] = place_number(r->L, &p, names, h->matrix->places);
        lua_pop(r->L, 1);
    }
    lua_pop(r->L, 1);
}

static int make_matrix(lua_State *L)
{
    static const char *const keys[] = {"unit", "half", "places", NULL};
    static const char *const units[] = {"ns", "us", "ms", "s", NULL};
    static const int64_t sizes[] = {1, 1000, 1000000, 1000000000};
    only_in_file(L, "matrix");
    matrix_options options = {1000000, false};
    place p = argument_of(L, "matrix", 1), unit;
    take_text(L, 1, &p);
    bool has_options = lua_gettop(L) > 1;
    reader r = {0};
    matrix_handle *h = handle_new(L, HANDLE_MATRIX, sizeof *h);
    if (has_options) {
        r = reader_of_argument(L, 2, "matrix", keys, false);
        if (reader_get(&r, "unit", &unit)) {
            options.unit = sizes[take_choice(L, -1, &unit, units)];
            lua_pop(L, 1);
        }
        read_switch(&r, "half", &options.half);
    }
    data d;
    cell *names;
    data_open(L, 1, &p, &d);
    h->matrix = read_matrix(&d, &options, &names);
    if (has_options) {
        read_places(&r, h, names);
    }
    return 1;
}

void matrix_take(lua_State *L, int index, const place *p, scenario *out)
{
    const matrix_handle *h = handle_at(L, index, HANDLE_MATRIX);
    if (h == NULL) {
        fail_value(L, index, p, "", "matrix(\"regions.csv\", { unit = \"ms\", half = true })");
    }
    out->world.network.matrix = h->matrix;
    if (h->where) {
        uint32_t *places = script_allocate(L, out->world.nodes * sizeof *places);
        for (uint32_t i = 0; i < out->world.nodes; i++) {
            places[i] = h->where[i % h->where_count];
        }
        out->world.network.places = places;
    }
}

void matrix_open(lua_State *L)
{
    lua_pushcfunction(L, make_matrix);
    lua_setfield(L, -2, "matrix");
}
