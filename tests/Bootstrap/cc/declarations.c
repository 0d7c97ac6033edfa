// Declarators, typedefs and their scopes, storage classes, enumerations, tags, odd orders of words.
#include <stddef.h>
#include <stdio.h>

typedef unsigned long int number, *number_pointer, numbers[3];
typedef int (*handler)(const char *, int), function(void);
typedef struct list list; struct list { list *next; number value; };
long unsigned int typedef odd; int const volatile static long twisted = 5; unsigned const char static byte = 255; short signed int si = -1; long double long_double = 1.5L;
static int *(*(*deep)(int))[3]; static char *(*array_of_functions[2])(void); static int (*(*returns_function)(void))(int);
static function declared_by_typedef; static int declared_by_typedef(void) { return 7; }
enum colour { RED, GREEN = 5, BLUE, LAST = BLUE + 1, NEGATIVE = -3 }; enum colour paint = BLUE; enum { PLAIN = 'a' }; typedef enum { X, Y, } xy;
static int *three[3]; static int *(*give(int n))[3] { three[0] = (int *)8; return n ? &three : 0; }
static char *text(void) { return "text"; } static int plus_one(int n) { return n + 1; } static int (*give_function(void))(int) { return plus_one; }
extern int shared, *shared_pointer; int shared = 4; int *shared_pointer = &shared; static int forward(int), other(double d, int (*)(int)); int (parenthesised) = 3, (*(pointer)) = &shared;
static int other(double d, int f(int)) { return f(d); } static int forward(int n) { return n * 2; }
static int array_parameter(int a[3], int b[][2], int f(int), char *s[]) { return (int)sizeof a + (int)sizeof b + (int)sizeof f + a[1] + b[1][0] + f(1) + s[0][0]; }
_Static_assert(sizeof(int) == 4, "int has four bytes"); __extension__ typedef long long extended; static __inline__ __attribute__((unused, always_inline)) int attributed(void) { return 1; }
void __attribute__((noreturn)) exit(int); static char padding[16] __attribute__((aligned(64))); struct outer { struct inner { int a; } in; enum { NESTED = 9 } e; };

int main(void)
{
    number n = 1; number_pointer p = &n; numbers all = { 1, 2, 3 }; handler h = 0; list l = { 0, 5 }, *lp = &l; odd o = ~0ul; struct inner inner = { 4 };
    printf("%d %d %d %lu %d\n", (int)sizeof n, (int)sizeof all, (int)sizeof h, *p + lp->value, o > 0); printf("%ld %d %d %Lg\n", twisted, byte, si, long_double);
    deep = give; array_of_functions[1] = text; returns_function = give_function; printf("%ld %s %d %d\n", (long)(*deep(1))[0], array_of_functions[1](), returns_function()(4), declared_by_typedef());
    printf("%d %d %d %d %d %d %d\n", RED, GREEN, BLUE, LAST, NEGATIVE, paint, PLAIN); printf("%d %d %d\n", (int)sizeof(enum colour), (enum colour)-1 < 0, (xy)-1 > 0); printf("%d %d %d\n", *shared_pointer, parenthesised, *pointer);
    int rows[2][2] = { { 1, 2 }, { 3, 4 } }, a[3] = { 5, 6, 7 }; char *s[] = { "A" }; printf("%d %d\n", array_parameter(a, rows, forward, s), other(3.9, forward)); typedef char number; number small = 300; printf("%d %d\n", small, (int)sizeof(number));
    { int number = 5, list = 6; printf("%d %d\n", number * list, (int)sizeof number); } { typedef int l; l x = 3; printf("%d\n", x); } { enum { RED = 100 }; printf("%d\n", RED); } { struct list { char c; } l; printf("%d\n", (int)sizeof l); }
    { extern int shared; shared++; int f(int); printf("%d\n", f(shared)); } printf("%d %d %d\n", inner.a, NESTED, (int)((unsigned long)padding % 64)); printf("%d %d\n", attributed(), (int)sizeof(extended));
    printf("%d %d %d %d %d\n", (int)sizeof(int (*)[3]), (int)sizeof(int *[3]), (int)sizeof(char[2][5]), (int)sizeof(int(*)(void)), (int)sizeof(struct { char c; short s; })); printf("%d %d %d\n", (int)sizeof l.value, (int)sizeof(n) + 1, (int)sizeof n * 2);
    int r = 3; register int hot = 4; printf("%d\n", hot); auto int u = 4; const int *const volatile cp = &r; printf("%d\n", *cp + u); int x = 5, *y = &x, **z = &y, w = **z * *y; printf("%d\n", w); unsigned v; v = -1; printf("%u\n", v); typedef int T; { T T = 3; printf("%d\n", T); } T t = 4; printf("%d\n", t);
    return 0;
}
int f(int n) { return n + 1; }
