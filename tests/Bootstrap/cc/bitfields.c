// Bit-fields: layout, sign, wrap-around, assignment as an expression, in unions, with initialisers.
#include <stdio.h>
#include <string.h>

struct a { int a : 3; unsigned b : 5; int c : 24; };
struct b { unsigned char a : 4, b : 4; unsigned short c : 9; int : 0; int d : 1; };
struct c { long a : 40; unsigned long b : 24; int c; };
struct d { char c; int x : 4; int y : 30; char e; };
struct e { int a : 7; int : 5; int b : 20; unsigned : 0; char c : 2; short s : 15; };
struct f { _Bool on : 1; enum { RED, GREEN, BLUE } colour : 2; unsigned wide : 32; };
struct g { unsigned long l : 1; unsigned i : 31; unsigned j : 3; long long k : 63; };
static struct a global = { -1, 31, 1000 };
static struct e table[2] = { { 1, 2, 1, -3 }, { .b = -7, .s = 99 } };

static void dump(const char *name, void *p, int size)
{
    unsigned char *b = p;
    printf("%s %d:", name, size);
    while (size--) printf(" %02x", *b++);
    printf("\n");
}
#define DUMP(v) dump(#v, &v, sizeof v)

int main(void)
{
    struct a a; struct b b; struct c c; struct d d; struct e e; struct f f; struct g g;
    memset(&a, 0, sizeof a); memset(&b, 0, sizeof b); memset(&c, 0, sizeof c); memset(&d, 0, sizeof d); memset(&e, 0, sizeof e); memset(&f, 0, sizeof f); memset(&g, 0, sizeof g);
    a.a = 5; a.b = 33; a.c = -2; DUMP(a); printf("%d %d %d\n", a.a, a.b, a.c);
    b.a = 17; b.b = 9; b.c = 1023; b.d = 1; DUMP(b); printf("%d %d %d %d\n", b.a, b.b, b.c, b.d);
    c.a = -1; c.b = 1 << 23; c.c = 7; DUMP(c); printf("%ld %ld %d\n", (long)c.a, (long)c.b, c.c);
    d.c = 1; d.x = -8; d.y = 1 << 28; d.e = 2; DUMP(d); printf("%d %d\n", d.x, d.y);
    e.a = 63; e.b = -5; e.c = 1; e.s = -1; DUMP(e); printf("%d %d %d %d\n", e.a, e.b, e.c, e.s);
    f.on = 8; f.colour = BLUE; f.wide = -1; DUMP(f); printf("%d %d %u\n", f.on, f.colour, f.wide);
    g.l = 3; g.i = -1; g.j = 5; g.k = -1; DUMP(g); printf("%d %u %d %ld\n", (int)g.l, g.i, g.j, (long)g.k);
    printf("%d ", a.a = 3); printf("%d ", a.a = 4); printf("%d\n", (a.b = 100) + 1);
    printf("%d ", a.a++); printf("%d ", a.a); printf("%d ", --a.b); printf("%d\n", a.b--); a.c += 1 << 23; printf("%d\n", a.c); a.b <<= 1; a.b |= 1; a.b ^= 6; printf("%d %d\n", a.b, -a.b);
    printf("%d %d %d\n", a.b - 40 < 0, f.wide - 1 > 0, g.i - 5 < 0);
    printf("%d %d %d\n", global.a, global.b, global.c); DUMP(global); DUMP(table);
    struct a local = { .c = 5, .a = 1 }, *p = &local; DUMP(local); p->b = p->c + p->a; printf("%d\n", p->b); struct a copy = *p; copy.a = 0; printf("%d %d\n", p->a, copy.b);
    union { struct { unsigned low : 4, high : 4; }; unsigned char byte; } u = { { 3, 12 } }; printf("%x %d\n", u.byte, u.high); u.byte = 0x5a; printf("%d %d\n", u.low, u.high);
    printf("%d %d %d %d %d\n", (0, a.b) - 40 < 0, (a.b = 3) - 40 < 0, (copy.b = 3) - 40 < 0, (local.b++) - 40 < 0, (global.b += 1) - 40 < 0);
    int n = 0; struct a *q = &a; q->a = n++ + 1; printf("%d %d\n", q->a, n); (n++, q)->b = n; printf("%d %d\n", a.b, n);
    return 0;
}
