// Eight threads look at the clock, wait until a point in time, and read a directory; then one of them becomes another program.
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void *work(void *unused)
{
    for (int i = 0; i < 50; i++) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec = 0;
        clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
        DIR *folder = opendir("/proc/self/task");
        while (readdir(folder));
        closedir(folder);
    }
    return NULL;
}

static void *become(void *unused)
{
    execlp("echo", "echo", "done", NULL);
    return NULL;
}

int main(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 1000;
    pthread_mutex_lock(&mutex);
    if (pthread_cond_timedwait(&never, &mutex, &until) == 0) puts("woken by nobody");
    pthread_create(&threads[0], NULL, become, NULL);
    for (;;) pause();
}
