// What programs want of a C library beyond the chain's own: floating point in all forms, threads, processes, patterns, time.
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <pthread.h>
#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *count(void *times)
{
    for (long i = (long)times; i; i--) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    return times;
}

static void floating(void)
{
    printf("%g %.17g %a %Lg %.3Lf\n", sin(1.0), 0.1, 0.5, strtold("1.25e300", NULL), expl(1.0L));
    printf("%.10f %.10f %.10f %.10f\n", pow(2.5, 3.5), atan2(1, -2), log1p(1e-5), fmod(-7.5, 2));
    printf("%ld %lld %g %g\n", lrint(2.5), llrintl(3.5L), nearbyint(-0.5), hypot(3, 4));
    printf("%d %d %g\n", !!isnan(NAN), !!isinf(-INFINITY), strtod("0x1.8p3", NULL));
}

static void threads(void)
{
    pthread_t thread[4];
    void *result;
    long sum = 0;
    for (long i = 0; i < 4; i++) pthread_create(&thread[i], NULL, count, (void *)(10000 + i));
    for (int i = 0; i < 4; i++) pthread_join(thread[i], &result), sum += (long)result;
    printf("%d %ld\n", counter, sum);
}

static int total(int n, ...)
{
    va_list list;
    int sum = 0;
    va_start(list, n);
    while (n--) sum += va_arg(list, double) > 1 ? va_arg(list, int) : 0;
    va_end(list);
    return sum;
}

static sigjmp_buf place;
static void on_signal(int signal) { siglongjmp(place, signal); }

static void processes(void)
{
    int ends[2], status;
    char text[20] = "";
    pipe(ends);
    if (!fork()) {
        write(ends[1], "from the child", 14);
        _exit(3);
    }
    wait(&status);
    read(ends[0], text, sizeof text - 1);
    printf("%s %d\n", text, WEXITSTATUS(status));
    signal(SIGUSR1, on_signal);
    if (!(status = sigsetjmp(place, 1))) raise(SIGUSR1);
    printf("%d\n", status == SIGUSR1);
    FILE *pipe = popen("echo piped", "r");
    printf("%s", fgets(text, sizeof text, pipe));
    printf("%d\n", pclose(pipe));
}

static int backwards(const void *a, const void *b) { return strcmp(b, a); }

int main(void)
{
    regex_t pattern;
    regmatch_t match[2];
    char words[3][6] = { "one", "two", "three" }, text[40];
    time_t then = 86400 * 365;
    setvbuf(stdout, NULL, _IONBF, 0);
    floating();
    threads();
    processes();
    printf("%d\n", total(3, 2.0, 5, 0.5, 1.5, 7));
    qsort(words, 3, 6, backwards);
    printf("%s %s %s\n", words[0], words[1], words[2]);
    regcomp(&pattern, "b([a-c]+)$", REG_EXTENDED);
    int found = regexec(&pattern, "xxbacab", 2, match, 0);
    printf("%d %d\n", found, (int)match[1].rm_so);
    printf("%d %d\n", fnmatch("*.[ch]", "file.c", 0), fnmatch("*.[ch]", "file.o", 0));
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %j", gmtime(&then));
    printf("%s\n", text);
    char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("%d\n", memory != MAP_FAILED && !memory[65535]);
    memory = realloc(malloc(10), 1000000);
    printf("%d %s\n", memory != NULL, strerror(ENOENT));
    printf("%5.2f|%-6s|%+d|%08lx|%zu\n", 3.14159, "left", 5, 0xbeefUL, sizeof(wchar_t));
    return 0;
}
