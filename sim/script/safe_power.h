/*
 * Powers, exponentials and logarithms that are the same on every machine: only additions,
 * multiplications and divisions of doubles, which IEEE 754 fixes to the last bit.
 */
#ifndef DASIM_SCRIPT_SAFE_POWER_H
#define DASIM_SCRIPT_SAFE_POWER_H

/* As pow(), exp() and log() of C, special values included; wrong by at most a hair more than half
 * a unit in the last place, exact where the result is a double. */
double safe_power(double x, double y);
double safe_exponential(double x);
double safe_logarithm(double x);
/* log(x) / log(base), with one rounding. */
double safe_logarithm_to(double x, double base);

#endif
