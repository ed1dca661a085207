/*
 * Numbers with units: "250ms", "50ppm", "4KiB", "10Mbit/s". Read exactly, in integers only: what
 * cannot be told in whole ns, ppb, bytes or bytes per second is refused, never rounded.
 */
#ifndef DASIM_SCRIPT_UNITS_H
#define DASIM_SCRIPT_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dimension {
    DIMENSION_NUMBER,   /* no unit; of a text: 0 only */
    DIMENSION_DURATION, /* ns, at most 100 years either way */
    DIMENSION_RATIO,    /* ppb */
    DIMENSION_BYTES,    /* bytes */
    DIMENSION_RATE,     /* bytes per second */
    DIMENSIONS
} dimension;

typedef struct quantity {
    dimension dimension;
    int64_t value;
} quantity;

typedef enum units_fault {
    UNITS_FINE,
    UNITS_NO_NUMBER, /* "fast" */
    UNITS_NO_UNIT,   /* "5" */
    UNITS_UNKNOWN,   /* "5mss" */
    UNITS_TOO_FINE,  /* "0.5ns" */
    UNITS_TOO_LARGE  /* "1000000h" */
} units_fault;

/* `unit` (may be NULL) is set to where the unit begins in `text`. */
units_fault quantity_parse(const char *text, quantity *q, const char **unit);

/* "1.5ms", "0.1%", "4KiB", "10MB/s", exactly; at most 31 characters. */
const char *quantity_format(quantity q, char buffer[32]);

/* Is |value| within what the dimension allows? */
bool quantity_fits(quantity q);

/* The number of a text like "12.5" times `scale` (1 or more), exactly; false where that is not a
 * whole number, or `text` up to `size` is not a number. Spaces around it are allowed. */
bool decimal_parse(const char *text, size_t size, int64_t scale, int64_t *value);

/* "a duration such as \"250ms\"". */
const char *dimension_expected(dimension d);

/* Names of all units, of the constants among them (`ms`, `ppm`, ...: what can be written 5 * ms);
 * NULL-ended. */
const char *const *unit_names(void);
size_t unit_constant(size_t i, const char **name, quantity *q); /* 0: no more */

#endif
