/*
 * The result of one run, small enough to be sent and kept a million times: what the verdicts are,
 * what was measured, how long everything took. Whole numbers only.
 */
#ifndef DASIM_SWEEP_RESULT_H
#define DASIM_SWEEP_RESULT_H

#include "sweep/frames.h"

#include "base/digest.h"
#include "run/run.h"

typedef struct result_verdict {
    const char *property;
    uint32_t verdict, asked; /* finding.verdict and run_verdict.asked of check/ and run/ */
    bool met;
    uint64_t record;    /* where it was violated first; 0: none */
    int64_t at;         /* ns */
    const char *reason; /* of what does not hold; else NULL */
} result_verdict;

/* A measured value is numerator / denominator: messages and entries, the sum of waiting times and
 * their number; the denominator of a plain count is 1. So that runs can be put together rightly
 * (statistics.h). 0 / 0 is left out. */
typedef struct result_metric {
    const char *name; /* as in metric_all() */
    int64_t numerator, denominator;
} result_metric;

typedef struct result_histogram {
    const char *name;   /* as in metric_all() */
    const void *packed; /* base/histogram.h; empty ones are left out */
    size_t size;
} result_histogram;

typedef struct result {
    uint64_t seed;
    uint32_t status, exit_status; /* run_status, run_exit_status() */
    bool settled, ran_dry;
    int64_t ended_at;
    uint64_t events, records, faults;
    digest_value digest;
    const char *explanation; /* of a status that is not RUN_DONE; else NULL */
    const char *suffered;    /* JSON, as in run_result; NULL: no chaos */
    GArray *verdicts;        /* result_verdict, sorted by name */
    GArray *metrics;         /* result_metric, in the order of metric_all() */
    GArray *histograms;      /* result_histogram, in the order of metric_all() */
} result;

/* What can be measured: for people, for tables, for axes of plots. */
typedef struct metric_kind {
    const char *name;  /* "waiting_ns" */
    const char *unit;  /* "ns", "ppm", "per_second" or "": a plain number */
    const char *title; /* "waiting time" */
    bool less_is_better;
    bool has_histogram;
} metric_kind;
const metric_kind *metric_all(void);              /* the last one has no name */
const metric_kind *metric_find(const char *name); /* NULL: unknown */

void result_init(result *r);
void result_clear(result *r);

/* Packs the result of a run; the bytes depend on the result only, and are what result_hash() is
 * over. */
void result_pack(GByteArray *out, const run_result *run);
/* The same of what was unpacked, or read from a database. */
void result_pack_again(GByteArray *out, const result *r);
/* Texts and histograms point into the frame. False where it is damaged. */
bool result_unpack(frame *f, result *r);

digest_value result_hash(const void *packed, size_t size);

#endif
