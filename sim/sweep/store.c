/* Statements are prepared once. All rows of many runs are one transaction: that begins with the
 * first of them, and ends when the caller says so. */
#include "sweep/store.h"

#include "sweep/schema.h"

#include "check/property.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

enum { BUSY_MS = 10000 };

typedef enum statement {
    BEGIN,
    COMMIT,
    ADD_SWEEP,
    FIND_SWEEP,
    ADD_CELL,
    FIND_CELL,
    ADD_PARAMETER,
    ADD_MODULE,
    LIST_SEEDS,
    ADD_RUN,
    ADD_VERDICT,
    ADD_METRIC,
    ADD_HISTOGRAM,
    ADD_FAILURE,
    FORGET_FAILURES,
    STATEMENTS
} statement;

static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ADD_SWEEP] = "INSERT INTO sweeps (digest, version, scenario, question) VALUES (?1, ?2, ?3, ?4)"
                  " ON CONFLICT DO NOTHING",
    [FIND_SWEEP] = "SELECT id FROM sweeps WHERE digest = ?1 AND version = ?2",
    [ADD_CELL] = "INSERT INTO cells (sweep, key, label, settings, nodes) VALUES (?1, ?2, ?3, ?4, "
                 "?5) ON CONFLICT DO NOTHING",
    [FIND_CELL] = "SELECT id FROM cells WHERE key = ?1",
    [ADD_PARAMETER] = "INSERT OR IGNORE INTO parameters VALUES (?1, ?2, ?3, ?4, ?5)",
    [ADD_MODULE] = "INSERT OR IGNORE INTO modules VALUES (?1, ?2, ?3, ?4, ?5)",
    [LIST_SEEDS] = "SELECT seed, 0 FROM runs WHERE cell = ?1 UNION ALL "
                   "SELECT seed, 1 FROM failures WHERE cell = ?1",
    [ADD_RUN] = "INSERT OR IGNORE INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                "?12, ?13, ?14)",
    [ADD_VERDICT] = "INSERT INTO verdicts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [ADD_METRIC] = "INSERT INTO metrics VALUES (?1, ?2, ?3, ?4, ?5)",
    [ADD_HISTOGRAM] = "INSERT INTO histograms VALUES (?1, ?2, ?3, ?4)",
    [ADD_FAILURE] = "INSERT OR IGNORE INTO failures VALUES (?1, ?2, ?3, ?4)",
    [FORGET_FAILURES] = "DELETE FROM failures WHERE cell = ?1",
};

struct store {
    sqlite3 *db;
    char *file;
    bool in_transaction;
    sqlite3_stmt *statements[STATEMENTS];
    GHashTable *properties, *measures; /* name -> id */
};

G_DEFINE_QUARK(dasim - store - error, store_error)

struct sqlite3 *store_handle(store *s)
{
    return s->db;
}

void store_set_error(store *s, GError **error)
{
    const char *what = sqlite3_errmsg(s->db);
    bool full = sqlite3_errcode(s->db) == SQLITE_FULL, stuck = false;
    if (sqlite3_extended_errcode(s->db) == SQLITE_IOERR_WRITE) {
        int code = sqlite3_system_errno(s->db); /* where SQLite remembers it */
        full |= code == ENOSPC || code == EDQUOT;
        stuck = !full;
    }
    what = full ? "the disk is full" : stuck ? "cannot be written, it may not grow further" : what;
    g_set_error(error, STORE_ERROR, STORE_ERROR_FILE, "%s: %s%s", s->file, what,
                full || stuck ? "; what was finished is kept, start again to go on" : "");
}

/* --------------------------------------------------------------------------------- statements */

static sqlite3_stmt *ready(store *s, statement which)
{
    sqlite3_stmt **one = &s->statements[which];
    if (*one == NULL) {
        sqlite3_prepare_v3(s->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, one, NULL);
    }
    return *one; /* NULL is an error in each use of it */
}

static bool execute(store *s, sqlite3_stmt *one, GError **error)
{
    int code = sqlite3_step(one);
    bool fine = code == SQLITE_DONE || code == SQLITE_ROW;
    if (!fine) {
        store_set_error(s, error);
    }
    sqlite3_reset(one);
    return fine;
}

static bool begin(store *s, GError **error)
{
    if (s->in_transaction && sqlite3_get_autocommit(s->db)) { /* it was rolled back: a full disk */
        store_set_error(s, error);
        return false;
    }
    s->in_transaction = s->in_transaction || execute(s, ready(s, BEGIN), error);
    return s->in_transaction;
}

bool store_commit(store *s, GError **error)
{
    bool fine = !s->in_transaction || execute(s, ready(s, COMMIT), error);
    s->in_transaction = !sqlite3_get_autocommit(s->db);
    return fine;
}

