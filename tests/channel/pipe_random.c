/*
 * The same random operations through the model of pipes and through the kernel: after each one the
 * result, the errno, the bytes, and of each descriptor of that pipe FIONREAD and what poll() finds
 * are the same. Nothing blocks here: every file has O_NONBLOCK. Built with the module's own source.
 *
 *   pipe_random OPERATIONS SEED    says how many there were of each kind, or the first difference
 *
 * Status 0: no difference; 1: one; 77: this kernel has other pages or pipes.
 */
#define _GNU_SOURCE /* F_GETPIPE_SZ */

#define pipe pipe_of_module /* not the function */
#include MODULE_SOURCE
#undef pipe

#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENDS_MOST = 20, BUFFER = 1 << 17, NAMED = 2, ANONYMOUS = 4 };
enum kind { DO_WRITE, DO_READ, DO_CLOSE, DO_DUP, DO_PIPE, DO_OPEN, DO_MKFIFO, KINDS };

static const char *const kind_names[] = {"write", "read", "close", "dup", "pipe", "open", "mkfifo"};

typedef struct end {
    int real;
    int32_t model;
    int pipe; /* named ones first */
    int mode; /* READS, WRITES */
} end;

static model *m;
static end ends[ENDS_MOST];
static int count, pipes[NAMED + ANONYMOUS]; /* how many ends each has */
static char names[NAMED][64], paths[NAMED][200];
static unsigned char sent[BUFFER], got[BUFFER];
static uint64_t rng, done_of[KINDS], results[3]; /* results: whole, partial, error */

static uint32_t below(uint32_t bound)
{
    rng = rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((rng >> 33) % bound);
}

/* Around what matters: one byte, a page, the whole pipe; else anything. */
static uint32_t draw_size(void)
{
    static const uint32_t marks[] = {0,    1,     1,     2,     100,   1366,  2048,  2049,
                                     4095, 4096,  4097,  4095,  4096,  4097,  8191,  8192,
                                     8193, 61440, 65535, 65536, 65537, 65536, 69632, 100000};
    uint32_t pick = below(32);
    return pick < 24   ? marks[pick]
           : pick < 28 ? below(4200)
           : pick < 31 ? below(20000)
                       : below(70000);
}

static const dasim_call *ask(uint32_t op, dasim_call call, const void *text)
{
    model_ask(&dasim_module, m, op, call, text);
    return m->answers[0].is_there ? &m->answers[0].call : NULL;
}

static void differ(const char *what, const char *where, int64_t real, int64_t its)
{
    printf("%s of %s: the kernel has %lld, the model %lld\n", what, where, (long long)real,
           (long long)its);
    exit(1);
}

static void same_result(const char *where, int64_t real, const dasim_call *answer)
{
    real = real < 0 ? -errno : real;
    if (answer == NULL) {
        printf("result of %s: the kernel has %lld, the model none\n", where, (long long)real);
        exit(1);
    }
    if (real != answer->value) {
        differ("result", where, real, answer->value);
    }
}

/* FIONREAD and poll() of all ends of the pipe. */
static void same_state(const char *where, int pipe_number)
{
    for (int i = 0; i < count; i++) {
        int waiting = -1;
        struct pollfd one = {.fd = ends[i].real, .events = POLLIN | POLLOUT};
        entry its = {.descriptor = ends[i].model, .wanted = POLLIN | POLLOUT};
        if (ends[i].pipe != pipe_number) {
            continue;
        }
        const dasim_call *a =
            ask(DASIM_OPTION, (dasim_call){.descriptor = its.descriptor, .flags = AVAILABLE}, NULL);
        ioctl(one.fd, FIONREAD, &waiting);
        if (a->value != waiting) {
            differ("FIONREAD", where, waiting, a->value);
        }
        ask(DASIM_SELECT, (dasim_call){.descriptor = -1, .flags = AT_ONCE, .size = sizeof its},
            &its);
        memcpy(&its, m->answers[0].text, sizeof its);
        poll(&one, 1, 0);
        if (one.revents != its.found) {
            differ("poll()", where, one.revents, its.found);
        }
    }
}

static void add_end(int real, int32_t its, int pipe_number, int mode)
{
    fcntl(real, F_SETFL, fcntl(real, F_GETFL) | O_NONBLOCK);
    ask(DASIM_OPTION, (dasim_call){.descriptor = its, .flags = NONBLOCK, .value = 1}, NULL);
    ends[count++] = (end){real, its, pipe_number, mode};
    pipes[pipe_number]++;
}

static int do_write(end *e)
{
    uint32_t size = draw_size();
    for (uint32_t i = 0; i < size; i += 64) {
        sent[i] = (unsigned char)below(256);
    }
    ssize_t real = write(e->real, sent, size);
    same_result("write", real,
                ask(DASIM_OUTPUT, (dasim_call){.descriptor = e->model, .size = size}, sent));
    results[real < 0 ? 2 : real < size]++;
    return e->pipe;
}

static int do_read(end *e)
{
    uint32_t size = draw_size();
    ssize_t real = read(e->real, got, size);
    const dasim_call *a =
        ask(DASIM_INPUT, (dasim_call){.descriptor = e->model, .value = size}, NULL);
    same_result("read", real, a);
    if (real > 0 && (a->size != real || memcmp(got, m->answers[0].text, (size_t)real) != 0)) {
        differ("bytes", "read", real, a->size);
    }
    results[real < 0 ? 2 : real < size]++;
    return e->pipe;
}

