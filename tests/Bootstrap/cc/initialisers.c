// Initialisers: nested, flat, designated, strings, addresses, overriding, compound literals, unknown lengths.
#include <stddef.h>
#include <stdio.h>

struct point { int x, y; };
struct line { struct point from, to; char name[8]; };
union either { int i; double d; char c[4]; };

static int flat[2][3] = { 1, 2, 3, 4 }, partial[2][3] = { { 1 }, { 4, 5 } }, sparse[10] = { [7] = 7, 8, [2] = 2, 3 }, open[] = { [4] = 4, [1] = 1 };
static struct line lines[] = { { { 1, 2 }, { 3, 4 }, "a" }, { 5, 6, 7, 8, "bcdefgh" }, { .to.y = 9, .from = { 10, 11 }, .name = { 'x', [3] = 'y' } }, [4] = { .to = { .y = 1 } } };
static struct point by_name[] = { { .y = 1, .x = 2 }, [2].x = 5, [2].y = 6, { 7, 8 } };
static union either eithers[] = { { 5 }, { .d = 2.5 }, { .c = { 1, 2 } }, { .i = 1, .d = 0.5 } };
static const char *names[] = { [3] = "three", [1] = "one" }, string[] = "string", exact[3] = "abc", longer[10] = "ab", braces[] = { "in braces" };
static int value = 5, *address = &value, **address2 = &address; static struct point *to_point = &by_name[2]; static int *to_member = &lines[1].to.y;
static char *inside = &((char *)lines[1].name)[2]; static long number = (long)sizeof(struct line) * 2 + 1, mask = ~0u >> 4 | 1l << 40, negative = -(-5) - 10;
static unsigned char small = 300; static short shorter = 70000; static long offset = offsetof(struct line, to.y); static size_t size = sizeof lines / sizeof *lines;
static int (*functions[])(const char *, ...) = { printf, 0 }; static _Bool flag = 5, flag2 = &value; static void *pointer = (void *)16; static char letters[2][3] = { "ab", "cd" };
static int conditional = 1 ? 2 : 3, logic = 1 && 0 || !0, compare = (5 > 3) + (1 == 1) - (-1 < 0u), shift = -16 >> 2, remainder_ = -7 % 3; enum { A = 5, B, C = B * 2 } constant = C;
static struct point literal = { 3, 4 }, *literal_pointer = &(struct point){ 5, 6 }; static int *literal_array = (int[]){ 7, 8, 9 };
static struct { int a; struct { int b, c; } in[2]; int d; } elided = { 1, 2, 3, { 4, 5 }, 6 }; int tentative; int tentative; int tentative = 3; extern int tentative;
static struct { union { int a; char b; }; int c; } anonymous[2] = { { { 1 }, 2 }, { .b = 3, .c = 4 } }; static struct { char s[4]; int n; } mixed[] = { "abc", 1, { "de", 2 } };

int global_twice[]; int global_twice[] = { 1, 2, 3 }; static int later[3]; static int later[3] = { 1 };

static void locals(int n)
{
    int a[5] = { n, n + 1, [4] = n * 2 }, b[] = { n, n, n }, c = { n }; struct line l = { .to = { n, n + 1 }, .name = "local" }, copies[2] = { l, { l.to, l.from } };
    struct point p = { n }, q[2] = { p, { .y = n } }; char s[] = "local", t[8] = "t", u[2] = "uv"; union either e = { .d = n / 2.0 }; struct point *literal = &(struct point){ n, -n };
    printf("%d %d %d %d %d %d\n", a[0], a[1], a[2], a[3], a[4], (int)sizeof b); printf("%d %d %s %d %d %d\n", l.from.x, l.to.y, l.name, copies[0].to.x, copies[1].from.y, copies[1].to.x);
    printf("%d %d %d %d %d %d\n", p.x, p.y, q[0].x, q[0].y, q[1].x, q[1].y); printf("%s %d %s %d %d %g %d %d\n", s, (int)sizeof s, t, t[7], u[1], e.d, literal->y, c);
    static struct point kept = { 1, 2 }; kept.x += n; printf("%d %d\n", kept.x, (struct point){ n, 9 }.y); int *array = (int[4]){ [1] = n, 5 }; printf("%d %d %d\n", array[0], array[1], array[2]);
    for (int i = 0; i < 2; i++) { int fresh[2] = { 1 }; fresh[0]++; fresh[1]++; printf("%d %d ", fresh[0], fresh[1]); } printf("\n");
    int grid[][2] = { { 1, 2 }, { 3 }, 4, 5 }; printf("%d %d %d\n", (int)(sizeof grid / sizeof *grid), grid[1][1], grid[2][0]); struct { int x : 3, y : 5; int z; } bits = { 1, n, 3 }; printf("%d %d\n", bits.y, bits.z);
}

int main(void)
{
    for (int i = 0; i < 6; i++) printf("%d %d ", flat[0][i], partial[0][i]); for (int i = 0; i < 10; i++) printf("%d ", sparse[i]); printf("%d %d\n", (int)sizeof open, open[1]);
    for (int i = 0; i < size; i++) printf("%d %d %d %d %s %d\n", lines[i].from.x, lines[i].from.y, lines[i].to.x, lines[i].to.y, lines[i].name, lines[i].name[3]);
    for (int i = 0; i < 4; i++) printf("%d %d %d\n", by_name[i].x, by_name[i].y, (int)sizeof by_name); printf("%d %g %d %g\n", eithers[0].i, eithers[1].d, eithers[2].c[1], eithers[3].d);
    printf("%s %s %d %s %d %.3s %d %s %d\n", names[3], names[1], !names[2], string, (int)sizeof string, exact, longer[9], braces, (int)sizeof braces);
    printf("%d %d %d %d %c %ld %lx %ld\n", *address, **address2, to_point->y, *to_member, *inside, number, mask, negative); printf("%d %d %ld %d %d %ld %c\n", small, shorter, offset, flag, flag2, (long)pointer, letters[1][1]);
    functions[0]("%d %d %d %d %d %d\n", conditional, logic, compare, shift, remainder_, constant); printf("%d %d %d %d\n", literal.y, literal_pointer->x, literal_array[2], functions[1] == 0);
    printf("%d %d %d %d %d %d %d\n", elided.a, elided.in[0].c, elided.in[1].b, elided.d, tentative, global_twice[2], later[0]); printf("%d %d %d %d %s %d\n", anonymous[0].a, anonymous[0].c, anonymous[1].b, anonymous[1].c, mixed[1].s, mixed[1].n);
    locals(3); locals(-4); return 0;
}
