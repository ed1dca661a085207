#include "sweep/chaos_table.h"

#include <sqlite3.h>
#include <string.h>

enum { GROUPS_MOST = 12, REASON_MOST = 120 };

#define LAST "sweep = (SELECT max(id) FROM sweeps)"

static const char groups[] =
    "SELECT sum(runs) AS n, property, reason, command, min(records) FROM signatures WHERE " LAST
    " GROUP BY property, signature ORDER BY n DESC, property, signature";
static const char hits[] =
    "SELECT kind, sum(times) AS n, group_concat(state || ' ' || t, ', ') FROM (SELECT kind, state, "
    "sum(times) AS t, sum(times) AS times FROM chaos_hits WHERE " LAST
    " GROUP BY kind, state ORDER BY kind, t DESC, state) GROUP BY kind ORDER BY kind";
static const char kinds_on[] = "SELECT kind, sum(runs), sum(violated) FROM chaos_kinds WHERE " LAST
                               " GROUP BY kind ORDER BY kind";

static const char *text_at(sqlite3_stmt *one, int column)
{
    const char *text = (const char *)sqlite3_column_text(one, column);
    return text ? text : "";
}

/* One line for each row of a query, as `append` has it; the rest is counted. */
static bool each_row(store *s, const char *sql, int most,
                     void (*append)(GString *out, sqlite3_stmt *one), GString *out)
{
    sqlite3_stmt *one = NULL;
    int code = sqlite3_prepare_v2(store_handle(s), sql, -1, &one, NULL), count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(one)) == SQLITE_ROW) {
        if (count++ < most) {
            append(out, one);
        }
        code = SQLITE_OK;
    }
    sqlite3_finalize(one);
    if (count > most) {
        g_string_append_printf(out, "  ... and %d more; sqlite3 FILE 'SELECT * FROM signatures'\n",
                               count - most);
    }
    if (count == 0) {
        g_string_append(out, "  none\n");
    }
    return code == SQLITE_DONE;
}

static void append_group(GString *out, sqlite3_stmt *one)
{
    char *reason = g_strndup(text_at(one, 2), REASON_MOST);
    g_string_append_printf(out, "  %-7lld %s: %s%s\n          %s\n",
                           (long long)sqlite3_column_int64(one, 0), text_at(one, 1), reason,
                           strlen(reason) < strlen(text_at(one, 2)) ? "..." : "", text_at(one, 3));
    g_free(reason);
}

static void append_hit(GString *out, sqlite3_stmt *one)
{
    g_string_append_printf(out, "  %-11s %-9lld %s\n", text_at(one, 0),
                           (long long)sqlite3_column_int64(one, 1), text_at(one, 2));
}

static void append_kind(GString *out, sqlite3_stmt *one)
{
    g_string_append_printf(out, "  %-11s %-9lld %lld\n", text_at(one, 0),
                           (long long)sqlite3_column_int64(one, 1),
                           (long long)sqlite3_column_int64(one, 2));
}

bool chaos_append_text(store *s, const char *kinds, GString *out)
{
    g_string_append_printf(out,
                           "\nFailures under chaos (%s), alike ones together, with the shortest "
                           "run of each\n",
                           kinds);
    bool fine = each_row(s, groups, GROUPS_MOST, append_group, out);
    g_string_append(out, "\nKinds of fault   on in runs, of these violated\n");
    fine = fine && each_row(s, kinds_on, 100, append_kind, out);
    g_string_append(out, "\nWhat happened    how often, and what the node did that it hit\n");
    return fine && each_row(s, hits, 100, append_hit, out);
}
