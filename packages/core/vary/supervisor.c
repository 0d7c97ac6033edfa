// The supervisor: starts the command, answers its system calls and those of all that it starts, passes on signals to it,
// takes in orphans, and ends as the command ends.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vary.h"

static long listener, command;

// ---- Threads that wait: their memory and their files.

long fetch(int thread, uint64_t address, void *to, size_t size)
{
    Piece here = { (uint64_t)to, size }, there = { address, size };
    long got = syscall6(SYS_process_vm_readv, thread, (long)&here, 1, (long)&there, 1, 0);
    return got < 0 ? 0 : got;
}

int store(int thread, uint64_t address, const void *from, size_t size)
{
    Piece here = { (uint64_t)from, size }, there = { address, size };
    long put = syscall6(SYS_process_vm_writev, thread, (long)&here, 1, (long)&there, 1, 0);
    return put == (long)size ? 0 : -EFAULT;
}

int answer(Call *call, long result)
{
    call->result = result;
    return ANSWERED;
}

// What cannot be written, because the address is wrong or because we are not allowed to, is left to the kernel.
int answer_with(Call *call, uint64_t address, const void *data, size_t size)
{
    return store(call->thread, address, data, size) < 0 ? AS_IT_IS : answer(call, 0);
}

long give_file(const Call *call, int ours, int theirs, int their_flags)
{
    NewFile file = { call->id, theirs < 0 ? NEW_FILE_ANSWERS : NEW_FILE_REPLACES, ours, theirs < 0 ? 0 : theirs, their_flags & O_CLOEXEC };
    return KERNEL(SYS_ioctl, listener, NOTIFICATION_NEW_FILE, &file, 0);
}

// What lies below /proc and /dev can be another file for each process, and has no such name.
int path_of(const Call *call, int directory, int path, int flags, char *to)
{
    static char name[4096];
    name[0] = 0;
    if (path >= 0 && call->argument[path]) {
        long got = fetch(call->thread, call->argument[path], name, sizeof name);
        if (!memchr(name, 0, got)) return -1;
    }
    int at = directory < 0 ? AT_FDCWD : (int)call->argument[directory];
    if (!strncmp(name, "/proc", 5) || !strncmp(name, "/dev", 4) || !*name && !(flags & AT_EMPTY_PATH)) return -1;
    int length = *name == '/' ? sprintf(to, "/proc/%d/root", call->thread)
        : at == AT_FDCWD ? sprintf(to, "/proc/%d/cwd", call->thread) : sprintf(to, "/proc/%d/fd/%d", call->thread, at);
    if (*name && *name != '/') to[length++] = '/';
    strcpy(to + length, name);
    return !*name;
}

// ---- The beginning of a program. Its vDSO, the kernel's own code for reading clocks, is hidden: then programs and libraries
// ask the kernel, as they would on a kernel that has none. For that the program is stopped once, and then let go.

