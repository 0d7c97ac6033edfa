// The order of a directory's entries.
//
// Every name has a place: a hash of it and of a seed. Entries are served in the order of their places, and the place of the
// last one that was served is where the file's offset is put. So nothing has to be remembered of a reader: a directory that is
// rewound, or set to where telldir was, goes on from its offset, and entries that come and go meanwhile move no others. (The
// hashed directories of ext4 work in the same way.)
//
// The file system might by chance have the very order of the places. Then the other way round is taken, and a bit
// of the offset says so: a directory with two entries or more never begins with the entry that it begins with otherwise.
// "." and ".." stay in front; there are programs that skip the first two.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vary.h"

enum { REVERSED = 1 << 30, LISTINGS = 8, READ_AT_ONCE = 1 << 16 };

typedef struct {
    int64_t place;
    const Entry *entry;
} Placed;

// A directory as it was read, kept so that a reader's next call does not need to read it again.
typedef struct {
    uint64_t file[2];           // device, inode
    char *entries;
    int64_t size;
    Placed *placed;
    int count;
} Listing;

static Listing listings[LISTINGS];
static int next_listing;

static int is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || name[1] == '.' && !name[2]);
}

static int64_t place_of(const char *name, int64_t reversed)
{
    if (is_dots(name)) return reversed | strlen(name);
    uint64_t hash = 0xcbf29ce484222325u ^ options.order * 0x9e3779b97f4a7c15u;
    while (*name) hash = (hash ^ (unsigned char)*name++) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    int64_t place = 3 + (hash >> 34) % (REVERSED - 7);
    return reversed ? REVERSED | REVERSED - 1 - place : place;
}

static int by_place(const void *a, const void *b)
{
    const Placed *left = a, *right = b;
    if (left->place != right->place) return left->place < right->place ? -1 : 1;
    return strcmp(left->entry->name, right->entry->name);
}

static void sort(Listing *listing, int64_t reversed)
{
    for (int i = 0; i < listing->count; i++) listing->placed[i].place = place_of(listing->placed[i].entry->name, reversed);
    qsort(listing->placed, listing->count, sizeof(Placed), by_place);
}

static const Entry *first_name(const Listing *listing)
{
    for (int i = 0; i < listing->count; i++)
        if (!is_dots(listing->placed[i].entry->name)) return listing->placed[i].entry;
    return NULL;
}

// Reads a whole directory, in the order that the file system has. Gives 0, or negative.
static int read_all(int directory, Listing *to)
{
    int64_t room = 0, got;
    to->size = to->count = 0;
    do {
        if (room - to->size < READ_AT_ONCE) to->entries = realloc(to->entries, room = 2 * room + READ_AT_ONCE);
        got = KERNEL(SYS_getdents64, directory, to->entries + to->size, room - to->size, 0);
        if (got < 0) return got;
        to->size += got;
    } while (got);
    for (int64_t at = 0; at < to->size; at += ((Entry *)(to->entries + at))->size) to->count++;
    to->placed = realloc(to->placed, (to->count + 1) * sizeof(Placed));
    to->count = 0;
    for (int64_t at = 0; at < to->size; at += ((Entry *)(to->entries + at))->size)
        to->placed[to->count++].entry = (Entry *)(to->entries + at);
    return 0;
}

// A directory that a thread has open, in the order in which it is to be served, for a reader at an offset.
static const Listing *listing_of(int directory, int64_t offset)
{
    FileStatus status;
    Listing *listing = NULL;
    if (syscall6(SYS_statx, directory, (long)"", AT_EMPTY_PATH, 0x7ff, (long)&status, 0) < 0) return NULL;
    uint64_t file[] = { (uint64_t)status.device_major << 32 | status.device_minor, status.inode };
    for (int i = 0; i < LISTINGS && !listing; i++)
        if (!memcmp(listings[i].file, file, sizeof file)) listing = &listings[i];
    int known = listing != NULL && offset != 0;
    if (!listing) listing = &listings[next_listing++ % LISTINGS];
    memcpy(listing->file, file, sizeof file);
    if (!known && read_all(directory, listing) < 0) {
        listing->file[1] = 0;
        return NULL;
    }
    const Entry *first = known ? NULL : first_name(listing);
    if (!known || listing->count && (listing->placed[0].place ^ offset) & REVERSED) sort(listing, offset & REVERSED);
    if (offset == 0 && first && first == first_name(listing)) sort(listing, REVERSED);
    return listing;
}