static int do_close(end *e)
{
    int pipe_number = e->pipe;
    same_result("close", close(e->real),
                ask(DASIM_CLOSE, (dasim_call){.descriptor = e->model}, NULL));
    pipes[pipe_number]--;
    *e = ends[--count];
    return pipe_number;
}

static int do_dup(end *e)
{
    int pipe_number = e->pipe, mode = e->mode, real = dup(e->real);
    const dasim_call *a = ask(DASIM_DUP, (dasim_call){.descriptor = e->model}, NULL);
    same_result("dup", real < 0 ? real : 0, a);
    add_end(real, a->descriptor, pipe_number, mode);
    return pipe_number;
}

static int do_pipe(void)
{
    int fds[2], pipe_number = NAMED;
    while (pipe_number < NAMED + ANONYMOUS && pipes[pipe_number] > 0) {
        pipe_number++;
    }
    if (pipe_number == NAMED + ANONYMOUS) {
        return -1;
    }
    dasim_call a = *ask(DASIM_PIPE, (dasim_call){.descriptor = -1}, NULL);
    if (pipe(fds) != 0 || a.value < 0) {
        differ("result", "pipe", -errno, a.value);
    }
    add_end(fds[0], a.descriptor, pipe_number, READS);
    add_end(fds[1], (int32_t)a.value, pipe_number, WRITES);
    return pipe_number;
}

static int do_open(void)
{
    static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR};
    int which = (int)below(NAMED), mode = (int)below(3);
    int real = open(paths[which], modes[mode] | O_NONBLOCK);
    const dasim_call *a = ask(DASIM_OPEN,
                              (dasim_call){.descriptor = -1,
                                           .value = mode,
                                           .flags = NONBLOCK,
                                           .size = (uint32_t)strlen(names[which])},
                              names[which]);
    same_result("open", real < 0 ? real : 0, a);
    if (real >= 0) {
        add_end(real, a->descriptor, which, mode + 1);
    }
    return which;
}

static int do_mkfifo(void)
{
    int which = (int)below(NAMED);
    same_result("mkfifo", mkfifo(paths[which], 0600),
                ask(DASIM_MKFIFO,
                    (dasim_call){.descriptor = -1, .size = (uint32_t)strlen(names[which])},
                    names[which]));
    return -1;
}

/* One that can be read, or written; now and then another one. */
static end *pick_end(enum kind kind)
{
    int wanted = kind == DO_READ ? READS : kind == DO_WRITE ? WRITES : READS | WRITES;
    end *e = &ends[below((uint32_t)count)];
    for (int i = 0; i < 8 && !(e->mode & wanted); i++) {
        e = &ends[below((uint32_t)count)];
    }
    return below(50) == 0 ? &ends[below((uint32_t)count)] : e;
}

static bool step(void)
{
    uint32_t pick = below(100);
    enum kind kind = pick < 44   ? DO_WRITE
                     : pick < 84 ? DO_READ
                     : pick < 89 ? DO_CLOSE
                     : pick < 91 ? DO_DUP
                     : pick < 95 ? DO_PIPE
                     : pick < 99 ? DO_OPEN
                                 : DO_MKFIFO;
    bool of_end = kind <= DO_DUP, is_full = count + 2 > ENDS_MOST;
    if ((of_end && count == 0) || (is_full && kind >= DO_DUP)) {
        return false;
    }
    end *e = of_end ? pick_end(kind) : NULL;
    int changed = kind == DO_WRITE   ? do_write(e)
                  : kind == DO_READ  ? do_read(e)
                  : kind == DO_CLOSE ? do_close(e)
                  : kind == DO_DUP   ? do_dup(e)
                  : kind == DO_PIPE  ? do_pipe()
                  : kind == DO_OPEN  ? do_open()
                                     : do_mkfifo();
    if (changed >= 0) {
        same_state(kind_names[kind], changed);
    }
    done_of[kind]++;
    return true;
}

/* The kernel's pipes are those that the model knows. */
static bool is_known_kernel(void)
{
#ifdef F_GETPIPE_SZ
    int fds[2];
    bool is_known =
        sysconf(_SC_PAGESIZE) == 4096 && pipe(fds) == 0 && fcntl(fds[0], F_GETPIPE_SZ) == 65536;
    close(fds[0]);
    close(fds[1]);
    return is_known;
#else
    return false;
#endif
}

int main(int argc, char **argv)
{
    static const char *const params[] = {"pool", "processes", NULL};
    static const int64_t values[] = {1 << 20, 1};
    uint64_t operations = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    char folder[] = "/tmp/dasim-pipe-XXXXXX";
    rng = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (!is_known_kernel() || mkdtemp(folder) == NULL) {
        return 77;
    }
    signal(SIGPIPE, SIG_IGN);
    m = model_new(&dasim_module, params, values);
    for (int i = 0; i < NAMED; i++) {
        snprintf(names[i], sizeof names[i], "named%d", i);
        snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    }
    uint64_t done = 0;
    while (done < operations) {
        done += step();
    }
    for (int i = 0; i < KINDS; i++) {
        printf("%s%s %llu", i > 0 ? ", " : "", kind_names[i], (unsigned long long)done_of[i]);
    }
    printf("; whole %llu, partial %llu, refused %llu\n", (unsigned long long)results[0],
           (unsigned long long)results[1], (unsigned long long)results[2]);
    for (int i = 0; i < NAMED; i++) {
        unlink(paths[i]);
    }
    rmdir(folder);
    model_free(m);
    return 0;
}
