/*
 * dasim-mpi sweep: rank 0 conducts and writes the database, each other rank is a worker with its
 * own nursery, forked before MPI begins. Between them travel the bytes of frames: units one way,
 * results the other; and the word that a worker has died, which the rank has replaced.
 *
 * A unit that was on its way when the worker died must not reach the next one: it is handed out
 * again by rank 0. So each unit carries how many deaths of its rank the sender knows of, and is
 * dropped where that is not all of them.
 */
#include "cli/cli.h"

#include "sweep/sweep.h"

#include <errno.h>
#include <mpi.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { TAG_PLAN, TAG_UNIT, TAG_RESULTS, TAG_DEATH, TAG_STOP, NAP_MS = 1, SPEAK_MOST = 1 << 16 };

typedef struct remote {
    uint32_t deaths;
    inbox in;
} remote;

/* Rank 0's side. Slot i is rank i + 1. */
typedef struct conductor {
    crew *crew;
    uint32_t slots;
    remote *of;
    digest_value plan; /* that of rank 0 */
    pool *pool;
    GByteArray *out;
    bool checked; /* all ranks see the same scenario */
} conductor;

static conductor here;
static sweep_crowd crowd;

/* -------------------------------------------------------------------------------------- rank 0 */

static void start(void *self, crew *c)
{
    conductor *x = self;
    x->crew = c;
    x->plan = pool_digest(x->pool);
}

