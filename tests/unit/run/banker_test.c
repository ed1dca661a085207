/* The banker of scenarios/lecture against the definition: all 120 orders of five processes, tried
 * one by one. */
#include "figures.h"

#include <stdio.h>
#include <string.h>

enum { KINDS = 3, PEOPLE = 5, ORDERS = 120 };

/* A. Silberschatz, P. Galvin, G. Gagne, "Operating System Concepts", 10th ed., section 8.6.3. */
static const int total[KINDS] = {10, 5, 7};
static const int claims[PEOPLE][KINDS] = {{7, 5, 3}, {3, 2, 2}, {9, 0, 2}, {2, 2, 2}, {4, 3, 3}};
static int has[PEOPLE][KINDS] = {{0, 1, 0}, {2, 0, 0}, {3, 0, 2}, {2, 1, 1}, {0, 0, 2}};

static void count_free(int free[KINDS])
{
    for (int k = 0; k < KINDS; k++) {
        free[k] = total[k];
        for (int i = 0; i < PEOPLE; i++) {
            free[k] -= has[i][k];
        }
    }
}

/* Can they finish in this order? Its digits (base 5, 4, 3, 2, 1) pick from those who are left. */
static bool is_safe_order(int order)
{
    int left[PEOPLE] = {0, 1, 2, 3, 4}, free[KINDS];
    count_free(free);
    for (int n = PEOPLE; n > 0; order /= n, n--) {
        int who = left[order % n];
        left[order % n] = left[n - 1];
        for (int k = 0; k < KINDS; k++) {
            if (claims[who][k] - has[who][k] > free[k]) {
                return false;
            }
        }
        for (int k = 0; k < KINDS; k++) {
            free[k] += has[who][k];
        }
    }
    return true;
}

static int safe_orders(void)
{
    int count = 0;
    for (int order = 0; order < ORDERS; order++) {
        count += is_safe_order(order);
    }
    return count;
}

static const char *ask(int who, const int wish[KINDS])
{
    int free[KINDS];
    count_free(free);
    for (int k = 0; k < KINDS; k++) {
        if (wish[k] > free[k]) {
            return "not available";
        }
    }
    for (int k = 0; k < KINDS; k++) {
        has[who][k] += wish[k];
    }
    if (safe_orders() > 0) {
        return "granted";
    }
    for (int k = 0; k < KINDS; k++) {
        has[who][k] -= wish[k];
    }
    return "not safe";
}

static char *trace_of_the_scenario(void)
{
    const char *source = g_getenv("SRC");
    char *file =
        g_build_filename(source ? source : ".", "scenarios/lecture/88_the_banker.lua", NULL);
    char *text, *trace = NULL;
    size_t size = 0;
    run_options o;
    run_options_init(&o);
    cr_assert(g_file_get_contents(file, &text, NULL, NULL), "%s", file);
    o.trace = open_memstream(&trace, &size);
    o.trace_format = TRACE_JSON_LINES;
    outcome done = perform(text, 1, &o);
    cr_expect_eq(run_exit_status(done.result), 0);
    outcome_clear(&done);
    fclose(o.trace);
    g_free(text);
    g_free(file);
    return trace;
}

Test (banker, says_what_the_definition_says) {
    char *expected[5], *trace = trace_of_the_scenario();
    int first = safe_orders();
    cr_expect_eq(first, 16);
    expected[0] = g_strdup_printf("%d safe orders\"", first);
    expected[1] = g_strdup_printf("asks for (1,0,2): %s\"", ask(1, (const int[]){1, 0, 2}));
    cr_expect_eq(safe_orders(), 8);
    expected[2] = g_strdup_printf("%d safe orders\"", safe_orders());
    expected[3] = g_strdup_printf("asks for (3,3,0): %s", ask(4, (const int[]){3, 3, 0}));
    expected[4] = g_strdup_printf("asks for (0,2,0): %s\"", ask(0, (const int[]){0, 2, 0}));
    cr_expect_str_eq(expected[1], "asks for (1,0,2): granted\"");
    cr_expect_str_eq(expected[3], "asks for (3,3,0): not available");
    cr_expect_str_eq(expected[4], "asks for (0,2,0): not safe\"");
    const char *at = trace;
    for (int i = 0; i < 5; i++) {
        at = at ? strstr(at, expected[i]) : NULL;
        cr_expect_not_null(at, "%s, behind the others", expected[i]);
        g_free(expected[i]);
    }
    int finished = 0;
    while (at && (at = strstr(at, "has finished\"")) != NULL) {
        finished++;
        at++;
    }
    cr_expect_eq(finished, PEOPLE);
    free(trace);
}
