#include "sweep/result.h"

#include <criterion/criterion.h>

static void fill(result *r)
{
    result_init(r);
    *r = (result){.seed = 7,
                  .status = RUN_LIMIT,
                  .exit_status = 3,
                  .settled = true,
                  .ended_at = INT64_MAX,
                  .events = 1,
                  .records = 200,
                  .faults = 30000,
                  .digest = {UINT64_MAX, 1},
                  .explanation = "",
                  .verdicts = r->verdicts,
                  .metrics = r->metrics,
                  .histograms = r->histograms};
    result_verdict v = {"mutual_exclusion", 1, 2, true, 17, 5, "both"};
    result_metric m = {"waiting_ns", -5, 3};
    result_histogram h = {"waiting_ns", "\1\0\2", 3};
    g_array_append_val(r->verdicts, v);
    g_array_append_val(r->metrics, m);
    g_array_append_val(r->histograms, h);
}

Test (result, packing_keeps_everything) {
    result r, again;
    GByteArray *one = g_byte_array_new(), *two = g_byte_array_new();
    fill(&r);
    result_pack_again(one, &r);
    frame f = {FRAME_RESULT, one->data, one->data + one->len, false};
    result_init(&again);
    cr_assert(result_unpack(&f, &again));
    cr_expect_eq(again.seed, 7);
    cr_expect_eq(again.ended_at, INT64_MAX);
    cr_expect_eq(again.digest.high, UINT64_MAX);
    cr_expect_str_eq(again.explanation, "");
    cr_expect_str_eq(g_array_index(again.verdicts, result_verdict, 0).reason, "both");
    cr_expect_eq(g_array_index(again.metrics, result_metric, 0).numerator, -5);
    result_pack_again(two, &again);
    cr_assert_eq(one->len, two->len);
    cr_assert_arr_eq(one->data, two->data, one->len);
    result_clear(&r);
    result_clear(&again);
    g_byte_array_free(one, TRUE);
    g_byte_array_free(two, TRUE);
}

Test (result, what_is_cut_off_anywhere_is_refused) {
    result r, again;
    GByteArray *one = g_byte_array_new();
    fill(&r);
    result_pack_again(one, &r);
    result_init(&again);
    for (guint size = 0; size < one->len; size++) {
        guint8 *part = g_memdup2(one->data, size ? size : 1);
        frame f = {FRAME_RESULT, part, part + size, false};
        cr_assert_not(result_unpack(&f, &again), "%u bytes", size);
        g_free(part);
    }
    result_clear(&r);
    result_clear(&again);
    g_byte_array_free(one, TRUE);
}

Test (result, every_byte_changes_the_hash) {
    result r;
    GByteArray *one = g_byte_array_new();
    fill(&r);
    result_pack_again(one, &r);
    digest_value whole = result_hash(one->data, one->len);
    for (guint i = 0; i < one->len; i++) {
        one->data[i] ^= 1;
        cr_assert_neq(result_hash(one->data, one->len).low, whole.low);
        one->data[i] ^= 1;
    }
    result_clear(&r);
    g_byte_array_free(one, TRUE);
}

Test (result, numbers_and_texts_of_frames_come_back) {
    GByteArray *out = g_byte_array_new();
    static const int64_t numbers[] = {0, -1, 1, 63, -64, 64, INT64_MAX, INT64_MIN};
    frame f;
    guint begin = frame_begin(out, FRAME_CELL);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        frame_put_signed(out, numbers[i]);
    }
    frame_put_text(out, NULL);
    frame_put_text(out, "");
    frame_end(out, begin);
    cr_assert_eq(frame_first(out->data, out->len - 1, &f), 0, "not all of it is there");
    cr_assert_eq(frame_first(out->data, out->len, &f), out->len);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        cr_assert_eq(frame_take_signed(&f), numbers[i]);
    }
    cr_assert_null(frame_take_text(&f));
    cr_assert_str_eq(frame_take_text(&f), "");
    cr_assert_not(f.bad);
    cr_assert_eq(frame_take_number(&f), 0);
    cr_assert(f.bad, "nothing is left");
    g_byte_array_free(out, TRUE);
}
