// What stat and its like tell of a file, and statfs of a file system: we look ourselves, and tell it changed. What we cannot
// look at, the kernel answers: then it is an error mostly, or a file that is another one for each process.
//
// The number of a device stays: tools look it up in /proc/self/mountinfo. The type of a file system stays too, programs
// choose their way by it.

#include <stdlib.h>
#include <string.h>
#include "vary.h"

// Numbers in the order in which they are seen first: the same ones in each run that looks at the same files in turn. They are in a
// table of places, which grows when it is half full.
typedef struct {
    uint64_t inode, number;
} Seen;

static Seen *seen;
static uint64_t seen_room, seen_count;

static Seen *place_of(uint64_t inode)
{
    uint64_t at = inode % seen_room;
    while (seen[at].inode && seen[at].inode != inode) at = (at + 1) % seen_room;
    return &seen[at];
}

static uint64_t counted(uint64_t inode)
{
    if (2 * seen_count >= seen_room) {
        Seen *old = seen;
        uint64_t old_room = seen_room;
        seen_room = 2 * seen_room + 1024;
        seen = calloc(seen_room, sizeof(Seen));
        for (uint64_t i = 0; i < old_room; i++)
            if (old[i].inode) *place_of(old[i].inode) = old[i];
        free(old);
    }
    Seen *place = place_of(inode);
    if (!place->inode) {
        place->inode = inode;
        place->number = 1000 + seen_count++;
    }
    return place->number;
}

// Another number for each, and the same for the same. 0 stands for no file, and so does not change places with any.
uint64_t other_inode(uint64_t inode)
{
    enum { MASK = 0x2a55 };
    if (!(options.varied & VARY_INODES) || inode == 0) return inode;
    return options.steady ? counted(inode) : inode == MASK ? inode : inode ^ MASK;
}

static void change(FileStatus *status)
{
    if (options.varied & VARY_FILE_TIMES)
        for (int i = 0; i < 4; i++) {
            int64_t seconds = status->times[i].seconds = shifted(status->times[i].seconds);
            if (options.still && seconds == options.still) status->times[i].nanoseconds = 0;
        }
    if (options.varied & VARY_INODES && (status->mode & S_IFMT) == S_IFDIR) status->size = options.steady ? 4096 : status->size + 8192;
    status->inode = other_inode(status->inode);
    status->user = other_id(status->user, USER);
    status->group = other_id(status->group, GROUP);
}

static uint64_t device(uint32_t major, uint32_t minor)
{
    return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
}

// The forms that the kernel answers in, besides statx, as words of 64 and 32 bits.

static int answer_wide(Call *call, int buffer, const FileStatus *s)
{
    uint64_t stat[18] = { device(s->device_major, s->device_minor), s->inode, s->links, (uint64_t)s->user << 32 | s->mode, s->group,
        device(s->major, s->minor), s->size, s->block, s->blocks };
    static const int order[] = { 0, 3, 2 };
    for (int i = 0; i < 3; i++) {
        stat[9 + 2 * i] = s->times[order[i]].seconds;
        stat[10 + 2 * i] = s->times[order[i]].nanoseconds;
    }
    return answer_with(call, call->argument[buffer], stat, sizeof stat);
}

static int answer_narrow(Call *call, int buffer, const FileStatus *s, int form)
{
    static const int order[] = { 0, 3, 2 };
    uint32_t stat[24] = { device(s->device_major, s->device_minor) };
    int times = form == STAT64_NARROW ? 16 : 8;
    if (form == STAT64_NARROW) {
        uint32_t words[] = { s->inode, s->mode, s->links, s->user, s->group, device(s->major, s->minor), 0, 0, s->size, s->size >> 32, s->block, s->blocks, s->blocks >> 32 };
        memcpy(stat + 3, words, sizeof words);
        memcpy(stat + 22, &s->inode, sizeof s->inode);
    } else {
        uint32_t words[] = { s->inode, s->links << 16 | s->mode, s->group << 16 | s->user & 0xffff, device(s->major, s->minor), s->size, s->block, s->blocks };
        if (s->size >> 31 || s->inode >> 32) return AS_IT_IS;
        memcpy(stat + 1, words, sizeof words);
    }
    for (int i = 0; i < 3; i++) {
        stat[times + 2 * i] = s->times[order[i]].seconds;
        stat[times + 2 * i + 1] = s->times[order[i]].nanoseconds;
    }
    return answer_with(call, call->argument[buffer], stat, form == STAT64_NARROW ? 96 : 64);
}

// detail: which call, and which form.
int answer_stat(Call *call)
{
    static char path[LONGEST_PATH];
    FileStatus status;
    int which = call->how->detail & 7, form = call->how->detail & ~7, at = which == FSTATAT || which == STATX;
    int flags = which == LSTAT ? AT_SYMLINK_NOFOLLOW : which == FSTAT ? AT_EMPTY_PATH : which == FSTATAT ? call->argument[3]
        : which == STATX ? call->argument[2] : 0;
    int open = path_of(call, at || which == FSTAT ? 0 : -1, which == FSTAT ? -1 : at, flags, path);
    flags &= ~(open ? AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH);
    if (open < 0 || syscall6(SYS_statx, AT_FDCWD, (long)path, flags, which == STATX ? call->argument[3] : 0x7ff, (long)&status, 0) < 0)
        return AS_IT_IS;
    change(&status);
    return form == STATX_FORM ? answer_with(call, call->argument[4], &status, sizeof status)
        : form == STAT_WIDE ? answer_wide(call, at ? 2 : 1, &status) : answer_narrow(call, at ? 2 : 1, &status, form);
}

int answer_statfs(Call *call)
{
    static char path[LONGEST_PATH];
    FileSystem s;
    int of_file = call->how->detail & FSTATFS, form = call->how->detail & ~FSTATFS;
    if (path_of(call, of_file ? 0 : -1, of_file ? -1 : 0, of_file ? AT_EMPTY_PATH : 0, path) < 0) return AS_IT_IS;
    if (KERNEL(SYS_statfs, path, &s, 0, 0) < 0) return AS_IT_IS;
    if (options.steady) {
        s.blocks = s.files = 4000000;
        s.free = s.available = s.free_files = 2000000;
    } else {
        s.blocks -= s.blocks / 4;
        s.files -= s.files / 4;
        s.free /= 2, s.available /= 2, s.free_files /= 2;
    }
    if (form == STATFS) return answer_with(call, call->argument[1], &s, sizeof s);
    if (form == STATFS64_NARROW) {
        uint32_t words[21] = { s.type, s.block };
        memcpy(words + 2, &s.blocks, 6 * sizeof s.blocks);
        words[14] = s.name_length, words[15] = s.fragment, words[16] = s.flags;
        return answer_with(call, call->argument[2], words, sizeof words);
    }
    uint32_t words[16] = { s.type, s.block, s.blocks, s.free, s.available, s.files, s.free_files, s.id, s.id >> 32, s.name_length, s.fragment, s.flags };
    return s.blocks >> 32 || s.files >> 32 ? AS_IT_IS : answer_with(call, call->argument[1], words, sizeof words);
}
