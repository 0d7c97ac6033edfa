// The C library of the first compilers, part 2: what the kernel does.
//
// syscall6, setjmp and longjmp are no C: cc has them built in, for other compilers there is x86_64.S.

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3, SYS_lseek = 8, SYS_mmap = 9, SYS_mprotect = 10,
    SYS_munmap = 11, SYS_access = 21, SYS_getpid = 39, SYS_execve = 59, SYS_exit = 60, SYS_getcwd = 79, SYS_rename = 82,
    SYS_mkdir = 83, SYS_unlink = 87, SYS_chmod = 90, SYS_gettimeofday = 96, SYS_time = 201
};

long syscall6(long number, long a, long b, long c, long d, long e, long f);

int errno;
char **environ;

static long result(long value)
{
    if (value >= 0 || value < -4095) return value;
    errno = -value;
    return -1;
}

ssize_t read(int file, void *to, size_t count) { return result(syscall6(SYS_read, file, (long)to, count, 0, 0, 0)); }
ssize_t write(int file, const void *from, size_t count) { return result(syscall6(SYS_write, file, (long)from, count, 0, 0, 0)); }
off_t lseek(int file, off_t offset, int from) { return result(syscall6(SYS_lseek, file, offset, from, 0, 0, 0)); }
int close(int file) { return result(syscall6(SYS_close, file, 0, 0, 0, 0, 0)); }
int unlink(const char *path) { return result(syscall6(SYS_unlink, (long)path, 0, 0, 0, 0, 0)); }
int remove(const char *path) { return unlink(path); }
int rename(const char *from, const char *to) { return result(syscall6(SYS_rename, (long)from, (long)to, 0, 0, 0, 0)); }
int access(const char *path, int mode) { return result(syscall6(SYS_access, (long)path, mode, 0, 0, 0, 0)); }
int chmod(const char *path, mode_t mode) { return result(syscall6(SYS_chmod, (long)path, mode, 0, 0, 0, 0)); }
int mkdir(const char *path, mode_t mode) { return result(syscall6(SYS_mkdir, (long)path, mode, 0, 0, 0, 0)); }
int getpid(void) { return syscall6(SYS_getpid, 0, 0, 0, 0, 0, 0); }
int munmap(void *at, size_t size) { return result(syscall6(SYS_munmap, (long)at, size, 0, 0, 0, 0)); }

int mprotect(void *at, size_t size, int protection)
{
    return result(syscall6(SYS_mprotect, (long)at, size, protection, 0, 0, 0));
}

void *mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    return (void *)result(syscall6(SYS_mmap, (long)at, size, protection, flags, file, offset));
}

int open(const char *path, int flags, ...)
{
    va_list list;
    int mode = 0;
    if (flags & O_CREAT) {
        va_start(list, flags);
        mode = va_arg(list, int);
        va_end(list);
    }
    return result(syscall6(SYS_open, (long)path, flags, mode, 0, 0, 0));
}

int creat(const char *path, unsigned mode)
{
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

char *getcwd(char *to, size_t size)
{
    return result(syscall6(SYS_getcwd, (long)to, size, 0, 0, 0, 0)) < 0 ? NULL : to;
}

int execve(const char *path, char *const *argv, char *const *environment)
{
    return result(syscall6(SYS_execve, (long)path, (long)argv, (long)environment, 0, 0, 0));
}

int execvp(const char *file, char *const *argv)
{
    char path[4096];
    const char *from = getenv("PATH");
    if (strchr(file, '/') || !from) return execve(file, argv, environ);
    while (1) {
        size_t n = strcspn(from, ":");
        if (n + strlen(file) + 2 < sizeof path) {
            memcpy(path, from, n);
            path[n] = '/';
            strcpy(path + n + 1, file);
            execve(path, argv, environ);
        }
        from += n;
        if (!*from++) return -1;
    }
}

// ---- Time, in UTC.

int gettimeofday(struct timeval *to, void *zone)
{
    return result(syscall6(SYS_gettimeofday, (long)to, 0, 0, 0, 0, 0));
}

time_t time(time_t *to)
{
    time_t now = syscall6(SYS_time, 0, 0, 0, 0, 0, 0);
    if (to) *to = now;
    return now;
}

struct tm *gmtime(const time_t *time)
{
    static struct tm tm;
    static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
    long days = *time / 86400, seconds = *time % 86400, year = 1970;
    if (seconds < 0) seconds += 86400, days--;
    tm.tm_hour = seconds / 3600;
    tm.tm_min = seconds / 60 % 60;
    tm.tm_sec = seconds % 60;
    tm.tm_wday = ((days + 4) % 7 + 7) % 7;
    for (;;) {
        int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (days < 0) {
            year--;
            days += 365 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        } else if (days >= 365 + leap) {
            days -= 365 + leap;
            year++;
        } else {
            tm.tm_yday = days;
            tm.tm_year = year - 1900;
            for (tm.tm_mon = 11;; tm.tm_mon--) {
                int before = days_before[tm.tm_mon] + (leap && tm.tm_mon > 1);
                if (days >= before) {
                    tm.tm_mday = days - before + 1;
                    return &tm;
                }
            }
        }
    }
}

struct tm *localtime(const time_t *time)
{
    return gmtime(time);
}

// ---- Processes begin and end.

static void (*at_exit[32])(void);
static int at_exit_count;

int atexit(void (*function)(void))
{
    if (at_exit_count == 32) return -1;
    at_exit[at_exit_count++] = function;
    return 0;
}

void _exit(int status)
{
    for (;;) syscall6(SYS_exit, status, 0, 0, 0, 0, 0);
}

void exit(int status)
{
    while (at_exit_count) at_exit[--at_exit_count]();
    fflush(NULL);
    _exit(status);
}

void abort(void)
{
    _exit(134);
}

void __assert_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
    abort();
}

char *getenv(const char *name)
{
    size_t n = strlen(name);
    for (char **e = environ; *e; e++)
        if (!strncmp(*e, name, n) && (*e)[n] == '=') return *e + n + 1;
    return NULL;
}

int main(int argc, char **argv, char **environment);

int __libc_start(long argc, char **argv)
{
    environ = argv + argc + 1;
    exit(main(argc, argv, environ));
    return 0;
}
