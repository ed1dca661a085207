/*
 * The same random operations on sockets of the model and of the kernel of this machine; after each:
 * result, errno, SIGPIPE, bytes, sender, and of every socket the bytes unread and poll()'s mask.
 *
 *     differential OPERATIONS SEED    status 1 and the operations that led to it where they differ
 *
 * A case begins with nothing, has up to HANDLES sockets of one domain, and ends after CASE_STEPS.
 * What is left out of the operations, and why, is in README.md.
 */
#define _GNU_SOURCE
#include "history.h"
#include "model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HANDLES = 8, CASE_STEPS = 60, NAMES = 4, SENT_MOST = 150000 };
enum { UNIX = 1, INTERNET, STREAM = 1, DATAGRAM };

typedef struct handle {
    bool open, listening, bound, connected, established;
    int real, type, backlog, pending, real_port;
    int32_t model;
    size_t sent; /* bytes, with what the kernel adds to each packet */
} handle;

static handle handles[HANDLES];
static int domain, steps;
static unsigned address;
static volatile sig_atomic_t signals;
static unsigned char out[1 << 17], in[1 << 17];
static int ports[64][3], port_count; /* real, model, type: all of the case */

static void on_signal(int number)
{
    (void)number;
    signals++;
}

/* ---- comparing */

static int64_t real(int64_t result)
{
    return result < 0 ? -errno : result;
}

static void same(const char *what, int h, int64_t kernel, int64_t model)
{
    note(" -> %lld\n", (long long)kernel);
    if (kernel != model) {
        differs("%s of %d: kernel %lld, model %lld", what, h, (long long)kernel, (long long)model);
    }
}

static int real_mask(const handle *h)
{
    struct pollfd p = {h->real, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&p, 1, 0);
    return p.revents;
}

static int64_t real_unread(const handle *h)
{
    int count = 0;
    return ioctl(h->real, FIONREAD, &count) ? -errno : count;
}

/* The port that the kernel gave, and the model: told apart by a table. */
static void learn(handle *h)
{
    struct sockaddr_in a = {0};
    socklen_t size = sizeof a;
    if (domain == UNIX) {
        return;
    }
    getsockname(h->real, (struct sockaddr *)&a, &size);
    h->real_port = ntohs(a.sin_port);
    struct sockaddr_in other;
    h->established |= getpeername(h->real, (struct sockaddr *)&other, &size) == 0;
    int model = (int)(model_call(DASIM_OPTION, h->model, 0, MODEL_NAME) & 65535);
    if ((h->real_port != 0) != (model != 0)) {
        differs("port of %d: kernel %d, model %d", (int)(h - handles), h->real_port, model);
    }
    for (int i = 0; i < port_count; i++) {
        if (ports[i][0] == h->real_port && ports[i][1] == model && ports[i][2] == h->type) {
            return;
        }
    }
    if (h->real_port && port_count < 64) {
        ports[port_count][0] = h->real_port;
        ports[port_count][1] = model;
        ports[port_count++][2] = h->type;
    }
}

/* The kernel's own network needs a moment: what differs is looked at again for a second. */
static void look_at(int i)
{
    handle *h = &handles[i];
    uint32_t mask = model_mask(h->model);
    int64_t unread = model_call(DASIM_OPTION, h->model, 0, MODEL_UNREAD);
    int kernel_mask = real_mask(h);
    int64_t kernel_unread = real_unread(h);
    for (int tries = 0; tries < 1000 && domain == INTERNET &&
                        (kernel_mask != (int)mask || kernel_unread != unread);
         tries++) {
        nanosleep(&(struct timespec){0, 1000000}, NULL);
        kernel_mask = real_mask(h);
        kernel_unread = real_unread(h);
    }
    if (kernel_mask != (int)mask) {
        differs("mask of %d: kernel %x, model %x", i, (unsigned)kernel_mask, mask);
    }
    if (kernel_unread != unread) {
        differs("unread of %d: kernel %lld, model %lld", i, (long long)kernel_unread,
                (long long)unread);
    }
}

