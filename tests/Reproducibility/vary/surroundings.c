// Prints what a program sees of its surroundings, a word and a value per line: "surroundings FOLDER FILE".
// Times are in days, so that two runs print the same.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void print(const char *word, long value) { printf("%s %ld\n", word, value); }

static void line_of(const char *word, const char *path)
{
    char line[256] = "";
    FILE *file = fopen(path, "r");
    if (file) fgets(line, sizeof line, file), fclose(file);
    line[strcspn(line, "\n")] = 0;
    printf("%s %s\n", word, line);
}

int main(int argc, char **argv)
{
    struct timespec now;
    struct timeval then;
    struct utsname names;
    struct stat status, opened;
    struct statx extended;
    struct statfs system;
    struct sysinfo info;
    cpu_set_t set;
    enum { DAY = 86400 };

    clock_gettime(CLOCK_REALTIME, &now), print("clock", now.tv_sec / DAY);
    clock_gettime(CLOCK_REALTIME_COARSE, &now), print("coarse", now.tv_sec / DAY);
    clock_gettime(CLOCK_MONOTONIC, &now), print("monotonic", now.tv_sec / (10000 * DAY));
    gettimeofday(&then, NULL), print("timeofday", then.tv_sec / DAY);
    struct timezone zone = { 1, 1 };
    gettimeofday(&then, &zone), print("zoned", then.tv_sec / DAY), print("zone", zone.tz_minuteswest);
    print("time", time(NULL) / DAY);

    uname(&names);
    printf("node %s\nrelease %s\nversion %s\nmachine %s\ndomain %s\n", names.nodename, names.release, names.version, names.machine, names.domainname);
    sched_getaffinity(0, sizeof set, &set), print("processors", CPU_COUNT(&set));
    sysinfo(&info), print("memory", info.totalram), print("uptime", info.uptime / 1000000);
    statfs(argv[1], &system), print("blocks", system.f_blocks);

    stat(argv[1], &status), print("folder-size", status.st_size);
    int file = open(argv[2], O_RDONLY);
    stat(argv[2], &status), fstat(file, &opened), statx(AT_FDCWD, argv[2], 0, STATX_ALL, &extended);
    print("inode", status.st_ino), print("opened-inode", opened.st_ino), print("extended-inode", extended.stx_ino);
    print("modified", status.st_mtime / DAY), print("opened-modified", opened.st_mtime / DAY), print("extended-modified", extended.stx_mtime.tv_sec / DAY);
    print("file-size", status.st_size), print("links", status.st_nlink), print("mode", status.st_mode);
    printf("owner %d:%d\n", status.st_uid, status.st_gid);
    printf("user %d:%d\neffective-user %d:%d\n", getuid(), getgid(), geteuid(), getegid());

    printf("entries");
    DIR *folder = opendir(argv[1]);
    long agree = 1;
    for (struct dirent *entry; (entry = readdir(folder));) {
        printf(" %s", entry->d_name);
        fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW);
        if (strcmp(entry->d_name, "..") && status.st_ino != entry->d_ino) agree = 0;
    }
    printf("\n");
    print("entries-agree", agree);

    mode_t mask = umask(0);
    printf("umask %03o\n", mask);
    printf("variable %s\n", getenv("VARIABLE") ? getenv("VARIABLE") : "");
    line_of("host-file", "/proc/sys/kernel/hostname");
    line_of("release-file", "/proc/sys/kernel/osrelease");
    line_of("online-file", "/sys/devices/system/cpu/online");
    printf("address %p\n", (void *)&argc);
    return 0;
}
