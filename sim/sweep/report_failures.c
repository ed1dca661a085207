/* What went wrong, alike things together; and how to see it again. */
#include "sweep/report.h"

#include <sqlite3.h>
#include <string.h>

typedef struct alike {
    char *what, *reason, *command; /* of the first one */
    uint64_t count;
} alike;

enum { REASON_MOST = 120 }; /* letters that are shown */

/* Numbers as '#'. */
static char *without_numbers(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at; at++) {
        bool is_number = g_ascii_isdigit(*at) || (*at == '.' && g_ascii_isdigit(at[1]));
        if (!is_number) {
            g_string_append_c(out, *at);
        } else if (out->len == 0 || out->str[out->len - 1] != '#') {
            g_string_append_c(out, '#');
        }
    }
    return g_string_free(out, FALSE);
}

/* "node 3 waits since 1.5 s" and "node 1 waits since 2 s, node 4 waits since 3 s" are alike. */
static char *signature(const char *what, const char *reason)
{
    char *plain = without_numbers(reason);
    char **parts = g_strsplit(plain, ", ", -1);
    GString *text = g_string_new(what);
    for (guint i = 0; parts[i]; i++) {
        if (i == 0 || strcmp(parts[i], parts[i - 1]) != 0) {
            g_string_append_printf(text, "\n%s", parts[i]);
        }
    }
    g_strfreev(parts);
    g_free(plain);
    return g_string_free(text, FALSE);
}

static char *shortened(const char *reason)
{
    if (g_utf8_strlen(reason, -1) <= REASON_MOST) {
        return g_strdup(reason);
    }
    char *begin = g_utf8_substring(reason, 0, REASON_MOST);
    char *text = g_strconcat(begin, " ...", NULL);
    g_free(begin);
    return text;
}

static void alike_free(void *data)
{
    alike *one = data;
    g_free(one->what);
    g_free(one->reason);
    g_free(one->command);
    g_free(one);
}

static const char *column(sqlite3_stmt *row, int i)
{
    const char *text = (const char *)sqlite3_column_text(row, i);
    return text ? text : "";
}

/* What, reason, command of each row, grouped in the order of the first of each group. */
static bool collect(store *s, const analysis *a, const char *sql, GPtrArray *groups, GError **error)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sqlite3_stmt *row = NULL;
    int code = SQLITE_DONE;
    for (guint i = 0; code == SQLITE_DONE && i < a->cells->len; i++) {
        const analysis_cell *c = a->cells->pdata[i];
        code = sqlite3_prepare_v2(store_handle(s), sql, -1, &row, NULL);
        if (code == SQLITE_OK) {
            sqlite3_bind_int64(row, 1, c->id);
            while ((code = sqlite3_step(row)) == SQLITE_ROW) {
                char *key = signature(column(row, 0), column(row, 1));
                alike *one = g_hash_table_lookup(seen, key);
                if (one == NULL) {
                    one = g_new0(alike, 1);
                    one->what = g_strdup(column(row, 0));
                    one->reason = g_strdup(column(row, 1));
                    one->command = g_strdup(column(row, 2));
                    g_ptr_array_add(groups, one);
                    g_hash_table_insert(seen, g_strdup(key), one);
                }
                one->count++;
                g_free(key);
            }
        }
        if (code != SQLITE_DONE) {
            store_set_error(s, error);
        }
        sqlite3_finalize(row);
        row = NULL;
    }
    g_hash_table_destroy(seen);
    return code == SQLITE_DONE;
}

static void append_groups(const GPtrArray *groups, text_table_style style, GString *out)
{
    text_table *t = text_table_new("rlll");
    static const char *const head[] = {"runs", "what", "the first one", "to see it"};
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++) {
        text_table_add(t, head[i]);
    }
    for (guint i = 0; i < groups->len; i++) {
        const alike *one = groups->pdata[i];
        text_table_take(t, g_strdup_printf("%" G_GUINT64_FORMAT, one->count));
        text_table_add(t, one->what);
        text_table_take(t, shortened(one->reason));
        text_table_take(t, style == TEXT_TABLE_MARKDOWN ? g_strdup_printf("`%s`", one->command)
                                                        : g_strdup(one->command));
    }
    text_table_append(t, style, out);
    text_table_free(t);
}

