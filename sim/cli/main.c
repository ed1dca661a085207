/* dasim: finds the sub-command and hands over. */
#include "cli/cli.h"

#include <locale.h>
#include <string.h>

/* In the order in which --help tells of them. */
static const command *const all[] = {
    &command_run,        &command_verify,      &command_show,   &command_view,
    &command_export,     &command_check_trace, &command_warmup, &command_sweep,
    &command_results,    &command_merge,       &command_report, &command_plot,
    &command_complexity, &command_list,        &command_doc,    NULL,
};

const command *const *command_all(void)
{
    return all;
}

static const command *find(const char *name)
{
    for (const command *const *c = all; *c; c++) {
        if (strcmp((*c)->name, name) == 0) {
            return *c;
        }
    }
    return NULL;
}

static void print_help(void)
{
    puts("dasim " DASIM_VERSION ": a deterministic simulator of distributed algorithms\n");
    for (const command *const *c = all; *c; c++) {
        char usage[64];
        g_snprintf(usage, sizeof usage, "dasim %s %s", (*c)->name, (*c)->arguments);
        printf("  %-32s %s\n", usage, (*c)->summary);
    }
    puts(
        "\n  dasim COMMAND --help         options of a command\n"
        "\nExit status: 0 as expected; 1 a property is violated, or an expected violation did not\n"
        "show; 2 wrong usage or a bad scenario; 3 inconclusive: a limit was reached; 4 a file "
        "could\n"
        "not be read or written; 5 runs of a sweep failed; 70 a bug in dasim.");
}

/* "run, verify, ..."; the caller frees (g_free). */
static char *names_of_all(void)
{
    const char *names[G_N_ELEMENTS(all)] = {0};
    for (size_t i = 0; all[i]; i++) {
        names[i] = all[i]->name;
    }
    return g_strjoinv(", ", (char **)(uintptr_t)names);
}

static int unknown(const char *word)
{
    const char *names[G_N_ELEMENTS(all)] = {0};
    for (size_t i = 0; all[i]; i++) {
        names[i] = all[i]->name;
    }
    char *list = names_of_all();
    const char *near = nearest_name(word, names, G_N_ELEMENTS(all) - 1);
    complain("found unknown command '%s', expected one of %s%s%s%s", word, list,
             near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    g_free(list);
    return EXIT_USAGE;
}

static int none_given(void)
{
    char *list = names_of_all();
    complain("found no command, expected one of %s; try dasim --help", list);
    g_free(list);
    return EXIT_USAGE;
}

int main(int count, char **words)
{
    setlocale(LC_CTYPE, ""); /* for names of files; numbers keep their form */
    if (count < 2) {
        return none_given();
    }
    if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0 ||
        strcmp(words[1], "help") == 0) {
        print_help();
        return EXIT_AS_EXPECTED;
    }
    if (strcmp(words[1], "--version") == 0) {
        puts("dasim " DASIM_VERSION);
        return EXIT_AS_EXPECTED;
    }
    const command *c = find(words[1]);
    return c ? c->run(count - 2, words + 2) : unknown(words[1]);
}
