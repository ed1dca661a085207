/* Cells are the same where their keys are; what numbers they have is each file's own business. One
 * transaction for each file: all of it, or nothing. */
#include "sweep/merge.h"

#include <inttypes.h>
#include <sqlite3.h>

static const char prepare[] =
    "CREATE TEMP TABLE cell_map AS SELECT f.id AS theirs, i.id AS ours FROM other.cells f "
    "JOIN main.cells i ON i.key = f.key;"
    "CREATE UNIQUE INDEX temp.cell_map_theirs ON cell_map (theirs);"
    "CREATE TEMP TABLE measure_map AS SELECT f.id AS theirs, i.id AS ours FROM other.measures f "
    "JOIN main.measures i ON i.name = f.name;"
    "CREATE UNIQUE INDEX temp.measure_map_theirs ON measure_map (theirs);"
    "CREATE TEMP TABLE property_map AS SELECT f.id AS theirs, i.id AS ours "
    "FROM other.properties f JOIN main.properties i ON i.name = f.name;"
    "CREATE UNIQUE INDEX temp.property_map_theirs ON property_map (theirs);"
    "CREATE TEMP TABLE new_runs AS SELECT c.ours AS cell, r.seed, r.cell AS their_cell "
    "FROM other.runs r JOIN cell_map c ON c.theirs = r.cell "
    "LEFT JOIN main.runs i ON i.cell = c.ours AND i.seed = r.seed WHERE i.seed IS NULL "
    "ORDER BY 1, 2;";

static const char names[] =
    "INSERT OR IGNORE INTO main.sweeps (digest, version, scenario, question) "
    "SELECT digest, version, scenario, question FROM other.sweeps ORDER BY id;"
    "INSERT OR IGNORE INTO main.cells (sweep, key, label, settings, nodes) "
    "SELECT i.id, c.key, c.label, c.settings, c.nodes FROM other.cells c "
    "JOIN other.sweeps f ON f.id = c.sweep "
    "JOIN main.sweeps i ON i.digest = f.digest AND i.version = f.version ORDER BY c.id;"
    "INSERT OR IGNORE INTO main.properties (name) SELECT name FROM other.properties ORDER BY id;"
    "INSERT OR IGNORE INTO main.measures (name, unit, title, less_is_better) "
    "SELECT name, unit, title, less_is_better FROM other.measures ORDER BY id;";

static const char rows[] =
    "INSERT OR IGNORE INTO main.parameters SELECT c.ours, name, value, is_set, place "
    "FROM other.parameters p JOIN cell_map c ON c.theirs = p.cell;"
    "INSERT OR IGNORE INTO main.modules SELECT c.ours, layer, service, algorithm, digest "
    "FROM other.modules m JOIN cell_map c ON c.theirs = m.cell;"
    "INSERT INTO main.runs SELECT n.cell, r.seed, status, exit_status, settled, ran_dry, ended_at, "
    "events, records, faults, digest, explanation, suffered, hash FROM new_runs n "
    "JOIN other.runs r ON r.cell = n.their_cell AND r.seed = n.seed;"
    "INSERT INTO main.verdicts SELECT n.cell, v.seed, p.ours, verdict, asked, met, record, at, "
    "reason FROM new_runs n JOIN other.verdicts v ON v.cell = n.their_cell AND v.seed = n.seed "
    "JOIN property_map p ON p.theirs = v.property;"
    "INSERT INTO main.metrics SELECT n.cell, m.seed, k.ours, numerator, denominator "
    "FROM new_runs n JOIN other.metrics m ON m.cell = n.their_cell AND m.seed = n.seed "
    "JOIN measure_map k ON k.theirs = m.measure;"
    "INSERT INTO main.histograms SELECT n.cell, h.seed, k.ours, packed "
    "FROM new_runs n JOIN other.histograms h ON h.cell = n.their_cell AND h.seed = n.seed "
    "JOIN measure_map k ON k.theirs = h.measure;"
    "INSERT OR IGNORE INTO main.failures SELECT c.ours, f.seed, kind, reason "
    "FROM other.failures f JOIN cell_map c ON c.theirs = f.cell "
    "LEFT JOIN main.runs r ON r.cell = c.ours AND r.seed = f.seed WHERE r.seed IS NULL;"
    "DELETE FROM main.failures WHERE EXISTS (SELECT 1 FROM main.runs r "
    "WHERE r.cell = failures.cell AND r.seed = failures.seed);";

