/*
 * Loads one module. Four looks, each made only where the one before found nothing: the file as
 * bytes; the head of its description, still as bytes; all of it in a child process, which may die
 * of what the dynamic linker does to a damaged file; then here.
 */
#include "plugin/plugin.h"

#include "plugin/elf.h"
#include "plugin/vet.h"

#include <errno.h>
#include <fcntl.h>
#include <gmodule.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef DASIM_INSTRUMENTED
enum { INSTRUMENTED = true };
#else
enum { INSTRUMENTED = false };
#endif

enum {
    FILE_LARGEST = 64 << 20,
    TRIAL_SECONDS = 1 /* of CPU: a damaged hash table makes the dynamic linker search for ever */
};

G_DEFINE_QUARK(plugin - error - quark, plugin_error)

/* ------------------------------------------------------------------------------------- read */

static bool complain(const char *file, plugin_error code, const char *what, GError **error)
{
    g_set_error(error, PLUGIN_ERROR, code, "%s: %s", file, what);
    return false;
}

static bool read_all(int fd, char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(fd, bytes + done, size - done);
        if (got == 0) {
            errno = EIO; /* it has become shorter since */
        }
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool read_open(const char *file, int fd, GBytes **content, GError **error)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return complain(file, PLUGIN_ERROR_UNREADABLE, g_strerror(errno), error);
    }
    if (!S_ISREG(about.st_mode)) {
        return complain(file, PLUGIN_ERROR_UNREADABLE,
                        S_ISDIR(about.st_mode) ? "found a directory, expected a module"
                                               : "found no regular file, expected a module",
                        error);
    }
    if (about.st_size > FILE_LARGEST) {
        return complain(file, PLUGIN_ERROR_REFUSED, "found a file beyond 64 MiB, expected a module",
                        error);
    }
    size_t size = (size_t)about.st_size;
    char *bytes = g_malloc(size + 1);
    if (!read_all(fd, bytes, size)) {
        complain(file, PLUGIN_ERROR_UNREADABLE, g_strerror(errno), error);
        g_free(bytes);
        return false;
    }
    *content = g_bytes_new_take(bytes, size);
    return true;
}

static bool read_file(const char *file, GBytes **content, GError **error)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not keep us waiting */
    if (fd < 0) {
        return complain(file, PLUGIN_ERROR_UNREADABLE, g_strerror(errno), error);
    }
    bool is_read = read_open(file, fd, content, error);
    close(fd);
    return is_read;
}

/* ------------------------------------------------------------------------------------- load */

/* The dynamic linker searches its own folders for a name without a slash. */
static char *path_of(const char *file)
{
    return strchr(file, '/') ? g_strdup(file) : g_strconcat("./", file, NULL);
}

/* Not `keep`: only look, and unload, which runs what it runs at the end of the process. */
static const dasim_algorithm *load(const char *file, const char *name, bool keep, GError **error)
{
    char *path = path_of(file);
    GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
    gpointer symbol = NULL;
    g_free(path);
    if (module == NULL || !g_module_symbol(module, "dasim_module", &symbol) || symbol == NULL) {
        complain(file, PLUGIN_ERROR_REFUSED, g_module_error(), error);
    } else if (vet_algorithm(file, symbol, name, error) && keep) {
        g_module_make_resident(module);
        return symbol;
    }
    if (module != NULL) {
        g_module_close(module);
    }
    return NULL;
}

static void try_in_child(const char *file, const char *name)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGXCPU};
    for (size_t i = 0; i < G_N_ELEMENTS(deadly); i++) {
        signal(deadly[i], SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    setrlimit(RLIMIT_CPU, &(struct rlimit){TRIAL_SECONDS, TRIAL_SECONDS + 1});
    load(file, name, false, NULL);
    _exit(0); /* refused or not: the parent will find out the same */
}

/* A damaged file can pass every look and still crash the dynamic linker: let it crash a child. */
static bool survives_trial(const char *file, const char *name, GError **error)
{
    pid_t child = fork();
    if (child == 0) {
        try_in_child(file, name);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) { /* somebody else waits for children: no answer */
            return true;
        }
    }
    if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        return true;
    }
    char *what = WIFSIGNALED(status)
                     ? g_strdup_printf("damaged (loading it ends in signal %d), expected a module",
                                       WTERMSIG(status))
                     : g_strdup("damaged (loading it ends the process), expected a module");
    complain(file, PLUGIN_ERROR_REFUSED, what, error);
    g_free(what);
    return false;
}

const dasim_algorithm *plugin_load_as(const char *file, const char *name, GError **error)
{
    GBytes *content = NULL;
    if (!read_file(file, &content, error)) {
        return NULL;
    }
    size_t size = 0;
    uint32_t head[3];
    const void *bytes = g_bytes_get_data(content, &size);
    bool is_fine =
        elf_vet(file, bytes, size, INSTRUMENTED, head, error) && vet_head(file, head, error);
    g_bytes_unref(content);
    return is_fine && survives_trial(file, name, error) ? load(file, name, true, error) : NULL;
}

const dasim_algorithm *plugin_load(const char *file, GError **error)
{
    return plugin_load_as(file, NULL, error);
}
