/*
 * Calls that wait: a few processes act at the same time on one pipe, in the model in thousands of
 * orders drawn at random, in the kernel as it happens. What comes of it in the kernel must be among
 * what comes of it in the model.
 *
 *   pipe_blocking OPERATIONS SEED    a run of the kernel for each 4,000 operations; says how many
 *                                    outcomes there were, or the one that the model does not have
 *
 * Status 0: all are there; 1: not; 77: this kernel has other pages or pipes.
 */
#define _GNU_SOURCE /* F_GETPIPE_SZ */

#define pipe pipe_of_module /* not the function */
#include MODULE_SOURCE
#undef pipe

#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ACTORS = 3, ACTIONS = 9, ORDERS = 4000, OUTCOMES_MOST = 512, WORDS = 200 };

/* Ends: the pipe's two, and what was opened or duplicated last. */
enum { R, W, OTHER };
typedef enum verb { DONE, WRITE, READ, CLOSE, DUP, OPEN_READ, OPEN_WRITE, TRY_WRITE } verb;

typedef struct action {
    verb what;
    int end;
    uint32_t size;
} action;

typedef struct scene {
    const char *name;
    bool is_full; /* the pipe, at first */
    action actors[ACTORS][ACTIONS];
} scene;

static const scene scenes[] = {
    {"a reader waits for bytes", false, {{{READ, R, 100}}, {{WRITE, W, 5}}}},
    {"a reader waits for the end",
     false,
     {{{CLOSE, W}, {READ, R, 9}}, {{CLOSE, W}}, {{DUP, W}, {CLOSE, W}, {CLOSE, OTHER}}}},
    {"the last reader closes in the middle of a write",
     false,
     {{{CLOSE, R}, {WRITE, W, 100000}, {WRITE, W, 1}},
      {{CLOSE, W}, {READ, R, 10}, {CLOSE, R}},
      {{CLOSE, R}, {CLOSE, W}}}},
    {"a page is free when all of it was read",
     true,
     {{{WRITE, W, 5000}}, {{READ, R, 4095}, {READ, R, 1}, {READ, R, 4096}}}},
    {"a long write waits for two reads",
     false,
     {{{CLOSE, R}, {WRITE, W, 70000}, {CLOSE, W}},
      {{CLOSE, W}, {READ, R, 65536}, {READ, R, 65536}, {READ, R, 1}},
      {{CLOSE, W}}}},
    {"pages of two writers stay whole",
     true,
     {{{WRITE, W, 4096}, {WRITE, W, 4096}, {WRITE, W, 4096}},
      {{WRITE, W, 4096}, {WRITE, W, 4096}},
      {{READ, R, 65536},
       {READ, R, 4096},
       {READ, R, 4096},
       {READ, R, 4096},
       {READ, R, 4096},
       {READ, R, 4096}}}},
    {"two readers share what comes",
     false,
     {{{CLOSE, W}, {READ, R, 100}},
      {{CLOSE, W}, {READ, R, 100}},
      {{WRITE, W, 4}, {WRITE, W, 4}, {CLOSE, W}}}},
    {"two writers wait when the last reader closes",
     true,
     {{{CLOSE, R}, {WRITE, W, 10}}, {{CLOSE, R}, {WRITE, W, 5000}}, {{CLOSE, R}}}},
    {"a named pipe is opened from both sides",
     false,
     {{{OPEN_READ}, {READ, OTHER, 9}}, {{OPEN_WRITE}, {WRITE, OTHER, 3}}}},
    {"a writer that does not wait for a reader",
     false,
     {{{OPEN_READ}}, {{TRY_WRITE}}, {{OPEN_WRITE}}}},
};

typedef struct seen {
    char words[WORDS];
    bool really;
} seen;

static seen outcomes[OUTCOMES_MOST];
static size_t outcome_count;
static uint64_t rng;
static const char fifo[] = "named";

static uint32_t below(uint32_t bound)
{
    rng = rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((rng >> 33) % bound);
}

/* "5", "-32", "4096a": all of them a; "4096?": not. */
static void add_result(char *words, int64_t value, const unsigned char *bytes, bool is_read)
{
    size_t used = strlen(words);
    bool same = true;
    for (int64_t i = 1; is_read && i < value; i++) {
        same &= bytes[i] == bytes[0];
    }
    snprintf(words + used, WORDS / ACTORS - used, "%lld", (long long)value);
    used = strlen(words);
    if (is_read && value > 0) {
        snprintf(words + used, WORDS / ACTORS - used, "%c", same ? bytes[0] : '?');
    }
    strncat(words, " ", WORDS / ACTORS - strlen(words) - 1);
}

static void join(char *out, char results[ACTORS][WORDS / ACTORS])
{
    out[0] = '\0';
    for (int i = 0; i < ACTORS; i++) {
        strcat(out, results[i]);
        strcat(out, i + 1 < ACTORS ? "| " : "");
    }
}

