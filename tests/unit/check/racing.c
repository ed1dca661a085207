#include "racing.h"

#include "observe/memory_calls.h"

#include <stdio.h>
#include <string.h>

static const int64_t ms = 1000000;

static const dasim_algorithm stub_memory = STUB(.name = "shared_memory", .provides = DASIM_CHANNEL);
static const dasim_algorithm stub_pipe = STUB(.name = "stub_pipe", .provides = DASIM_CHANNEL);
enum { MEMORY, PIPE, SERVICE };

/* Everything there is, in the order of its descriptors. */
static const struct {
    char letter;
    uint32_t flags;
} things[] = {
    {'w', MEMORY_SEGMENT},   {'x', MEMORY_SEGMENT},   {'y', MEMORY_SEGMENT}, {'z', MEMORY_SEGMENT},
    {'f', MEMORY_FILE},      {'g', MEMORY_FILE},      {'m', MEMORY_MUTEX},   {'n', MEMORY_MUTEX},
    {'s', MEMORY_SEMAPHORE}, {'t', MEMORY_SEMAPHORE}, {'w', MEMORY_ATOMIC},  {'x', MEMORY_ATOMIC},
    {'y', MEMORY_ATOMIC},    {'z', MEMORY_ATOMIC},
};
enum { THINGS = sizeof things / sizeof *things, ATOMICS = 10 };

static history h;
static int64_t now;
static bool has_begun[RACING_PROCESSES];
static unsigned word_of[4000]; /* by the number of the record */

static void record_call(record_kind kind, uint32_t component, uint32_t op, dasim_call call,
                        const void *text)
{
    struct {
        dasim_call call;
        char text[16];
    } body = {.call = call};
    if (call.size > 0) {
        memcpy(body.text, text, call.size);
    }
    word_of[h.number + 1] = (unsigned)(now / ms);
    history_record(&h, (record){.at = now,
                                .peer = NOBODY,
                                .type = op,
                                .size = (uint32_t)sizeof call + call.size,
                                .kind = (uint16_t)kind,
                                .component = (uint8_t)component,
                                .body = &body});
}

static void ask(uint32_t op, dasim_call call, const void *text)
{
    record_call(RECORD_REQUEST, MEMORY, op, call, text);
}

static void tell(uint32_t op, dasim_call call, const void *text)
{
    record_call(RECORD_INDICATION, MEMORY, op, call, text);
}

static void begin(uint32_t process)
{
    has_begun[process] = true;
    for (int32_t i = 0; i < THINGS; i++) {
        dasim_call call = {process, -1, 0, things[i].flags | MEMORY_CREATE, 1};
        ask(DASIM_ATTACH, call, &things[i].letter);
        call.descriptor = i;
        call.size = 0;
        tell(DASIM_ATTACH, call, NULL);
    }
}

static int32_t descriptor_of(char letter, bool atomic)
{
    int32_t i = atomic ? ATOMICS : 0;
    while (i < THINGS && things[i].letter != letter) {
        i++;
    }
    cr_assert_lt(i, (int32_t)THINGS, "no thing %c", letter);
    return i;
}

/* Asked and answered at once; some calls have flags or a text, some fail. */
static void call_of(uint32_t process, uint32_t op, char letter, uint32_t flags, bool fails)
{
    dasim_call call = {process, descriptor_of(letter, false), 0, flags, 0};
    ask(op, call, NULL);
    call.descriptor = fails ? -1 : call.descriptor;
    call.value = fails ? -1 : 0;
    tell(op, call, NULL);
}

static void access_of(uint32_t process, char verb, char letter)
{
    bool is_write = verb == 'w' || verb == 'W', atomic = verb == 'R' || verb == 'W';
    uint32_t line = (uint32_t)(now / ms), op = is_write ? DASIM_STORE : DASIM_LOAD;
    dasim_call call = {process, descriptor_of(letter, atomic), -7, 3, sizeof line};
    ask(op, call, &line);
    tell(op, call, &line);
}

static void condition_of(uint32_t process, char verb, char letter)
{
    dasim_call call = {process, descriptor_of(letter, false), 0, 0, 4};
    uint32_t op = verb == 's' ? DASIM_POST : DASIM_WAIT;
    if (verb != 'g') {
        ask(op, call, "full");
    }
    call.size = 0;
    if (verb != 'c') {
        tell(op, call, NULL);
    }
}

