// vary: runs a command in surroundings that are deliberately different. README.md tells what for, and how.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vary.h"

enum { FAILED = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

Options options;

static int impossible, processes;   // what cannot be varied; how many process ids to skip
static long layout, mask = -1;      // of memory; umask

static const char help[] =
    "usage: vary OPTION... -- COMMAND ARGUMENT...\n"
    "\n"
    "Runs a command in surroundings that are deliberately different, for comparing what it makes.\n"
    "Every option stands alone; what is not asked for stays as it is.\n"
    "\n"
    "  --date=SECONDS              clocks of the calendar go fast by so many seconds\n"
    "  --date=@SECOND              clocks of the calendar stand still at this second since 1970\n"
    "  --hostname=NAME             the host's name\n"
    "  --domain=NAME               the host's domain (NIS)\n"
    "  --kernel=RELEASE[,VERSION]  the kernel's release, and the text of its version\n"
    "  --machine=NAME              the machine's name, as uname -m prints it\n"
    "  --order=SEED                entries of directories come in another order\n"
    "  --processors=NUMBER         only so many processors can be used and are seen; more than there are: are seen\n"
    "  --load                      uptime, load and memory of the machine are others\n"
    "  --free-space                sizes and free space of file systems are others\n"
    "  --addresses=fixed           the kernel puts nothing at random addresses\n"
    "  --addresses=legacy          the kernel lays out memory in its old way; fixed,legacy: both\n"
    "  --pids=NUMBER               so many process ids are skipped\n"
    "  --umask=MODE                the mask of permissions of new files, octal\n"
    "  --environment=NAME=VALUE    a variable is set; NAME alone: it is removed; may be repeated\n"
    "  --environment=NAME+=TEXT    a variable that is set has this at its end\n"
    "\n"
    "These cost more than the others, because they concern every look at a file:\n"
    "\n"
    "  --file-times                files made now have the time that --date makes it\n"
    "  --filesystem                numbers of inodes and sizes of directories are others, and --free-space\n"
    "  --filesystem=steady         they are the same in each run: inodes have numbers in the order in which they are seen\n"
    "  --user=UID:GID              the user and group that the command runs as seem to be these\n"
    "\n"
    "  --check                     says which of the options cannot be had here, and runs nothing\n"
    "  --help                      prints this\n"
    "\n"
    "The status is the command's; 125: vary itself failed; 126: the command cannot be run; 127: it is not there.\n";

static void fail(const char *about, const char *why)
{
    fprintf(stderr, "vary: %s%s%s\n", about, *why ? ": " : "", why);
    exit(FAILED);
}

static const char *error_text(long error)
{
    static char text[32];
    switch (-error) {
    case EPERM: return "not permitted";
    case EBUSY: return "another supervisor has a filter here already";
    case ENOSYS: return "not known to this kernel, or forbidden";
    case EINVAL: return "refused as invalid";
    }
    sprintf(text, "error %ld", -error);
    return text;
}

// An option that the kernel does not grant: the end, or with --check the next one.
void refuse(const char *option, const char *call, long error)
{
    fprintf(stderr, "vary: cannot vary %s: %s: %s\n", option, call, error_text(error));
    if (!options.checking) exit(FAILED);
    impossible++;
}

// ---- Options.

static long number(const char *option, const char *text, int base, long smallest, long largest)
{
    char *end;
    long value = strtol(text, &end, base);
    if (!*text || *end || value < smallest || value > largest) fail(option, "not a number that this can be");
    return value;
}

static const char *name(const char *option, const char *text)
{
    if (!*text || strlen(text) >= UNAME_FIELD) fail(option, "a name has between 1 and 64 characters");
    return text;
}

// The value, if this is the option: what follows its name and "=", or "" if it takes none.
static const char *value_of(const char *argument, const char *option)
{
    size_t length = strlen(option);
    if (strncmp(argument, option, length)) return NULL;
    if (option[length - 1] == '=') return argument + length;
    return argument[length] ? NULL : "";
}

static char *part_after(char *text, char separator)
{
    char *at = strchr(text, separator);
    if (at) *at++ = 0;
    return at;
}

static char *joined(const char *assignment, const char *end)
{
    char *text = malloc(strlen(assignment) + strlen(end) + 1);
    strcpy(text, assignment);
    return strcat(text, end);
}

static void set_environment(char *assignment)
{
    int length = strcspn(assignment, "="), adds = assignment[length] && assignment[length - 1] == '+', count = 0, kept = 0;
    char *value = assignment[length] ? assignment + length + 1 : NULL;
    length -= adds;
    while (environ[count]) count++;
    char **other = malloc((count + 2) * sizeof *other);
    for (int i = 0; i < count; i++)
        if (strncmp(environ[i], assignment, length) || environ[i][length] != '=') other[kept++] = environ[i];
        else if (adds) other[kept++] = joined(environ[i], value);
    if (value && !adds) other[kept++] = assignment;
    other[kept] = NULL;
    environ = other;
}

static void read_option(char *argument)
{
    const char *value;
    if ((value = value_of(argument, "--date="))) {
        if (*value == '@') options.still = number(argument, value + 1, 10, 1, 1l << 36);
        else options.date = number(argument, value, 10, 1, 1l << 36);
        options.varied |= VARY_DATE;
    } else if ((value = value_of(argument, "--hostname="))) {
        options.uname[NODE] = name(argument, value);
        options.varied |= VARY_HOSTNAME;
    } else if ((value = value_of(argument, "--domain="))) {
        options.uname[DOMAIN] = name(argument, value);
        options.varied |= VARY_DOMAIN;
    } else if ((value = value_of(argument, "--kernel="))) {
        char *version = part_after((char *)value, ',');
        options.uname[RELEASE] = name(argument, value);
        options.uname[VERSION] = version ? name(argument, version) : "#1 SMP";
        options.varied |= VARY_KERNEL;
    } else if ((value = value_of(argument, "--machine="))) {
        options.uname[MACHINE] = name(argument, value);
        options.varied |= VARY_MACHINE;
    } else if ((value = value_of(argument, "--order="))) {
        options.order = number(argument, value, 10, 0, 1l << 62);
        options.varied |= VARY_ORDER;
    } else if ((value = value_of(argument, "--processors="))) {
        options.processors = number(argument, value, 10, 1, 8192);
        options.varied |= VARY_PROCESSORS;
    } else if ((value = value_of(argument, "--load"))) options.varied |= VARY_LOAD;
    else if ((value = value_of(argument, "--free-space"))) options.varied |= VARY_FREE_SPACE;
    else if ((value = value_of(argument, "--file-times"))) options.varied |= VARY_FILE_TIMES;
    else if ((value = value_of(argument, "--filesystem"))) options.varied |= VARY_FREE_SPACE | VARY_INODES;
    else if ((value = value_of(argument, "--filesystem=steady"))) options.varied |= VARY_FREE_SPACE | VARY_INODES, options.steady = 1;
    else if ((value = value_of(argument, "--user="))) {
        char *group = part_after((char *)value, ':');
        options.user = number(argument, value, 10, 0, 65534);
        options.group = number(argument, group ? group : value, 10, 0, 65534);
        options.varied |= VARY_USER;
    } else if ((value = value_of(argument, "--addresses="))) {
        layout = strcmp(value, "fixed") == 0 ? ADDR_NO_RANDOMIZE : strcmp(value, "legacy") == 0 ? ADDR_COMPAT_LAYOUT
            : strcmp(value, "fixed,legacy") == 0 ? ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT : 0;
        if (!layout) fail(argument, "fixed, legacy, or fixed,legacy");
    } else if ((value = value_of(argument, "--pids="))) processes = number(argument, value, 10, 1, 30000);
    else if ((value = value_of(argument, "--umask="))) mask = number(argument, value, 8, 0, 0777);
    else if ((value = value_of(argument, "--environment="))) {
        if (!*value || *value == '=' || !strncmp(value, "+=", 2)) fail(argument, "a variable needs a name");
        set_environment((char *)value);
    } else if ((value = value_of(argument, "--check"))) options.checking = 1;
    else if ((value = value_of(argument, "--help"))) {
        fputs(help, stdout);
        exit(0);
    } else fail(argument, "no such option; vary --help lists them");
}

// ---- What a process can change about itself, and its children inherit.

// As many as are asked for, of those that there are; more can only be seen.
static void keep_processors(int count)
{
    unsigned char set[1024];
    long size = KERNEL(SYS_sched_getaffinity, 0, sizeof set, set, 0), kept = 0;
    for (int i = 0; i < 8 * size; i++)
        if (set[i / 8] & 1 << i % 8 && kept++ >= count) set[i / 8] &= ~(1 << i % 8);
    if (kept < count) {
        options.varied |= VARY_MORE_PROCESSORS;
        return;
    }
    long failed = KERNEL(SYS_sched_setaffinity, 0, size, set, 0);
    if (failed < 0) refuse("processors", "sched_setaffinity", failed);
}

// What engines forbid by their filters is the call; that an unlimited stack means the old layout stays.
static void lay_out(long how)
{
    long old = KERNEL(SYS_personality, 0xffffffff, 0, 0, 0), failed = KERNEL(SYS_personality, old | how, 0, 0, 0), unlimited[2] = { -1, -1 };
    if (failed < 0 && (how != ADDR_COMPAT_LAYOUT || KERNEL(SYS_setrlimit, RLIMIT_STACK, unlimited, 0, 0) < 0)) refuse("addresses", "personality", failed);
}

static void end_thread(void)
{
    KERNEL(SYS_exit, 0, 0, 0, 0);
}

// A thread takes a number as a process does, and less time. It begins by returning from the call, on a stack of its own,
// to where that says; we go on when it has ended.
static void skip_processes(int count)
{
    static long stack[512];
    while (count--) {
        stack[510] = (long)end_thread;
        long thread = KERNEL(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_VFORK, stack + 510, 0, 0);
        if (thread < 0) {
            refuse("pids", "clone", thread);
            return;
        }
    }
}

int main(int argc, char **argv)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0 && argv[i][2]; i++) read_option(argv[i]);
    if (i < argc && strcmp(argv[i], "--") == 0) i++;
    else if (!options.checking || i < argc) fail("a command must follow after --", "vary --help tells more");
    if (i == argc && !options.checking) fail("no command is given", "vary --help tells more");

    if (mask >= 0) KERNEL(SYS_umask, mask, 0, 0, 0);
    if (layout) lay_out(layout);
    if (options.varied & VARY_PROCESSORS) keep_processors(options.processors);
    if (processes) skip_processes(processes);
    int is_command = options.varied && supervise(argv + i);
    if (options.checking) return impossible ? FAILED : 0;

    if (!is_command) execvp(argv[i], argv + i);
    fprintf(stderr, "vary: %s: %s\n", argv[i], errno == ENOENT ? "not found" : errno == EACCES ? "cannot be executed" : error_text(-errno));
    return errno == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}