static void compare_all(void)
{
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].open) {
            learn(&handles[i]);
        }
    }
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].open) {
            look_at(i);
        }
    }
}

/* ---- operations: each asks both, and compares */

static void set_up(handle *h)
{
    int large = 1 << 22, yes = 1;
    fcntl(h->real, F_SETFL, O_NONBLOCK);
    setsockopt(h->real, SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
    setsockopt(h->real, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
    if (domain == INTERNET && h->type == STREAM) {
        setsockopt(h->real, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    model_call(DASIM_OPTION, h->model, 1, MODEL_NONBLOCKING);
}

static int free_handle(void)
{
    int i = 0;
    while (i < HANDLES && handles[i].open) {
        i++;
    }
    return i;
}

static void new_socket(int type)
{
    int i = free_handle();
    if (i < HANDLES) {
        handle h = {.open = true, .type = type};
        h.real = socket(domain == UNIX ? AF_UNIX : AF_INET, type, 0);
        h.model = model_open(DASIM_SOCKET, -1, domain | type << 8, 0);
        note("%d = socket(%s)", i, type == STREAM ? "stream" : "datagram");
        same("socket", i, h.real >= 0, h.model >= 0);
        set_up(&h);
        handles[i] = h;
    }
}

static void new_pair(int type)
{
    int two[2], i = free_handle();
    handle h = {.open = true, .type = type, .connected = true};
    if (domain == INTERNET || i == HANDLES) {
        return;
    }
    handles[i].open = true;
    int j = free_handle();
    handles[i].open = false;
    if (j == HANDLES) {
        return;
    }
    note("%d, %d = socketpair(%s)", i, j, type == STREAM ? "stream" : "datagram");
    int status = socketpair(AF_UNIX, type, 0, two);
    int64_t model = model_call(DASIM_SOCKET, -1, domain | type << 8, MODEL_PAIR);
    same("socketpair", i, status == 0, model >= 0);
    h.real = two[0], h.model = model_reply.descriptor;
    set_up(&h);
    handles[i] = h;
    h.real = two[1], h.model = (int32_t)model;
    set_up(&h);
    handles[j] = h;
}

static struct sockaddr_un name_of(uint32_t which)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "name%u", which);
    return a;
}

static socklen_t name_size(const struct sockaddr_un *a)
{
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(a->sun_path) + 1);
}

/* Streams: an address a case, so that connections that linger do not meet. */
static struct sockaddr_in port_of(int port, int type)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(type == STREAM ? address : INADDR_LOOPBACK);
    return a;
}

static int64_t ask_text(uint32_t op, int32_t descriptor, const char *text)
{
    model_ask(op, 0, descriptor, 0, 0, text, strlen(text));
    return model_reply.value;
}

/* A port that is asked for by number stays with its socket, even after a connect() that fails. */
static int free_port(int type)
{
    int probe = socket(AF_INET, type, 0);
    struct sockaddr_in a = port_of(0, type);
    socklen_t size = sizeof a;
    bind(probe, (struct sockaddr *)&a, size);
    getsockname(probe, (struct sockaddr *)&a, &size);
    close(probe);
    return ntohs(a.sin_port);
}

static void do_bind(int i)
{
    handle *h = &handles[i];
    if (domain == UNIX) {
        struct sockaddr_un a = name_of(roll(NAMES));
        note("bind(%d, %s)", i, a.sun_path);
        same("bind", i, real(bind(h->real, (struct sockaddr *)&a, name_size(&a))),
             ask_text(DASIM_BIND, h->model, a.sun_path));
        return;
    }
    const handle *other = &handles[roll(HANDLES)];
    bool taken = other->open && other->bound && other->type == h->type && roll(2);
    if (h->connected) {
        return; /* README.md: a port that the kernel chose for connect() */
    }
    struct sockaddr_in a = port_of(taken ? other->real_port : free_port(h->type), h->type);
    int model = 0;
    for (int k = 0; taken && k < port_count; k++) {
        bool its = ports[k][0] == other->real_port && ports[k][2] == h->type;
        model = its ? ports[k][1] : model;
    }
    note("bind(%d, port of %d)", i, taken ? (int)(other - handles) : -1);
    int64_t kernel = real(bind(h->real, (struct sockaddr *)&a, sizeof a));
    same("bind", i, kernel, model_call(DASIM_BIND, h->model, model, 0));
    h->bound |= kernel == 0;
}

