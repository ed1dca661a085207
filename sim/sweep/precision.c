/* Only the seeds of this sweep count, in their order: what else the database holds would make the
 * number of runs depend on its history. */
#include "sweep/precision.h"

#include "sweep/statistics.h"

#include <sqlite3.h>

static const char query[] = "SELECT r.seed, numerator, denominator FROM runs r JOIN metrics m "
                            "ON m.cell = r.cell AND m.seed = r.seed "
                            "AND m.measure = (SELECT id FROM measures WHERE name = ?2) "
                            "WHERE r.cell = ?1 ORDER BY r.seed";

/* Of the seeds with numbers below `count`. */
static void read_values(const precision *p, uint32_t cell, uint64_t count, const char *measure,
                        GArray *out)
{
    sqlite3_stmt *one = NULL;
    uint64_t number;
    sqlite3_prepare_v2(store_handle(p->store), query, -1, &one, NULL);
    sqlite3_bind_int64(one, 1, p->cells[cell]);
    sqlite3_bind_text(one, 2, measure, -1, SQLITE_STATIC);
    while (sqlite3_step(one) == SQLITE_ROW) {
        observation value = {sqlite3_column_int64(one, 1), sqlite3_column_int64(one, 2)};
        if (work_number(p->work, (uint64_t)sqlite3_column_int64(one, 0), &number) &&
            number < count) {
            g_array_append_val(out, value);
        }
    }
    sqlite3_finalize(one);
}

bool precision_is_enough(void *context, uint32_t cell, uint64_t count)
{
    const precision *p = context;
    GArray *values = g_array_new(FALSE, FALSE, sizeof(observation));
    bool enough = true;
    for (const char *const *one = p->measures; enough && *one; one++) {
        g_array_set_size(values, 0);
        read_values(p, cell, count, *one, values);
        enough = values->len == 0 || precision_runs((const observation *)(const void *)values->data,
                                                    values->len, p->ppm) > 0;
    }
    g_array_free(values, TRUE);
    return enough;
}