// One entry in the form that the call wants. Gives its size.
static int write_entry(char *to, const Placed *from, int kind)
{
    const Entry *entry = from->entry;
    int length = strlen(entry->name);
    uint64_t inode = other_inode(entry->inode);
    // The inode's number, the offset, and the size; then type and name, or name and in the last byte the type.
    int word = kind == GETDENTS_NARROW ? 4 : 8, name = 2 * word + 2 + (kind == GETDENTS64);
    int size = (name + length + (kind == GETDENTS64 ? 1 : 2) + word - 1) & -word;
    memset(to, 0, size);
    memcpy(to, &inode, word);
    memcpy(to + word, &from->place, word);
    memcpy(to + 2 * word, &size, 2);
    memcpy(to + name, entry->name, length);
    to[kind == GETDENTS64 ? name - 1 : size - 1] = entry->type;
    return size;
}

// Where the thread's open file is and how it was opened, or a negative offset.
static int64_t offset_of(const Call *call, int *flags)
{
    char path[64], text[256];
    sprintf(path, "/proc/%d/fdinfo/%d", call->thread, (int)call->argument[0]);
    int file = KERNEL(SYS_openat, AT_FDCWD, path, O_CLOEXEC, 0);
    if (file < 0) return -1;
    long got = KERNEL(SYS_pread, file, text, sizeof text - 1, 0);
    close(file);
    text[got > 0 ? got : 0] = 0;
    char *position = strstr(text, "pos:"), *how = strstr(text, "flags:");
    if (!position || !how) return -1;
    *flags = strtol(how + 6, NULL, 8);
    return *flags & O_PATH ? -1 : strtol(position + 4, NULL, 10);
}

// Serves from an open directory of our own. Gives how many bytes, or negative; *offset is where the reader is then.
static long serve_ordered(Call *call, int directory, char *to, long limit, int64_t *offset)
{
    char one[320];
    long used = 0, fits = 0;
    const Listing *listing = listing_of(directory, *offset);
    if (!listing) return -1;
    int from = 0, at;
    while (from < listing->count && listing->placed[from].place <= *offset) from++;
    // Entries that share a place are served together: the offset cannot stand between them.
    for (at = from;; at++) {
        if (at == listing->count || at > from && listing->placed[at].place != listing->placed[at - 1].place) {
            if (at > from) *offset = listing->placed[at - 1].place;
            fits = used;
            if (at == listing->count) break;
        }
        int size = write_entry(one, &listing->placed[at], call->how->detail);
        if (used + size > limit) break;
        memcpy(to + used, one, size);
        used += size;
    }
    return fits || from == listing->count ? fits : -EINVAL;
}

// In the order that the file system has: only the numbers of inodes are others.
static long serve_as_it_is(Call *call, int directory, char *to, long limit, int64_t *offset)
{
    if (call->how->detail != GETDENTS64 || KERNEL(SYS_lseek, directory, *offset, 0, 0) < 0) return -1;
    long got = KERNEL(SYS_getdents64, directory, to, limit, 0);
    for (long at = 0; at < got; at += ((Entry *)(to + at))->size) ((Entry *)(to + at))->inode = other_inode(((Entry *)(to + at))->inode);
    *offset = KERNEL(SYS_lseek, directory, 0, 1, 0);
    return got;
}

// The thread's open directory is replaced by ours, which is where the reader has to go on.
int answer_getdents(Call *call)
{
    static char answers[READ_AT_ONCE];
    char path[64];
    int flags, what = AS_IT_IS;
    int64_t offset = offset_of(call, &flags), before = offset;
    long limit = call->argument[2] & 0xffffffff;
    if (offset < 0) return AS_IT_IS;
    sprintf(path, "/proc/%d/fd/%d", call->thread, (int)call->argument[0]);
    int directory = KERNEL(SYS_openat, AT_FDCWD, path, O_DIRECTORY | O_CLOEXEC, 0);
    if (directory < 0) return AS_IT_IS;
    long got = (options.varied & VARY_ORDER ? serve_ordered : serve_as_it_is)(call, directory, answers, limit < READ_AT_ONCE ? limit : READ_AT_ONCE, &offset);
    if (got == 0 && offset == before || got == -EINVAL) what = answer(call, got);
    else if (got >= 0 && KERNEL(SYS_lseek, directory, offset, 0, 0) == offset && store(call->thread, call->argument[1], answers, got) == 0
        && give_file(call, directory, call->argument[0], flags) >= 0) what = answer(call, got);
    close(directory);
    return what;
}
