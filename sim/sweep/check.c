/* Rows are packed again as the worker packed them: the hash is over the same bytes or something was
 * changed. */
#include "sweep/check.h"

#include <sqlite3.h>
#include <string.h>

enum { RUN, VERDICTS, METRICS, HISTOGRAMS, PARTS };

static const char *const parts[PARTS] = {
    [RUN] = "SELECT status, exit_status, settled, ran_dry, ended_at, events, records, faults, "
            "digest, explanation, suffered FROM runs WHERE cell = ?1 AND seed = ?2",
    [VERDICTS] = "SELECT p.name, verdict, asked, met, record, at, reason FROM verdicts v "
                 "JOIN properties p ON p.id = v.property WHERE cell = ?1 AND seed = ?2",
    [METRICS] = "SELECT k.name, numerator, denominator FROM metrics m "
                "JOIN measures k ON k.id = m.measure WHERE cell = ?1 AND seed = ?2",
    [HISTOGRAMS] = "SELECT k.name, packed FROM histograms h "
                   "JOIN measures k ON k.id = h.measure WHERE cell = ?1 AND seed = ?2",
};

struct result_reader {
    sqlite3_stmt *of[PARTS];
    GStringChunk *texts;
};

result_reader *result_reader_new(store *s, GError **error)
{
    result_reader *r = g_new0(result_reader, 1);
    r->texts = g_string_chunk_new(4096);
    for (int i = 0; i < PARTS; i++) {
        if (sqlite3_prepare_v2(store_handle(s), parts[i], -1, &r->of[i], NULL) != SQLITE_OK) {
            store_set_error(s, error);
            result_reader_free(r);
            return NULL;
        }
    }
    return r;
}

void result_reader_free(result_reader *r)
{
    for (int i = 0; i < PARTS; i++) {
        sqlite3_finalize(r->of[i]);
    }
    g_string_chunk_free(r->texts);
    g_free(r);
}

static const char *text_of(result_reader *r, sqlite3_stmt *one, int column)
{
    const char *text = (const char *)sqlite3_column_text(one, column);
    return text ? g_string_chunk_insert(r->texts, text) : NULL;
}

static digest_value digest_at(sqlite3_stmt *one, int column)
{
    const unsigned char *bytes = sqlite3_column_blob(one, column);
    digest_value value = {0, 0};
    for (int i = 0; i < 8 && sqlite3_column_bytes(one, column) == 16; i++) {
        value.high = value.high << 8 | bytes[i];
        value.low = value.low << 8 | bytes[8 + i];
    }
    return value;
}

static sqlite3_stmt *ask(result_reader *r, int part, int64_t cell, uint64_t seed)
{
    sqlite3_stmt *one = r->of[part];
    sqlite3_reset(one);
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)seed);
    return one;
}

static bool read_run(result_reader *r, int64_t cell, uint64_t seed, result *out)
{
    sqlite3_stmt *one = ask(r, RUN, cell, seed);
    if (sqlite3_step(one) != SQLITE_ROW) {
        return false;
    }
    out->seed = seed;
    out->status = (uint32_t)sqlite3_column_int(one, 0);
    out->exit_status = (uint32_t)sqlite3_column_int(one, 1);
    out->settled = sqlite3_column_int(one, 2);
    out->ran_dry = sqlite3_column_int(one, 3);
    out->ended_at = sqlite3_column_int64(one, 4);
    out->events = (uint64_t)sqlite3_column_int64(one, 5);
    out->records = (uint64_t)sqlite3_column_int64(one, 6);
    out->faults = (uint64_t)sqlite3_column_int64(one, 7);
    out->digest = digest_at(one, 8);
    out->explanation = text_of(r, one, 9);
    out->suffered = text_of(r, one, 10);
    return true;
}

static gint by_property(gconstpointer a, gconstpointer b)
{
    const result_verdict *x = a, *y = b;
    return strcmp(x->property, y->property);
}

/* Where a measure stands in metric_all(); those of other versions behind, by name. */
static int compare_measures(const char *a, const char *b)
{
    const metric_kind *x = metric_find(a), *y = metric_find(b);
    if (x == NULL || y == NULL) {
        return x ? -1 : y ? 1 : strcmp(a, b);
    }
    return (x > y) - (x < y);
}

static gint by_metric(gconstpointer a, gconstpointer b)
{
    return compare_measures(((const result_metric *)a)->name, ((const result_metric *)b)->name);
}

static gint by_histogram(gconstpointer a, gconstpointer b)
{
    return compare_measures(((const result_histogram *)a)->name,
                            ((const result_histogram *)b)->name);
}

static void read_verdicts(result_reader *r, int64_t cell, uint64_t seed, result *out)
{
    sqlite3_stmt *one = ask(r, VERDICTS, cell, seed);
    while (sqlite3_step(one) == SQLITE_ROW) {
        result_verdict v = {
            .property = text_of(r, one, 0),
            .verdict = (uint32_t)sqlite3_column_int(one, 1),
            .asked = (uint32_t)sqlite3_column_int(one, 2),
            .met = sqlite3_column_int(one, 3),
            .record = (uint64_t)sqlite3_column_int64(one, 4),
            .at = sqlite3_column_int64(one, 5),
            .reason = text_of(r, one, 6),
        };
        g_array_append_val(out->verdicts, v);
    }
    g_array_sort(out->verdicts, by_property);
}