static const char forget[] = "DROP TABLE IF EXISTS temp.cell_map;"
                             "DROP TABLE IF EXISTS temp.measure_map;"
                             "DROP TABLE IF EXISTS temp.property_map;"
                             "DROP TABLE IF EXISTS temp.new_runs;";

static const char differing[] =
    "SELECT c.label, r.seed FROM other.runs r JOIN other.cells c ON c.id = r.cell "
    "JOIN main.cells i ON i.key = c.key JOIN main.runs m ON m.cell = i.id AND m.seed = r.seed "
    "WHERE m.hash <> r.hash ORDER BY c.key, r.seed LIMIT 1";

static bool execute(store *s, const char *sql, GError **error)
{
    bool fine = sqlite3_exec(store_handle(s), sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!fine) {
        store_set_error(s, error);
    }
    return fine;
}

static uint64_t count(store *s, const char *sql)
{
    sqlite3_stmt *one = NULL;
    uint64_t value = 0;
    if (sqlite3_prepare_v2(store_handle(s), sql, -1, &one, NULL) == SQLITE_OK &&
        sqlite3_step(one) == SQLITE_ROW) {
        value = (uint64_t)sqlite3_column_int64(one, 0);
    }
    sqlite3_finalize(one);
    return value;
}

/* The same cell and seed must have given the same result. */
static bool agrees(store *s, const char *from, GError **error)
{
    sqlite3_stmt *one = NULL;
    bool fine = sqlite3_prepare_v2(store_handle(s), differing, -1, &one, NULL) == SQLITE_OK;
    int code = fine ? sqlite3_step(one) : SQLITE_ERROR;
    if (code == SQLITE_ROW) {
        const char *label = (const char *)sqlite3_column_text(one, 0);
        g_set_error(error, STORE_ERROR, STORE_ERROR_FILE,
                    "%s: found another result of %s%sseed %" PRId64
                    ", expected the same: one of the files is damaged, see dasim results",
                    from, label, *label ? ", " : "", (int64_t)sqlite3_column_int64(one, 1));
    } else if (code != SQLITE_DONE) {
        store_set_error(s, error);
    }
    sqlite3_finalize(one);
    return code == SQLITE_DONE;
}

static bool copy(store *s, const char *from, merge_counts *counts, GError **error)
{
    uint64_t failures = count(s, "SELECT count(*) FROM main.failures");
    if (!agrees(s, from, error) || !execute(s, names, error) || !execute(s, prepare, error)) {
        return false;
    }
    uint64_t theirs = count(s, "SELECT count(*) FROM other.runs");
    uint64_t new_ones = count(s, "SELECT count(*) FROM new_runs");
    if (!execute(s, rows, error)) {
        return false;
    }
    uint64_t now = count(s, "SELECT count(*) FROM main.failures");
    counts->runs += new_ones;
    counts->known += theirs - new_ones;
    counts->failures += now > failures ? now - failures : 0;
    return true;
}

static bool attach(store *s, const char *from, GError **error)
{
    sqlite3_stmt *one = NULL;
    bool fine =
        sqlite3_prepare_v2(store_handle(s), "ATTACH ?1 AS other", -1, &one, NULL) == SQLITE_OK &&
        sqlite3_bind_text(one, 1, from, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(one) == SQLITE_DONE;
    if (!fine) {
        store_set_error(s, error);
    }
    sqlite3_finalize(one);
    return fine;
}

bool store_merge(store *into, const char *from, merge_counts *counts, GError **error)
{
    store *look = store_open(from, STORE_READ, error); /* is it one of ours? */
    if (look == NULL) {
        return false;
    }
    store_close(look, NULL);
    if (!store_commit(into, error) || !attach(into, from, error)) {
        return false;
    }
    bool fine = execute(into, "BEGIN IMMEDIATE", error);
    if (fine) {
        fine = copy(into, from, counts, error) && execute(into, forget, error);
        fine = execute(into, fine ? "COMMIT" : "ROLLBACK", fine ? error : NULL) && fine;
    }
    execute(into, "DETACH other", NULL);
    return fine;
}
