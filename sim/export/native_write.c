/*
 * The run fills chunks with the bytes of its records and with what was found changed; a thread
 * empties them in order into columns and frames. There are few chunks, so that the run waits where
 * the thread cannot follow, and memory stays small.
 */
#include "export/native.h"
#include "export/native_columns.h"
#include "export/native_head.h"

#include "kernel/pack.h"
#include "observe/changes.h"

#include <zstd.h>

enum { CHUNKS = 4, CHUNK_BYTES = 1 << 17, COMPRESSION = 1 };

typedef struct chunk {
    blob bytes;
    GArray *changes; /* native_change */
    bool is_last;
} chunk;

struct native_writer {
    FILE *file;
    digest *digest;
    changes *changes; /* NULL: states are not wanted */
    native_slots slots;
    chunk *filling;
    chunk chunks[CHUNKS];
    GAsyncQueue *full, *empty;
    GThread *thread;

    /* The thread's own. */
    columns *columns;
    blob rest; /* the beginning of a record whose end has not come */
    blob raw, packed;
    ZSTD_CCtx *compressor;
};

/* ------------------------------------------------------------------------------------- frames */

static void write_frame(native_writer *x, frame_kind kind, uint64_t first, uint32_t count)
{
    size_t most = ZSTD_compressBound(x->raw.size);
    x->packed.size = 0;
    blob_reserve(&x->packed, FRAME_HEADER + most + FRAME_CHECKSUM);
    size_t size = ZSTD_compressCCtx(x->compressor, x->packed.bytes + FRAME_HEADER, most,
                                    x->raw.bytes, x->raw.size, COMPRESSION);
    g_assert(!ZSTD_isError(size));
    frame_header header = {.magic = FRAME_MAGIC,
                           .kind = kind,
                           .raw = (uint32_t)x->raw.size,
                           .packed = (uint32_t)size,
                           .first = first,
                           .count = count};
    memcpy(x->packed.bytes, &header, sizeof header);
    uint64_t checksum = digest_of(x->packed.bytes, FRAME_HEADER + size).low;
    memcpy(x->packed.bytes + FRAME_HEADER + size, &checksum, sizeof checksum);
    fwrite(x->packed.bytes, 1, FRAME_HEADER + size + FRAME_CHECKSUM, x->file);
}

static void write_records(native_writer *x)
{
    uint32_t count;
    uint64_t first = columns_frame(x->columns, &x->raw, &count);
    write_frame(x, FRAME_OF_RECORDS, first, count);
}

/* ------------------------------------------------------------------------------------- thread */

/* A record may begin in one chunk and end in another. */
static void take(native_writer *x, const blob *bytes)
{
    const blob *from = bytes;
    if (x->rest.size > 0) {
        put_bytes(&x->rest, bytes->bytes, bytes->size);
        from = &x->rest;
    }
    size_t taken = 0;
    for (;;) {
        size_t more = columns_take(x->columns, from->bytes + taken, from->size - taken);
        taken += more;
        if (columns_are_full(x->columns) && taken < from->size) {
            write_records(x);
        } else if (more == 0) {
            break;
        }
    }
    size_t left = from->size - taken;
    if (from == &x->rest) {
        memmove(x->rest.bytes, x->rest.bytes + taken, left);
        x->rest.size = left;
    } else {
        put_bytes(&x->rest, bytes->bytes + taken, left);
    }
}

static void *work(void *self)
{
    native_writer *x = self;
    for (bool is_last = false; !is_last;) {
        chunk *c = g_async_queue_pop(x->full);
        is_last = c->is_last;
        for (guint i = 0; i < c->changes->len; i++) {
            columns_change(x->columns, &g_array_index(c->changes, native_change, i));
        }
        take(x, &c->bytes);
        c->bytes.size = 0;
        g_array_set_size(c->changes, 0);
        g_async_queue_push(x->empty, c);
    }
    columns_take_rest(x->columns);
    write_records(x);
    return NULL;
}

/* ---------------------------------------------------------------------------------------- run */