static void read_metrics(result_reader *r, int64_t cell, uint64_t seed, result *out)
{
    sqlite3_stmt *one = ask(r, METRICS, cell, seed);
    while (sqlite3_step(one) == SQLITE_ROW) {
        result_metric m = {text_of(r, one, 0), sqlite3_column_int64(one, 1),
                           sqlite3_column_int64(one, 2)};
        g_array_append_val(out->metrics, m);
    }
    g_array_sort(out->metrics, by_metric);
    one = ask(r, HISTOGRAMS, cell, seed);
    while (sqlite3_step(one) == SQLITE_ROW) {
        result_histogram h = {.name = text_of(r, one, 0)};
        const void *bytes = sqlite3_column_blob(one, 1);
        h.size = (size_t)sqlite3_column_bytes(one, 1);
        h.packed = bytes ? g_string_chunk_insert_len(r->texts, bytes, (gssize)h.size) : "";
        g_array_append_val(out->histograms, h);
    }
    g_array_sort(out->histograms, by_histogram);
}

bool result_reader_read(result_reader *r, int64_t cell, uint64_t seed, result *out)
{
    g_string_chunk_clear(r->texts);
    g_array_set_size(out->verdicts, 0);
    g_array_set_size(out->metrics, 0);
    g_array_set_size(out->histograms, 0);
    if (!read_run(r, cell, seed, out)) {
        return false;
    }
    read_verdicts(r, cell, seed, out);
    read_metrics(r, cell, seed, out);
    return true;
}

/* ------------------------------------------------------------------------------------ the whole */

/* Runs and failures in the order of keys. The names of files are left out: where a scenario lay
 * does not matter. */
static const char everything[] =
    "SELECT c.id, c.key, c.label, seed, hash, NULL, NULL, 0 AS part FROM runs r "
    "JOIN cells c ON c.id = r.cell UNION ALL "
    "SELECT c.id, c.key, c.label, seed, NULL, kind, reason, 1 FROM failures f "
    "JOIN cells c ON c.id = f.cell ORDER BY 2, 4, 8";

static void note_damage(store_check *out, sqlite3_stmt *one)
{
    const char *label = (const char *)sqlite3_column_text(one, 2);
    if (out->damaged++ == 0) {
        out->first =
            g_strdup_printf("%s%sseed %" G_GUINT64_FORMAT, label ? label : "",
                            label && *label ? ", " : "", (guint64)sqlite3_column_int64(one, 3));
    }
}

static void add_row(GByteArray *row, sqlite3_stmt *one, digest_value hash)
{
    g_byte_array_set_size(row, 0);
    frame_put_bytes(row, sqlite3_column_blob(one, 1), (size_t)sqlite3_column_bytes(one, 1));
    frame_put_number(row, (uint64_t)sqlite3_column_int64(one, 3));
    frame_put_number(row, hash.high);
    frame_put_number(row, hash.low);
    frame_put_text(row, (const char *)sqlite3_column_text(one, 5));
    frame_put_text(row, (const char *)sqlite3_column_text(one, 6));
}

static int read_all(result_reader *reader, sqlite3_stmt *one, digest *all, store_check *out)
{
    GByteArray *packed = g_byte_array_new(), *row = g_byte_array_new();
    result r;
    int code;
    result_init(&r);
    while ((code = sqlite3_step(one)) == SQLITE_ROW) {
        digest_value hash = {0, 0};
        bool failed = sqlite3_column_int(one, 7) == 1;
        uint64_t seed = (uint64_t)sqlite3_column_int64(one, 3);
        if (!failed) {
            g_byte_array_set_size(packed, 0);
            if (result_reader_read(reader, sqlite3_column_int64(one, 0), seed, &r)) {
                result_pack_again(packed, &r);
                hash = result_hash(packed->data, packed->len);
            }
            digest_value written = digest_at(one, 4);
            if (hash.high != written.high || hash.low != written.low) {
                note_damage(out, one);
            }
        }
        out->runs += !failed;
        out->failures += failed;
        add_row(row, one, hash);
        digest_add(all, row->data, row->len);
    }
    result_clear(&r);
    g_byte_array_free(packed, TRUE);
    g_byte_array_free(row, TRUE);
    return code;
}

bool store_verify(store *s, store_check *out, GError **error)
{
    sqlite3_stmt *one = NULL;
    int code = SQLITE_ERROR;
    *out = (store_check){0};
    result_reader *reader = result_reader_new(s, error);
    if (reader == NULL) {
        return false;
    }
    digest *all = digest_new();
    if (sqlite3_prepare_v2(store_handle(s), everything, -1, &one, NULL) == SQLITE_OK) {
        code = read_all(reader, one, all, out);
    }
    if (code != SQLITE_DONE) {
        store_set_error(s, error);
    }
    out->content = digest_now(all);
    sqlite3_finalize(one);
    digest_free(all);
    result_reader_free(reader);
    return code == SQLITE_DONE;
}
