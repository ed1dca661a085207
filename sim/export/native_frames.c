/*
 * Frames follow each other without gaps, and so do the numbers of their records. The first one that
 * does not fit ends what can be read; what can be said about it is said in words.
 */
#include "export/native_frames.h"

#include "export/native.h"

#include "base/digest.h"

#include <errno.h>
#include <inttypes.h>
#include <zstd.h>

G_DEFINE_QUARK(dasim - native - error - quark, native_error)

static uint64_t next_record(const frames *f)
{
    return f->records + 1;
}

/* "frame 3, records 8193 to 12288, is damaged". */
static void blame(frames *f, uint64_t first, uint32_t count, const char *how)
{
    g_free(f->fault);
    if (f->all->len == 0) {
        f->fault = g_strdup_printf("frame 1, what the trace is about, %s", how);
    } else if (count > 0) {
        f->fault = g_strdup_printf("frame %u, records %" PRIu64 " to %" PRIu64 ", %s",
                                   f->all->len + 1, first, first + count - 1, how);
    } else {
        f->fault = g_strdup_printf("frame %u, from record %" PRIu64 " on, %s", f->all->len + 1,
                                   first, how);
    }
}

static bool is_sound(const frames *f, const frame_header *h)
{
    bool is_records = h->kind == FRAME_OF_RECORDS;
    return h->magic == FRAME_MAGIC && h->unused == 0 && h->raw <= FRAME_RAW_MOST &&
           h->kind == (f->all->len == 0 ? FRAME_HEAD
                       : is_records     ? h->kind
                                        : FRAME_END) &&
           (is_records ? h->count <= FRAME_RECORDS : h->count == 0) &&
           h->first == (f->all->len == 0 ? 0 : next_record(f));
}

static bool is_intact(const unsigned char *at, size_t size)
{
    uint64_t checksum;
    memcpy(&checksum, at + size, sizeof checksum);
    return digest_of(at, size).low == checksum;
}

/* The frame at `at`; 0 where there is none, or else the bytes that it takes. */
static size_t take_frame(frames *f, const unsigned char *at, size_t left)
{
    frame one = {.packed = at + FRAME_HEADER};
    if (left < FRAME_HEADER + FRAME_CHECKSUM) {
        blame(f, next_record(f), 0, "is cut off");
        return 0;
    }
    memcpy(&one.header, at, sizeof one.header);
    bool fits = one.header.packed <= left - FRAME_HEADER - FRAME_CHECKSUM;
    uint32_t count = one.header.kind == FRAME_OF_RECORDS && one.header.count <= FRAME_RECORDS
                         ? one.header.count
                         : 0;
    if (!is_sound(f, &one.header)) {
        blame(f, next_record(f), 0, "is damaged");
        return 0;
    }
    if (!fits) {
        blame(f, next_record(f), count, "is cut off");
        return 0;
    }
    if (!is_intact(at, FRAME_HEADER + one.header.packed)) {
        blame(f, next_record(f), count, "is damaged");
        return 0;
    }
    g_array_append_val(f->all, one);
    f->records += count;
    f->has_end = one.header.kind == FRAME_END;
    return FRAME_HEADER + (size_t)one.header.packed + FRAME_CHECKSUM;
}

static void take_all(frames *f, const unsigned char *at, size_t left)
{
    while (!f->has_end && f->fault == NULL) {
        size_t taken = left > 0 ? take_frame(f, at, left) : 0;
        if (left == 0) {
            f->fault = g_strdup_printf("it is cut off behind record %" PRIu64 " (frame %u)",
                                       f->records, f->all->len);
        }
        at += taken;
        left -= taken;
    }
    if (f->has_end && left > 0) {
        f->fault = g_strdup_printf("found %" G_GSIZE_FORMAT " bytes behind its end", left);
    }
}

void frames_damaged(frames *f, guint which, const char *how)
{
    frame_header h = g_array_index(f->all, frame, which).header;
    g_array_set_size(f->all, which);
    f->records = h.first > 0 ? h.first - 1 : 0;
    f->has_end = false;
    blame(f, h.first, h.count, how);
}

bool frames_unpack(const frames *f, guint which, blob *contents)
{
    const frame *one = &g_array_index(f->all, frame, which);
    contents->size = 0;
    blob_reserve(contents, (size_t)one->header.raw + 1);
    size_t size = ZSTD_decompressDCtx(f->decompressor, contents->bytes, one->header.raw,
                                      one->packed, one->header.packed);
    contents->size = one->header.raw;
    return size == one->header.raw;
}

static bool read_file(frames *f, const char *file, GError **error)
{
    GError *why = NULL;
    if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_UNREADABLE,
                    "%s: found a directory, expected a trace", file);
        return false;
    }
    f->file = g_mapped_file_new(file, FALSE, &why);
    if (f->file == NULL) {
        bool is_missing = g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_UNREADABLE, "%s: %s", file,
                    is_missing ? "found no such file, expected a trace" : why->message);
        g_error_free(why);
    }
    return f->file != NULL;
}

bool frames_open(frames *f, const char *file, GError **error)
{
    *f = (frames){.all = g_array_new(FALSE, FALSE, sizeof(frame))};
    f->decompressor = ZSTD_createDCtx();
    if (!read_file(f, file, error)) {
        return false;
    }
    size_t size = g_mapped_file_get_length(f->file);
    const char *bytes = g_mapped_file_get_contents(f->file);
    const size_t told = sizeof "dasim trace " - 1;
    if (size < MAGIC_SIZE || memcmp(bytes, NATIVE_MAGIC, told) != 0) {
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_BAD,
                    "%s: found %s, expected a trace as dasim run --trace FILE.dtrace writes it",
                    file, size == 0 ? "an empty file" : "something else");
        return false;
    }
    if (memcmp(bytes, NATIVE_MAGIC, MAGIC_SIZE) != 0) {
        g_set_error(error, NATIVE_ERROR, NATIVE_ERROR_BAD,
                    "%s: found a trace of another version, expected version 1", file);
        return false;
    }
    take_all(f, (const unsigned char *)bytes + MAGIC_SIZE, size - MAGIC_SIZE);
    return true;
}

void frames_close(frames *f)
{
    if (f->file) {
        g_mapped_file_unref(f->file);
    }
    g_array_free(f->all, TRUE);
    g_free(f->fault);
    ZSTD_freeDCtx(f->decompressor);
}
