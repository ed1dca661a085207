/*
 * Published costs (dasim_cost.formula): Lua expressions over n nodes, the delay T, the time E in
 * the critical section and H(n) = 1 + 1/2 + ... + 1/n. Evaluated in the sandbox: the same value on
 * every machine.
 */
#ifndef DASIM_SCRIPT_FORMULA_H
#define DASIM_SCRIPT_FORMULA_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct formula formula;

/* NULL and an error (SANDBOX_ERROR_...) where the text is not a Lua expression. */
formula *formula_new(const char *text, GError **error);
void formula_free(formula *f); /* NULL is allowed */

/* False and an error where it has no finite value. T and E: any unit; the value is in the same. */
bool formula_value(formula *f, int64_t n, double t, double e, double *value, GError **error);

#endif