/* ------------------------------------------------------------------------------- the model */

static void ask_action(model *m, uint32_t who, const action *a, const int32_t *ends)
{
    static unsigned char bytes[1 << 17];
    dasim_call call = {.process = who, .descriptor = ends[a->end]};
    uint32_t op = DASIM_CLOSE;
    switch (a->what) {
    case WRITE:
        op = DASIM_OUTPUT;
        call.size = a->size;
        memset(bytes, 'a' + (int)who - 1, a->size);
        break;
    case READ:
        op = DASIM_INPUT;
        call.value = a->size;
        break;
    case DUP:
        op = DASIM_DUP;
        break;
    case CLOSE:
        break;
    default:
        op = DASIM_OPEN;
        call = (dasim_call){.process = who, .descriptor = -1, .size = sizeof fifo - 1};
        call.value = a->what != OPEN_READ;
        call.flags = a->what == TRY_WRITE ? NONBLOCK : 0;
        memcpy(bytes, fifo, sizeof fifo);
    }
    model_ask(&dasim_module, m, op, call, bytes);
}

/* The setting: process 0 has made a pipe, maybe filled it, has forked the others and is over. */
static model *model_of(const scene *s)
{
    static const char *const names[] = {"pool", NULL};
    static const int64_t values[] = {1 << 20};
    static unsigned char filling[65536];
    model *m = model_new(&dasim_module, names, values);
    memset(filling, 'z', sizeof filling);
    model_ask(&dasim_module, m, DASIM_PIPE, (dasim_call){.descriptor = -1}, NULL);
    model_ask(&dasim_module, m, DASIM_MKFIFO,
              (dasim_call){.descriptor = -1, .size = sizeof fifo - 1}, fifo);
    if (s->is_full) {
        model_ask(&dasim_module, m, DASIM_OUTPUT,
                  (dasim_call){.descriptor = 4, .size = sizeof filling}, filling);
    }
    for (uint32_t i = 1; i <= ACTORS; i++) {
        model_ask(&dasim_module, m, DASIM_FORK, (dasim_call){.descriptor = -1, .value = i}, NULL);
    }
    model_ask(&dasim_module, m, DASIM_EXIT, (dasim_call){.descriptor = -1}, NULL);
    return m;
}

/* One order of all actions; false: somebody waits for ever. */
static bool play_model(const scene *s, model *m, char *words)
{
    int32_t ends[ACTORS + 1][3];
    uint32_t at[ACTORS + 1] = {0}, left = 0;
    bool waits[ACTORS + 1] = {false};
    char results[ACTORS][WORDS / ACTORS] = {{0}};
    for (uint32_t i = 1; i <= ACTORS; i++) {
        ends[i][R] = 3;
        ends[i][W] = 4;
        ends[i][OTHER] = -1;
        left += s->actors[i - 1][0].what != DONE;
    }
    for (uint32_t tries = 0; left > 0 && tries < 10000; tries++) {
        uint32_t who = 1 + below(ACTORS);
        const action *next = &s->actors[who - 1][at[who]];
        if (!waits[who] && next->what != DONE) {
            ask_action(m, who, next, ends[who]);
            waits[who] = true;
        }
        for (uint32_t i = 1; i <= ACTORS; i++) {
            if (waits[i] && m->answers[i].is_there) {
                const action *was = &s->actors[i - 1][at[i]];
                int64_t value = m->answers[i].call.value;
                ends[i][OTHER] = was->what >= DUP ? m->answers[i].call.descriptor : ends[i][OTHER];
                add_result(results[i - 1], value, m->answers[i].text, was->what == READ);
                waits[i] = m->answers[i].is_there = false;
                left -= s->actors[i - 1][++at[i]].what == DONE;
            }
        }
    }
    join(words, results);
    return left == 0;
}

static void add_outcome(const char *words)
{
    for (size_t i = 0; i < outcome_count; i++) {
        if (strcmp(outcomes[i].words, words) == 0) {
            return;
        }
    }
    if (outcome_count < OUTCOMES_MOST) {
        strcpy(outcomes[outcome_count].words, words);
        outcomes[outcome_count++].really = false;
    }
}

static bool collect(const scene *s)
{
    outcome_count = 0;
    model *m = model_of(s);
    void *start = malloc(m->size);
    memcpy(start, m->node.state, m->size);
    bool ends = true;
    for (int i = 0; i < ORDERS && ends; i++) {
        char words[WORDS];
        memcpy(m->node.state, start, m->size);
        ends = play_model(s, m, words);
        add_outcome(words);
    }
    free(start);
    model_free(m);
    return ends;
}

/* ------------------------------------------------------------------------------ the kernel */

typedef struct shared {
    char results[ACTORS][WORDS / ACTORS];
    volatile int done; /* actors that are */
} shared;

