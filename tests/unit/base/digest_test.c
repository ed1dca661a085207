#include "base/digest.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 100000 };

static unsigned char *sample(void)
{
    unsigned char *bytes = malloc(BYTES);
    rng_key key = rng_key_of(5, 0, 0);
    for (uint32_t i = 0; i < BYTES; i++) {
        bytes[i] = (unsigned char)rng_draw(key, i);
    }
    return bytes;
}

static bool same(digest_value a, digest_value b)
{
    return a.high == b.high && a.low == b.low;
}

/* XXH3_128bits of xxHash 0.8, with seed 0, as its own tool prints it. */
Test (digest, is_that_of_the_library) {
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", "99aa06d3014798d86001c324468d497f"},
        {"a", "a96faf705af16834e6c632b61e964e1f"},
        {"abc", "06b05ab6733a618578af5f94892f3950"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[33];
        digest_text(digest_of(cases[i].bytes, strlen(cases[i].bytes)), text);
        cr_expect_str_eq(text, cases[i].text);
    }
}

Test (digest, text_shows_the_high_half_first_with_all_zeros) {
    char text[33];
    digest_text((digest_value){0x0123456789abcdef, 0x00000000000000f0}, text);
    cr_expect_str_eq(text, "0123456789abcdef00000000000000f0");
}

Test (digest, does_not_depend_on_how_the_input_is_cut) {
    static const uint32_t most[] = {1, 7, 48, 1000, DIGEST_PIECE, DIGEST_PIECE + 1, 50000};
    unsigned char *bytes = sample();
    digest_value whole = digest_of(bytes, BYTES);
    digest *d = digest_new();
    for (size_t m = 0; m < sizeof most / sizeof *most; m++) {
        rng_key key = rng_key_of(6, most[m], 0);
        digest_reset(d);
        for (size_t done = 0, i = 0; done < BYTES; i++) {
            size_t size = rng_below(rng_draw(key, i), most[m] + 1);
            size = size < BYTES - done ? size : BYTES - done;
            if (size <= DIGEST_PIECE && i % 2) {
                memcpy(digest_reserve(d, size), bytes + done, size);
            } else {
                digest_add(d, bytes + done, size);
            }
            if (i % 5 == 0) {
                digest_flush(d);
            }
            done += size;
        }
        cr_assert(same(digest_now(d), whole), "pieces of at most %u", most[m]);
    }
    digest_free(d);
    free(bytes);
}

Test (digest, what_is_padded_to_words_stays_aligned_however_long_it_is) {
    static const unsigned char zeros[8];
    unsigned char *bytes = sample();
    digest *d = digest_new();
    for (size_t size = 1; size < BYTES; size += 611) {
        digest_add(d, bytes, size);
        digest_add(d, zeros, (8 - size % 8) % 8);
        cr_assert_eq(d->used % 8, 0, "%zu bytes", size);
    }
    digest_free(d);
    free(bytes);
}

Test (digest, looking_in_between_changes_nothing) {
    unsigned char *bytes = sample();
    digest *d = digest_new();
    for (size_t done = 0; done < BYTES; done += 100) {
        cr_assert(same(digest_now(d), digest_of(bytes, done)));
        digest_add(d, bytes + done, 100);
    }
    cr_expect(same(digest_now(d), digest_now(d)));
    digest_free(d);
    free(bytes);
    digest_free(NULL);
}

Test (digest, changes_with_every_bit_and_with_the_length) {
    unsigned char bytes[64] = {0};
    digest_value zeros = digest_of(bytes, sizeof bytes);
    for (uint32_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        digest_value other = digest_of(bytes, sizeof bytes);
        cr_assert(other.high != zeros.high && other.low != zeros.low);
        bytes[bit / 8] = 0;
    }
    cr_expect_not(same(digest_of(bytes, 63), zeros));
}
