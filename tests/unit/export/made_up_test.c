/* Files that somebody made up: frames are whole and their checksums right, but what they say is
 * wrong. Nothing may crash, and nothing may be believed that makes no sense. */
#include "stage.h"

#include "export/native_format.h"
#include "observe/metrics.h"
#include "run/verdicts.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zstd.h>

typedef struct forged_frame {
    frame_header header;
    blob raw;
} forged_frame;

static GArray *take_apart(const char *file)
{
    char *bytes;
    gsize size;
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(forged_frame));
    cr_assert(g_file_get_contents(file, &bytes, &size, NULL));
    for (gsize at = MAGIC_SIZE; at < size;) {
        forged_frame one = {0};
        memcpy(&one.header, bytes + at, sizeof one.header);
        blob_reserve(&one.raw, one.header.raw + 64u);
        one.raw.size = ZSTD_decompress(one.raw.bytes, one.header.raw, bytes + at + FRAME_HEADER,
                                       one.header.packed);
        cr_assert_eq(one.raw.size, one.header.raw);
        g_array_append_val(frames, one);
        at += FRAME_HEADER + one.header.packed + FRAME_CHECKSUM;
    }
    g_free(bytes);
    return frames;
}

static void put_together(const GArray *frames, const char *file)
{
    FILE *out = fopen(file, "w");
    blob packed = {0};
    fwrite(NATIVE_MAGIC, 1, MAGIC_SIZE, out);
    for (guint i = 0; i < frames->len; i++) {
        forged_frame *one = &g_array_index(frames, forged_frame, i);
        size_t most = ZSTD_compressBound(one->raw.size);
        packed.size = 0;
        blob_reserve(&packed, FRAME_HEADER + most);
        one->header.raw = (uint32_t)one->raw.size;
        one->header.packed = (uint32_t)ZSTD_compress(packed.bytes + FRAME_HEADER, most,
                                                     one->raw.bytes, one->raw.size, 1);
        memcpy(packed.bytes, &one->header, sizeof one->header);
        uint64_t sum = digest_of(packed.bytes, FRAME_HEADER + one->header.packed).low;
        fwrite(packed.bytes, 1, FRAME_HEADER + one->header.packed, out);
        fwrite(&sum, 1, sizeof sum, out);
    }
    blob_clear(&packed);
    fclose(out);
}

static void frames_clear(GArray *frames)
{
    for (guint i = 0; i < frames->len; i++) {
        blob_clear(&g_array_index(frames, forged_frame, i).raw);
    }
    g_array_free(frames, TRUE);
}

/* -------------------------------------------------------------------- whoever may look at it */

typedef struct audience {
    void *self[32];
    FILE *out;
} audience;

static void show_all(void *self, const world *w, const record *r)
{
    const audience *a = self;
    for (size_t i = 0; export_all()[i]; i++) {
        export_all()[i]->on_record(a->self[i], w, r, true);
    }
}

/* Exporters, metrics and properties read it; what they say does not matter. */
static bool read_with_all(const char *file)
{
    native_trace *t = native_open(file, NULL);
    world *w = t ? native_world(t, NULL) : NULL;
    if (w == NULL) {
        native_close(t);
        return false;
    }
    audience a = {.out = fopen("/dev/null", "w")};
    metrics *m = metrics_new(w, 0);
    judges *j = judges_new(w);
    GArray *verdicts = verdicts_new();
    observer counting = metrics_observer(m);
    for (size_t i = 0; export_all()[i]; i++) {
        a.self[i] = export_all()[i]->begin(a.out, w, native_about(t));
    }
    world_observe(w, &counting);
    judges_observe(j, w);
    world_observe(w, &(observer){&a, show_all});
    bool good = native_replay(t, NULL);
    judges_judge(j, w, (run_end){true}, NULL, 0, verdicts);
    for (size_t i = 0; export_all()[i]; i++) {
        export_all()[i]->end(a.self[i], w, native_end(t));
    }
    good = good && native_fault(t) == NULL;
    verdicts_free(verdicts);
    judges_free(j);
    metrics_free(m);
    fclose(a.out);
    native_close(t);
    return good;
}

/* ------------------------------------------------------------------------------------ forgeries */

static void change_bytes(forged_frame *one, GRand *random)
{
    for (int left = g_rand_int_range(random, 1, 4); left > 0 && one->raw.size > 0; left--) {
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)one->raw.size);
        one->raw.bytes[at] = (unsigned char)g_rand_int_range(random, 0, 256);
    }
}

static void take_bytes_out(forged_frame *one, GRand *random)
{
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)one->raw.size + 1);
    gsize count = (gsize)g_rand_int_range(random, 1, 9);
    count = MIN(count, one->raw.size - at);
    memmove(one->raw.bytes + at, one->raw.bytes + at + count, one->raw.size - at - count);
    one->raw.size -= count;
}

static void put_bytes_in(forged_frame *one, GRand *random)
{
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)one->raw.size + 1);
    memmove(one->raw.bytes + at + 1, one->raw.bytes + at, one->raw.size - at);
    one->raw.bytes[at] = (unsigned char)g_rand_int_range(random, 0, 256);
    one->raw.size++;
}

static void change_header(forged_frame *one, GRand *random)
{
    one->header.count = (uint32_t)g_rand_int_range(random, 0, 5000);
    one->header.first += (uint64_t)g_rand_int_range(random, 0, 2);
    one->header.kind = (uint32_t)g_rand_int_range(random, 0, 5);
}

static void forge(GArray *frames, GRand *random)
{
    static void (*const ways[])(forged_frame * one, GRand * random) = {change_bytes, change_bytes,
                                                                       change_bytes, take_bytes_out,
                                                                       put_bytes_in, change_header};
    guint which = (guint)g_rand_int_range(random, 0, (gint32)frames->len);
    ways[g_rand_int_range(random, 0, G_N_ELEMENTS(ways))](&g_array_index(frames, forged_frame,
                                                                         which),
                                                          random);
}

Test (made_up, what_is_taken_apart_and_put_together_is_the_same_trace) {
    recording live = record_run(STAGE_SHORT), read;
    char *wrong;
    GArray *frames = take_apart(live.file);
    cr_expect(read_with_all(live.file));
    put_together(frames, live.file);
    cr_assert(replay_file(live.file, &read, &wrong), "%s", wrong);
    cr_expect_null(wrong);
    cr_expect(g_string_equal(live.text, read.text));
    recording_clear(&read);
    frames_clear(frames);
    recording_clear(&live);
}

Test (made_up, files_do_no_harm) {
    enum { FORGERIES = 400 };
    const char *more = g_getenv("DASIM_FORGERIES");
    int count = more ? atoi(more) : FORGERIES, refused = 0;
    recording live = record_run(STAGE_SHORT | STAGE_CLOCKS);
    GRand *random = g_rand_new_with_seed(more ? (guint32)atoi(more) : 3);
    for (int i = 0; i < count; i++) {
        GArray *frames = take_apart(live.file);
        char *file = g_strconcat(live.file, ".forged", NULL);
        forge(frames, random);
        put_together(frames, file);
        refused += !read_with_all(file);
        g_unlink(file);
        g_free(file);
        frames_clear(frames);
    }
    cr_expect_gt(refused, count / 2, "only %d of %d were refused", refused, count);
    g_rand_free(random);
    recording_clear(&live);
}