static int64_t act_really(const action *a, int who, int *ends, unsigned char *bytes,
                          const char *path)
{
    int64_t value = -1;
    switch (a->what) {
    case WRITE:
        memset(bytes, 'a' + who, a->size);
        value = write(ends[a->end], bytes, a->size);
        break;
    case READ:
        value = read(ends[a->end], bytes, a->size);
        break;
    case CLOSE:
        value = close(ends[a->end]);
        break;
    case DUP:
        ends[OTHER] = dup(ends[a->end]);
        value = ends[OTHER] < 0 ? -1 : 0;
        break;
    default:
        ends[OTHER] = open(path, a->what == OPEN_READ   ? O_RDONLY
                                 : a->what == TRY_WRITE ? O_WRONLY | O_NONBLOCK
                                                        : O_WRONLY);
        value = ends[OTHER] < 0 ? -1 : 0;
    }
    return value < 0 ? -errno : value;
}

/* Stays until all are done: nothing is closed by an end. */
static void act_all(const scene *s, int who, int *ends, shared *all, const char *path,
                    uint32_t wait)
{
    static unsigned char bytes[1 << 17];
    for (const action *a = s->actors[who]; a->what != DONE; a++) {
        if (wait % 3 == 0) {
            usleep(wait % 300);
        }
        wait = wait * 5 + 1;
        int64_t value = act_really(a, who, ends, bytes, path);
        add_result(all->results[who], value, bytes, a->what == READ);
    }
    __sync_fetch_and_add(&all->done, 1);
    while (all->done < ACTORS) {
        usleep(20);
    }
    _exit(0);
}

static bool play_kernel(const scene *s, shared *all, const char *path, char *words)
{
    static unsigned char filling[65536];
    int ends[3] = {-1, -1, -1};
    pid_t pids[ACTORS];
    bool fine = pipe(ends) == 0;
    memset(all, 0, sizeof *all);
    memset(filling, 'z', sizeof filling);
    fine = fine && (!s->is_full || write(ends[W], filling, sizeof filling) == sizeof filling);
    for (int i = 0; i < ACTORS; i++) {
        uint32_t wait = below(1 << 20);
        pids[i] = fork();
        if (pids[i] == 0) {
            alarm(30); /* who waits for ever */
            act_all(s, i, ends, all, path, wait);
        }
    }
    close(ends[R]);
    close(ends[W]);
    for (int i = 0; i < ACTORS; i++) {
        int status = 0;
        waitpid(pids[i], &status, 0);
        fine = fine && WIFEXITED(status);
    }
    join(words, all->results);
    return fine;
}

static bool compare(const scene *s, shared *all, const char *path, uint64_t runs)
{
    if (!collect(s)) {
        printf("%s: in the model somebody waits for ever: %s\n", s->name,
               outcomes[outcome_count - 1].words);
        return false;
    }
    size_t found = 0;
    for (uint64_t run = 0; run < runs; run++) {
        char words[WORDS];
        bool fine = play_kernel(s, all, path, words);
        size_t i = 0;
        while (i < outcome_count && strcmp(outcomes[i].words, words) != 0) {
            i++;
        }
        if (!fine || i == outcome_count) {
            printf("%s: the kernel has \"%s\"%s, the model, of %zu, \"%s\" and others\n", s->name,
                   words, fine ? "" : " and somebody waits for ever", outcome_count,
                   outcomes[0].words);
            return false;
        }
        found += !outcomes[i].really;
        outcomes[i].really = true;
    }
    printf("%s: %zu of %zu outcomes in %llu runs\n", s->name, found, outcome_count,
           (unsigned long long)runs);
    return true;
}

static bool is_known_kernel(void)
{
#ifdef F_GETPIPE_SZ
    int fds[2];
    return sysconf(_SC_PAGESIZE) == 4096 && pipe(fds) == 0 &&
           fcntl(fds[0], F_GETPIPE_SZ) == 65536 && close(fds[0]) == 0 && close(fds[1]) == 0;
#else
    return false;
#endif
}

int main(int argc, char **argv)
{
    uint64_t runs = (argc > 1 ? strtoull(argv[1], NULL, 10) : 200000) / 4000 + 1;
    char folder[] = "/tmp/dasim-pipe-XXXXXX", path[100];
    rng = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    shared *all =
        mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!is_known_kernel() || all == MAP_FAILED || mkdtemp(folder) == NULL) {
        return 77;
    }
    signal(SIGPIPE, SIG_IGN);
    snprintf(path, sizeof path, "%s/%s", folder, fifo);
    bool fine = mkfifo(path, 0600) == 0;
    for (size_t i = 0; fine && i < sizeof scenes / sizeof *scenes; i++) {
        fine = compare(&scenes[i], all, path, runs);
    }
    unlink(path);
    rmdir(folder);
    return fine ? 0 : 1;
}