static void life_of(uint32_t process, char verb, uint32_t other)
{
    dasim_call call = {process, -1, other, 0, 0};
    client_body body = {(int32_t)process, other};
    if (verb == 'k') {
        ask(DASIM_FORK, call, NULL);
        call.value = 0;
        tell(DASIM_FORK, call, NULL);
        has_begun[other] = true;
    } else if (verb == 'e') {
        ask(DASIM_EXIT, call, NULL);
        has_begun[process] = false;
    } else {
        history_record(&h, (record){.at = now,
                                    .peer = NOBODY,
                                    .type = CLIENT_JOINS,
                                    .size = sizeof body,
                                    .kind = RECORD_CLIENT,
                                    .body = &body});
    }
}

static void outside(uint32_t process, char verb)
{
    dasim_call call = {process, 3, 1, 0, 0};
    dasim_lock lock = {0};
    bool asks = verb == 'o' || verb == 'a';
    record_kind kind = asks ? RECORD_REQUEST : RECORD_INDICATION;
    if (verb == 'o' || verb == 'i') {
        record_call(kind, PIPE, asks ? DASIM_OUTPUT : DASIM_INPUT, call, NULL);
        return;
    }
    history_record(&h, (record){.at = now,
                                .peer = NOBODY,
                                .type = 1,
                                .size = sizeof lock,
                                .kind = (uint16_t)kind,
                                .component = SERVICE,
                                .body = &lock});
}

static void crash(void)
{
    memset(has_begun, 0, sizeof has_begun);
    history_record(&h, (record){.at = now, .peer = NOBODY, .kind = RECORD_CRASH});
}

static void play_word(uint32_t process, char verb, char what)
{
    static const struct {
        char verb;
        uint32_t op, flags;
    } calls[] = {{'l', DASIM_WAIT, 0}, {'u', DASIM_POST, 0},  {'v', DASIM_WAIT, 0},
                 {'p', DASIM_POST, 0}, {'E', DASIM_WAIT, 0},  {'S', DASIM_WAIT, MEMORY_SHARED},
                 {'U', DASIM_POST, 0}, {'d', DASIM_DETACH, 0}};
    if (!has_begun[process] && !strchr("Xab", verb)) {
        begin(process);
    }
    if (strchr("rwRW", verb)) {
        access_of(process, verb, what);
    } else if (strchr("cgs", verb)) {
        condition_of(process, verb, what);
    } else if (strchr("kje", verb)) {
        life_of(process, verb, (uint32_t)(what - '0'));
    } else if (strchr("oiab", verb)) {
        outside(process, verb);
    } else if (verb == 'X') {
        crash();
    } else if (verb == 'F') {
        call_of(process, DASIM_POST, what, 0, true);
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (calls[i].verb == verb) {
            call_of(process, calls[i].op, what, calls[i].flags, false);
        }
    }
}

finding racing_judge(const char *text)
{
    world_config config = {.nodes = 1, .resources = 1, .seed = 1, .stack_size = 3};
    config.stack[MEMORY].algorithm = &stub_memory;
    config.stack[PIPE].algorithm = &stub_pipe;
    config.stack[SERVICE].algorithm = &stub_lock;
    const char *fault = NULL;
    finding f;
    h = (history){.world = world_new(&config, &fault), .watch = race_free.on_record};
    cr_assert_not_null(h.world, "%s", fault ? fault : "no reason given");
    cr_assert(race_free.applies(&config));
    h.self = race_free.make(h.world);
    now = 0;
    memset(has_begun, 0, sizeof has_begun);
    for (; *text; text += text[3] == ' ' ? 4 : 3) {
        cr_assert(text[1] && text[2] && h.number + 2 * THINGS + 4 < 4000, "too long: %s", text);
        now += ms;
        play_word((uint32_t)(text[0] - '0'), text[1], text[2]);
    }
    race_free.judge(h.self, h.world, (run_end){.settled = true}, &f);
    race_free.destroy(h.self);
    history_end(&h);
    return f;
}

void racing_lines(const finding *f, unsigned *later, unsigned *earlier)
{
    const char *first = f->reason ? strstr(f->reason, "(line ") : NULL;
    const char *second = first ? strstr(first + 1, "(line ") : NULL;
    *later = first ? (unsigned)strtoul(first + 6, NULL, 10) : 0;
    *earlier = second ? (unsigned)strtoul(second + 6, NULL, 10) : 0;
}

unsigned racing_word(const finding *f)
{
    return word_of[f->record];
}
