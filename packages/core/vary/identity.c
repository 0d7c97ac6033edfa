// Who and where the command believes to be: names of host and kernel, user and group, and how the machine does.

#include <stdio.h>
#include <string.h>
#include "vary.h"

// detail: how many fields this form of the call has.
int answer_uname(Call *call)
{
    char names[UNAME_FIELDS][UNAME_FIELD];
    KERNEL(SYS_uname, names, 0, 0, 0);
    for (int i = 0; i < UNAME_FIELDS; i++)
        if (options.uname[i]) strncpy(names[i], options.uname[i], UNAME_FIELD);
    return answer_with(call, call->argument[0], names, call->how->detail * UNAME_FIELD);
}

int answer_sysinfo(Call *call)
{
    SystemInfo info;
    KERNEL(SYS_sysinfo, &info, 0, 0, 0);
    info.uptime += LATER;
    for (int i = 0; i < 3; i++) info.loads[i] += 1 << 16;
    info.memory[0] -= info.memory[0] / 4;
    info.memory[1] /= 2;
    info.processes += 100;
    if (!call->narrow) return answer_with(call, call->argument[0], &info, sizeof info);
    uint32_t narrow[16] = { info.uptime, info.loads[0], info.loads[1], info.loads[2] };
    for (int i = 0; i < 6; i++) narrow[4 + i] = info.memory[i] * info.unit >> 12;
    narrow[10] = info.processes;
    narrow[13] = 1 << 12;
    return answer_with(call, call->argument[0], narrow, sizeof narrow);
}

// More processors than there are: nobody can be on them, but who counts finds them.
int answer_affinity(Call *call)
{
    unsigned char set[1024] = { 0 };
    long size = KERNEL(SYS_sched_getaffinity, 0, call->argument[1] < (long)sizeof set ? call->argument[1] : (long)sizeof set, set, 0);
    if (size <= 0) return AS_IT_IS;
    for (int i = 0; i < options.processors && i < 8 * size; i++) set[i / 8] |= 1 << i % 8;
    return store(call->thread, call->argument[2], set, size) < 0 ? AS_IT_IS : answer(call, size);
}

// ---- Users and groups. The two change places: who asks sees the other, who names the other means us.

uint32_t other_id(uint32_t id, int of_group)
{
    if (!(options.varied & VARY_USER)) return id;
    uint32_t own = of_group ? options.own_group : options.own_user, other = of_group ? options.group : options.user;
    return id == own ? other : id == other ? own : id;
}

// Somebody who is not us: a thread that has become another user.
static int is_other(const Call *call)
{
    char path[32];
    FileStatus status;
    sprintf(path, "/proc/%d", call->thread);
    return syscall6(SYS_statx, AT_FDCWD, (long)path, 0, 0x7ff, (long)&status, 0) < 0 || status.user != options.own_user;
}

int answer_id(Call *call)
{
    return is_other(call) ? AS_IT_IS : answer(call, call->how->detail == USER ? options.user : options.group);
}

int answer_three_ids(Call *call)
{
    uint32_t id = call->how->detail == USER ? options.user : options.group;
    if (is_other(call)) return AS_IT_IS;
    for (int i = 0; i < 3; i++)
        if (answer_with(call, call->argument[i], &id, sizeof id) == AS_IT_IS) return AS_IT_IS;
    return ANSWERED;
}

// Who becomes what he seems to be is that already. detail: how many ids.
int answer_set_ids(Call *call)
{
    int own = 1;
    for (int i = 0; i < call->how->detail >> 1; i++) {
        uint32_t id = call->argument[i];
        own &= id == ~0u || id == (uint32_t)((call->how->detail & 1) == USER ? options.user : options.group);
    }
    return own && !is_other(call) ? answer(call, 0) : AS_IT_IS;
}

int answer_chown(Call *call)
{
    static char path[LONGEST_PATH];
    int form = call->how->detail, ids = form == FCHOWNAT ? 2 : 1;
    int flags = form == FCHOWNAT ? call->argument[4] : form == FCHOWN ? AT_EMPTY_PATH : form == LCHOWN ? AT_SYMLINK_NOFOLLOW : 0;
    int open = path_of(call, form == FCHOWN || form == FCHOWNAT ? 0 : -1, form == FCHOWN ? -1 : form == FCHOWNAT, flags, path);
    long failed = open < 0 ? open : syscall6(SYS_fchownat, AT_FDCWD, (long)path, other_id(call->argument[ids], USER),
        other_id(call->argument[ids + 1], GROUP), open ? 0 : flags, 0);
    return failed ? AS_IT_IS : answer(call, 0);
}
