#include "damage.h"

#include "plugin/elf.h"
#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

char *damage_verdict(const void *bytes, size_t size, bool instrumented)
{
    GError *error = NULL;
    uint32_t head[3];
    void *exact = g_malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    bool is_fine = elf_vet("x.so", exact, size, instrumented, head, &error);
    char *text = g_strdup(error ? error->message : "");
    cr_assert(is_fine == (error == NULL));
    cr_assert(error == NULL || g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED));
    g_clear_error(&error);
    g_free(exact);
    return text;
}

void damage_check(const damage_case *cases, size_t count)
{
    for (const damage_case *c = cases; c < cases + count; c++) {
        crafted *m = crafted_new("crafted");
        char *good = damage_verdict(m, CRAFTED_SIZE, false);
        c->damage(m);
        char *plain = damage_verdict(m, CRAFTED_SIZE, false);
        char *instrumented = damage_verdict(m, CRAFTED_SIZE, true);
        char *expected = g_strconcat("x.so: ", c->found, NULL);
        cr_expect_str_eq(good, "");
        cr_expect_str_eq(plain, expected, "%s: found %s, expected %s", c->what, plain, expected);
        cr_expect_str_eq(instrumented, c->only_if_plain ? "" : expected, "%s, instrumented: %s",
                         c->what, instrumented);
        g_free(good);
        g_free(plain);
        g_free(instrumented);
        g_free(expected);
        g_free(m);
    }
}

void damage_add_dynamic(crafted *m, int64_t tag, uint64_t value)
{
    uint32_t i = 0;
    while (m->dynamics[i].d_tag != DT_NULL) {
        i++;
    }
    m->dynamics[i] = (ElfW(Dyn)){tag, {value}};
}
