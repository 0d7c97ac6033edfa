// What the parts of vary share.

#ifndef VARY_H
#define VARY_H
#include "kernel.h"

// ---- What was asked for (vary.c).

// Bits: what is varied by answering system calls.
enum {
    VARY_DATE = 1, VARY_HOSTNAME = 2, VARY_DOMAIN = 4, VARY_KERNEL = 8, VARY_MACHINE = 16, VARY_ORDER = 32,
    VARY_PROCESSORS = 64, VARY_USER = 128, VARY_FREE_SPACE = 256, VARY_LOAD = 512, VARY_FILE_TIMES = 1024,
    VARY_INODES = 2048, VARY_MORE_PROCESSORS = 4096
};

typedef struct {
    int varied;                 // of the bits above
    long date;                  // seconds that all clocks of the calendar go fast
    long still;                 // the second at which they stand, or 0
    int steady;                 // what is told of file systems is the same in each run
    const char *uname[UNAME_FIELDS];    // what uname answers instead, or NULL
    unsigned long order;        // of the entries of directories: a seed
    int processors;
    int user, group;            // whom they believe to be instead of
    int own_user, own_group;    // us
    int checking;               // only whether it can be done
} Options;

extern Options options;

void refuse(const char *what, const char *call, long error);   // says that something cannot be varied here; ends, unless checking

// ---- A thread that waits for the answer to a system call (supervisor.c).

typedef struct Answered Answered;

typedef struct {
    int thread;
    int narrow;                 // made in the way of i386
    long argument[6];
    long result;                // of a call that is ANSWERED; a failure is negative
    const Answered *how;
    uint64_t id;
} Call;

// What became of a call: the kernel is to do it as it is; it has a result; the thread has been told already.
enum { AS_IT_IS, ANSWERED, TOLD };

long fetch(int thread, uint64_t address, void *to, size_t size);    // gives how many bytes it got
int store(int thread, uint64_t address, const void *from, size_t size);     // gives 0, or negative
int answer(Call *call, long result);
int answer_with(Call *call, uint64_t address, const void *data, size_t size);
long give_file(const Call *call, int ours, int theirs, int their_flags);    // theirs -1: a new one, which is the answer
// Makes a name that means for us what theirs means for them, of the arguments with these numbers, or -1. Gives -1 if there is
// none, 1 if it is that of an open file: a link to be followed.
int path_of(const Call *call, int directory, int path, int flags, char *to);

enum { LONGEST_PATH = 4096 + 64 };

int supervise(char **command);

// ---- The calls that are answered (calls.c), and by whom.

struct Answered {
    int wide, narrow;           // its number on x86_64 and on i386, or -1
    int option;                 // what wants it: bits
    int (*handler)(Call *call); // gives what became of it
    int detail;                 // for the handler
    int index, mask, value;     // only where this argument, so masked, has this value; mask 0: always
};

const Answered *find_answer(const Notification *call);
long install_filter(void);      // has the kernel ask at those calls; gives the listener, or the kernel's error

int answer_exec(Call *call);    // supervisor.c

void start_clocks(void);        // clocks.c
int64_t shifted(int64_t seconds);
int answer_clock_gettime(Call *call), answer_gettimeofday(Call *call), answer_time(Call *call), correct_times(Call *call);
enum {
    TIMES_UTIME, TIMES_UTIMES, TIMES_UTIMENSAT, TIMES_UTIME_NARROW, TIMES_UTIMES_NARROW, TIMES_UTIMENSAT_NARROW,
    TIMES_SLEEP, TIMES_SLEEP_NARROW, TIMES_FUTEX, TIMES_FUTEX_NARROW, TIMES_TIMER, TIMES_TIMER_NARROW
};

int answer_stat(Call *call), answer_statfs(Call *call);     // files.c
uint64_t other_inode(uint64_t inode);
enum { STAT, LSTAT, FSTAT, FSTATAT, STATX, STAT_WIDE = 0, STAT_NARROW = 8, STAT64_NARROW = 16, STATX_FORM = 24 };
enum { STATFS, FSTATFS, STATFS_NARROW = 2, STATFS64_NARROW = 4 };

int answer_getdents(Call *call);        // directories.c
enum { GETDENTS64, GETDENTS, GETDENTS_NARROW };

int answer_uname(Call *call), answer_sysinfo(Call *call), answer_id(Call *call), answer_three_ids(Call *call);   // identity.c
int answer_set_ids(Call *call), answer_chown(Call *call), answer_affinity(Call *call);
uint32_t other_id(uint32_t id, int of_group);
enum { USER, GROUP };
enum { CHOWN, LCHOWN, FCHOWN, FCHOWNAT };
enum { LATER = 1234567 };       // seconds by which the machine seems to have started earlier

int answer_open(Call *call);    // system_files.c
#endif