static void bind_text(sqlite3_stmt *one, int at, const char *text)
{
    sqlite3_bind_text(one, at, text, -1, SQLITE_STATIC); /* NULL is NULL */
}

/* The same on machines of either byte order; lives in `bytes`. */
static void bind_digest(sqlite3_stmt *one, int at, digest_value value, unsigned char bytes[16])
{
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(value.high >> (56 - 8 * i));
        bytes[8 + i] = (unsigned char)(value.low >> (56 - 8 * i));
    }
    sqlite3_bind_blob(one, at, bytes, 16, SQLITE_STATIC);
}

/* The only column of the only row; -1 and an error where there is none. */
static int64_t find(store *s, sqlite3_stmt *one, GError **error)
{
    int64_t id = -1;
    if (sqlite3_step(one) == SQLITE_ROW) {
        id = sqlite3_column_int64(one, 0);
    } else {
        store_set_error(s, error);
    }
    sqlite3_reset(one);
    return id;
}

/* ---------------------------------------------------------------------------------- opening */

static bool run_sql(store *s, const char *sql, GError **error)
{
    bool fine = sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!fine) {
        store_set_error(s, error);
    }
    return fine;
}

static int64_t pragma(store *s, const char *sql)
{
    sqlite3_stmt *one = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(s->db, sql, -1, &one, NULL) == SQLITE_OK &&
        sqlite3_step(one) == SQLITE_ROW) {
        value = sqlite3_column_int64(one, 0);
    }
    sqlite3_finalize(one);
    return value;
}

static bool create_tables(store *s, GError **error)
{
    char *numbers = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                    SCHEMA_APPLICATION, SCHEMA_VERSION);
    bool fine = begin(s, error) && run_sql(s, schema_tables, error) &&
                run_sql(s, schema_views, error) && run_sql(s, numbers, error) &&
                store_commit(s, error);
    g_free(numbers);
    return fine;
}

static bool refuse(store *s, const char *found, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
                "%s: found %s, expected results of dasim sweep", s->file, found);
    return false;
}

/* Nobody's file is written over. */
static bool is_ours(store *s, store_mode mode, GError **error)
{
    int64_t tables = pragma(s, "SELECT count(*) FROM sqlite_schema");
    int64_t application = pragma(s, "PRAGMA application_id");
    if (tables < 0) {
        if (sqlite3_errcode(s->db) == SQLITE_NOTADB) {
            return refuse(s, "no database", error);
        }
        store_set_error(s, error);
        return false;
    }
    if (tables == 0 && application == 0 && mode == STORE_CREATE) {
        return create_tables(s, error);
    }
    if (application != SCHEMA_APPLICATION) {
        return refuse(s, tables == 0 ? "an empty database" : "a database of another program",
                      error);
    }
    int64_t version = pragma(s, "PRAGMA user_version");
    if (version != SCHEMA_VERSION) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FOREIGN,
                    "%s: found schema %d, expected %d: it is of another version of dasim", s->file,
                    (int)version, SCHEMA_VERSION);
        return false;
    }
    return true;
}

static bool read_names(store *s, const char *sql, GHashTable *names, GError **error)
{
    sqlite3_stmt *one = NULL;
    int code = sqlite3_prepare_v2(s->db, sql, -1, &one, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(one)) == SQLITE_ROW) {
        g_hash_table_insert(names, g_strdup((const char *)sqlite3_column_text(one, 1)),
                            GSIZE_TO_POINTER((gsize)sqlite3_column_int64(one, 0)));
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE) {
        store_set_error(s, error);
    }
    sqlite3_finalize(one);
    return code == SQLITE_DONE;
}

static bool add_names(store *s, GError **error)
{
    sqlite3_stmt *one = NULL;
    bool fine = begin(s, error);
    sqlite3_prepare_v2(s->db, "INSERT OR IGNORE INTO properties (name) VALUES (?1)", -1, &one,
                       NULL);
    for (const property *const *p = property_all(); fine && *p; p++) {
        bind_text(one, 1, (*p)->name);
        fine = execute(s, one, error);
    }
    sqlite3_finalize(one);
    sqlite3_prepare_v2(s->db,
                       "INSERT OR IGNORE INTO measures (name, unit, title, less_is_better) "
                       "VALUES (?1, ?2, ?3, ?4)",
                       -1, &one, NULL);
    for (const metric_kind *kind = metric_all(); fine && kind->name; kind++) {
        bind_text(one, 1, kind->name);
        bind_text(one, 2, kind->unit);
        bind_text(one, 3, kind->title);
        sqlite3_bind_int(one, 4, kind->less_is_better);
        fine = execute(s, one, error);
    }
    sqlite3_finalize(one);
    return fine && store_commit(s, error);
}

