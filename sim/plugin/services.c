/* The services of dasim.h with their operations: names for traces, fields of their arguments. */
#include "plugin/plugin.h"

#include <string.h>

typedef struct operation {
    const char *name; /* NULL: no such operation */
    const dasim_field *fields;
} operation;

enum { OPERATIONS_MOST = 4 };

typedef struct service {
    const char *name;
    operation requests[OPERATIONS_MOST], indications[OPERATIONS_MOST]; /* by number */
} service;

static const dasim_field lock_asked[] = {
    {.name = "resource", .type = DASIM_U32, .offset = offsetof(dasim_lock, resource)},
    {0},
};

static const dasim_field lock_granted[] = {
    {.name = "resource", .type = DASIM_U32, .offset = offsetof(dasim_lock, resource)},
    {.name = "fencing",
     .type = DASIM_U64,
     .offset = offsetof(dasim_lock, fencing),
     .help = "larger at each grant of the resource; 0: the algorithm gives none"},
    {0},
};

static const dasim_field leader_fields[] = {
    {.name = "leader", .type = DASIM_NODE, .offset = offsetof(dasim_leader, leader)},
    {.name = "term",
     .type = DASIM_U64,
     .offset = offsetof(dasim_leader, term),
     .help = "larger at each election; 0: the algorithm knows no terms"},
    {0},
};

static const dasim_field peer_fields[] = {
    {.name = "peer", .type = DASIM_NODE, .help = "whom it is about"},
    {0},
};

#define ACCESS_FIELD(member, type_of, text)                                                        \
    {                                                                                              \
        .name = #member, .type = type_of, .offset = offsetof(dasim_access, member), .help = text   \
    }

static const dasim_field access_fields[] = {
    ACCESS_FIELD(object, DASIM_U32, "which one"),
    ACCESS_FIELD(value, DASIM_U64, "written or read"),
    ACCESS_FIELD(tag, DASIM_U32, "tells the accesses of a client apart"),
    {0},
};

static const dasim_field place_fields[] = {
    ACCESS_FIELD(object, DASIM_U32, "which one"),
    ACCESS_FIELD(tag, DASIM_U32, "tells the accesses of a client apart"),
    {0},
};

#define CALL_FIELD(member, type_of, text)                                                          \
    {                                                                                              \
        .name = #member, .type = type_of, .offset = offsetof(dasim_call, member), .help = text     \
    }

/* What follows the structure is text; `flags` matter where they are not 0. */
static const dasim_field call_fields[] = {
    CALL_FIELD(process, DASIM_U32, "of its node"),
    CALL_FIELD(descriptor, DASIM_I32, "-1: none"),
    CALL_FIELD(value, DASIM_I64, "asked for; the result, or -errno"),
    {0},
};

/* Of DASIM_LOAD and DASIM_STORE; the text is a number. */
static const dasim_field word_fields[] = {
    CALL_FIELD(process, DASIM_U32, "of its node"),
    CALL_FIELD(descriptor, DASIM_I32, "of the segment or file"),
    {.name = "word", .type = DASIM_U32, .offset = offsetof(dasim_call, flags), .help = "which one"},
    CALL_FIELD(value, DASIM_I64, "to be stored; loaded"),
    {.name = "line", .type = DASIM_U32, .offset = sizeof(dasim_call), .help = "that asks for it"},
    {0},
};

/* Requests and indications alike. */
static const char *const calls[] = {
    [DASIM_FORK] = "FORK",     [DASIM_EXIT] = "EXIT",         [DASIM_CLOSE] = "CLOSE",
    [DASIM_DUP] = "DUP",       [DASIM_OPTION] = "OPTION",     [DASIM_SELECT] = "SELECT",
    [DASIM_PIPE] = "PIPE",     [DASIM_MKFIFO] = "MKFIFO",     [DASIM_OPEN] = "OPEN",
    [DASIM_INPUT] = "INPUT",   [DASIM_OUTPUT] = "OUTPUT",     [DASIM_SOCKET] = "SOCKET",
    [DASIM_BIND] = "BIND",     [DASIM_LISTEN] = "LISTEN",     [DASIM_CONNECT] = "CONNECT",
    [DASIM_ACCEPT] = "ACCEPT", [DASIM_SHUTDOWN] = "SHUTDOWN", [DASIM_ATTACH] = "ATTACH",
    [DASIM_DETACH] = "DETACH", [DASIM_LOAD] = "LOAD",         [DASIM_STORE] = "STORE",
    [DASIM_WAIT] = "WAIT",     [DASIM_POST] = "POST",
};

