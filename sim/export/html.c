/*
 * The page is a text with three kinds of places: the hashes that its Content-Security-Policy
 * allows, the title, and where the runs go. A run is a JSON object that describes its columns, and
 * the columns, gzip and base64. Nothing else changes from page to page.
 *
 * The compressed bytes depend on zlib alone: gzip is asked for without time and name.
 */
#include "export/html_internal.h"

#include <gio/gio.h>
#include <inttypes.h>
#include <string.h>

enum { PIECE = 3 << 16 };

/* -------------------------------------------------------------------------------- the runs */

typedef struct sink {
    FILE *file;
    gint state, save; /* of base64 */
} sink;

static void write_base64(sink *s, const guint8 *data, size_t size)
{
    static const size_t most = 12288;
    gchar text[4 * 4096 + 16];
    while (size > 0) {
        size_t now = MIN(size, most);
        gsize length = g_base64_encode_step(data, now, FALSE, text, &s->state, &s->save);
        fwrite(text, 1, length, s->file);
        data += now;
        size -= now;
    }
}

/* Until the converter has taken all, and at the end has given all. */
static void compress(sink *s, GConverter *zip, const guint8 *data, size_t size, bool last)
{
    static guint8 out[PIECE];
    for (;;) {
        gsize taken = 0, given = 0;
        GConverterResult done =
            g_converter_convert(zip, data, size, out, sizeof out,
                                last ? G_CONVERTER_INPUT_AT_END : 0, &taken, &given, NULL);
        g_assert(done != G_CONVERTER_ERROR);
        write_base64(s, out, given);
        data += taken;
        size -= taken;
        if (done == G_CONVERTER_FINISHED || (!last && size == 0)) {
            return;
        }
    }
}

static void write_run(FILE *file, const html_run *h)
{
    sink s = {.file = file};
    gchar rest[8];
    GZlibCompressor *zip = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 5);
    fputs("<script type=\"application/json\" class=\"about\">", file);
    fwrite(h->about->str, 1, h->about->len, file);
    fputs("</script>\n<script type=\"application/octet-stream\" class=\"columns\">", file);
    for (uint32_t i = 0; i < COLUMNS; i++) {
        if (h->columns[i].size > 0) {
            compress(&s, G_CONVERTER(zip), h->columns[i].data, h->columns[i].size, false);
        }
    }
    compress(&s, G_CONVERTER(zip), (const guint8 *)"", 0, true);
    fwrite(rest, 1, g_base64_encode_close(FALSE, rest, &s.state, &s.save), file);
    fputs("</script>\n", file);
    g_object_unref(zip);
}

/* -------------------------------------------------------------------------------- the page */

/* What stands between two marks of the page. */
static const char *between(const char *page, const char *before, const char *after, gsize *size)
{
    const char *from = strstr(page, before) + strlen(before);
    *size = (gsize)(strstr(from, after) - from);
    return from;
}

static void write_hash(FILE *file, const char *page, const char *before, const char *after)
{
    gsize size, length = 32;
    guint8 hash[32];
    const char *text = between(page, before, after, &size);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)text, (gssize)size);
    g_checksum_get_digest(sum, hash, &length);
    gchar *words = g_base64_encode(hash, length);
    fprintf(file, "'sha256-%s'", words);
    g_free(words);
    g_checksum_free(sum);
}

static void write_title(FILE *file, const html_run *h)
{
    char *title = g_markup_escape_text(h->scenario, -1);
    fprintf(file, "%s, seed %" PRIu64, title, h->seed);
    g_free(title);
}

/* The page up to the next mark, which is passed over. */
static const char *copy_to(FILE *file, const char *page, const char *mark)
{
    const char *end = strstr(page, mark);
    fwrite(page, 1, (size_t)(end - page), file);
    return end + strlen(mark);
}

void html_write(FILE *file, html_run *const *runs, size_t count)
{
    char *page = g_strndup((const char *)html_page, html_page_size);
    const char *rest = copy_to(file, page, "@script@");
    write_hash(file, page, "<script>", "</script>");
    rest = copy_to(file, rest, "@style@");
    write_hash(file, page, "<style>", "</style>");
    rest = copy_to(file, rest, "@title@");
    write_title(file, runs[0]);
    rest = copy_to(file, rest, "@runs@");
    for (size_t i = 0; i < count; i++) {
        write_run(file, runs[i]);
    }
    fputs(rest, file);
    g_free(page);
}

/* ------------------------------------------------------------------------------ the exporter */

typedef struct html {
    FILE *file;
    html_run *run;
} html;

static void *begin(FILE *file, const world *w, const export_about *about)
{
    html *self = g_new(html, 1);
    *self = (html){file, html_run_new(w, about)};
    return self;
}

static void on_record(void *state, const world *w, const record *r, bool selected)
{
    html *self = state;
    html_run_record(self->run, w, r, selected);
}

static void end(void *state, const world *w, const export_end *how)
{
    html *self = state;
    html_run_end(self->run, w, how);
    html_write(self->file, &self->run, 1);
    html_run_free(self->run);
    g_free(self);
}

const exporter export_html = {
    .name = "html",
    .extension = ".html",
    .title = "a page that shows the run in a browser",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
