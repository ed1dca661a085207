/* Who ends by SIGPROF has used its time up; a process that aborts with more than a third of its
 * memory in use has used that up: blocks grow by doubling, and the old one is still there. */
#include "sweep/confine.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#endif

/* ------------------------------------------------------------------------------------- memory */

static uint64_t most_memory;

/* Allocation failure aborts, everywhere in dasim. */
static void on_abort(int number)
{
    size_t size = (size_t)(most_memory / 3 * 2);
    void *probe =
        mmap(NULL, size > 0 ? size : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) {
        _exit(CONFINE_NO_MEMORY);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void limit_resources(const run_limits *limits)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef DASIM_INSTRUMENTED /* a sanitizer reserves terabytes */
    struct rlimit memory = {limits->memory, limits->memory};
    if (limits->memory > 0) {
        setrlimit(RLIMIT_AS, &memory);
        most_memory = limits->memory;
    }
#else
    (void)limits;
#endif
    signal(SIGABRT, on_abort);
    signal(SIGTRAP, on_abort); /* GLib */
}

/* ------------------------------------------------------------------------------------ Landlock */

#if defined LANDLOCK_ACCESS_FS_WRITE_FILE && defined SYS_landlock_create_ruleset
static void write_no_files(void)
{
    struct landlock_ruleset_attr all = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                             LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                             LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                             LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM |
                             LANDLOCK_ACCESS_FS_EXECUTE,
    };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules >= 0) { /* none of these is allowed anywhere */
        syscall(SYS_landlock_restrict_self, rules, 0);
        close(rules);
    }
}
#else
static void write_no_files(void)
{
}
#endif

/* ------------------------------------------------------------------------------------- seccomp */

#if defined __linux__ && (defined __x86_64__ || defined __aarch64__)
#ifdef __x86_64__
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
/* The call is refused with EPERM. */
#define REFUSE(number)                                                                             \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), RETURN(SECCOMP_RET_ERRNO | EPERM)

static void make_no_calls(void)
{
    struct sock_filter code[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
        RETURN(SECCOMP_RET_ERRNO | EPERM),
        LOAD(nr),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* other numbers of x86 */
        RETURN(SECCOMP_RET_ERRNO | EPERM),
        REFUSE(SYS_socket),
        REFUSE(SYS_execve),
        REFUSE(SYS_execveat),
        REFUSE(SYS_ptrace),
        REFUSE(SYS_process_vm_readv),
        REFUSE(SYS_process_vm_writev),
        REFUSE(SYS_mount),
        REFUSE(SYS_setrlimit),
        REFUSE(SYS_prlimit64),
        RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void make_no_calls(void)
{
}
#endif

void confine_process(const run_limits *limits)
{
    limit_resources(limits);
#if defined __linux__ && !defined DASIM_INSTRUMENTED /* coverage is written at the end */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        write_no_files();
        make_no_calls();
    }
#else
    (void)write_no_files;
    (void)make_no_calls;
#endif
}

void confine_time(int64_t cpu_ms)
{
    struct itimerval once = {
        .it_value = {cpu_ms / 1000, (int)(cpu_ms % 1000 * 1000)},
    };
    setitimer(ITIMER_PROF, &once, NULL);
}
