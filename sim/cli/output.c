/* What leaves the process: lines of complaint, results, files. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

volatile sig_atomic_t cli_signal;

/* What a process that is ended has to take away: names of files that are not complete. */
enum { UNFINISHED_MOST = 8 };
static const char *volatile unfinished[UNFINISHED_MOST];
static volatile sig_atomic_t patience; /* seconds; 0: no end */

void complain(const char *format, ...)
{
    va_list more;
    fflush(stdout);
    fputs("dasim: ", stderr);
    va_start(more, format);
    vfprintf(stderr, format, more);
    va_end(more);
    fputc('\n', stderr);
}

static bool is_special(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 && !S_ISREG(about.st_mode);
}

static bool refuse(const char *name, int code)
{
    complain("%s: cannot be written: %s", name, g_strerror(code));
    return false;
}

/* From `before` to `now`: NULL is no name. */
static void replace_unfinished(const char *before, const char *now)
{
    for (size_t i = 0; i < UNFINISHED_MOST; i++) {
        if (unfinished[i] == before) {
            unfinished[i] = now;
            return;
        }
    }
}

static void forget(output *o)
{
    if (o->unfinished) {
        replace_unfinished(o->unfinished, NULL);
    }
    g_free(o->name);
    g_free(o->unfinished);
}

bool output_open(output *o, const char *name)
{
    *o = (output){.name = g_strdup(name)};
    if (strcmp(name, "-") == 0) {
        o->file = stdout;
        return true;
    }
    if (!is_special(name)) { /* /dev/null and the like are written in place */
        o->unfinished = g_strdup_printf("%s.unfinished-%d", name, (int)getpid());
    }
    o->file = fopen(o->unfinished ? o->unfinished : name, "w");
    if (o->file == NULL) {
        refuse(name, errno);
        forget(o);
        return false;
    }
    if (o->unfinished) {
        replace_unfinished(NULL, o->unfinished);
    }
    return true;
}

bool output_close(output *o)
{
    bool is_stdout = o->file == stdout;
    int code = 0;
    bool failed = ferror(o->file); /* why, one more try tells */
    errno = 0;
    if (fflush(o->file) != 0 || failed) {
        code = errno ? errno : EIO;
    }
    if (o->unfinished && code == 0 && fsync(fileno(o->file)) != 0) {
        code = errno;
    }
    if (!is_stdout && fclose(o->file) != 0 && code == 0) {
        code = errno;
    }
    if (o->unfinished && code == 0 && rename(o->unfinished, o->name) != 0) {
        code = errno;
    }
    if (code != 0) {
        refuse(is_stdout ? "standard output" : o->name, code);
        if (o->unfinished) {
            unlink(o->unfinished);
        }
    }
    forget(o);
    return code == 0;
}

void output_drop(output *o)
{
    if (o->file != stdout) {
        fclose(o->file);
    }
    if (o->unfinished) {
        unlink(o->unfinished);
    }
    forget(o);
}

bool cli_print(const GString *text)
{
    errno = 0;
    if (fwrite(text->str, 1, text->len, stdout) != text->len || fflush(stdout) != 0) {
        return refuse("standard output", errno ? errno : EIO);
    }
    return true;
}

bool cli_colour(void)
{
    const char *no = g_getenv("NO_COLOR");
    const char *terminal = g_getenv("TERM");
    return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static void note(int number)
{
    cli_signal = number;
    if (patience > 0) {
        alarm((unsigned)patience);
    }
}

/* A handler of an algorithm does not come back: nothing but this is left to do. */
static void give_up(int number)
{
    static const char words[] = "dasim: interrupted within an event that does not end: nothing "
                                "of the run is kept\n";
    (void)number;
    for (size_t i = 0; i < UNFINISHED_MOST; i++) {
        if (unfinished[i]) {
            unlink(unfinished[i]);
        }
    }
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    signal(cli_signal, SIG_DFL);
    raise(cli_signal);
}

void cli_patience(unsigned seconds)
{
    patience = (int)seconds;
    signal(SIGALRM, seconds > 0 ? give_up : SIG_DFL);
    alarm(seconds > 0 && cli_signal != 0 ? seconds : 0);
}

/* A second signal ends at once. */
void cli_catch_signals(void)
{
    struct sigaction what = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&what.sa_mask);
    sigaction(SIGINT, &what, NULL);
    sigaction(SIGTERM, &what, NULL);
}

void cli_raise_again(void)
{
    int number = cli_signal;
    if (number != 0) {
        signal(number, SIG_DFL);
        raise(number);
    }
}