static void do_listen(int i)
{
    handle *h = &handles[i];
    int backlog = (int)roll(3);
    if (domain == INTERNET && h->connected && !h->bound && !h->established) {
        return; /* README.md: a port that the kernel chose for connect() */
    }
    note("listen(%d, %d)", i, backlog);
    int64_t kernel = real(listen(h->real, backlog));
    same("listen", i, kernel, model_call(DASIM_LISTEN, h->model, backlog, 0));
    if (kernel == 0) {
        h->listening = h->bound = true;
        h->backlog = backlog;
    }
}

static void connect_to_name(int i)
{
    struct sockaddr_un a = name_of(roll(NAMES + 1));
    handle *h = &handles[i];
    if (h->type == DATAGRAM && h->connected) {
        return; /* README.md: a second peer */
    }
    note("connect(%d, %s)", i, a.sun_path);
    int64_t kernel = real(connect(h->real, (struct sockaddr *)&a, name_size(&a)));
    same("connect", i, kernel, ask_text(DASIM_CONNECT, h->model, a.sun_path));
    h->connected |= kernel == 0;
}

/* A port of a socket of the type, which may be closed by now; NULL: there was none. */
static const int *some_port(int type)
{
    uint32_t first = roll(64);
    for (int i = 0; i < port_count; i++) {
        const int *port = ports[(first + (uint32_t)i) % (uint32_t)port_count];
        if (port[2] == type) {
            return port;
        }
    }
    return NULL;
}

static void connect_to_port(int i)
{
    handle *h = &handles[i];
    const int *port = some_port(h->type);
    if (port == NULL) {
        return;
    }
    for (int k = 0; k < HANDLES && h->type == STREAM; k++) {
        handle *l = &handles[k];
        if (l->open && l->listening && l->real_port == port[0]) {
            if (l->pending > l->backlog) {
                return; /* README.md: the kernel would try again after a second */
            }
            l->pending += !h->connected && !h->listening;
        }
    }
    if (h->type == STREAM && h->real_port == port[0]) {
        return; /* README.md: a socket that connects to itself */
    }
    struct sockaddr_in a = port_of(port[0], h->type);
    note("connect(%d, port %d)", i, port[0]);
    int64_t kernel = real(connect(h->real, (struct sockaddr *)&a, sizeof a));
    same("connect", i, kernel, model_call(DASIM_CONNECT, h->model, port[1], 0));
    h->connected = true;
}

static void do_accept(int i)
{
    int j = free_handle();
    handle *l = &handles[i];
    if (j < HANDLES) {
        handle h = {.open = true, .type = STREAM, .connected = true};
        note("%d = accept(%d)", j, i);
        h.real = accept(l->real, NULL, NULL);
        int64_t kernel = real(h.real), model = model_open(DASIM_ACCEPT, l->model, 0, 0);
        same("accept", i, kernel < 0 ? kernel : 0, model < 0 ? model : 0);
        if (kernel >= 0) {
            h.model = (int32_t)model;
            l->pending--;
            set_up(&h);
            handles[j] = h;
        }
    }
}

static size_t some_size(int type)
{
    static const size_t sizes[] = {1, 1, 2, 10, 100, 1000, 4095, 4096, 4097, 65535, 65536, 65537};
    uint32_t which = roll(sizeof sizes / sizeof *sizes + 2);
    if (type == DATAGRAM && roll(12) == 0) {
        return 0;
    }
    return which < sizeof sizes / sizeof *sizes ? sizes[which] : 1 + roll(3000);
}

