#include "../history.h"

#include "export/html_internal.h"

#include <gio/gio.h>
#include <inttypes.h>
#include <string.h>

/* A history that is collected as it is played; `node`: only records of that node are kept. */
typedef struct collection {
    history history;
    html_run *run;
    uint32_t node; /* NOBODY: all */
} collection;

static void collect(void *self, const world *w, const record *r)
{
    collection *c = self;
    html_run_record(c->run, w, r, c->node == NOBODY || r->node == c->node);
}

static const window everything;

static collection *begin_as(const char *scenario, const char *played)
{
    collection *c = g_new0(collection, 1);
    c->history = history_of(3, 2);
    c->history.watch = collect;
    c->history.self = c;
    c->node = NOBODY;
    c->run = html_run_new(c->history.world, &(export_about){.scenario = scenario,
                                                            .question = "Why?",
                                                            .settings = "",
                                                            .seed = 7,
                                                            .window = &everything});
    history_play(&c->history, played);
    return c;
}

static void end(collection *c, const char *reason)
{
    export_verdict verdict = {"mutual_exclusion", "violated", reason, 2, 20, false};
    html_run_end(c->run, c->history.world,
                 &(export_end){.ended_at = 100,
                               .records = c->history.number,
                               .digest = "00",
                               .verdicts = &verdict,
                               .verdict_count = 1});
}

static void finish(collection *c)
{
    html_run_free(c->run);
    history_end(&c->history);
    g_free(c);
}

static char *written(collection *const *all, size_t count)
{
    char *text = NULL;
    size_t size;
    html_run *runs[2] = {all[0]->run, count > 1 ? all[1]->run : NULL};
    FILE *file = open_memstream(&text, &size);
    html_write(file, runs, count);
    fclose(file);
    return text;
}

/* What stands between two marks, from the n-th of the first on; to be freed. */
static char *between(const char *text, const char *before, const char *after, int n)
{
    for (int i = 0; i <= n; i++) {
        text = strstr(text, before);
        cr_assert_not_null(text, "no %s", before);
        text += strlen(before);
    }
    return g_strndup(text, (gsize)(strstr(text, after) - text));
}

/* The columns of run number n as they stand in the page, unpacked by GIO. */
static GByteArray *unpacked(const char *page, int n)
{
    char *text = between(page, "class=\"columns\">", "<", n);
    gsize size, taken, given;
    guchar *packed = g_base64_decode(text, &size);
    GByteArray *all = g_byte_array_new();
    g_byte_array_set_size(all, 1 << 20);
    GZlibDecompressor *zip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    GConverterResult done = g_converter_convert(G_CONVERTER(zip), packed, size, all->data, all->len,
                                                G_CONVERTER_INPUT_AT_END, &taken, &given, NULL);
    cr_assert_eq(done, G_CONVERTER_FINISHED);
    cr_assert_eq(taken, size);
    g_byte_array_set_size(all, (guint)given);
    g_object_unref(zip);
    g_free(packed);
    g_free(text);
    return all;
}

/* A column as numbers, "1 2 3". */
static char *numbers(const html_run *h, html_column column)
{
    const html_bytes *b = &h->columns[column];
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < b->size;) {
        uint64_t value = 0;
        int shift = 0;
        do {
            value |= (uint64_t)(b->data[i] & 127) << shift;
            shift += 7;
        } while (b->data[i++] >= 128);
        g_string_append_printf(text, "%s%" PRIu64, text->len > 0 ? " " : "", value);
    }
    return g_string_free(text, FALSE);
}

static void expect_column(const html_run *h, html_column column, const char *expected)
{
    char *found = numbers(h, column);
    cr_expect_str_eq(found, expected, "%s: found %s, expected %s", html_column_name(column), found,
                     expected);
    g_free(found);
}

Test (html, a_record_is_a_few_small_numbers) {
    collection *c = begin_as("a.lua", "10Sa0>1 300Ta 300X2");
    end(c, NULL);
    expect_column(c->run, COLUMN_NUMBER, "1 1 1");
    expect_column(c->run, COLUMN_AT, "10 290 0");
    expect_column(c->run, COLUMN_WHAT, "0 1 2");
    expect_column(c->run, COLUMN_NODE, "1 2 3");
    expect_column(c->run, COLUMN_PEER, "2 1 0");
    expect_column(c->run, COLUMN_CAUSE, "0 1 0");
    expect_column(c->run, COLUMN_SKEW, "0 0 0");
    finish(c);
}

