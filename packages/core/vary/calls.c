// The system calls that are answered otherwise, and the filter with which the kernel asks us at them.

#include <errno.h>
#include <stdlib.h>
#include "vary.h"

enum {
    CLOCK_REALTIME = 0, CLOCK_REALTIME_COARSE = 5, CLOCK_ALARM = 8, CLOCK_TAI = 11,
    ABSOLUTE = 1, FUTEX_CLOCK_REALTIME = 256,
    NOT_FOR_READING = 3 | O_DIRECTORY | O_PATH,
    FILES = VARY_HOSTNAME | VARY_DOMAIN | VARY_KERNEL | VARY_PROCESSORS | VARY_DATE | VARY_LOAD,
    STATUS = VARY_FILE_TIMES | VARY_INODES | VARY_USER,
    NAMES = VARY_HOSTNAME | VARY_DOMAIN | VARY_KERNEL | VARY_MACHINE,
    ENTRIES = VARY_ORDER | VARY_INODES
};

static const Answered calls[] = {
    // x86_64, i386, for what, by whom, how; only if this argument, masked, is that
    { 59, 11, VARY_DATE, answer_exec },
    { 322, 358, VARY_DATE, answer_exec },
    { 228, -1, VARY_DATE, answer_clock_gettime, 8, 0, ~CLOCK_ALARM, CLOCK_REALTIME },
    { 228, -1, VARY_DATE, answer_clock_gettime, 8, 0, -1, CLOCK_REALTIME_COARSE },
    { 228, -1, VARY_DATE, answer_clock_gettime, 8, 0, -1, CLOCK_TAI },
    { -1, 265, VARY_DATE, answer_clock_gettime, 4, 0, ~CLOCK_ALARM, CLOCK_REALTIME },
    { -1, 265, VARY_DATE, answer_clock_gettime, 4, 0, -1, CLOCK_REALTIME_COARSE },
    { -1, 265, VARY_DATE, answer_clock_gettime, 4, 0, -1, CLOCK_TAI },
    { -1, 403, VARY_DATE, answer_clock_gettime, 8, 0, ~CLOCK_ALARM, CLOCK_REALTIME },
    { -1, 403, VARY_DATE, answer_clock_gettime, 8, 0, -1, CLOCK_REALTIME_COARSE },
    { -1, 403, VARY_DATE, answer_clock_gettime, 8, 0, -1, CLOCK_TAI },
    { 96, -1, VARY_DATE, answer_gettimeofday, 8 },
    { -1, 78, VARY_DATE, answer_gettimeofday, 4 },
    { 201, -1, VARY_DATE, answer_time, 8 },
    { -1, 13, VARY_DATE, answer_time, 4 },
    { 132, -1, VARY_FILE_TIMES, correct_times, TIMES_UTIME },
    { 235, -1, VARY_FILE_TIMES, correct_times, TIMES_UTIMES },
    { 261, -1, VARY_FILE_TIMES, correct_times, TIMES_UTIMENSAT },       // futimesat
    { 280, 412, VARY_FILE_TIMES, correct_times, TIMES_UTIMENSAT },
    { -1, 30, VARY_FILE_TIMES, correct_times, TIMES_UTIME_NARROW },
    { -1, 271, VARY_FILE_TIMES, correct_times, TIMES_UTIMES_NARROW },
    { -1, 299, VARY_FILE_TIMES, correct_times, TIMES_UTIMENSAT_NARROW },
    { -1, 320, VARY_FILE_TIMES, correct_times, TIMES_UTIMENSAT_NARROW },
    { 230, 407, VARY_DATE, correct_times, TIMES_SLEEP, 1, ABSOLUTE, ABSOLUTE },
    { -1, 267, VARY_DATE, correct_times, TIMES_SLEEP_NARROW, 1, ABSOLUTE, ABSOLUTE },
    { 202, 422, VARY_DATE, correct_times, TIMES_FUTEX, 1, FUTEX_CLOCK_REALTIME, FUTEX_CLOCK_REALTIME },
    { -1, 240, VARY_DATE, correct_times, TIMES_FUTEX_NARROW, 1, FUTEX_CLOCK_REALTIME, FUTEX_CLOCK_REALTIME },
    { 223, 409, VARY_DATE, correct_times, TIMES_TIMER, 1, ABSOLUTE, ABSOLUTE },     // timer_settime
    { 286, 411, VARY_DATE, correct_times, TIMES_TIMER, 1, ABSOLUTE, ABSOLUTE },     // timerfd_settime
    { -1, 260, VARY_DATE, correct_times, TIMES_TIMER_NARROW, 1, ABSOLUTE, ABSOLUTE },
    { -1, 325, VARY_DATE, correct_times, TIMES_TIMER_NARROW, 1, ABSOLUTE, ABSOLUTE },

    { 4, -1, STATUS, answer_stat, STAT | STAT_WIDE },
    { 5, -1, STATUS, answer_stat, FSTAT | STAT_WIDE },
    { 6, -1, STATUS, answer_stat, LSTAT | STAT_WIDE },
    { 262, -1, STATUS, answer_stat, FSTATAT | STAT_WIDE },
    { 332, 383, STATUS, answer_stat, STATX | STATX_FORM },
    { -1, 106, STATUS, answer_stat, STAT | STAT_NARROW },
    { -1, 107, STATUS, answer_stat, LSTAT | STAT_NARROW },
    { -1, 108, STATUS, answer_stat, FSTAT | STAT_NARROW },
    { -1, 195, STATUS, answer_stat, STAT | STAT64_NARROW },
    { -1, 196, STATUS, answer_stat, LSTAT | STAT64_NARROW },
    { -1, 197, STATUS, answer_stat, FSTAT | STAT64_NARROW },
    { -1, 300, STATUS, answer_stat, FSTATAT | STAT64_NARROW },
    { 137, -1, VARY_FREE_SPACE, answer_statfs, STATFS },
    { 138, -1, VARY_FREE_SPACE, answer_statfs, FSTATFS },
    { -1, 99, VARY_FREE_SPACE, answer_statfs, STATFS | STATFS_NARROW },
    { -1, 100, VARY_FREE_SPACE, answer_statfs, FSTATFS | STATFS_NARROW },
    { -1, 268, VARY_FREE_SPACE, answer_statfs, STATFS | STATFS64_NARROW },
    { -1, 269, VARY_FREE_SPACE, answer_statfs, FSTATFS | STATFS64_NARROW },

    { 217, 220, ENTRIES, answer_getdents, GETDENTS64 },
    { 78, -1, ENTRIES, answer_getdents, GETDENTS },
    { -1, 141, ENTRIES, answer_getdents, GETDENTS_NARROW },
    { 2, 5, FILES, answer_open, 0, 1, NOT_FOR_READING, 0 },
    { 257, 295, FILES, answer_open, 1, 2, NOT_FOR_READING, 0 },
    { 63, 122, NAMES, answer_uname, 6 },
    { -1, 109, NAMES, answer_uname, 5 },
    { 99, 116, VARY_LOAD, answer_sysinfo },
    { 204, 242, VARY_MORE_PROCESSORS, answer_affinity },

    { 102, 24, VARY_USER, answer_id, USER },            // getuid
    { 107, 49, VARY_USER, answer_id, USER },            // geteuid
    { 104, 47, VARY_USER, answer_id, GROUP },
    { 108, 50, VARY_USER, answer_id, GROUP },
    { -1, 199, VARY_USER, answer_id, USER },
    { -1, 201, VARY_USER, answer_id, USER },
    { -1, 200, VARY_USER, answer_id, GROUP },
    { -1, 202, VARY_USER, answer_id, GROUP },
    { 118, 209, VARY_USER, answer_three_ids, USER },
    { 120, 211, VARY_USER, answer_three_ids, GROUP },
    { 105, 213, VARY_USER, answer_set_ids, 1 << 1 | USER },     // setuid
    { 106, 214, VARY_USER, answer_set_ids, 1 << 1 | GROUP },
    { 113, 203, VARY_USER, answer_set_ids, 2 << 1 | USER },     // setreuid
    { 114, 204, VARY_USER, answer_set_ids, 2 << 1 | GROUP },
    { 117, 208, VARY_USER, answer_set_ids, 3 << 1 | USER },     // setresuid
    { 119, 210, VARY_USER, answer_set_ids, 3 << 1 | GROUP },
    { 92, 212, VARY_USER, answer_chown, CHOWN },
    { 93, 207, VARY_USER, answer_chown, FCHOWN },
    { 94, 198, VARY_USER, answer_chown, LCHOWN },
    { 260, 298, VARY_USER, answer_chown, FCHOWNAT },
};

