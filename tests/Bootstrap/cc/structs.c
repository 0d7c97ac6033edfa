// Structs and unions: layout, by value as argument and result, assignment, nesting, anonymous members, pointers to them.
#include <stddef.h>
#include <stdio.h>

struct one { char c; };
struct three { char c[3]; };
struct pair { int x, y; };
struct mixed { char c; double d; short s; long double l; int i; char end; };
struct big { long a[10]; char tail; };
struct empty { int : 0; };
union value { int i; float f; unsigned char bytes[8]; struct pair p; };
struct node { struct node *next; int value; };
struct anonymous { int kind; union { long number; struct { char *text; int length; }; double d; }; int after; };
struct __attribute__((packed)) tight { char c; int i; short s; long l; };
struct tight_after { char c; int i; } __attribute__((packed));
struct aligned { char c; int i __attribute__((aligned(16))); };
struct flexible { int n; short values[]; };

static struct one make_one(char c) { struct one o = { c }; return o; }
static struct three make_three(int a) { return (struct three){ { a, a + 1, a + 2 } }; }
static struct pair make_pair(int x, int y) { struct pair p; p.x = x; p.y = y; return p; }
static struct pair add(struct pair a, struct pair b) { a.x += b.x; a.y += b.y; return a; }
static struct mixed make_mixed(int n) { struct mixed m = { n, n + 0.5, n * 2, n + 0.25L, -n, 'e' }; return m; }
static double total(struct one o, struct mixed m, struct three t, struct pair p, struct big b)
{
    return o.c + m.c + m.d + m.s + m.l + m.i + m.end + t.c[0] + t.c[2] + p.x * p.y + b.a[0] + b.a[9] + b.tail;
}
static struct big grow(struct big b) { for (int i = 0; i < 10; i++) b.a[i] += i; b.tail++; return b; }
static union value as_union(float f) { union value v; v.p.y = 0; v.f = f; return v; }
static struct node *reverse(struct node *n) { struct node *r = 0; while (n) { struct node *next = n->next; n->next = r; r = n; n = next; } return r; }

int main(void)
{
    struct pair p = make_pair(3, 4), q = p, *pp = &p, array[3] = { { 1, 2 }, { 3 }, 5, 6 };
    struct big b = { { 1, 2, 3 }, 't' }, b2;
    struct mixed m = make_mixed(7);
    q.x = 10; printf("%d %d %d %d\n", p.x, q.x, add(p, q).x, add(add(p, q), make_pair(1, 1)).y);
    printf("%d %d %d\n", pp->x, (*pp).y, (&q)->x); *pp = q; printf("%d %d\n", p.x, p.y); p = q = make_pair(8, 9); printf("%d %d\n", p.y, q.x);
    printf("%d %d %d %d\n", array[0].y, array[1].x, array[1].y, array[2].y); array[1] = array[2]; printf("%d\n", array[1].x);
    printf("%d %d %d\n", make_one('x').c, make_three(5).c[2], make_three(1).c[0]);
    printf("%d %g %d %Lg %d %c\n", m.c, m.d, m.s, m.l, m.i, m.end);
    printf("%g\n", total(make_one(1), m, make_three(2), p, b));
    b2 = grow(grow(b)); printf("%ld %ld %c %c\n", b2.a[2], b2.a[9], b2.tail, b.tail); b = b2; printf("%ld\n", b.a[1]);
    printf("%d %d %d %d %d %d\n", (int)sizeof(struct one), (int)sizeof(struct three), (int)sizeof(struct pair), (int)sizeof(struct mixed), (int)sizeof(struct big), (int)sizeof(union value));
    printf("%d %d %d %d %d\n", (int)offsetof(struct mixed, d), (int)offsetof(struct mixed, s), (int)offsetof(struct mixed, l), (int)offsetof(struct mixed, i), (int)offsetof(struct mixed, end));
    printf("%d %d %d %d %d\n", (int)sizeof(struct tight), (int)offsetof(struct tight, l), (int)sizeof(struct tight_after), (int)offsetof(struct aligned, i), (int)sizeof(struct aligned));
    printf("%d %d %d\n", (int)sizeof(struct flexible), (int)offsetof(struct flexible, values[2]), (int)sizeof(struct empty));
    printf("%d %d %d %d\n", (int)__alignof__(struct mixed), (int)__alignof__(struct pair), (int)__alignof__(char), (int)_Alignof(long double));
    struct tight t = { 1, -2, 3, -4 }; t.i--; t.l *= 2; printf("%d %d %d %ld\n", t.c, t.i, t.s, t.l);
    union value v = { 0x3f800000 }; printf("%g %d %d\n", v.f, v.bytes[3], v.p.x); v = as_union(2); printf("%x %d\n", v.i, v.bytes[3]);
    struct anonymous a = { 1, { 5 }, 9 }; printf("%d %ld %d %d\n", a.kind, a.number, a.after, (int)offsetof(struct anonymous, length)); a.text = "abc"; a.length = 3; printf("%s %d\n", a.text, a.length);
    struct node n3 = { 0, 3 }, n2 = { &n3, 2 }, n1 = { &n2, 1 }; for (struct node *n = reverse(&n1); n; n = n->next) printf("%d ", n->value); printf("%d\n", n3.next->next->value);
    struct { struct { int a[2]; struct pair p; } in[2]; } deep = { { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } } };
    printf("%d %d %d\n", deep.in[1].a[1], deep.in[0].p.y, (deep.in + 1)->p.x); deep.in[0] = deep.in[1]; printf("%d\n", deep.in[0].p.y);
    pp = array; printf("%d ", pp++->x); printf("%d ", pp->y); printf("%d ", ++pp->x); printf("%d\n", (pp--)->x);
    pp->x += 5; pp[1].y -= 2; (*pp).y *= 3; printf("%d %d %d\n", array[0].x, array[1].y, array[0].y);
    printf("%d ", (p.x ? p : q).y); printf("%d\n", (p = q, q).x); struct pair r = p.x > 100 ? p : add(p, q); printf("%d\n", r.x);
    { struct pair { char x; }; printf("%d\n", (int)sizeof(struct pair)); } printf("%d\n", (int)sizeof(struct pair));
    struct later *unknown = 0; printf("%d\n", !unknown);
    return 0;
}
