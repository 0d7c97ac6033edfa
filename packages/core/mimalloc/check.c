/* Every way to allocate, from several threads, in mimalloc's own memory. */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mimalloc.h"

enum { threads = 8, slots = 500, rounds = 200000 };

static void report(int good, const char *what)
{
    printf("%s: %s\n", good ? "PASS" : "FAIL", what);
}

/* Blocks of a thread are freed by the next one as well. */
static unsigned char *handed[threads][slots];

static void *work(void *argument)
{
    long self = (long)argument, good = 1;
    unsigned random = self + 1;
    unsigned char *kept[slots] = { 0 };
    size_t sizes[slots] = { 0 };
    for (int i = 0; i < rounds; i++) {
        random = random * 1103515245 + 12345;
        int slot = random / 65536 % slots;
        if (kept[slot])
            good &= kept[slot][0] == (unsigned char)slot && kept[slot][sizes[slot] - 1] == (unsigned char)slot;
        sizes[slot] = 1 + random % (i % 50 == 0 ? 100000 : 500);
        if (random & 1)
            kept[slot] = realloc(kept[slot], sizes[slot]);
        else {
            free(kept[slot]);
            kept[slot] = malloc(sizes[slot]);
        }
        good &= mi_is_in_heap_region(kept[slot]);
        kept[slot][0] = kept[slot][sizes[slot] - 1] = slot;
    }
    memcpy(handed[self], kept, sizeof kept);
    return (void *)good;
}

static void *release(void *argument)
{
    long other = ((long)argument + 1) % threads;
    for (int slot = 0; slot < slots; slot++)
        free(handed[other][slot]);
    return (void *)1L;
}

static int run(void *(*what)(void *))
{
    pthread_t ids[threads];
    long good = 1;
    for (long i = 0; i < threads; i++)
        good &= !pthread_create(&ids[i], 0, what, (void *)i);
    for (int i = 0; i < threads; i++) {
        void *result;
        pthread_join(ids[i], &result);
        good &= (long)result;
    }
    return good;
}

int main(void)
{
    void *aligned = aligned_alloc(4096, 8192), *also = 0;
    char *copy = strdup("text"), *zeroed = calloc(1000, 1000);
    int sum = 0;
    report(mi_is_in_heap_region(malloc(1)), "malloc is mimalloc's");
    report((uintptr_t)aligned % 4096 == 0 && mi_is_in_heap_region(aligned), "aligned_alloc");
    report(posix_memalign(&also, 64, 100) == 0 && (uintptr_t)also % 64 == 0 && mi_is_in_heap_region(also), "posix_memalign");
    report(mi_is_in_heap_region(copy) && !strcmp(copy, "text"), "strdup");
    for (int i = 0; i < 1000000; i++)
        sum |= zeroed[i];
    report(sum == 0, "calloc");
    report(malloc_usable_size(zeroed) >= 1000000, "malloc_usable_size");
    free(aligned), free(also), free(copy), free(zeroed);
    report(calloc(SIZE_MAX / 2, 3) == 0, "a size that overflows");
    report(run(work), "threads");
    report(run(release), "blocks that another thread frees");
    report(run(work), "threads again");
    return 0;
}
