/*
 * "Did you mean": the nearest of some names by edit distance, where a swap of two neighbours
 * counts as one (optimal string alignment).
 */
#include "plugin/plugin.h"

#include <string.h>

enum { LONGEST = 64, FARTHEST = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_size; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replaced, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b_size];
}

const char *nearest_name(const char *found, const char *const *names, size_t count)
{
    size_t size = strlen(found);
    if (size > LONGEST) {
        return NULL;
    }
    const char *nearest = NULL;
    size_t best = least(FARTHEST + 1, size); /* at most FARTHEST, and less than the length */
    for (size_t i = 0; i < count; i++) {
        size_t its = strlen(names[i]);
        if (its > LONGEST) {
            continue;
        }
        size_t d = distance(found, size, names[i], its);
        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}
