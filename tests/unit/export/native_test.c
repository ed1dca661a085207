#include "stage.h"

#include "export/native_format.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static void expect_same(const recording *live, const recording *read)
{
    cr_expect_eq(live->records, read->records);
    cr_expect(g_string_equal(live->text, read->text), "the records are not the same");
    cr_expect(g_string_equal(live->states, read->states), "the states are not the same");
    cr_expect_str_eq(live->digest, read->digest);
}

static void expect_round_trip(int flags)
{
    recording live = record_run(flags), read;
    char *fault;
    cr_assert(replay_file(live.file, &read, &fault), "%s", fault);
    cr_expect_null(fault);
    if (flags & STAGE_NO_STATE) {
        cr_expect_eq(read.states->len, 0);
        g_string_assign(read.states, live.states->str);
    }
    expect_same(&live, &read);
    recording_clear(&live);
    recording_clear(&read);
}

Test (native, records_states_and_digest_are_read_as_they_were) {
    expect_round_trip(0);
}

Test (native, so_they_are_where_clocks_differ_from_true_time) {
    expect_round_trip(STAGE_CLOCKS);
}

Test (native, so_are_records_without_states) {
    expect_round_trip(STAGE_NO_STATE);
}

Test (native, the_same_run_gives_the_same_bytes) {
    recording a = record_run(0), b = record_run(0);
    char *x, *y;
    gsize m, n;
    cr_assert(g_file_get_contents(a.file, &x, &m, NULL));
    cr_assert(g_file_get_contents(b.file, &y, &n, NULL));
    cr_expect(m == n && memcmp(x, y, m) == 0);
    g_free(x);
    g_free(y);
    recording_clear(&a);
    recording_clear(&b);
}

Test (native, tells_what_it_is_about_and_how_it_ended) {
    recording live = record_run(STAGE_SHORT);
    GError *error = NULL;
    native_trace *t = native_open(live.file, &error);
    cr_assert_not_null(t, "%s", error ? error->message : "");
    const export_about *about = native_about(t);
    cr_expect_str_eq(about->scenario, "chat.lua");
    cr_expect_str_eq(about->question, "Who greets whom?");
    cr_expect_str_eq(about->settings, "nodes=4");
    cr_expect_eq(about->seed, 7);
    cr_expect_eq(about->expectation_count, 1);
    cr_expect_str_eq(about->expectations[0].property, "mutual_exclusion");
    cr_expect_eq(about->expectations[0].wish, EXPORT_FAILS);
    const export_end *end = native_end(t);
    cr_expect_eq(end->records, live.records);
    cr_expect_str_eq(end->digest, live.digest);
    cr_expect(end->settled && end->explanation == NULL && end->status == EXPORT_DONE);
    cr_expect_eq(end->verdict_count, 1);
    cr_expect_str_eq(end->verdicts[0].verdict, "violated");
    cr_expect_str_eq(end->verdicts[0].reason, "two hold it");
    cr_expect_eq(end->verdicts[0].at, 1234);
    native_close(t);
    recording_clear(&live);
}

/* ------------------------------------------------------------------------------------- damage */

typedef struct bytes {
    char *data;
    gsize size;
    char *file; /* for changed copies */
} bytes;

static bytes load(const recording *r)
{
    bytes b;
    cr_assert(g_file_get_contents(r->file, &b.data, &b.size, NULL));
    b.file = g_strconcat(r->file, ".copy", NULL);
    return b;
}

static void bytes_clear(bytes *b)
{
    g_unlink(b->file);
    g_free(b->file);
    g_free(b->data);
}

static void store(const bytes *b, gsize size)
{
    FILE *out = fopen(b->file, "w"); /* g_file_set_contents would wait for the disk */
    cr_assert_not_null(out);
    cr_assert_eq(fwrite(b->data, 1, size, out), size);
    fclose(out);
}

/* Where frames begin, and the end of the file. */
static GArray *borders_of(const bytes *b)
{
    GArray *borders = g_array_new(FALSE, FALSE, sizeof(gsize));
    gsize at = MAGIC_SIZE;
    while (at < b->size) {
        frame_header h;
        memcpy(&h, b->data + at, sizeof h);
        g_array_append_val(borders, at);
        at += FRAME_HEADER + h.packed + FRAME_CHECKSUM;
    }
    g_array_append_val(borders, b->size);
    return borders;
}