static void hand_over(native_writer *x, bool is_last)
{
    x->filling->is_last = is_last;
    g_async_queue_push(x->full, x->filling);
    x->filling = is_last ? NULL : g_async_queue_pop(x->empty);
}

static void on_bytes(void *context, const void *bytes, size_t size)
{
    native_writer *x = context;
    if (x->filling->bytes.size + size > CHUNK_BYTES) {
        hand_over(x, false);
    }
    put_bytes(&x->filling->bytes, bytes, size);
}

static void add_changes(native_writer *x, uint64_t found, const change *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const change *one = &all[i];
        uint64_t first = native_slots_first(&x->slots, one->component, one->stable, one->number);
        native_change what = {.found = found,
                              .record = one->record,
                              .slot = first + one->index,
                              .old = one->old,
                              .new = one->new,
                              .node = one->node};
        g_array_append_val(x->filling->changes, what);
    }
}

native_writer *native_writer_new(FILE *file, const world *w, const export_about *about)
{
    native_writer *x = g_new0(native_writer, 1);
    x->file = file;
    x->digest = digest_new();
    digest_set_tap(x->digest, on_bytes, x);
    native_slots_init(&x->slots, world_config_of(w));
    if (!about->without_state) {
        x->changes = changes_new(w);
    }
    x->columns = columns_new(world_keeps_clocks(w));
    x->compressor = ZSTD_createCCtx();
    g_assert(x->compressor != NULL);
    fwrite(NATIVE_MAGIC, 1, MAGIC_SIZE, file);
    native_write_head(&x->raw, w, about);
    write_frame(x, FRAME_HEAD, 0, 0);

    x->full = g_async_queue_new();
    x->empty = g_async_queue_new();
    for (int i = 0; i < CHUNKS; i++) {
        x->chunks[i].changes = g_array_new(FALSE, FALSE, sizeof(native_change));
        g_async_queue_push(x->empty, &x->chunks[i]);
    }
    x->filling = g_async_queue_pop(x->empty);
    x->thread = g_thread_new("trace", work, x);
    return x;
}

digest *native_writer_digest(native_writer *x)
{
    return x->digest;
}

void native_writer_record(native_writer *x, const world *w, const record *r)
{
    if (x->changes) {
        size_t count;
        const change *all = changes_record(x->changes, w, r, &count);
        add_changes(x, r->number, all, count);
    }
    record_pack(x->digest, r, world_keeps_clocks(w));
}

void native_writer_end(native_writer *x, const world *w, const export_end *how)
{
    if (x->changes) {
        size_t count;
        const change *all = changes_end(x->changes, w, &count);
        add_changes(x, how->records + 1, all, count);
    }
    digest_flush(x->digest);
    hand_over(x, true);
    g_thread_join(x->thread);
    x->raw.size = 0;
    native_write_end(&x->raw, how);
    write_frame(x, FRAME_END, how->records + 1, 0);

    changes_free(x->changes);
    digest_free(x->digest);
    native_slots_clear(&x->slots);
    columns_free(x->columns);
    for (int i = 0; i < CHUNKS; i++) {
        blob_clear(&x->chunks[i].bytes);
        g_array_free(x->chunks[i].changes, TRUE);
    }
    blob_clear(&x->rest);
    blob_clear(&x->raw);
    blob_clear(&x->packed);
    ZSTD_freeCCtx(x->compressor);
    g_async_queue_unref(x->full);
    g_async_queue_unref(x->empty);
    g_free(x);
}

/* -------------------------------------------------------------------------------- as exporter */

static void *begin(FILE *file, const world *w, const export_about *about)
{
    return native_writer_new(file, w, about);
}

/* The whole run: what is drawn of it later may depend on all of it. */
static void on_record(void *self, const world *w, const record *r, bool selected)
{
    (void)selected;
    native_writer_record(self, w, r);
}

static void end(void *self, const world *w, const export_end *how)
{
    native_writer_end(self, w, how);
}

const exporter export_dtrace = {
    .name = "dtrace",
    .extension = ".dtrace",
    .title = "the native trace: the whole run, for dasim export, show and check-trace",
    .is_whole = true,
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
