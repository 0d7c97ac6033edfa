/* Allocates and frees blocks of many sizes from several threads, and prints the seconds that it took. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { threads = 4, slots = 1000, rounds = 1000000 };

static void *work(void *seed)
{
    unsigned random = (unsigned)(long)seed;
    unsigned char *kept[slots] = { 0 };
    size_t sizes[slots] = { 0 };
    for (int i = 0; i < rounds; i++) {
        random = random * 1103515245 + 12345;
        unsigned slot = random / 65536 % slots;
        if (kept[slot] && (kept[slot][0] != (unsigned char)slot || kept[slot][sizes[slot] - 1] != (unsigned char)slot))
            exit(1);
        free(kept[slot]);
        sizes[slot] = 1 + random % (i % 50 == 0 ? 20000 : 400);
        kept[slot] = malloc(sizes[slot]);
        kept[slot][0] = kept[slot][sizes[slot] - 1] = slot;
    }
    for (int i = 0; i < slots; i++)
        free(kept[i]);
    return 0;
}

int main(void)
{
    pthread_t ids[threads];
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < threads; i++)
        pthread_create(&ids[i], 0, work, (void *)(i + 1));
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], 0);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.3f\n", (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9);
    return 0;
}
