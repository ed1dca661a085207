/* A good description, and what it says of itself when one thing of it is wrong. */
#include "plugin/vet.h"

#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MANY = 1100 };

/* All that a test may change. */
typedef struct parts {
    dasim_algorithm a;
    dasim_service uses[4];
    const char *promises[3], *timers[3];
    dasim_cost costs[3];
    dasim_message messages[3];
    dasim_field body[3], state[3], stable[3];
    dasim_param params[3];
} parts;

static size_t size_of_state(const dasim_config *config)
{
    (void)config;
    return 64;
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)self, (void)from, (void)op, (void)arg, (void)size;
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)self, (void)timer;
}

static void make_good(parts *p)
{
    *p = (parts){
        .a = {.magic = DASIM_MAGIC,
              .abi = DASIM_ABI,
              .size = sizeof p->a,
              .name = "good",
              .title = "nothing is wrong with it",
              .reference = "nobody, nowhere",
              .about = "Two\nlines.",
              .provides = DASIM_MUTEX,
              .assumes = DASIM_RELIABLE | DASIM_SEES_CORRUPTION,
              .state_size = size_of_state,
              .stable_size = size_of_state,
              .on_request = on_request,
              .on_indication = on_indication,
              .on_message = on_message,
              .on_timer = on_timer},
        .uses = {DASIM_ELECTION, DASIM_CHANNEL},
        .promises = {"mutual_exclusion", "every_request_granted"},
        .timers = {"retry", "give_up"},
        .costs = {{"messages per entry", "2*(n-1)", "always"}, {"delay", "T", "saturated"}},
        .messages = {{.name = "REQUEST", .size = 16, .help = "let me in"}, {.name = "REPLY_2"}},
        .body = {{.name = "clock", .type = DASIM_U64},
                 {.name = "pair", .type = DASIM_U16, .offset = 8, .count = 2, .stride = 4}},
        .state = {{.name = "asked", .type = DASIM_BOOL, .role = "asker"},
                  {.name = "seen",
                   .type = DASIM_U32,
                   .offset = DASIM_AFTER,
                   .count = DASIM_PER_RESOURCE_AND_NODE}},
        .stable = {{.name = "term", .type = DASIM_I64}},
        .params = {{.name = "wait", .unit = DASIM_DURATION, .value = 5, .least = 0, .most = 9},
                   {.name = "fair", .unit = DASIM_SWITCH, .value = 1, .least = 0, .most = 1}},
    };
    p->a.uses = p->uses;
    p->a.promises = p->promises;
    p->a.timers = p->timers;
    p->a.costs = p->costs;
    p->messages[0].fields = p->body;
    p->a.messages = p->messages;
    p->a.state = p->state;
    p->a.stable = p->stable;
    p->a.params = p->params;
}

static char *verdict(const parts *p, const char *name)
{
    GError *error = NULL;
    bool is_fine = vet_algorithm("x.so", &p->a, name, &error);
    cr_assert(is_fine == (error == NULL));
    cr_assert(error == NULL || g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED));
    char *text = g_strdup(error ? error->message : "");
    g_clear_error(&error);
    return text;
}