/* A trace cut off at `size` tells what its `frames` whole frames of records tell, and says so. */
static void expect_cut(const recording *live, const bytes *b, gsize size, guint frames)
{
    recording read;
    char *fault;
    store(b, size);
    cr_assert(replay_file(b->file, &read, &fault), "cut off at %zu: %s", size, fault);
    cr_assert_not_null(fault, "cut off at %zu: nothing is said", size);
    cr_expect(strstr(fault, "cut off") || strstr(fault, "is damaged"), "%s", fault);
    cr_expect_leq(read.records, (uint64_t)frames * FRAME_RECORDS);
    cr_expect_geq(read.records + FRAME_RECORDS, (uint64_t)frames * FRAME_RECORDS);
    cr_expect(g_str_has_prefix(live->text->str, read.text->str), "cut off at %zu", size);
    cr_expect(g_str_has_prefix(live->states->str, read.states->str), "cut off at %zu", size);
    g_free(fault);
    recording_clear(&read);
}

Test (native, a_trace_that_is_cut_off_is_read_up_to_its_last_whole_frame) {
    recording live = record_run(0);
    bytes b = load(&live);
    GArray *borders = borders_of(&b);
    cr_assert_geq(borders->len, 6, "too short to show anything");
    for (guint i = 1; i + 1 < borders->len; i++) {
        gsize at = g_array_index(borders, gsize, i), next = g_array_index(borders, gsize, i + 1);
        const gsize within[] =
            {at, at + 1, at + FRAME_HEADER - 1, at + FRAME_HEADER, (at + next) / 2, next - 1};
        for (size_t k = 0; k < G_N_ELEMENTS(within); k++) {
            expect_cut(&live, &b, within[k], i - 1);
        }
    }
    g_array_free(borders, TRUE);
    bytes_clear(&b);
    recording_clear(&live);
}

Test (native, without_a_head_there_is_no_trace) {
    recording live = record_run(STAGE_SHORT), read;
    bytes b = load(&live);
    GArray *borders = borders_of(&b);
    char *fault;
    for (gsize size = 0; size < g_array_index(borders, gsize, 1); size += 7) {
        store(&b, size);
        cr_assert_not(replay_file(b.file, &read, &fault), "cut off at %zu", size);
        cr_expect(strstr(fault, "expected") || strstr(fault, "frame 1,"), "%s", fault);
        g_free(fault);
    }
    g_array_free(borders, TRUE);
    bytes_clear(&b);
    recording_clear(&live);
}

Test (native, bytes_behind_the_end_are_told) {
    recording live = record_run(STAGE_SHORT), read;
    bytes b = load(&live);
    char *fault;
    store(&b, b.size);
    FILE *out = fopen(b.file, "a");
    fputs("more", out);
    fclose(out);
    cr_assert(replay_file(b.file, &read, &fault));
    cr_expect_str_eq(fault, "found 4 bytes behind its end");
    g_free(fault);
    recording_clear(&read);
    bytes_clear(&b);
    recording_clear(&live);
}

/* The frame that byte `at` belongs to, from 1. */
static guint frame_of(const GArray *borders, gsize at)
{
    guint i = 0;
    while (i < borders->len && g_array_index(borders, gsize, i) <= at) {
        i++;
    }
    return i;
}

/* Every flipped bit is found, and the frame that it is in is named. */
static void expect_flip(const bytes *b, const GArray *borders, gsize at, unsigned bit)
{
    recording read;
    char *fault;
    b->data[at] = (char)(b->data[at] ^ 1 << bit);
    store(b, b->size);
    bool opened = replay_file(b->file, &read, &fault);
    cr_expect_not_null(fault, "bit %u of byte %zu", bit, at);
    if (at >= MAGIC_SIZE && fault) {
        char *name = g_strdup_printf("frame %u, ", frame_of(borders, at));
        cr_expect_not_null(strstr(fault, name), "bit %u of byte %zu: %s, expected %s", bit, at,
                           fault, name);
        cr_expect(frame_of(borders, at) == 1 || strstr(fault, "record"), "%s", fault);
        g_free(name);
    }
    if (opened) {
        recording_clear(&read);
    }
    g_free(fault);
    b->data[at] = (char)(b->data[at] ^ 1 << bit);
}

Test (native, a_flipped_bit_is_found_and_its_frame_named) {
    enum { FLIPS = 500 };
    recording live = record_run(STAGE_SHORT);
    bytes b = load(&live);
    GArray *borders = borders_of(&b);
    GRand *random = g_rand_new_with_seed(1);
    for (int i = 0; i < FLIPS; i++) {
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)b.size);
        expect_flip(&b, borders, at, (unsigned)g_rand_int_range(random, 0, 8));
    }
    for (gsize at = 0; at < MAGIC_SIZE + FRAME_HEADER; at++) { /* magic, first header */
        expect_flip(&b, borders, at, (unsigned)(at % 8));
    }
    g_rand_free(random);
    g_array_free(borders, TRUE);
    bytes_clear(&b);
    recording_clear(&live);
}