Test (html, a_body_that_has_arrived_is_not_written_again) {
    collection *c = begin_as("a.lua", "10A1 20A2.1");
    stub_body body = {.clock = 5, .to = NOBODY};
    record r = {.at = 30,
                .node = 0,
                .peer = 1,
                .type = STUB_ASK,
                .kind = RECORD_SEND,
                .size = sizeof body,
                .body = &body};
    uint64_t sent = history_record(&c->history, r);
    r.kind = RECORD_RECEIVE;
    r.cause = sent;
    history_record(&c->history, r);
    r.reason = REASON_CORRUPT;
    history_record(&c->history, r);
    end(c, NULL);
    const char *ask = "clock=5 resource=0 to=- urgent=false path=[0 0 0]";
    char *expected = g_strdup_printf("12 12 %zu 1 %zu", strlen(ask) + 2, strlen(ask) + 2);
    expect_column(c->run, COLUMN_BODY, expected);
    char *text = g_strdup_printf("resource=0resource=1%s%s", ask, ask);
    cr_expect_eq(c->run->columns[COLUMN_TEXT].size, strlen(text));
    cr_expect(memcmp(c->run->columns[COLUMN_TEXT].data, text, strlen(text)) == 0);
    g_free(expected);
    g_free(text);
    finish(c);
}

Test (html, a_clock_is_told_by_how_far_it_is_from_the_one_before) {
    collection *c = begin_as("a.lua", "");
    const int64_t local[] = {10, 25, 40, 30};
    for (int i = 0; i < 4; i++) {
        history_record(&c->history, (record){.at = 10 * (i + 1),
                                             .local = local[i],
                                             .node = (uint32_t)i % 2,
                                             .peer = NOBODY,
                                             .kind = RECORD_BOOT});
    }
    end(c, NULL);
    expect_column(c->run, COLUMN_SKEW, "0 10 20 29"); /* 0, +5; +10, -15 */
    finish(c);
}

Test (html, spans_begin_and_end_with_places_of_records) {
    collection *c = begin_as("a.lua", "10A1 20G1 20A2.1 50R1 60X2");
    end(c, NULL);
    expect_column(c->run, COLUMN_SPAN_KIND, "0 1 0");
    expect_column(c->run, COLUMN_SPAN_NODE, "1 1 2");
    expect_column(c->run, COLUMN_SPAN_RESOURCE, "0 0 1");
    expect_column(c->run, COLUMN_SPAN_FROM, "0 2 2");      /* signed: 0, +1, +1 */
    expect_column(c->run, COLUMN_SPAN_TO, "2 3 3");        /* lengths plus 1 */
    expect_column(c->run, COLUMN_SPAN_FROM_AT, "20 20 0"); /* 10, +10, 0 */
    expect_column(c->run, COLUMN_SPAN_TO_AT, "10 30 40");
    finish(c);
}

Test (html, what_lasts_to_the_end_has_no_end) {
    collection *c = begin_as("a.lua", "10A1 20A2");
    end(c, NULL);
    expect_column(c->run, COLUMN_SPAN_TO, "0 0");
    expect_column(c->run, COLUMN_SPAN_TO_AT, "90 80");
    finish(c);
}

Test (html, records_that_are_left_out_keep_their_numbers) {
    collection *c = begin_as("a.lua", "");
    c->node = 1;
    history_play(&c->history, "10Sa0>1 20Ta 30A2 40A1 50G2");
    end(c, NULL);
    expect_column(c->run, COLUMN_NUMBER, "2 2");
    expect_column(c->run, COLUMN_CAUSE, "1 0");
    cr_expect_eq(c->run->kept, 2);
    cr_expect(strstr(c->run->about->str, "\"kept\":2,\"records\":5,") != NULL);
    finish(c);
}

Test (html, faults_are_kept_wherever_they_were) {
    collection *c = begin_as("a.lua", "");
    c->node = 1;
    history_play(&c->history, "10X0 20A1 30A2 40B0 50G1");
    end(c, NULL);
    expect_column(c->run, COLUMN_NUMBER, "1 1 2 1");
    finish(c);
}

