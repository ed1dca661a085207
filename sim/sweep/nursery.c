/* The nursery reads one kind of frame, and otherwise waits for children. Everything dies with its
 * parent: by a signal on Linux, elsewhere when a socket is closed. */
#include "sweep/nursery.h"

#include "sweep/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

typedef struct child {
    pid_t pid;
    uint32_t slot;
} child;

typedef struct parent {
    const nursery_config *config;
    loader loader;
    int socket;
    GArray *children; /* child */
    sigset_t usual;   /* signals blocked: SIGCHLD is not */
} parent;

static void ignore_signal(int number)
{
    (void)number; /* it ends pselect() */
}

static void die_with(pid_t parent_pid)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent_pid) {
        _exit(0);
    }
}

/* Coverage and leaks are told at a regular end. */
G_GNUC_NORETURN static void leave(void)
{
#ifdef DASIM_INSTRUMENTED
    exit(0);
#else
    _exit(0);
#endif
}

/* --------------------------------------------------------------------------------------- plan */

static bool send_frame(int socket, GByteArray *out)
{
    bool sent = write_fully(socket, out->data, out->len);
    g_byte_array_set_size(out, 0);
    return sent;
}

static void refuse(int socket, GByteArray *out, const grid *g, uint32_t cell, const GError *error)
{
    char *label = grid_label(g, cell);
    char *text =
        *label ? g_strdup_printf("%s (with %s)", error->message, label) : g_strdup(error->message);
    guint begin = frame_begin(out, FRAME_REFUSED);
    frame_put_number(out,
                     g_error_matches(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE) ? 4 : 2);
    frame_put_text(out, text);
    frame_end(out, begin);
    send_frame(socket, out);
    g_free(label);
    g_free(text);
}

/* False: it was refused, or nobody listens. */
static bool plan(parent *p)
{
    const grid *g = p->config->grid;
    GByteArray *out = g_byte_array_new(), *keys = g_byte_array_new();
    bool fine = true;
    for (uint32_t cell = 0; fine && cell < grid_cells(g); cell++) {
        cell_facts facts;
        GError *error = NULL;
        if (!loader_facts(&p->loader, cell, &facts, &error)) {
            refuse(p->socket, out, g, cell, error);
            g_error_free(error);
            fine = false;
            break;
        }
        guint begin = frame_begin(out, FRAME_CELL);
        cell_facts_put(out, &facts);
        frame_end(out, begin);
        g_byte_array_append(keys, (const guint8 *)&facts.key, sizeof facts.key);
        cell_facts_clear(&facts);
        fine = send_frame(p->socket, out);
    }
    if (fine) {
        digest_value all = digest_of(keys->data, keys->len);
        guint begin = frame_begin(out, FRAME_PLANNED);
        frame_put_number(out, all.high);
        frame_put_number(out, all.low);
        frame_end(out, begin);
        fine = send_frame(p->socket, out);
    }
    g_byte_array_free(out, TRUE);
    g_byte_array_free(keys, TRUE);
    return fine;
}

/* ------------------------------------------------------------------------------------ workers */

/* The command comes as bytes, the socket beside them. 0: the end. */
static ssize_t receive(int from, unsigned char *bytes, size_t size, int *passed)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec where = {bytes, size};
    struct msghdr message = {.msg_iov = &where,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(from, &message, 0);
    const struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    *passed = -1;
    if (head && head->cmsg_type == SCM_RIGHTS) {
        memcpy(passed, CMSG_DATA(head), sizeof *passed);
    }
    return got;
}

G_GNUC_NORETURN static void become_worker(parent *p, int socket, pid_t nursery_pid)
{
    int nowhere = open("/dev/null", O_RDWR);
    die_with(nursery_pid);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &p->usual, NULL);
    close(p->socket);
    for (int fd = 0; nowhere >= 0 && fd <= 2; fd++) {
        dup2(nowhere, fd);
    }
    confine_process(&p->config->limits);
    worker_run(&p->loader, socket, &p->config->limits);
    leave();
}

static void tell_death(parent *p, uint32_t slot, int status)
{
    GByteArray *out = g_byte_array_new();
    guint begin = frame_begin(out, FRAME_DIED);
    frame_put_number(out, slot);
    frame_put_number(out, (uint64_t)status);
    frame_end(out, begin);
    send_frame(p->socket, out);
    g_byte_array_free(out, TRUE);
}