static void sent(int i, size_t size, int64_t kernel, int signals_before)
{
    int64_t model = model_reply.value;
    bool due = model_reply.flags & MODEL_SIGNAL;
    handles[i].sent += size + 1000;
    same("send", i, kernel, model);
    if (due != (signals != signals_before)) {
        differs("SIGPIPE of %d: kernel %d, model %d", i, signals != signals_before, due);
    }
}

static void do_send(int i)
{
    handle *h = &handles[i];
    size_t size = some_size(h->type), at = roll(1000);
    int before = signals;
    if (h->sent + size > SENT_MOST || (h->type == STREAM && size == 0)) {
        return;
    }
    note("send(%d, %zu bytes)", i, size);
    int64_t kernel = real(send(h->real, out + at, size, 0));
    model_ask(DASIM_OUTPUT, 0, h->model, 0, 0, out + at, size);
    sent(i, size, kernel, before);
}

static void do_send_to(int i)
{
    handle *h = &handles[i];
    size_t size = some_size(h->type), at = roll(1000), length = 0;
    static unsigned char text[sizeof out];
    const int *port = some_port(DATAGRAM);
    if (h->type == STREAM || h->sent + size > SENT_MOST || (domain == INTERNET && port == NULL)) {
        return;
    }
    struct sockaddr_un name = name_of(roll(NAMES + 1));
    struct sockaddr_in a = port_of(port ? port[0] : 0, DATAGRAM);
    if (domain == UNIX) {
        length = strlen(name.sun_path);
        memcpy(text, name.sun_path, length);
        note("sendto(%d, %zu bytes, %s)", i, size, name.sun_path);
    } else {
        note("sendto(%d, %zu bytes, port %d)", i, size, port[0]);
    }
    memcpy(text + length, out + at, size);
    const void *to = domain == UNIX ? (const void *)&name : &a;
    int before = signals;
    int64_t kernel = real(sendto(h->real, out + at, size, 0, to,
                                 domain == UNIX ? name_size(&name) : (socklen_t)sizeof a));
    model_ask(DASIM_OUTPUT, 0, h->model, domain == UNIX ? (int64_t)length : port[1], MODEL_ADDRESS,
              text, length + size);
    sent(i, size, kernel, before);
}

/* Who sent it: the kernel's word for it is that of the model. */
static bool same_sender(const struct sockaddr_storage *from, socklen_t size, const void *model,
                        size_t model_size)
{
    if (domain == UNIX) {
        const struct sockaddr_un *a = (const void *)from;
        size_t length = size > offsetof(struct sockaddr_un, sun_path) ? strlen(a->sun_path) : 0;
        return length == model_size && memcmp(a->sun_path, model, length) == 0;
    }
    const struct sockaddr_in *a = (const void *)from;
    int64_t its;
    memcpy(&its, model, sizeof its);
    for (int i = 0; i < port_count; i++) {
        if (ports[i][0] == ntohs(a->sin_port) && ports[i][1] == (its & 65535)) {
            return true;
        }
    }
    return false;
}

static void do_receive(int i)
{
    handle *h = &handles[i];
    size_t most = roll(3) ? some_size(STREAM) : sizeof in;
    struct sockaddr_storage from;
    struct iovec bytes = {in, most};
    struct msghdr m = {.msg_name = &from,
                       .msg_namelen = sizeof from,
                       .msg_iov = &bytes,
                       .msg_iovlen = 1};
    note("recv(%d, %zu)", i, most);
    int64_t kernel = real(recvmsg(h->real, &m, 0));
    int64_t model = model_call(DASIM_INPUT, h->model, (int64_t)most, MODEL_ADDRESS);
    same("recv", i, kernel, model);
    if (kernel < 0) {
        return;
    }
    if (memcmp(in, model_text, (size_t)kernel) != 0) {
        differs("bytes of %d differ", i);
    }
    if (h->type == DATAGRAM) {
        bool cut = m.msg_flags & MSG_TRUNC;
        if (cut != ((model_reply.flags & MODEL_TRUNCATED) != 0)) {
            differs("MSG_TRUNC of %d: kernel %d", i, cut);
        }
        if (!same_sender(&from, m.msg_namelen, model_text + model,
                         model_reply.size - (size_t)model)) {
            differs("sender of what %d received", i);
        }
    }
}