Test (html, the_page_holds_the_columns_as_they_are) {
    collection *c = begin_as("a.lua", "10A1 20G1 30Sa1>2 40R1 50La");
    end(c, NULL);
    char *page = written(&c, 1);
    GByteArray *found = unpacked(page, 0);
    guint from = 0;
    for (uint32_t i = 0; i < COLUMNS; i++) {
        const html_bytes *b = &c->run->columns[i];
        cr_assert_leq(from + b->size, found->len);
        cr_expect(b->size == 0 || memcmp(found->data + from, b->data, b->size) == 0);
        from += (guint)b->size;
    }
    cr_expect_eq(from, found->len);
    g_byte_array_free(found, TRUE);
    free(page);
    finish(c);
}

Test (html, the_same_run_is_the_same_page) {
    collection *one = begin_as("a.lua", "10A1 20G1 30R1"),
               *other = begin_as("a.lua", "10A1 20G1 30R1");
    end(one, "a");
    end(other, "a");
    char *a = written(&one, 1), *b = written(&other, 1);
    cr_expect_str_eq(a, b);
    /* Bytes 4..9 of gzip: no time of day, no name, whatever the system. */
    char *text = between(a, "class=\"columns\">", "<", 0);
    gsize size;
    guchar *packed = g_base64_decode(text, &size);
    cr_expect_eq(packed[3], 0, "no name");
    cr_expect(packed[4] == 0 && packed[5] == 0 && packed[6] == 0 && packed[7] == 0, "no time");
    g_free(packed);
    g_free(text);
    free(a);
    free(b);
    finish(one);
    finish(other);
}

Test (html, two_runs_stand_behind_each_other) {
    collection *both[] = {begin_as("a.lua", "10A1"), begin_as("b.lua", "20A2")};
    end(both[0], NULL);
    end(both[1], NULL);
    char *page = written(both, 2), *second = between(page, "class=\"about\">", "</script>", 1);
    cr_expect(strstr(second, "\"scenario\":\"b.lua\"") != NULL);
    GByteArray *found = unpacked(page, 1);
    cr_expect_gt(found->len, 0);
    g_byte_array_free(found, TRUE);
    g_free(second);
    free(page);
    finish(both[0]);
    finish(both[1]);
}

Test (html, no_text_of_a_run_ends_its_element) {
    collection *c = begin_as("</script><script>alert(1)</script>&\"\\\x01.lua", "10A1");
    end(c, "</title><!--<script>");
    char *page = written(&c, 1), *about = between(page, "class=\"about\">", "</script>", 0);
    cr_expect(strchr(about, '<') == NULL);
    cr_expect(
        strstr(about,
               "\\u003c/script>\\u003cscript>alert(1)\\u003c/script>&\\u0022\\u005c\\u0001.lua"));
    char *title = between(page, "<title>", "</title>", 0);
    cr_expect(strchr(title, '<') == NULL);
    g_free(title);
    g_free(about);
    free(page);
    finish(c);
}

static void expect_hash(const char *page, const char *before, const char *after, const char *name)
{
    char *text = between(page, before, after, 0);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 hash[32];
    gsize size = sizeof hash;
    g_checksum_update(sum, (guchar *)text, -1);
    g_checksum_get_digest(sum, hash, &size);
    char *words = g_base64_encode(hash, size);
    char *policy = g_strdup_printf("%s 'sha256-%s'", name, words);
    cr_expect(strstr(page, policy) != NULL, "%s", policy);
    g_free(policy);
    g_free(words);
    g_checksum_free(sum);
    g_free(text);
}

Test (html, the_policy_allows_its_script_and_its_style_and_nothing_else) {
    collection *c = begin_as("a.lua", "10A1");
    end(c, NULL);
    char *page = written(&c, 1);
    cr_expect(strstr(page, "default-src 'none'; script-src 'sha256-") != NULL);
    expect_hash(page, "<script>", "</script>", "script-src");
    expect_hash(page, "<style>", "</style>", "style-src");
    for (const char *place = page; (place = strstr(place, "://")) != NULL; place++) {
        cr_expect(g_str_has_prefix(place, "://www.w3.org/2000/svg"), "an address: %.40s", place);
    }
    free(page);
    finish(c);
}

Test (html, an_empty_run_is_a_page) {
    collection *c = begin_as("a.lua", "");
    end(c, NULL);
    char *page = written(&c, 1);
    GByteArray *found = unpacked(page, 0);
    cr_expect_eq(found->len, 0);
    g_byte_array_free(found, TRUE);
    free(page);
    finish(c);
}