static void spawn(parent *p, uint32_t slot, int socket)
{
    pid_t self = getpid(), pid = fork();
    if (pid == 0) {
        become_worker(p, socket, self);
    }
    close(socket);
    child one = {pid, slot};
    if (pid > 0) {
        g_array_append_val(p->children, one);
    } else {
        tell_death(p, slot, SIGKILL); /* the sweep asks again */
    }
}

static void bury(parent *p, int options)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, options)) > 0;) {
        for (guint i = 0; i < p->children->len; i++) {
            child one = g_array_index(p->children, child, i);
            if (one.pid == pid) {
                g_array_remove_index_fast(p->children, i);
                tell_death(p, one.slot, status);
                break;
            }
        }
    }
}

/* One command; false at the end. */
static bool obey(parent *p)
{
    unsigned char bytes[FRAME_HEAD + 10];
    int passed;
    frame f;
    ssize_t got = receive(p->socket, bytes, FRAME_HEAD + 4, &passed);
    if (got < 0 && errno == EINTR) {
        return true;
    }
    if (got <= 0 || passed < 0) {
        return false;
    }
    while (got < FRAME_HEAD + 4) {
        ssize_t more = read(p->socket, bytes + got, (size_t)(FRAME_HEAD + 4 - got));
        if (more <= 0) {
            return false;
        }
        got += more;
    }
    frame_first(bytes, (size_t)got, &f);
    const unsigned char *slot = f.at;
    spawn(p, slot[0] | (uint32_t)slot[1] << 8 | (uint32_t)slot[2] << 16 | (uint32_t)slot[3] << 24,
          passed);
    return true;
}

static void serve(parent *p)
{
    for (;;) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(p->socket, &set);
        int ready = pselect(p->socket + 1, &set, NULL, NULL, NULL, &p->usual);
        bury(p, WNOHANG);
        if (ready > 0 && !obey(p)) {
            break;
        }
    }
    signal(SIGPIPE, SIG_IGN);
#ifndef DASIM_INSTRUMENTED /* ... they end by themselves, since their sockets are closed */
    for (guint i = 0; i < p->children->len; i++) {
        kill(g_array_index(p->children, child, i).pid, SIGKILL);
    }
#endif
    bury(p, 0);
}

G_GNUC_NORETURN static void become_nursery(const nursery_config *config, int socket, pid_t main_pid)
{
    parent p = {.config = config, .socket = socket};
    struct sigaction wake = {.sa_handler = ignore_signal};
    sigset_t block;
    die_with(main_pid);
    signal(SIGINT, SIG_IGN); /* the sweep decides what becomes of it */
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&block);
    sigaddset(&block, SIGCHLD);
    loader_init(&p.loader, config->file, config->grid, config->path);
    if (plan(&p)) {
        sigemptyset(&wake.sa_mask);
        sigaction(SIGCHLD, &wake, NULL);
        sigprocmask(SIG_BLOCK, &block, &p.usual);
        p.children = g_array_new(FALSE, FALSE, sizeof(child));
        serve(&p);
        g_array_free(p.children, TRUE);
    }
    loader_clear(&p.loader);
    leave();
}

/* ----------------------------------------------------------------------------- the other side */

bool nursery_start(nursery *n, const nursery_config *config)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    pid_t self = getpid();
    n->pid = fork();
    if (n->pid == 0) {
        close(ends[0]);
        become_nursery(config, ends[1], self);
    }
    close(ends[1]);
    n->socket = ends[0];
    inbox_init(&n->in);
    if (n->pid < 0) {
        close(ends[0]);
    }
    return n->pid > 0;
}

bool nursery_spawn(nursery *n, uint32_t slot, int *socket)
{
    int ends[2];
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    unsigned char bytes[FRAME_HEAD + 4] = {5, 0, 0, 0, FRAME_SPAWN};
    for (int i = 0; i < 4; i++) {
        bytes[FRAME_HEAD + i] = (unsigned char)(slot >> 8 * i);
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    struct iovec what = {bytes, sizeof bytes};
    struct msghdr message = {.msg_iov = &what,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                             .cmsg_type = SCM_RIGHTS,
                             .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
    ssize_t sent;
    while ((sent = sendmsg(n->socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
    }
    close(ends[1]);
    if (sent != (ssize_t)sizeof bytes) {
        close(ends[0]);
        return false;
    }
    *socket = ends[0];
    return true;
}

void nursery_stop(nursery *n)
{
    close(n->socket);
    while (waitpid(n->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    inbox_clear(&n->in);
}