static void do_shutdown(int i)
{
    handle *h = &handles[i];
    int how = (int)roll(3);
    if (domain == INTERNET && (h->type == DATAGRAM || !h->established)) {
        return; /* README.md */
    }
    note("shutdown(%d, %d)", i, how);
    same("shutdown", i, real(shutdown(h->real, how)), model_call(DASIM_SHUTDOWN, h->model, how, 0));
}

static void do_close(int i)
{
    note("close(%d)", i);
    same("close", i, real(close(handles[i].real)), model_call(DASIM_CLOSE, handles[i].model, 0, 0));
    handles[i].open = false;
}

static void do_error(int i)
{
    int error = 0;
    socklen_t size = sizeof error;
    note("error(%d)", i);
    getsockopt(handles[i].real, SOL_SOCKET, SO_ERROR, &error, &size);
    same("SO_ERROR", i, error, model_call(DASIM_OPTION, handles[i].model, 0, MODEL_ERROR));
}

static void do_unlink(void)
{
    struct sockaddr_un a = name_of(roll(NAMES));
    if (domain == UNIX) {
        note("unlink(%s)", a.sun_path);
        same("unlink", -1, real(unlink(a.sun_path)), ask_text(DASIM_CLOSE, -1, a.sun_path));
    }
}

/* ---- cases */

static void step(void)
{
    int i = (int)roll(HANDLES), type = roll(3) ? STREAM : DATAGRAM;
    uint32_t what = roll(100);
    if (what < 8) {
        new_socket(type);
    } else if (what < 10) {
        new_pair(type);
    } else if (what < 11) {
        do_unlink();
    } else if (!handles[i].open) {
        return;
    } else if (what < 20) {
        do_bind(i);
    } else if (what < 26) {
        do_listen(i);
    } else if (what < 38) {
        (domain == UNIX ? connect_to_name : connect_to_port)(i);
    } else if (what < 46) {
        do_accept(i);
    } else if (what < 62) {
        do_send(i);
    } else if (what < 70) {
        do_send_to(i);
    } else if (what < 88) {
        do_receive(i);
    } else if (what < 91) {
        do_shutdown(i);
    } else if (what < 93) {
        do_error(i);
    } else if (what < 97) {
        do_close(i);
    }
    steps++;
}

static void run_case(void)
{
    domain = roll(2) ? UNIX : INTERNET;
    address = 0x7F000000u | (roll(1 << 22) << 1 | 2);
    history_clear();
    port_count = 0;
    model_start(64, 1 << 20);
    note("%s\n", domain == UNIX ? "UNIX" : "Internet");
    for (uint32_t i = 0; i < NAMES; i++) {
        unlink(name_of(i).sun_path);
    }
    for (int k = 0; k < CASE_STEPS; k++) {
        int before = steps;
        size_t length = history_length();
        step();
        if (steps != before && history_length() != length) {
            compare_all();
        } else {
            steps = before;
        }
    }
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].open) {
            close(handles[i].real);
            handles[i].open = false;
        }
    }
}

int main(int count, char **argument)
{
    int wanted = count > 1 ? atoi(argument[1]) : 50000;
    roll_seed(count > 2 ? strtoull(argument[2], NULL, 10) : 1);
    signal(SIGPIPE, on_signal);
    for (size_t i = 0; i < sizeof out; i++) {
        out[i] = (unsigned char)(i * 7 + i / 251);
    }
    while (steps < wanted) {
        run_case();
    }
    printf("%d operations, no difference\n", steps);
    return 0;
}