int answer_exec(Call *call)
{
    KERNEL(SYS_ptrace, PTRACE_SEIZE, call->thread, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    return AS_IT_IS;
}

static void hide_clock(int thread)
{
    Registers r;
    char part[2048];
    KERNEL(SYS_ptrace, PTRACE_GETREGS, thread, 0, &r);
    int size = r.cs == 0x23 ? 4 : 8, nulls = 0, is_value = 0;
    uint64_t at = r.rsp + size, ignore = AT_IGNORE;
    for (;;) {
        long got = fetch(thread, at, part, sizeof part) / size;
        if (got <= 0) return;
        for (long i = 0; i < got; i++) {
            uint64_t word = size == 4 ? ((uint32_t *)part)[i] : ((uint64_t *)part)[i];
            if (nulls < 2) nulls += !word;      // behind the arguments, and behind the environment
            else if (is_value) is_value = 0;
            else if (word == AT_NULL) return;
            else if (word == AT_SYSINFO_EHDR) {
                store(thread, at + i * size, &ignore, size);
                return;
            } else is_value = 1;
        }
        at += got * size;
    }
}

// ---- What happens.

static void on_call(void)
{
    Notification asked;
    memset(&asked, 0, sizeof asked);
    if (KERNEL(SYS_ioctl, listener, NOTIFICATION_RECEIVE, &asked, 0) < 0) return;
    Call call = { asked.thread, asked.architecture == AUDIT_ARCH_I386 };
    memcpy(call.argument, asked.arguments, sizeof call.argument);
    call.id = asked.id;
    call.how = find_answer(&asked);
    int what = call.how ? call.how->handler(&call) : AS_IT_IS;
    if (what == TOLD) return;
    Response response = { asked.id, 0, 0, what == AS_IT_IS ? RESPONSE_GO_ON : 0 };
    if (what == ANSWERED && call.result < 0) response.error = call.result;
    else if (what == ANSWERED) response.result = call.result;
    KERNEL(SYS_ioctl, listener, NOTIFICATION_ANSWER, &response, 0);
}

static void end_as(int status)
{
    long none = 0, limit[2] = { 0, 0 };
    int signal = status & 0x7f;
    if (signal) {
        KERNEL(SYS_setrlimit, RLIMIT_CORE, limit, 0, 0);
        KERNEL(SYS_kill, getpid(), signal, 0, 0);
        KERNEL(SYS_sigprocmask, 2, &none, NULL, sizeof none);
        _exit(128 + signal);    // as process 1 it cannot be killed
    }
    _exit(status >> 8);
}

static void on_child(void)
{
    int status;
    long thread;
    while ((thread = KERNEL(SYS_wait4, -1, &status, WAIT_ALL | WAIT_NOT, 0)) > 0) {
        int signal = status >> 8 & 0xff, event = status >> 16;
        if ((status & 0xff) != 0x7f) {
            if (thread == command) end_as(status);
        } else if (event == PTRACE_EVENT_EXEC) {
            hide_clock(thread);
            KERNEL(SYS_ptrace, PTRACE_DETACH, thread, 0, 0);
        } else if (event == PTRACE_EVENT_STOP && signal >= SIGSTOP && signal <= SIGTTOU)
            KERNEL(SYS_ptrace, PTRACE_LISTEN, thread, 0, 0);     // stopped by job control: it stays so
        else KERNEL(SYS_ptrace, PTRACE_CONT, thread, 0, event ? 0 : signal);
    }
}

static void on_signal(int signals)
{
    struct {
        uint32_t signal, error, code, more[29];
    } one;
    if (read(signals, &one, sizeof one) != sizeof one) return;
    if (one.signal == SIGCHLD) on_child();
    else if (one.code != SIGNAL_FROM_KERNEL) KERNEL(SYS_kill, command, one.signal, 0, 0);    // a terminal tells everyone
}

// ---- The beginning. The files are shared with the child until it becomes the command: so we have its listener.

static void become(char **arguments, long *old_signals, int go, int ready)
{
    char c;
    KERNEL(SYS_prctl, PR_SET_DEATH_SIGNAL, SIGKILL, 0, 0);
    long listens = install_filter();
    write(ready, &listens, sizeof listens);
    if (listens < 0 || read(go, &c, 1) != 1) _exit(0);
    KERNEL(SYS_sigprocmask, 2, old_signals, NULL, sizeof *old_signals);
    execvp(arguments[0], arguments);
}

// Gives whether it is the child, for which the command could not be run.
int supervise(char **arguments)
{
    int go[2], ready[2];
    long all = -1, old, failed, status;
    options.own_user = KERNEL(SYS_getuid, 0, 0, 0, 0);
    options.own_group = KERNEL(SYS_getgid, 0, 0, 0, 0);
    start_clocks();
    KERNEL(SYS_pipe2, go, O_CLOEXEC, 0, 0);
    KERNEL(SYS_pipe2, ready, O_CLOEXEC, 0, 0);
    KERNEL(SYS_sigprocmask, 2, &all, &old, sizeof all);
    KERNEL(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0);
    int signals = KERNEL(SYS_signalfd4, -1, &all, sizeof all, O_CLOEXEC);
    command = KERNEL(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0);
    if (command == 0) {
        become(arguments, &old, go[0], ready[1]);
        return 1;
    }
    if (command < 0) refuse("what the kernel answers", "clone", command);
    read(ready[0], &listener, sizeof listener);
    if (listener < 0) refuse("what the kernel answers", "seccomp", listener);
    if (fetch(command, (uint64_t)&old, &status, sizeof old) != sizeof old) refuse("what the kernel answers", "process_vm_readv", -EPERM);
    if (options.varied & VARY_DATE && (failed = KERNEL(SYS_ptrace, PTRACE_SEIZE, command, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) < 0)
        refuse("date", "ptrace", failed);
    if (options.checking) return 0;
    KERNEL(SYS_ioctl, listener, NOTIFICATION_SET_FLAGS, 1, 0);  // wakes us on the same processor; not known to old kernels
    write(go[1], "", 1);

    Poll files[2] = { { listener, POLLIN }, { signals, POLLIN } };
    for (;;) {
        if (KERNEL(SYS_poll, files, 2, -1, 0) < 0) continue;
        if (files[0].found & POLLIN) on_call();
        if (files[0].found & ~POLLIN) files[0].file = -1;       // nobody is left who could ask
        if (files[1].found & POLLIN) on_signal(signals);
    }
}
