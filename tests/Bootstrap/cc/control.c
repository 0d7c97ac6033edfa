// if, loops, switch with fall-through and nesting, goto, break and continue, the conditional and comma operators.
#include <stdio.h>

static int calls;
static int count(int value) { calls++; return value; }
static int kind(int c)
{
    switch (c) {
    case 'a': case 'e': case 'i': return 1;
    case -1: return 2;
    case 0x7fffffff: return 3;
    case 10: c++;
    default: c *= 2; break;
    case 11: { c = 0; break; }
    }
    return c;
}
static int wide(unsigned long v) { switch (v) { case 1ul << 40: return 1; case 0xffffffff: return 2; case -1: return 3; } return 4; }
static int narrow(char c) { switch (c) { case -56: return 1; case 'x': return 2; default: return 0; } }
static int duff(int n) { int s = 0; switch (n % 4) { case 0: do { s += 1; case 3: s += 10; case 2: s += 100; case 1: s += 1000; } while ((n -= 4) > 0); } return s; }
static int find(int n) { for (int i = 0;; i++) for (int j = 0; j <= i; j++) if (i * j == n) goto found; else continue; found: return n; }
static int returns_in_loop(int n) { while (1) if (n > 3) n--; else return n; }
static void nothing(void) { return; }
static int collatz(int n) { int s = 0; again: if (n == 1) goto end; n = n % 2 ? 3 * n + 1 : n / 2; s++; goto again; end: return s; }
static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
int is_odd(int n);
int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }

int main(void)
{
    int i, j, n = 0;
    printf("%d %d %d %d %d %d\n", kind('a'), kind(-1), kind(0x7fffffff), kind(10), kind(11), kind(5));
    printf("%d %d %d %d %d %d\n", wide(1ul << 40), wide(~0u), wide(-1), wide(0), narrow(200), narrow('x'));
    printf("%d %d %d %d\n", duff(1), duff(4), duff(7), duff(10));
    printf("%d %d %d %d\n", find(35), returns_in_loop(9), collatz(27), fibonacci(15)); nothing();
    printf("%d %d\n", is_even(10), is_odd(7));
    for (i = 0, j = 10; i < j; i++, j--) { if (i == 2) continue; if (j == 6) break; n += i * j; } printf("%d %d %d\n", i, j, n);
    do { n--; if (n % 3 == 0) continue; if (n < 0) break; } while (n > 5); printf("%d\n", n);
    while (n++ < 20) { switch (n) { case 15: continue; case 17: break; default: i += n; } if (n == 18) break; j++; } printf("%d %d %d\n", n, i, j);
    printf("%d ", count(0) && count(1)); printf("%d ", calls); printf("%d ", count(1) || count(1)); printf("%d\n", calls);
    printf("%d ", count(0) || count(0) && count(1)); printf("%d ", calls); printf("%d\n", !count(5));
    printf("%d ", (n = 3, n + 1)); printf("%d %d\n", n ? n > 2 ? 10 : 20 : 30, n == 4 ? 1 : n == 3 ? 2 : 3);
    if (n) if (n > 5) printf("a\n"); else printf("b\n"); else printf("c\n");
    if (!n); else { ; } for (;;) { break; } { int n = 7; { int n = 8; printf("%d ", n); } printf("%d ", n); } printf("%d\n", n);
    for (int n = 0; n < 2; n++) { int i = n * 2; printf("%d ", i); } printf("%d\n", n);
    switch (n) { int unused; case 3: unused = 5; printf("%d\n", unused); } switch (n) default: printf("default\n"); switch (n);
    for (i = 0; i < 3; i++) switch (i) { case 0: for (j = 0; j < 2; j++) if (j) break; printf("zero "); break; case 1: printf("one "); default: printf("more "); } printf("\n");
    goto into; if (0) { into: printf("into\n"); } else printf("wrong\n");
    label: if (n-- > 0) goto label; printf("%d\n", n);
    { goto inner; int k; inner: k = 4; printf("%d\n", k); }
    return n > 0;
}
