// Pointers, arrays of arrays, pointer arithmetic and comparison, pointers to pointers, strings.
#include <stddef.h>
#include <stdio.h>

static int grid[3][4] = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } };
static int *rows[] = { grid[2], grid[0], &grid[1][1] };
static const char *words[] = { "zero", "one" "two", "", "th\tree" };
static char text[] = "text", *middle = text + 2;
static int *beyond = grid[3], *before = &grid[1][0] - 1;
static long distance = (char *)&grid[1] - (char *)&grid[0];

static int sum(int *p, int n) { int s = 0; while (n--) s += *p++; return s; }
static int sum_row(int row[static 4]) { return sizeof row == sizeof(int *) ? sum(row, 4) : -1; }
static int sum_grid(int g[][4], int n) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 4; j++) s += g[i][j]; return s; }
static void swap(int *a, int *b) { int t = *a; *a = *b; *b = t; }
static int **advance(int ***p) { return ++*p; }

int main(void)
{
    int a[] = { 3, 1, 4, 1, 5, 9, 2, 6 }, *p = a, *end = a + sizeof a / sizeof a[0], **pp = rows;
    int (*row)[4] = grid, (*all)[3][4] = &grid;
    printf("%d ", *p++); printf("%d ", *p); printf("%d ", *++p); printf("%d\n", p[-1]);
    printf("%d ", (*p)++); printf("%d ", *p); printf("%d ", ++*p); printf("%d\n", 2[a]);
    printf("%ld %ld %d %d %d\n", end - p, p - a, p < end, p > end, p == &a[2]);
    printf("%d %d %d\n", sum(a, 8), sum_row(grid[1]), sum_grid(grid, 3));
    printf("%d %d %d %d\n", row[1][2], (*(row + 2))[1], (*all)[2][3], *(*row + 3));
    printf("%d %d %d %d\n", (int)sizeof grid, (int)sizeof grid[0], (int)sizeof *row, (int)sizeof all);
    row++; printf("%d %ld\n", **row, (char *)row - (char *)grid);
    printf("%d %d %d ", rows[0][1], *rows[1], *rows[2]); printf("%d\n", **++pp);
    printf("%d ", **advance(&pp)); printf("%d\n", (int)(pp - rows));
    printf("%s %s %d %d %s %c\n", words[0], words[1], *words[2], (int)sizeof words[1], words[3] + 3, *(words[1] + 4));
    printf("%s %d %d %ld %d\n", middle, (int)sizeof text, (int)sizeof "a\0b", distance, *before);
    printf("%d %d\n", beyond == &grid[0][0] + 12, !p);
    swap(&a[0], &a[7]); swap(a + 1, p); printf("%d %d %d %d\n", a[0], a[7], a[1], *p);
    char *c = "hello"; int n = 0; while (*c) n += *c++; printf("%d\n", n);
    void *v = a; printf("%d %d\n", *(int *)v, ((int *)v)[3]); v = (char *)v + sizeof(int); printf("%d\n", *(int *)v);
    p = 0; printf("%d %d %d\n", p == NULL, p ? 1 : 2, (p || v) && !(p && v));
    p = a; p += 3; p -= 1; printf("%d\n", *p); *p++ = 42; *p-- = 43; printf("%d %d %d\n", a[2], a[3], *p);
    *(a + 4) += 5; a[5] <<= 2; --a[6]; printf("%d %d %d\n", a[4], a[5], a[6]);
    int i = 2; a[i++] = 7; printf("%d\n", i);
    unsigned char bytes[8] = { 0xff, 0x80, 1 }; printf("%d %d %d %u\n", bytes[0], bytes[1], bytes[7], *(unsigned short *)bytes);
    const char *choose = 1 ? "yes" : 0; printf("%s %s\n", choose, i ? choose : (char *)0 ? "a" : "b");
    char buffer[3][8] = { "one", { 't', 'w', 'o' }, "seven77" }; printf("%s %s %s %d\n", buffer[0], buffer[1], buffer[2], (int)sizeof buffer);
    printf("%d\n", &a[5] - &a[2] == 3 && &a[5] >= &a[2] && (long)&a[1] - (long)a == 4);
    printf("%ld %ld\n", (long)(int *)0 + 1, (long)((int *)8 + 2));
    long x = 0x1122334455667788; printf("%x %x %x\n", *(int *)&x, *((short *)&x + 2), *((unsigned char *)&x + 7));
    return 0;
}