static bool prepare(store *s, store_mode mode, GError **error)
{
    sqlite3_busy_timeout(s->db, BUSY_MS);
    if (!is_ours(s, mode, error) || !run_sql(s, "PRAGMA foreign_keys = ON", error)) {
        return false;
    }
    if (mode == STORE_READ) {
        return true;
    }
    return run_sql(s, "PRAGMA synchronous = NORMAL; PRAGMA journal_mode = WAL", error) &&
           add_names(s, error) &&
           read_names(s, "SELECT id, name FROM properties", s->properties, error) &&
           read_names(s, "SELECT id, name FROM measures", s->measures, error);
}

static void close_all(store *s)
{
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(s->statements[i]);
    }
    sqlite3_close(s->db);
    g_hash_table_destroy(s->properties);
    g_hash_table_destroy(s->measures);
    g_free(s->file);
    g_free(s);
}

store *store_open(const char *file, store_mode mode, GError **error)
{
    static const int flags[] = {
        [STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [STORE_WRITE] = SQLITE_OPEN_READWRITE,
        [STORE_READ] = SQLITE_OPEN_READONLY,
    };
    store *s = g_new0(store, 1);
    s->file = g_strdup(file);
    s->properties = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    s->measures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool fine = sqlite3_open_v2(file, &s->db, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK;
    if (!fine) {
        store_set_error(s, error);
    }
    if (!fine || !prepare(s, mode, error)) {
        close_all(s);
        return NULL;
    }
    return s;
}

bool store_close(store *s, GError **error)
{
    bool fine = store_commit(s, error);
    close_all(s);
    return fine;
}

/* --------------------------------------------------------------------------------------- cells */

static int64_t add_sweep(store *s, const char *file, const cell_facts *facts, GError **error)
{
    unsigned char bytes[16];
    sqlite3_stmt *add = ready(s, ADD_SWEEP), *found = ready(s, FIND_SWEEP);
    bind_digest(add, 1, facts->scenario, bytes);
    bind_text(add, 2, DASIM_VERSION);
    bind_text(add, 3, file);
    bind_text(add, 4, facts->question);
    if (!execute(s, add, error)) {
        return -1;
    }
    bind_digest(found, 1, facts->scenario, bytes);
    bind_text(found, 2, DASIM_VERSION);
    return find(s, found, error);
}

static bool add_details(store *s, int64_t cell, const cell_facts *facts, GError **error)
{
    unsigned char bytes[16];
    sqlite3_stmt *one = ready(s, ADD_PARAMETER);
    bool fine = true;
    for (guint i = 0; fine && i < facts->parameters->len; i++) {
        const cell_parameter *p = &g_array_index(facts->parameters, cell_parameter, i);
        sqlite3_bind_int64(one, 1, cell);
        bind_text(one, 2, p->name);
        bind_text(one, 3, p->value);
        sqlite3_bind_int(one, 4, p->is_set);
        sqlite3_bind_int(one, 5, (int)i);
        fine = execute(s, one, error);
    }
    one = ready(s, ADD_MODULE);
    for (guint i = 0; fine && i < facts->modules->len; i++) {
        const cell_module *m = &g_array_index(facts->modules, cell_module, i);
        sqlite3_bind_int64(one, 1, cell);
        sqlite3_bind_int(one, 2, (int)i);
        bind_text(one, 3, m->service);
        bind_text(one, 4, m->algorithm);
        bind_digest(one, 5, m->digest, bytes);
        fine = execute(s, one, error);
    }
    return fine;
}

int64_t store_cell(store *s, const char *file, const cell_facts *facts, const char *label,
                   const char *settings, GError **error)
{
    unsigned char bytes[16];
    int64_t sweep = begin(s, error) ? add_sweep(s, file, facts, error) : -1;
    if (sweep < 0) {
        return -1;
    }
    sqlite3_stmt *add = ready(s, ADD_CELL), *found = ready(s, FIND_CELL);
    sqlite3_bind_int64(add, 1, sweep);
    bind_digest(add, 2, facts->key, bytes);
    bind_text(add, 3, label);
    bind_text(add, 4, settings);
    sqlite3_bind_int64(add, 5, facts->nodes);
    if (!execute(s, add, error)) {
        return -1;
    }
    bind_digest(found, 1, facts->key, bytes);
    int64_t cell = find(s, found, error);
    return cell >= 0 && add_details(s, cell, facts, error) ? cell : -1;
}

bool store_seeds(store *s, int64_t cell, void (*on_seed)(void *context, uint64_t seed, bool failed),
                 void *context, GError **error)
{
    sqlite3_stmt *one = ready(s, LIST_SEEDS);
    int code;
    sqlite3_bind_int64(one, 1, cell);
    while ((code = sqlite3_step(one)) == SQLITE_ROW) {
        on_seed(context, (uint64_t)sqlite3_column_int64(one, 0), sqlite3_column_int(one, 1) != 0);
    }
    if (code != SQLITE_DONE) {
        store_set_error(s, error);
    }
    sqlite3_reset(one);
    return code == SQLITE_DONE;
}

/* ---------------------------------------------------------------------------------------- runs */

static sqlite3_int64 id_of(GHashTable *names, const char *name)
{
    return (sqlite3_int64)GPOINTER_TO_SIZE(g_hash_table_lookup(names, name));
}

static bool add_verdicts(store *s, int64_t cell, const result *r, GError **error)
{
    sqlite3_stmt *one = ready(s, ADD_VERDICT);
    bool fine = true;
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)r->seed);
    for (guint i = 0; fine && i < r->verdicts->len; i++) {
        const result_verdict *v = &g_array_index(r->verdicts, result_verdict, i);
        sqlite3_bind_int64(one, 3, id_of(s->properties, v->property));
        sqlite3_bind_int(one, 4, (int)v->verdict);
        sqlite3_bind_int(one, 5, (int)v->asked);
        sqlite3_bind_int(one, 6, v->met);
        sqlite3_bind_int64(one, 7, (sqlite3_int64)v->record);
        sqlite3_bind_int64(one, 8, v->at);
        bind_text(one, 9, v->reason);
        fine = execute(s, one, error);
    }
    return fine;
}

