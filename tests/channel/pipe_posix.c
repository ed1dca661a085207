/*
 * The model `posix`: two writers and a reader, whose calls wait. Each writer's bytes come once and
 * in their order; a write of up to PIPE_BUF bytes is never torn; a longer one sometimes is.
 *
 *   pipe_posix OPERATIONS SEED    says how many writes there were, or what was wrong
 */
#define pipe pipe_of_module /* not the function */
#include MODULE_SOURCE
#undef pipe

#include "model.h"

enum { WRITERS = 2, LONGEST = 2000, ATOMIC = 512, READER = WRITERS + 1, QUEUE = 64, ROUND = 100 };

/* The writes of a writer that were not read to their end. */
typedef struct writer {
    uint32_t sizes[QUEUE], first, count; /* a ring */
    uint32_t seen;                       /* bytes of the first that were read */
    uint32_t sent_bytes, read_bytes;
    bool waits;
} writer;

static writer writers[WRITERS];
static uint64_t rng, writes, torn;
static int last = -1; /* whose byte came last */

static uint32_t below(uint32_t bound)
{
    rng = rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((rng >> 33) % bound);
}

static void fail(const char *what, int who)
{
    printf("writer %d: %s\n", who, what);
    exit(1);
}

/* Values 0 .. 99 in a circle are the first writer's, 100 .. 199 the second's. */
static void take_byte(unsigned char byte)
{
    int who = byte / ROUND;
    if (who >= WRITERS || writers[who].count == 0) {
        fail("bytes that nobody wrote", who);
    }
    if (last >= 0 && last != who && writers[last].seen > 0) {
        if (writers[last].sizes[writers[last].first % QUEUE] <= ATOMIC) {
            fail("a small write is torn", last);
        }
        torn++;
    }
    writer *w = &writers[who];
    if (byte % ROUND != w->read_bytes++ % ROUND) {
        fail("bytes are not in their order", who);
    }
    if (++w->seen == w->sizes[w->first % QUEUE]) {
        w->seen = 0;
        w->first++;
        w->count--;
    }
    last = who;
}

static void write_some(model *m, uint32_t who)
{
    static unsigned char bytes[LONGEST];
    writer *w = &writers[who];
    if (w->waits || w->count == QUEUE) {
        return;
    }
    uint32_t size = 1 + below(below(2) ? ATOMIC : LONGEST);
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(who * ROUND + w->sent_bytes++ % ROUND);
    }
    w->sizes[(w->first + w->count++) % QUEUE] = size;
    w->waits = true;
    writes++;
    model_ask(&dasim_module, m, DASIM_OUTPUT,
              (dasim_call){.process = who + 1, .descriptor = 4, .size = size}, bytes);
}

static void step(model *m, bool *reads)
{
    uint32_t who = below(WRITERS + 2);
    if (who < WRITERS) {
        write_some(m, who);
    } else if (who == WRITERS && !*reads) {
        *reads = true;
        model_ask(&dasim_module, m, DASIM_INPUT,
                  (dasim_call){.process = READER, .descriptor = 3, .value = 1 + below(5000)}, NULL);
    } else if (m->is_armed) {
        m->is_armed = false;
        dasim_module.on_timer(&m->node, TEAR);
    }
    for (uint32_t i = 0; i < WRITERS; i++) {
        writers[i].waits &= !m->answers[i + 1].is_there;
    }
    if (*reads && m->answers[READER].is_there) {
        *reads = m->answers[READER].is_there = false;
        for (uint32_t i = 0; i < m->answers[READER].call.size; i++) {
            take_byte(m->answers[READER].text[i]);
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"posix", "pipe_buf", NULL};
    static const int64_t values[] = {1, ATOMIC};
    uint64_t operations = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    rng = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    model *m = model_new(&dasim_module, names, values);
    bool reads = false;
    model_ask(&dasim_module, m, DASIM_PIPE, (dasim_call){.descriptor = -1}, NULL);
    for (uint32_t i = 1; i <= READER; i++) {
        model_ask(&dasim_module, m, DASIM_FORK, (dasim_call){.descriptor = -1, .value = i}, NULL);
    }
    for (uint64_t i = 0; i < operations; i++) {
        step(m, &reads);
    }
    printf("%llu writes, torn in %llu places\n", (unsigned long long)writes,
           (unsigned long long)torn);
    model_free(m);
    return torn > 0 && writes > operations / 10 ? 0 : 1;
}
