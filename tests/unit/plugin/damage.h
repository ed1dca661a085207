/* Tables of damages: each is done to a good module, which must then be refused for exactly that. */
#ifndef DASIM_TEST_DAMAGE_H
#define DASIM_TEST_DAMAGE_H

#include "crafted.h"

#include <glib.h>
#include <stdbool.h>

#define USE_FLAGS "link it with the flags of `pkg-config --libs dasim`"

typedef struct damage_case {
    const char *what;
    void (*damage)(crafted *m);
    const char *found;  /* what the line says behind the file's name */
    bool only_if_plain; /* instrumented modules may be so */
} damage_case;

void damage_check(const damage_case *cases, size_t count);

#define CHECK(...)                                                                                 \
    static const damage_case cases[] = {__VA_ARGS__};                                              \
    damage_check(cases, G_N_ELEMENTS(cases))

/* What elf_vet says of `bytes`, in a block of exactly this size; "" where it is content. The caller
 * frees. */
char *damage_verdict(const void *bytes, size_t size, bool instrumented);

/* One more entry for the dynamic linker. */
void damage_add_dynamic(crafted *m, int64_t tag, uint64_t value);

#endif