enum { CALLS = sizeof calls / sizeof *calls };

const Answered *find_answer(const Notification *call)
{
    for (int i = 0; i < CALLS; i++)
        if ((call->architecture == AUDIT_ARCH_I386 ? calls[i].narrow : calls[i].wide) == call->number && calls[i].option & options.varied
            && (calls[i].mask & (int)call->arguments[calls[i].index]) == calls[i].value) return &calls[i];
    return NULL;
}

static Instruction *next;

static void instruction(int code, uint32_t value, int if_true, int if_false)
{
    next->code = code;
    next->value = value;
    next->if_true = if_true;
    next->if_false = if_false;
    next++;
}

static void filter_for(int narrow)
{
    instruction(BPF_LOAD, DATA_NUMBER, 0, 0);
    for (int i = 0; i < CALLS; i++) {
        int number = narrow ? calls[i].narrow : calls[i].wide;
        if (number < 0 || !(calls[i].option & options.varied)) continue;
        instruction(BPF_IF_EQUAL, number, 0, calls[i].mask ? 5 : 1);
        if (calls[i].mask) {
            instruction(BPF_LOAD, DATA_ARGUMENTS + 8 * calls[i].index, 0, 0);
            instruction(BPF_AND, calls[i].mask, 0, 0);
            instruction(BPF_IF_EQUAL, calls[i].value, 0, 1);
        }
        instruction(BPF_RETURN, SECCOMP_RET_USER_NOTIF, 0, 0);
        if (calls[i].mask) instruction(BPF_LOAD, DATA_NUMBER, 0, 0);
    }
    instruction(BPF_RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

long install_filter(void)
{
    Instruction *program = malloc((2 * (6 * CALLS + 2) + 4) * sizeof(Instruction)), *jump;
    next = program;
    instruction(BPF_LOAD, DATA_ARCHITECTURE, 0, 0);
    instruction(BPF_IF_EQUAL, AUDIT_ARCH_X86_64, 1, 0);
    jump = next;
    instruction(BPF_GO, 0, 0, 0);
    filter_for(0);
    jump->value = next - jump - 1;
    instruction(BPF_IF_EQUAL, AUDIT_ARCH_I386, 1, 0);
    instruction(BPF_RETURN, SECCOMP_RET_ALLOW, 0, 0);
    filter_for(1);

    // A signal that comes while we answer waits for the answer, where the kernel is new enough for that.
    Program all = { next - program, program };
    long result = KERNEL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0);
    if (result == 0) result = KERNEL(SYS_seccomp, SET_MODE_FILTER, NEW_LISTENER | WAIT_KILLABLE, &all, 0);
    return result == -EINVAL ? KERNEL(SYS_seccomp, SET_MODE_FILTER, NEW_LISTENER, &all, 0) : result;
}