bool report_append_unexpected(store *s, const analysis *a, text_table_style style, GString *out,
                              GError **error)
{
    static const char verdicts[] = "SELECT property || ' ' || verdict, reason, command "
                                   "FROM unexpected WHERE cell = ?1 ORDER BY seed, property";
    static const char failures[] =
        "SELECT 'failed: ' || kind, reason, command FROM failed WHERE cell = ?1 ORDER BY seed";
    GPtrArray *groups = g_ptr_array_new_with_free_func(alike_free);
    bool fine = collect(s, a, verdicts, groups, error) && collect(s, a, failures, groups, error);
    if (groups->len > 0) {
        append_groups(groups, style, out);
    } else if (fine) {
        g_string_append(out, "Nothing.\n");
    }
    g_ptr_array_free(groups, TRUE);
    return fine;
}

/* ------------------------------------------------------------------------------- the command */

static void append_quoted(GString *out, const char *pair)
{
    bool plain = pair[strspn(pair, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_=.,:%+-/")] == '\0';
    char *quoted = plain ? g_strdup(pair) : g_shell_quote(pair);
    g_string_append(out, quoted);
    g_free(quoted);
}

/* " --seeds 1..100"; false: they are not the same and without a gap in each cell. */
static bool append_seeds(const analysis *a, GString *out)
{
    const GArray *first = ((const analysis_cell *)a->cells->pdata[0])->seeds;
    if (first->len == 0) {
        return false;
    }
    uint64_t least = g_array_index(first, uint64_t, 0);
    uint64_t most = g_array_index(first, uint64_t, first->len - 1);
    for (guint i = 0; i < a->cells->len; i++) {
        const GArray *seeds = ((const analysis_cell *)a->cells->pdata[i])->seeds;
        if (seeds->len != first->len || most - least + 1 != seeds->len ||
            g_array_index(seeds, uint64_t, 0) != least ||
            g_array_index(seeds, uint64_t, seeds->len - 1) != most) {
            return false;
        }
    }
    g_string_append_printf(out, " --seeds %" G_GUINT64_FORMAT "..%" G_GUINT64_FORMAT, least, most);
    return true;
}

/* All values of a parameter, in the order of the cells. Returns how many, 0: it cannot be said. */
static guint append_axis(const analysis *a, const char *name, GString *out)
{
    GPtrArray *values = g_ptr_array_new();
    GString *pair = g_string_new(name);
    g_string_append_c(pair, '=');
    bool fine = true;
    for (guint i = 0; i < a->cells->len; i++) {
        const char *value = analysis_setting(a->cells->pdata[i], name);
        fine &= value && strchr(value, ',') == NULL && strstr(value, "..") == NULL;
        if (fine && !g_ptr_array_find_with_equal_func(values, value, g_str_equal, NULL)) {
            g_string_append_printf(pair, "%s%s", values->len > 0 ? "," : "", value);
            g_ptr_array_add(values, (char *)(uintptr_t)value);
        }
    }
    guint count = fine ? values->len : 0;
    g_string_append(out, " --grid ");
    append_quoted(out, pair->str);
    g_string_free(pair, TRUE);
    g_ptr_array_free(values, TRUE);
    return count;
}

char *report_sweep_command(const analysis *a)
{
    GString *out = g_string_new("dasim sweep ");
    uint64_t product = 1;
    if (a->cells->len == 0) {
        return g_string_free(out, TRUE);
    }
    append_quoted(out, a->scenario);
    bool fine = append_seeds(a, out);
    for (guint i = 0; i < a->varied->len; i++) {
        product *= append_axis(a, a->varied->pdata[i], out);
    }
    const analysis_cell *first = a->cells->pdata[0];
    for (guint i = 0; i + 1 < first->settable->len; i += 2) {
        const char *name = first->settable->pdata[i];
        if (!g_ptr_array_find_with_equal_func(a->varied, name, g_str_equal, NULL)) {
            char *pair = g_strdup_printf("%s=%s", name, (char *)first->settable->pdata[i + 1]);
            g_string_append(out, " --set ");
            append_quoted(out, pair);
            g_free(pair);
        }
    }
    if (!fine || product != a->cells->len) {
        return g_string_free(out, TRUE);
    }
    return g_string_free(out, FALSE);
}
