// Calls: many arguments of all types, function pointers, variable arguments, recursion, prototypes, static locals, setjmp.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef int operation(int, int);
typedef struct { int a; double b; char c; } item;
struct six { char c[6]; };

static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static operation *choose(char c) { return c == '+' ? add : &subtract; }
static int (*pick(int n))(int, int) { static int (*const table[])(int, int) = { add, subtract }; return table[n]; }
static int apply(int f(int, int), int a, int b) { return f(a, b) + (*f)(a, b) + (**f)(b, a); }
static long many(char a, short b, int c, long d, unsigned char e, unsigned short f, unsigned g, unsigned long h, float i, double j, long double k, char *l, item m, struct six n)
{
    return a + b + c + d + e + f + g + h + i + j + k + *l + m.a + m.b + m.c + n.c[5];
}
static double sum(int n, ...)
{
    va_list list, copy; double total = 0; va_start(list, n); va_copy(copy, list);
    while (n--) switch (va_arg(list, int)) {
    case 'i': total += va_arg(list, int); break;
    case 'l': total += va_arg(list, long); break;
    case 'd': total += va_arg(list, double); break;
    case 'L': total += va_arg(list, long double); break;
    case 's': total += strlen(va_arg(list, char *)); break;
    case 'm': { item m = va_arg(list, item); total += m.a + m.b + m.c; break; }
    case 'x': total += va_arg(list, struct six).c[0]; break;
    case 'f': total += va_arg(list, operation *)(3, 4); break;
    }
    va_end(list); total += va_arg(copy, int); va_end(copy); return total;
}
static int forward(const char *format, ...) { char buffer[100]; va_list list; va_start(list, format); int n = vsnprintf(buffer, sizeof buffer, format, list); va_end(list); puts(buffer); return n; }
static int counter(void) { static int n = 5; static char *names[] = { "a", "b" }; return n++ + *names[n % 2]; }
static item variable_struct(int n, ...) { va_list list; va_start(list, n); item r = { n, va_arg(list, double), 'v' }; va_end(list); return r; }
static int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
static signed char narrow(int n) { return n; }
static unsigned short unsigned_narrow(long n) { return n; }
static _Bool boolean(int n) { return n; }
static float rounded(double d) { return d; }
static void takes_narrow(char c, unsigned char u, short s, _Bool b) { printf("%d %d %d %d\n", c, u, s, b); }
static inline int twice(register int x) { return x * 2; }
int undeclared_parameters();
int undeclared_parameters(int a, double b) { return a + b; }
static jmp_buf back;
static void jump(int n) { if (n == 0) longjmp(back, 42); jump(n - 1); }
struct callbacks { int (*f)(int, int); struct { double (*g)(int, ...); } in; int (*table[2])(int, int); };
extern int defined_later;
static int use_later(void) { return defined_later + 1; }
int defined_later = 41;

int main(int argc, char **argv)
{
    item m = { 1, 2.5, 3 }; struct six x = { "hello" }; struct callbacks c = { add, { sum }, { subtract, add } };
    printf("%d %d %d %d %d\n", choose('+')(1, 2), choose('-')(1, 2), pick(1)(9, 3), apply(subtract, 5, 3), (*choose('+'))(4, 4));
    printf("%ld\n", many(-1, -2, -3, -4, 255, 65535, 4000000000u, 5, 6.5f, 7.25, 8.125L, "A", m, x));
    printf("%g\n", sum(9, 'i', -5, 'l', 1l << 40, 'd', 0.5, 'L', 0.25L, 's', "four", 'm', m, 'x', x, 'f', add, 'd', 1.5f));
    printf("%d\n", forward("%d %s %5.1f %c %lx %Lg", 1, "two", 3.0, 'f', 0x500000000, 6.5L));
    printf("%d ", counter()); printf("%d ", counter()); printf("%d\n", counter()); printf("%g %c\n", variable_struct(1, 2.5).b, variable_struct(3, 0.0).c);
    printf("%d %d %d %d %g %d\n", ackermann(2, 3), narrow(200), unsigned_narrow(-1), boolean(256), rounded(0.1), twice(21));
    takes_narrow(300, -1, 70000, 5); printf("%d %d\n", undeclared_parameters(1, 2.5), use_later());
    printf("%d %g %d %d\n", c.f(1, 2), c.in.g(1, 'i', 5), c.table[0](1, 2), (&c)->table[1](1, 2));
    volatile int tries = 0; int r = setjmp(back); printf("%d ", r); if (tries++ < 1) jump(5); printf("%d\n", setjmp(back));
    printf("%d %d %s\n", argc, argv[argc] == 0, __func__); printf("%d\n", add(add(1, add(2, 3)), subtract(add(4, 5), 6)));
    operation *f = choose('+'), *g = add; printf("%d %d %d\n", f == g, f != subtract, !f); void (*none)(void) = 0; if (none) none();
    printf("%d %d\n", (int)sizeof f, (int)sizeof(f(1, 2))); return 0;
}