static bool check_plans(conductor *x, char **refusal)
{
    for (uint32_t slot = 0; !x->checked && slot < x->slots; slot++) {
        digest_value plan;
        MPI_Recv(&plan, sizeof plan, MPI_BYTE, (int)slot + 1, TAG_PLAN, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        if (plan.high != x->plan.high || plan.low != x->plan.low) {
            *refusal = g_strdup_printf("rank %u sees another scenario or other modules than rank "
                                       "0, expected the same files on all machines",
                                       slot + 1);
            return false;
        }
    }
    x->checked = true;
    return true;
}

/* Units, behind the number of deaths that are known. */
static void feed(conductor *x, uint32_t slot)
{
    g_byte_array_set_size(x->out, 0);
    g_byte_array_append(x->out, (const guint8 *)&x->of[slot].deaths, sizeof x->of[slot].deaths);
    while (crew_feed(x->crew, slot, x->out)) {
    }
    if (x->out->len > sizeof x->of[slot].deaths) {
        MPI_Send(x->out->data, (int)x->out->len, MPI_BYTE, (int)slot + 1, TAG_UNIT, MPI_COMM_WORLD);
    }
}

static bool hear_results(conductor *x, uint32_t slot, int size)
{
    remote *r = &x->of[slot];
    frame f;
    bool over = false, good = true;
    guint before = r->in.bytes->len;
    g_byte_array_set_size(r->in.bytes, before + (guint)size);
    MPI_Recv(r->in.bytes->data + before, size, MPI_BYTE, (int)slot + 1, TAG_RESULTS, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    while (good && inbox_next(&r->in, &f)) {
        good = crew_hear(x->crew, slot, &f, &over);
    }
    g_byte_array_remove_range(r->in.bytes, 0, r->in.taken);
    r->in.taken = 0;
    return good || !over;
}

static bool hear_death(conductor *x, uint32_t slot)
{
    int status;
    MPI_Recv(&status, 1, MPI_INT, (int)slot + 1, TAG_DEATH, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    x->of[slot].deaths++;
    g_byte_array_set_size(x->of[slot].in.bytes, 0); /* half a frame of the dead one */
    x->of[slot].in.taken = 0;
    return crew_died(x->crew, slot, status);
}

/* What has come, of whatever rank; false where the sweep ends. */
static bool hear(conductor *x, const MPI_Status *what)
{
    uint32_t slot = (uint32_t)what->MPI_SOURCE - 1;
    int size;
    MPI_Get_count(what, MPI_BYTE, &size);
    return what->MPI_TAG == TAG_RESULTS ? hear_results(x, slot, size) : hear_death(x, slot);
}

static bool step(void *self, int ms, char **refusal)
{
    conductor *x = self;
    gint64 until = g_get_monotonic_time() + 1000 * (gint64)ms;
    *refusal = NULL;
    if (!check_plans(x, refusal)) {
        return false;
    }
    do {
        int any = 0;
        MPI_Status what;
        for (uint32_t slot = 0; slot < x->slots; slot++) {
            feed(x, slot);
        }
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &any, &what);
        if (any && !hear(x, &what)) {
            return false;
        }
        if (!any) {
            poll(NULL, 0, NAP_MS);
        } else if (crew_vain_deaths(x->crew) > 100) {
            *refusal = g_strdup("workers die before they have done a single run");
            return false;
        }
        until = crew_is_over(x->crew) ? 0 : until;
    } while (g_get_monotonic_time() < until);
    return true;
}

/* ---------------------------------------------------------------------------- the other ranks */

typedef struct relay {
    nursery *nursery;
    int socket; /* of the worker; -1: its stream has ended */
    uint32_t deaths;
    bool is_dead;
    int status;
} relay;

/* The worker's stream has ended, and it is known how it died. */
static void replace(relay *y)
{
    MPI_Send(&y->status, 1, MPI_INT, 0, TAG_DEATH, MPI_COMM_WORLD);
    y->deaths++;
    y->is_dead = false;
    if (!nursery_spawn(y->nursery, 0, &y->socket)) {
        complain("the process that starts workers has died");
        MPI_Abort(MPI_COMM_WORLD, EXIT_BUG);
    }
}

static void pass_results(relay *y)
{
    static unsigned char bytes[SPEAK_MOST];
    ssize_t got = read(y->socket, bytes, sizeof bytes);
    if (got > 0) {
        MPI_Send(bytes, (int)got, MPI_BYTE, 0, TAG_RESULTS, MPI_COMM_WORLD);
    } else if (got == 0 || errno != EINTR) {
        close(y->socket);
        y->socket = -1;
    }
}

static void hear_nursery(relay *y)
{
    frame f;
    ssize_t got = inbox_read(&y->nursery->in, y->nursery->socket);
    if (got == 0) {
        complain("the process that starts workers has died");
        MPI_Abort(MPI_COMM_WORLD, EXIT_BUG);
    }
    while (got > 0 && inbox_next(&y->nursery->in, &f)) {
        frame_take_number(&f);
        y->status = (int)frame_take_number(&f);
        y->is_dead = true;
    }
}

/* False: it is over. */
static bool pass_unit(relay *y, const MPI_Status *what)
{
    uint32_t deaths = 0;
    int size;
    MPI_Get_count(what, MPI_BYTE, &size);
    unsigned char *bytes = g_malloc((gsize)size + 1);
    MPI_Recv(bytes, size, MPI_BYTE, 0, what->MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (what->MPI_TAG == TAG_UNIT) {
        memcpy(&deaths, bytes, sizeof deaths);
        if (deaths == y->deaths && y->socket >= 0) { /* a worker that is gone is told of soon */
            write_fully(y->socket, bytes + sizeof deaths, (size_t)size - sizeof deaths);
        }
    }
    g_free(bytes);
    return what->MPI_TAG == TAG_UNIT;
}

static void serve(pool *p)
{
    relay y = {.nursery = pool_nursery(p), .socket = -1};
    bool goes_on = true;
    signal(SIGPIPE, SIG_IGN); /* a worker that is dead is told of by the nursery */
    if (!nursery_spawn(y.nursery, 0, &y.socket)) {
        MPI_Abort(MPI_COMM_WORLD, EXIT_BUG);
    }
    while (goes_on) {
        struct pollfd polled[] = {{y.socket, POLLIN, 0}, {y.nursery->socket, POLLIN, 0}};
        int any = 0;
        MPI_Status what;
        poll(polled, 2, NAP_MS);
        if (polled[0].revents) {
            pass_results(&y);
        }
        if (polled[1].revents) {
            hear_nursery(&y);
        }
        if (y.is_dead && y.socket < 0) {
            replace(&y);
        }
        MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &any, &what);
        goes_on = !any || pass_unit(&y, &what);
    }
    if (y.socket >= 0) {
        close(y.socket);
    }
}

static int be_worker(pool *p)
{
    int status = 0;
    char *refusal = NULL;
    bool planned = pool_plan(p, NULL, NULL, &refusal, &status);
    digest_value plan = planned ? pool_digest(p) : (digest_value){0, 0};
    MPI_Send(&plan, sizeof plan, MPI_BYTE, 0, TAG_PLAN, MPI_COMM_WORLD);
    if (planned) {
        serve(p);
    } else { /* rank 0 tells */
        MPI_Recv(NULL, 0, MPI_BYTE, 0, TAG_STOP, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    g_free(refusal);
    pool_free(p);
    return EXIT_AS_EXPECTED;
}

/* ----------------------------------------------------------------------------------- the whole */

/* Every rank comes by here, with the same options. */
static int divide(struct sweep_options *o)
{
    int rank, ranks;
    nursery_config config;
    sweep_nursery(o, &config);
    pool *p = pool_new(&config);
    if (p == NULL) {
        complain("no process can be started: %s", g_strerror(errno));
        return EXIT_BUG;
    }
    MPI_Init(NULL, NULL);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (rank > 0) {
        return be_worker(p);
    }
    o->pool = p;
    if (ranks > 1) { /* else it is an ordinary sweep */
        here = (conductor){.slots = (uint32_t)ranks - 1, .pool = p};
        here.of = g_new0(remote, here.slots);
        here.out = g_byte_array_new();
        for (uint32_t slot = 0; slot < here.slots; slot++) {
            inbox_init(&here.of[slot].in);
        }
        crowd = (sweep_crowd){here.slots, start, step, &here};
        o->crowd = &crowd;
    }
    return -1;
}

/* Rank 0 has ended, for whatever reason. What the others still have to say is taken, so that none
 * of them waits for it. */
static void dismiss(void)
{
    int any = 1;
    MPI_Status what;
    for (uint32_t slot = 0; slot < here.slots; slot++) {
        MPI_Request request;
        MPI_Isend(NULL, 0, MPI_BYTE, (int)slot + 1, TAG_STOP, MPI_COMM_WORLD, &request);
        MPI_Request_free(&request);
    }
    for (int quiet = 0; quiet < 200; quiet = any ? 0 : quiet + 1) {
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &any, &what);
        if (any) {
            int size;
            MPI_Get_count(&what, MPI_BYTE, &size);
            void *bytes = g_malloc((gsize)size + 1);
            MPI_Recv(bytes, size, MPI_BYTE, what.MPI_SOURCE, what.MPI_TAG, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
            g_free(bytes);
        } else {
            poll(NULL, 0, NAP_MS);
        }
    }
    for (uint32_t slot = 0; slot < here.slots; slot++) {
        inbox_clear(&here.of[slot].in);
    }
    g_free(here.of);
    if (here.out) {
        g_byte_array_free(here.out, TRUE);
    }
}

int main(int count, char **words)
{
    int begun = 0;
    if (count < 2 || strcmp(words[1], "sweep") != 0) {
        complain("found no 'sweep', expected dasim-mpi sweep SCENARIO ...");
        return EXIT_USAGE;
    }
    cli_sweep_elsewhere = divide;
    int status = command_sweep.run(count - 2, words + 2);
    MPI_Initialized(&begun);
    if (begun) {
        dismiss();
        MPI_Finalize();
    }
    return status;
}