static bool add_metrics(store *s, int64_t cell, const result *r, GError **error)
{
    sqlite3_stmt *one = ready(s, ADD_METRIC);
    bool fine = true;
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)r->seed);
    for (guint i = 0; fine && i < r->metrics->len; i++) {
        const result_metric *m = &g_array_index(r->metrics, result_metric, i);
        sqlite3_bind_int64(one, 3, id_of(s->measures, m->name));
        sqlite3_bind_int64(one, 4, m->numerator);
        sqlite3_bind_int64(one, 5, m->denominator);
        fine = execute(s, one, error);
    }
    one = ready(s, ADD_HISTOGRAM);
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)r->seed);
    for (guint i = 0; fine && i < r->histograms->len; i++) {
        const result_histogram *h = &g_array_index(r->histograms, result_histogram, i);
        sqlite3_bind_int64(one, 3, id_of(s->measures, h->name));
        sqlite3_bind_blob(one, 4, h->packed, (int)h->size, SQLITE_STATIC);
        fine = execute(s, one, error);
    }
    return fine;
}

bool store_result(store *s, int64_t cell, const result *r, const void *packed, size_t size,
                  GError **error)
{
    unsigned char digest_bytes[16], hash_bytes[16];
    if (!begin(s, error)) {
        return false;
    }
    sqlite3_stmt *one = ready(s, ADD_RUN);
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)r->seed);
    sqlite3_bind_int(one, 3, (int)r->status);
    sqlite3_bind_int(one, 4, (int)r->exit_status);
    sqlite3_bind_int(one, 5, r->settled);
    sqlite3_bind_int(one, 6, r->ran_dry);
    sqlite3_bind_int64(one, 7, r->ended_at);
    sqlite3_bind_int64(one, 8, (sqlite3_int64)r->events);
    sqlite3_bind_int64(one, 9, (sqlite3_int64)r->records);
    sqlite3_bind_int64(one, 10, (sqlite3_int64)r->faults);
    bind_digest(one, 11, r->digest, digest_bytes);
    bind_text(one, 12, r->explanation);
    bind_text(one, 13, r->suffered);
    bind_digest(one, 14, result_hash(packed, size), hash_bytes);
    if (!execute(s, one, error)) {
        return false;
    }
    return sqlite3_changes(s->db) == 0 ||
           (add_verdicts(s, cell, r, error) && add_metrics(s, cell, r, error));
}

bool store_failure(store *s, int64_t cell, uint64_t seed, failure_kind kind, const char *reason,
                   GError **error)
{
    if (!begin(s, error)) {
        return false;
    }
    sqlite3_stmt *one = ready(s, ADD_FAILURE);
    sqlite3_bind_int64(one, 1, cell);
    sqlite3_bind_int64(one, 2, (sqlite3_int64)seed);
    bind_text(one, 3, failure_name(kind));
    bind_text(one, 4, reason);
    return execute(s, one, error);
}

bool store_forget_failures(store *s, int64_t cell, GError **error)
{
    if (!begin(s, error)) {
        return false;
    }
    sqlite3_stmt *one = ready(s, FORGET_FAILURES);
    sqlite3_bind_int64(one, 1, cell);
    return execute(s, one, error);
}
