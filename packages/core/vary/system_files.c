// Files in which the kernel tells of itself and of the machine. Who opens one of them by this very name gets, in its place,
// one in memory, which holds what the file holds at that moment, changed.

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "vary.h"

enum { FILE_SIZE = 1 << 20, PATH_SIZE = 64 };

static char *text, *end;        // what is written

static void put(const char *from, long length)
{
    memcpy(end, from, length);
    end += length;
}

static void put_text(const char *from)
{
    put(from, strlen(from));
}

static long first_number(const char *line)
{
    while (*line && !isdigit(*line)) line++;
    return strtol(line, NULL, 10);
}

static int begins(const char *line, const char *with)
{
    return !strncmp(line, with, strlen(with));
}

// What a file is changed by: a line at a time. Some keep count.
static int processor;
static char *after_number;      // in what is written of the last one: behind the line with its number

static void uname_field(const char *line, int length, int field)
{
    put_text(options.uname[field]);
    put_text("\n");
}

// Linux version 6.1.0 (who@where) (compiler) #1 SMP
static void version(const char *line, int length, int unused)
{
    const char *after = strchr(line, '('), *number = strchr(line, '#');
    put_text("Linux version ");
    put_text(options.uname[RELEASE]);
    put_text(" ");
    if (after && number) put(after, number - after);
    put_text(options.uname[VERSION]);
    put_text("\n");
}

static void range_of_processors(const char *line, int length, int unused)
{
    end += sprintf(end, options.processors > 1 ? "0-%d\n" : "0\n", options.processors - 1);
}

static void cpuinfo(const char *line, int length, int unused)
{
    if (begins(line, "processor")) processor++;
    if (processor > options.processors) return;
    if (begins(line, "processor")) {
        end += sprintf(end, "processor\t: %d\n", processor - 1);
        after_number = end;
    } else if (begins(line, "siblings") || begins(line, "cpu cores"))
        end += sprintf(end, "%s: %d\n", begins(line, "siblings") ? "siblings\t" : "cpu cores\t", options.processors);
    else put(line, length);
}

// Those that there are not are like the last one.
static void more_processors(void)
{
    const char *from = after_number;
    long length = end - from;
    while (processor && processor < options.processors) {
        end += sprintf(end, "processor\t: %d\n", processor++);
        put(from, length);
    }
}

static void kernel_statistics(const char *line, int length, int unused)
{
    if (begins(line, "cpu") && isdigit(line[3]) && options.varied & VARY_PROCESSORS && first_number(line) >= options.processors) return;
    if (begins(line, "btime")) {
        long started = first_number(line);
        if (options.varied & VARY_DATE) started += options.date;
        if (options.varied & VARY_LOAD) started -= LATER;
        end += sprintf(end, "btime %ld\n", started);
    } else put(line, length);
}

static void uptime(const char *line, int length, int unused)
{
    const char *fraction = strchr(line, '.');
    end += sprintf(end, "%ld", strtol(line, NULL, 10) + LATER);
    put_text(fraction ? fraction : "\n");
}

static void loadavg(const char *line, int length, int unused)
{
    end += sprintf(end, "%ld", strtol(line, NULL, 10) + 1);
    put_text(strchr(line, '.'));
}

static void meminfo(const char *line, int length, int unused)
{
    long count = first_number(line);
    const char *name = strchr(line, ':');
    if (!name || !begins(line, "Mem")) put(line, length);
    else {
        put(line, name - line);
        end += sprintf(end, ": %15ld kB\n", begins(line, "MemTotal") ? count - count / 4 : count / 2);
    }
}

static struct {
    const char *path;
    int option;                 // one of these
    void (*line)(const char *line, int length, int detail);
    int detail, memory;         // the descriptor of the file in memory, and one, once it is there
} files[] = {
    { "/proc/sys/kernel/hostname", VARY_HOSTNAME, uname_field, NODE },
    { "/etc/hostname", VARY_HOSTNAME, uname_field, NODE },
    { "/proc/sys/kernel/domainname", VARY_DOMAIN, uname_field, DOMAIN },
    { "/proc/sys/kernel/osrelease", VARY_KERNEL, uname_field, RELEASE },
    { "/proc/sys/kernel/version", VARY_KERNEL, uname_field, VERSION },
    { "/proc/version", VARY_KERNEL, version },
    { "/proc/cpuinfo", VARY_PROCESSORS, cpuinfo },
    { "/sys/devices/system/cpu/online", VARY_PROCESSORS, range_of_processors },
    { "/sys/devices/system/cpu/present", VARY_PROCESSORS, range_of_processors },
    { "/sys/devices/system/cpu/possible", VARY_PROCESSORS, range_of_processors },
    { "/proc/stat", VARY_PROCESSORS | VARY_DATE | VARY_LOAD, kernel_statistics },
    { "/proc/uptime", VARY_LOAD, uptime },
    { "/proc/loadavg", VARY_LOAD, loadavg },
    { "/proc/meminfo", VARY_LOAD, meminfo },
};

// Writes the file anew. Gives a descriptor of ours, or negative where it is not there.
static int prepare(int which)
{
    static char *source;
    long size = 0, got;
    if (!text) text = malloc(2 * FILE_SIZE), source = malloc(FILE_SIZE);
    int file = KERNEL(SYS_openat, AT_FDCWD, files[which].path, O_CLOEXEC, 0);
    if (file < 0) return -1;
    while (size < FILE_SIZE - 1 && (got = KERNEL(SYS_pread, file, source + size, FILE_SIZE - 1 - size, size)) > 0) size += got;
    close(file);
    source[size] = 0;
    end = text;
    processor = 0;
    for (char *line = source, *next; *line; line = next) {
        next = strchr(line, '\n');
        next = next ? next + 1 : line + strlen(line);
        char after = *next;
        *next = 0;
        files[which].line(line, next - line, files[which].detail);
        *next = after;
    }
    if (files[which].line == cpuinfo) more_processors();
    if (!files[which].memory) files[which].memory = KERNEL(SYS_memfd_create, files[which].path, 1, 0, 0) + 1;
    int memory = files[which].memory - 1;
    if (KERNEL(SYS_ftruncate, memory, 0, 0, 0) < 0) return -1;
    KERNEL(SYS_pwrite, memory, text, end - text, 0);
    return memory;
}

// detail: which argument is the path; the flags follow it.
int answer_open(Call *call)
{
    char path[PATH_SIZE];
    int index = call->how->detail;
    long got = fetch(call->thread, call->argument[index], path, sizeof path);
    if (got < 6 || memcmp(path, "/proc", 5) && memcmp(path, "/sys/", 5) && memcmp(path, "/etc/", 5)) return AS_IT_IS;
    for (int i = 0; i < (int)(sizeof files / sizeof *files); i++)
        if (options.varied & files[i].option && !strncmp(path, files[i].path, got)) {
            int memory = prepare(i);
            if (memory < 0) return AS_IT_IS;
            sprintf(path, "/proc/self/fd/%d", memory);
            int file = KERNEL(SYS_openat, AT_FDCWD, path, O_CLOEXEC, 0);
            long given = give_file(call, file, -1, call->argument[index + 1]);
            close(file);
            return given < 0 ? AS_IT_IS : TOLD;
        }
    return AS_IT_IS;
}
