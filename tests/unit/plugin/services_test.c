#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

Test (services, every_name_leads_back_to_its_service) {
    for (int s = DASIM_APPLICATION; s < DASIM_SERVICES; s++) {
        const char *name = service_name((dasim_service)s);
        cr_expect_eq((int)service_of_name(name), s, "%s", name);
    }
}

Test (services, names_of_nothing_are_no_services) {
    cr_expect_eq(service_of_name("mutexes"), DASIM_SERVICES);
    cr_expect_eq(service_of_name("none"), DASIM_SERVICES);
    cr_expect_eq(service_of_name(""), DASIM_SERVICES);
    cr_expect_eq(service_of_name(NULL), DASIM_SERVICES);
    cr_expect_str_eq(service_name(DASIM_SERVICES), "?");
    cr_expect_str_eq(service_name((dasim_service)-1), "?");
}

Test (services, operations_have_names) {
    cr_expect_str_eq(service_request_name(DASIM_MUTEX, DASIM_ACQUIRE), "ACQUIRE");
    cr_expect_str_eq(service_request_name(DASIM_MUTEX, DASIM_RELEASE), "RELEASE");
    cr_expect_str_eq(service_indication_name(DASIM_MUTEX, DASIM_GRANTED), "GRANTED");
    cr_expect_str_eq(service_indication_name(DASIM_MUTEX, DASIM_DEADLOCK), "DEADLOCK");
    cr_expect_str_eq(service_request_name(DASIM_ELECTION, DASIM_ELECT), "ELECT");
    cr_expect_str_eq(service_indication_name(DASIM_ELECTION, DASIM_LEADER), "LEADER");
}

Test (services, unknown_operations_have_neither_name_nor_fields) {
    static const uint32_t ops[] = {0, 7, 64, 1000, UINT32_MAX};
    for (size_t i = 0; i < G_N_ELEMENTS(ops); i++) {
        for (int s = 0; s <= DASIM_SERVICES; s++) {
            cr_expect_str_eq(service_request_name((dasim_service)s, ops[i]), "?");
            cr_expect_str_eq(service_indication_name((dasim_service)s, ops[i]), "?");
            cr_expect_null(service_request_fields((dasim_service)s, ops[i]));
            cr_expect_null(service_indication_fields((dasim_service)s, ops[i]));
        }
    }
    cr_expect_str_eq(service_request_name(DASIM_MUTEX, 3), "?");
    cr_expect_str_eq(service_indication_name(DASIM_MEMORY, 4), "?");
    cr_expect_null(service_request_fields(DASIM_ELECTION, DASIM_ELECT));
}

/* Of a list of fields: `name` at `offset`. */
static void has_field(const dasim_field *f, const char *name, dasim_type type, size_t offset)
{
    while (f->name && strcmp(f->name, name) != 0) {
        f++;
    }
    cr_assert_not_null(f->name, "%s", name);
    cr_expect(f->type == type && f->offset == offset, "%s", name);
}

Test (services, arguments_have_the_fields_of_their_structures) {
    const dasim_field *granted = service_indication_fields(DASIM_MUTEX, DASIM_GRANTED);
    const dasim_field *leader = service_indication_fields(DASIM_ELECTION, DASIM_LEADER);
    has_field(service_request_fields(DASIM_MUTEX, DASIM_ACQUIRE), "resource", DASIM_U32,
              offsetof(dasim_lock, resource));
    has_field(service_request_fields(DASIM_MUTEX, DASIM_RELEASE), "resource", DASIM_U32,
              offsetof(dasim_lock, resource));
    has_field(granted, "resource", DASIM_U32, offsetof(dasim_lock, resource));
    has_field(granted, "fencing", DASIM_U64, offsetof(dasim_lock, fencing));
    has_field(leader, "leader", DASIM_NODE, offsetof(dasim_leader, leader));
    has_field(leader, "term", DASIM_U64, offsetof(dasim_leader, term));
}

Test (services, calls_have_one_name_both_ways_and_one_structure) {
    static const char *const known[] = {"FORK", "INPUT", "ACCEPT", "POST"};
    static const uint32_t ops[] = {DASIM_FORK, DASIM_INPUT, DASIM_ACCEPT, DASIM_POST};
    for (size_t i = 0; i < G_N_ELEMENTS(ops); i++) {
        cr_expect_str_eq(service_request_name(DASIM_CHANNEL, ops[i]), known[i]);
        cr_expect_str_eq(service_indication_name(DASIM_CHANNEL, ops[i]), known[i]);
        cr_expect_eq(service_request_fields(DASIM_CHANNEL, ops[i]),
                     service_indication_fields(DASIM_CHANNEL, ops[i]));
    }
    const dasim_field *fields = service_request_fields(DASIM_CHANNEL, DASIM_OUTPUT);
    has_field(fields, "process", DASIM_U32, offsetof(dasim_call, process));
    has_field(fields, "descriptor", DASIM_I32, offsetof(dasim_call, descriptor));
    has_field(fields, "value", DASIM_I64, offsetof(dasim_call, value));
}