static const service services[DASIM_SERVICES] = {
    [DASIM_NO_SERVICE] = {.name = "none"},
    [DASIM_APPLICATION] = {.name = "application"},
    [DASIM_MUTEX] =
        {.name = "mutex",
         .requests =
             {[DASIM_ACQUIRE] = {"ACQUIRE", lock_asked}, [DASIM_RELEASE] = {"RELEASE", lock_asked}},
         .indications = {[DASIM_GRANTED] = {"GRANTED", lock_granted},
                         [DASIM_LOST] = {"LOST", lock_asked},
                         [DASIM_DEADLOCK] = {"DEADLOCK", lock_asked}}},
    [DASIM_ELECTION] = {.name = "election",
                        .requests = {[DASIM_ELECT] = {"ELECT", NULL}},
                        .indications = {[DASIM_LEADER] = {"LEADER", leader_fields}}},
    [DASIM_MEMORY] =
        {.name = "memory",
         .requests =
             {[DASIM_READ] = {"READ", place_fields}, [DASIM_WRITE] = {"WRITE", access_fields}},
         .indications = {[DASIM_READ_DONE] = {"READ_DONE", access_fields},
                         [DASIM_WRITE_DONE] = {"WRITE_DONE", access_fields}}},
    [DASIM_CHANNEL] = {.name = "channel"},
    [DASIM_DETECTOR] = {.name = "failure_detector",
                        .indications = {[DASIM_SUSPECT] = {"SUSPECT", peer_fields},
                                        [DASIM_RESTORE] = {"RESTORE", peer_fields}}},
    [DASIM_TRANSPORT] = {.name = "transport"},
};

static operation call_of(uint32_t op)
{
    const char *name = op < sizeof calls / sizeof *calls ? calls[op] : NULL;
    bool is_access = op == DASIM_LOAD || op == DASIM_STORE;
    return (operation){name, name == NULL ? NULL : is_access ? word_fields : call_fields};
}

static bool takes_calls(dasim_service s)
{
    return s == DASIM_CHANNEL || s == DASIM_TRANSPORT;
}

static operation request(dasim_service s, uint32_t op)
{
    bool known = (uint32_t)s < DASIM_SERVICES && op < OPERATIONS_MOST;
    return takes_calls(s) ? call_of(op) : known ? services[s].requests[op] : (operation){0};
}

static operation indication(dasim_service s, uint32_t op)
{
    bool known = (uint32_t)s < DASIM_SERVICES && op < OPERATIONS_MOST;
    return takes_calls(s) ? call_of(op) : known ? services[s].indications[op] : (operation){0};
}

const char *service_name(dasim_service s)
{
    return (uint32_t)s < DASIM_SERVICES ? services[s].name : "?";
}

dasim_service service_of_name(const char *name)
{
    for (uint32_t s = DASIM_APPLICATION; name && s < DASIM_SERVICES; s++) {
        if (strcmp(services[s].name, name) == 0) {
            return (dasim_service)s;
        }
    }
    return DASIM_SERVICES;
}

const char *service_request_name(dasim_service s, uint32_t op)
{
    const char *name = request(s, op).name;
    return name ? name : "?";
}

const char *service_indication_name(dasim_service s, uint32_t op)
{
    const char *name = indication(s, op).name;
    return name ? name : "?";
}

const dasim_field *service_request_fields(dasim_service s, uint32_t op)
{
    return request(s, op).fields;
}

const dasim_field *service_indication_fields(dasim_service s, uint32_t op)
{
    return indication(s, op).fields;
}