/* With the change, the verdict is "x.so: " and `found`. */
#define REFUSED(found, ...)                                                                        \
    do {                                                                                           \
        parts p;                                                                                   \
        make_good(&p);                                                                             \
        __VA_ARGS__;                                                                               \
        char *text = verdict(&p, NULL);                                                            \
        cr_expect_str_eq(text, "x.so: " found, "%s: %s", #__VA_ARGS__, text);                      \
        g_free(text);                                                                              \
    } while (0)

#define ACCEPTED(...)                                                                              \
    do {                                                                                           \
        parts p;                                                                                   \
        make_good(&p);                                                                             \
        __VA_ARGS__;                                                                               \
        char *text = verdict(&p, NULL);                                                            \
        cr_expect_str_eq(text, "", "%s: %s", #__VA_ARGS__, text);                                  \
        g_free(text);                                                                              \
    } while (0)

Test (vet, a_good_description_is_accepted) {
    ACCEPTED((void)p);
    ACCEPTED(p.a.reference = p.a.about = NULL);
    ACCEPTED(p.uses[0] = DASIM_MUTEX); /* a lock above a lock */
    ACCEPTED(p.messages[0].size = 65536);
}

Test (vet, the_least_description_is_accepted) {
    const dasim_algorithm least = {.magic = DASIM_MAGIC,
                                   .abi = DASIM_ABI,
                                   .size = sizeof least,
                                   .name = "least",
                                   .title = "acts by itself",
                                   .provides = DASIM_APPLICATION};
    cr_assert(vet_algorithm("x.so", &least, "least", NULL));
}

Test (vet, names_follow_their_pattern) {
    static const struct {
        const char *name;
        bool is_name;
    } table[] = {
        {"a", true},
        {"a_1", true},
        {"token_ring2", true},
        {"", false},
        {"1a", false},
        {"_a", false},
        {"A", false},
        {"aB", false},
        {"a-b", false},
        {"a b", false},
        {"a.b", false},
        {"\xc3\xa4", false},
        {"a23456789012345678901234567890123456789012345678901234567890123", true},
        {"a234567890123456789012345678901234567890123456789012345678901234", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        cr_expect(vet_is_name(table[i].name) == table[i].is_name, "%s", table[i].name);
    }
}

Test (vet, the_head_must_fit) {
    REFUSED("found magic 00000007, expected 4D534144: describe the algorithm with "
            "DASIM_ALGORITHM(...)",
            p.a.magic = 7);
    REFUSED("found ABI 2, expected 1: rebuild the module with this dasim's dasim.h", p.a.abi = 2);
    REFUSED("found ABI 0, expected 1: rebuild the module with this dasim's dasim.h", p.a.abi = 0);
    REFUSED("found a description of 176 bytes, expected 192: rebuild the module with this dasim's "
            "dasim.h",
            p.a.size = 176);
}

Test (vet, an_algorithm_has_a_name_a_title_and_a_service) {
    REFUSED("found no name, expected .name = \"...\"", p.a.name = NULL);
    REFUSED("name \"Good\", expected a name like request_timeout (a-z, 0-9, _)", p.a.name = "Good");
    REFUSED("name \"a\\nb\", expected a name like request_timeout (a-z, 0-9, _)",
            p.a.name = "a\nb");
    REFUSED("found no title, expected .title of one line", p.a.title = NULL);
    REFUSED("found no title, expected .title of one line", p.a.title = "");
    REFUSED("title of good holds the character \\012, expected text of one line",
            p.a.title = "a\nb");
    REFUSED("found service 0 provided, expected one of dasim_service (1 .. 7)",
            p.a.provides = DASIM_NO_SERVICE);
    REFUSED("found service 8 provided, expected one of dasim_service (1 .. 7)",
            p.a.provides = DASIM_SERVICES);
    REFUSED("found service 4294967295 provided, expected one of dasim_service (1 .. 7)",
            p.a.provides = (dasim_service)-1);
    REFUSED("found assumptions 0x20, expected a sum of the DASIM_RELIABLE family",
            p.a.assumes = 0x20);
}

Test (vet, the_name_is_that_of_the_file) {
    parts p;
    make_good(&p);
    char *same = verdict(&p, "good"), *other = verdict(&p, "better");
    cr_expect_str_eq(same, "");
    cr_expect_str_eq(other,
                     "x.so: found algorithm \"good\", expected \"better\" as in the file's name");
    p.a.name = NULL;
    char *none = verdict(&p, "better");
    cr_expect_str_eq(none, "x.so: found no name, expected .name = \"better\"");
    g_free(same);
    g_free(other);
    g_free(none);
}

Test (vet, texts_are_plain_and_end) {
    static char endless[5000];
    memset(endless, 'a', sizeof endless);
    REFUSED("about of good is longer than 4096 bytes, expected less", p.a.about = endless);
    REFUSED("about of good is not UTF-8", p.a.about = "\xff");
    REFUSED("reference of good holds the character \\033, expected text",
            p.a.reference = "\033[2J");
    REFUSED("help of REQUEST holds the character \\012, expected text of one line",
            p.messages[0].help = "a\n");
    REFUSED("help of clock is not UTF-8", p.body[0].help = "\xc3");
    REFUSED("help of wait holds the character \\015, expected text of one line",
            p.params[0].help = "a\r");
    REFUSED("measure of cost number 0 is not UTF-8", p.costs[0].measure = "\xff");
    REFUSED("formula of cost number 1 holds the character \\007, expected text of one line",
            p.costs[1].formula = "\a");
}

Test (vet, services_below_can_be_asked_each_once) {
    REFUSED("uses service 9, expected one that can be asked, and DASIM_NO_SERVICE at the end",
            p.uses[1] = (dasim_service)9);
    REFUSED("uses service 1, expected one that can be asked, and DASIM_NO_SERVICE at the end",
            p.uses[0] = DASIM_APPLICATION);
    REFUSED("uses election twice, expected each service once", p.uses[1] = DASIM_ELECTION);
}

Test (vet, promises_and_timers_have_different_names) {
    REFUSED("two promises mutual_exclusion, expected different names",
            p.promises[1] = "mutual_exclusion");
    REFUSED("promise \"safe!\", expected a name like request_timeout (a-z, 0-9, _)",
            p.promises[0] = "safe!");
    REFUSED("two timers retry, expected different names", p.timers[1] = "retry");
    REFUSED("timer \"\", expected a name like request_timeout (a-z, 0-9, _)", p.timers[0] = "");
}

Test (vet, costs_are_complete) {
    REFUSED("cost number 0 (messages per entry) has no formula, expected one",
            p.costs[0].formula = NULL);
    REFUSED(
        "cost number 1 (delay) holds when \"often\", expected always, isolated, saturated, best, "
        "mean or worst",
        p.costs[1].when = "often");
    REFUSED("cost number 1 (delay) holds when \"\", expected always, isolated, saturated, best, "
            "mean or worst",
            p.costs[1].when = NULL);
}

Test (vet, costs_hold_always_or_in_one_of_the_cases_of_the_literature) {
    static const char *const cases[] = {"always", "isolated", "saturated", "best", "mean", "worst"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        ACCEPTED(p.costs[1].when = cases[i]);
    }
}

Test (vet, messages_have_names_and_sizes) {
    REFUSED("message \"request\", expected a name like REQUEST (A-Z, 0-9, _)",
            p.messages[0].name = "request");
    REFUSED("two messages REQUEST, expected different names", p.messages[1].name = "REQUEST");
    REFUSED("message REPLY_2 of 65537 bytes, expected 65536 at most", p.messages[1].size = 65537);
    REFUSED("message number 0 has no name, expected one, or {0} at the end",
            p.messages[0].name = NULL);
    REFUSED("message number 2 has no name, expected one, or {0} at the end",
            p.messages[2].size = 4);
}

Test (vet, fields_lie_inside_of_their_message) {
    REFUSED("field clock of REQUEST ends at byte 17, expected 16", p.body[0].offset = 9);
    REFUSED("field pair of REQUEST ends at byte 18, expected 16", p.body[1].count = 3);
    REFUSED("field clock of REQUEST has type 9, expected one of dasim_type",
            p.body[0].type = DASIM_TYPES);
    REFUSED("field clock of REQUEST has stride 7, expected 8 bytes at least", p.body[0].stride = 7);
    REFUSED("field clock of REQUEST has 16777217 values, expected 16777216 at most",
            p.body[0].count = (1 << 24) + 1);
    REFUSED("field clock of REQUEST has role \"the boss\", expected a name",
            p.body[0].role = "the boss");
    REFUSED("two REQUEST fields clock, expected different names", p.body[1].name = "clock");
    REFUSED("REQUEST field number 2 has no name, expected one, or {0} at the end",
            p.body[2].offset = 12);
    ACCEPTED(p.body[0].offset = 8);
}

Test (vet, fields_of_the_state_are_vetted_as_well) {
    REFUSED("two state fields asked, expected different names", p.state[1].name = "asked");
    REFUSED("field term of stable has type 77, expected one of dasim_type",
            p.stable[0].type = (dasim_type)77);
    REFUSED("state field \"Seen\", expected a name like request_timeout (a-z, 0-9, _)",
            p.state[1].name = "Seen");
}

Test (vet, parameters_have_defaults_within_their_bounds) {
    REFUSED("parameter wait is 10 by default, expected it within its bounds 0 .. 9",
            p.params[0].value = 10);
    REFUSED("parameter wait is -1 by default, expected it within its bounds 0 .. 9",
            p.params[0].value = -1);
    REFUSED("parameter wait has unit 5, expected one of dasim_unit",
            p.params[0].unit = DASIM_UNITS);
    REFUSED("parameter fair has bounds 0 .. 2, expected 0 .. 1 of a switch", p.params[1].most = 2);
    REFUSED("parameter election has the name of a service, expected another",
            p.params[0].name = "election");
    REFUSED("two parameters wait, expected different names", p.params[1].name = "wait");
    REFUSED("parameter number 2 has no name, expected one, or {0} at the end",
            p.params[2].value = 1);
    ACCEPTED(p.params[0].value = 9);
    ACCEPTED(p.params[0].value = 0);
}

Test (vet, what_is_declared_has_its_handler) {
    REFUSED("found no on_message, expected one because it declares messages",
            p.a.on_message = NULL);
    REFUSED("found no on_timer, expected one because it declares timers", p.a.on_timer = NULL);
    REFUSED("found no on_indication, expected one because it uses a service",
            p.a.on_indication = NULL);
    REFUSED("found no on_request, expected one because it provides a service",
            p.a.on_request = NULL);
    REFUSED("found no state_size, expected one because it declares fields of its state",
            p.a.state_size = NULL);
    REFUSED("found no stable_size, expected one because it declares fields of its stable storage",
            p.a.stable_size = NULL);
    ACCEPTED(p.a.messages = NULL; p.a.on_message = NULL);
    ACCEPTED(p.timers[0] = NULL; p.a.on_timer = NULL);
}

/* A list that has lost its end is not followed for ever. */
Test (vet, lists_end) {
    static char names[MANY][8];
    static const char *list[MANY];
    static dasim_cost costs[MANY];
    for (int i = 0; i < MANY; i++) {
        g_snprintf(names[i], sizeof names[i], "n%d", i);
        list[i] = names[i];
        costs[i] = (dasim_cost){names[i], "1", "always"};
    }
    REFUSED("more than 1024 timers, expected a list that ends with NULL", p.a.timers = list);
    REFUSED("more than 1024 promises, expected a list that ends with NULL", p.a.promises = list);
    REFUSED("more than 1024 costs, expected a list that ends with NULL", p.a.costs = costs);
}
