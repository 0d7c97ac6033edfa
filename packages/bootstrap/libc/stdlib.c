// The C library of the first compilers, part 3: memory, sorting, numbers from text.

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// ---- Memory. A block has a power of two of bytes, its exponent stands before it; free blocks are kept by exponent.

static void *free_blocks[64];
static char *fresh, *fresh_end;

void *malloc(size_t size)
{
    int exponent = 5;
    size_t *block;
    if (size > LONG_MAX / 2) {
        errno = ENOMEM;
        return NULL;
    }
    while (((size_t)1 << exponent) < size + 16) exponent++;
    size = (size_t)1 << exponent;
    if (free_blocks[exponent]) {
        block = free_blocks[exponent];
        free_blocks[exponent] = *(void **)(block + 2);
        return block + 2;
    }
    if ((size_t)(fresh_end - fresh) < size) {
        size_t more = size > 1 << 20 ? size : 1 << 20;
        char *p = mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) return NULL;
        fresh = p;
        fresh_end = p + more;
    }
    block = (size_t *)fresh;
    fresh += size;
    block[0] = exponent;
    return block + 2;
}

void free(void *block)
{
    size_t *header = block;
    if (!block) return;
    *(void **)block = free_blocks[header[-2]];
    free_blocks[header[-2]] = header - 2;
}

void *calloc(size_t count, size_t size)
{
    if (size && count > LONG_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *old, size_t size)
{
    if (!old) return malloc(size);
    size_t room = ((size_t)1 << ((size_t *)old)[-2]) - 16;
    if (size <= room) return old;
    void *block = malloc(size);
    if (!block) return NULL;
    memcpy(block, old, room);
    free(old);
    return block;
}

// ---- Sorting and searching: heap sort, which needs no memory.

static void swap(char *a, char *b, size_t size)
{
    while (size--) {
        char c = *a;
        *a++ = *b;
        *b++ = c;
    }
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    char *array = base;
    size_t begin = count / 2, end = count;
    while (end > 1) {
        if (begin > 0) begin--;
        else swap(array, array + --end * size, size);
        for (size_t at = begin, child; (child = 2 * at + 1) < end; at = child) {
            if (child + 1 < end && compare(array + child * size, array + (child + 1) * size) < 0) child++;
            if (compare(array + at * size, array + child * size) >= 0) break;
            swap(array + at * size, array + child * size, size);
        }
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    const char *array = base;
    while (count) {
        const char *middle = array + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0) return (void *)middle;
        if (order > 0) {
            array = middle + size;
            count -= count / 2 + 1;
        } else count /= 2;
    }
    return NULL;
}

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return value < 0 ? -value : value; }

// ---- Whole numbers.

// The magnitude; *negative says whether a minus is before it, *overflow whether it has more than 64 bits.
static unsigned long magnitude(const char *text, char **end, int base, int *negative, int *overflow)
{
    const char *begin = text, *digits;
    unsigned long value = 0;
    *negative = *overflow = 0;
    while (isspace(*text)) text++;
    if (*text == '+' || *text == '-') *negative = *text++ == '-';
    if ((base == 0 || base == 16) && *text == '0' && (text[1] == 'x' || text[1] == 'X') && isxdigit(text[2])) {
        text += 2;
        base = 16;
    }
    if (base == 0) base = *text == '0' ? 8 : 10;
    for (digits = text;; text++) {
        int digit = isdigit(*text) ? *text - '0' : isalpha(*text) ? tolower(*text) - 'a' + 10 : 99;
        if (digit >= base) break;
        if (value > (ULONG_MAX - digit) / base) *overflow = 1;
        value = value * base + digit;
    }
    if (end) *end = (char *)(text == digits ? begin : text);
    return value;
}

unsigned long strtoul(const char *text, char **end, int base)
{
    int negative, overflow;
    unsigned long value = magnitude(text, end, base, &negative, &overflow);
    if (overflow) errno = ERANGE;
    return overflow ? ULONG_MAX : negative ? -value : value;
}

long strtol(const char *text, char **end, int base)
{
    int negative, overflow;
    unsigned long value = magnitude(text, end, base, &negative, &overflow);
    if (overflow || value > (unsigned long)LONG_MAX + negative) {
        errno = ERANGE;
        return negative ? LONG_MIN : LONG_MAX;
    }
    return negative ? -value : value;
}

long long strtoll(const char *text, char **end, int base) { return strtol(text, end, base); }
unsigned long long strtoull(const char *text, char **end, int base) { return strtoul(text, end, base); }
long atol(const char *text) { return strtol(text, NULL, 10); }
int atoi(const char *text) { return strtol(text, NULL, 10); }

char *realpath(const char *path, char *resolved)
{
    return resolved ? strcpy(resolved, path) : strdup(path);
}
