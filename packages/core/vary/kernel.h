// What the kernel and a program say to each other on x86_64, as far as vary needs it and the small C library has it not.
// Numbers of system calls that are answered otherwise stand in calls.c; here are those that vary makes itself.

#ifndef KERNEL_H
#define KERNEL_H
#include <stddef.h>
#include <stdint.h>

// Gives what the kernel gives: a failure is its number, negative.
long syscall6(long number, long a, long b, long c, long d, long e, long f);

#define KERNEL(number, a, b, c, d) syscall6(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

enum {
    SYS_close = 3, SYS_poll = 7, SYS_lseek = 8, SYS_sigprocmask = 14, SYS_ioctl = 16, SYS_pread = 17, SYS_pwrite = 18,
    SYS_clone = 56, SYS_exit = 60, SYS_wait4 = 61, SYS_kill = 62, SYS_uname = 63, SYS_ftruncate = 77, SYS_umask = 95, SYS_gettimeofday = 96,
    SYS_sysinfo = 99, SYS_ptrace = 101, SYS_getuid = 102, SYS_getgid = 104, SYS_personality = 135, SYS_statfs = 137,
    SYS_prctl = 157, SYS_setrlimit = 160, SYS_sched_setaffinity = 203, SYS_sched_getaffinity = 204, SYS_getdents64 = 217,
    SYS_clock_gettime = 228, SYS_openat = 257, SYS_fchownat = 260, SYS_signalfd4 = 289, SYS_pipe2 = 293,
    SYS_process_vm_readv = 310, SYS_process_vm_writev = 311, SYS_seccomp = 317, SYS_memfd_create = 319, SYS_statx = 332
};

enum { EPERM = 1, EFAULT = 14, EBUSY = 16, ENOSYS = 38 };

enum {
    SIGKILL = 9, SIGCHLD = 17, SIGSTOP = 19, SIGTTOU = 22, SIGNAL_FROM_KERNEL = 0x80,
    CLONE_VM = 0x100, CLONE_FILES = 0x400, CLONE_SIGHAND = 0x800, CLONE_VFORK = 0x4000, CLONE_THREAD = 0x10000,
    WAIT_ALL = 0x40000000, WAIT_NOT = 1, POLLIN = 1,
    PR_SET_DEATH_SIGNAL = 1, PR_SET_CHILD_SUBREAPER = 36, PR_SET_NO_NEW_PRIVS = 38,
    ADDR_NO_RANDOMIZE = 0x0040000, ADDR_COMPAT_LAYOUT = 0x0200000, RLIMIT_STACK = 3, RLIMIT_CORE = 4,
    O_DIRECTORY = 0200000, O_PATH = 010000000, O_CLOEXEC = 02000000,
    AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000,
    S_IFMT = 0170000, S_IFDIR = 0040000
};

// ptrace(2), and what a new program finds behind its environment.
enum {
    PTRACE_CONT = 7, PTRACE_GETREGS = 12, PTRACE_DETACH = 17, PTRACE_SEIZE = 0x4206, PTRACE_LISTEN = 0x4208,
    PTRACE_EVENT_EXEC = 4, PTRACE_EVENT_STOP = 128, PTRACE_O_TRACEEXEC = 16, PTRACE_O_EXITKILL = 1 << 20,
    AT_NULL = 0, AT_IGNORE = 1, AT_SYSINFO_EHDR = 33
};

// The registers of a thread, as ptrace gives them.
typedef struct {
    uint64_t others[16], rip, cs, eflags, rsp, more[7];
} Registers;

// A piece of memory, for process_vm_readv.
typedef struct {
    uint64_t address, size;
} Piece;

typedef struct {
    int file;
    short events, found;
} Poll;

// clock_gettime(2)
typedef struct {
    int64_t seconds, nanoseconds;
} Time;

// uname(2): system, node, release, version, machine, domain
enum { NODE = 1, RELEASE, VERSION, MACHINE, DOMAIN, UNAME_FIELDS, UNAME_FIELD = 65 };

// sysinfo(2): memory is in all, free, shared, buffers, swap, free swap
typedef struct {
    uint64_t uptime, loads[3], memory[6];
    uint16_t processes;
    uint64_t high[2];
    uint32_t unit;
} SystemInfo;

// statfs(2)
typedef struct {
    uint64_t type, block, blocks, free, available, files, free_files, id, name_length, fragment, flags, spare[4];
} FileSystem;

// statx(2): times are access, birth, change, modification
typedef struct {
    uint32_t mask, block;
    uint64_t attributes;
    uint32_t links, user, group;
    uint16_t mode, spare;
    uint64_t inode, size, blocks, attributes_mask;
    struct {
        int64_t seconds;
        uint32_t nanoseconds, spare;
    } times[4];
    uint32_t device_major, device_minor, major, minor;
    uint64_t more[14];
} FileStatus;

// getdents64(2)
typedef struct {
    uint64_t inode;
    int64_t position;       // of the entry that follows
    uint16_t size;
    uint8_t type;
    char name[];
} Entry;

// seccomp(2), the instructions of its filters, and what is said through the listener.
typedef struct {
    uint16_t code;
    uint8_t if_true, if_false;
    uint32_t value;
} Instruction;

typedef struct {
    uint16_t count;
    Instruction *instructions;
} Program;

typedef struct {
    uint64_t id;
    uint32_t thread, flags;
    int32_t number;
    uint32_t architecture;
    uint64_t at, arguments[6];
} Notification;

typedef struct {
    uint64_t id;
    int64_t result;
    int32_t error;
    uint32_t flags;
} Response;

typedef struct {
    uint64_t id;
    uint32_t flags, ours, theirs, their_flags;
} NewFile;

enum {
    BPF_LOAD = 0x20, BPF_AND = 0x54, BPF_GO = 0x05, BPF_IF_EQUAL = 0x15, BPF_RETURN = 0x06,
    DATA_NUMBER = 0, DATA_ARCHITECTURE = 4, DATA_ARGUMENTS = 16,
    SET_MODE_FILTER = 1, NEW_LISTENER = 8, WAIT_KILLABLE = 32,
    RESPONSE_GO_ON = 1, NEW_FILE_REPLACES = 1, NEW_FILE_ANSWERS = 2
};

#define SECCOMP_RET_ALLOW 0x7fff0000u
#define SECCOMP_RET_USER_NOTIF 0x7fc00000u
#define AUDIT_ARCH_X86_64 0xc000003eu
#define AUDIT_ARCH_I386 0x40000003u
#define NOTIFICATION_RECEIVE 0xc0502100u
#define NOTIFICATION_ANSWER 0xc0182101u
#define NOTIFICATION_NEW_FILE 0x40182103u
#define NOTIFICATION_SET_FLAGS 0x40082104u
#endif
