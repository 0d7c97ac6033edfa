// Macros: arguments, nesting, # and ##, variable arguments, recursion, conditions, lines and files.
#include <stdio.h>
#define EMPTY
#define ONE 1
#define ADD(a, b) ((a) + (b))
#define STRING(x) #x
#define EXPANDED(x) STRING(x)
#define JOIN(a, b) a##b
#define JOIN_EXPANDED(a, b) JOIN(a, b)
#define CALL(f, ...) f(__VA_ARGS__)
#define PRINT(format, ...) printf(format "\n", ##__VA_ARGS__)
#define NAMED(rest...) printf(rest)
#define NOTHING()
#define SELF 1 + SELF
#define MUTUAL_A MUTUAL_B
#define MUTUAL_B MUTUAL_A
#define f(x) x + f(x)
#define LATER f
#define PAIR(x) x, x
#define FIRST(a, b) a
#define FIRST_OF(pair) FIRST(pair)
#define xstr(s) str(s)
#define str(s) # s
#define debug(s, t) printf("x" # s "= %d, x" # t "= %s\n", x ## s, x ## t)
#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
#define t(x, y, z) x ## y ## z
#define obj_like (1-1)
#define COUNT(...) COUNT_(__VA_ARGS__, 5, 4, 3, 2, 1)
#define COUNT_(a, b, c, d, e, n, ...) n
#define MULTI(a) \
    do { \
        printf("%d\n", a); \
    } while (0)
#if ONE + 1 == 2 && defined ONE && !defined(TWO) && (-1 < 0) && -1 > 0u && 'a' == 97 && 0x10 == 16 && UNKNOWN == 0
#define FIRST_CONDITION "held"
#else
#define FIRST_CONDITION "did not hold"
#endif
#if 0
it's skipped "text #else
#if 1
#else
#endif
#elif (1 ? 2 : 3) == 2 && 1 << 3 == 8 && 7 / 2 == 3 && ~0 == -1 && (2 || 1 / 0)
#define SECOND "elif"
#else
#define SECOND "else"
#endif
#ifdef TWO
#error wrong
#elif defined ONE
# define THIRD "third"
#endif
#ifndef ONE
#elif 0
#else
#define FOURTH "fourth"
#endif
#if 18446744073709551615u == -1 && 9223372036854775807 + 1u > 0 && 5000000000 > 4000000000
#define WIDE "wide"
#endif
#undef ONE
#undef NEVER_DEFINED
#define ONE 11
#pragma STDC FP_CONTRACT OFF
#

int CALL(main_function, void);
static int identity(int x) { return x; }
enum { SELF_VALUE = 10 };
static int (f)(int x) { return x * 100; }
#undef SELF
static int SELF = 10;
#define SELF 1 + SELF
int MUTUAL_A = 3;

int main(void)
{
    int x1 = 5, xy = 6, SELF_ = 1; char *x2 = "two";
    printf("%d %d %d\n", ONE, ADD(ADD(1, 2), (3, 4)), ADD(EMPTY 5 EMPTY, 6));
    printf("%s %s %s %s\n", STRING(ONE), EXPANDED(ONE), STRING(  a   +  b /* c */ "d\n" '\0' ), STRING());
    printf("%d %d %s\n", JOIN(x, 1), JOIN_EXPANDED(x, y), EXPANDED(JOIN_EXPANDED(ON, E)));
    PRINT("none"); PRINT("%d %d", 1, 2); NAMED("%s\n", "named"); printf("%d\n", CALL(ADD, 3, 4));
    printf("%d %d %d\n", SELF, MUTUAL_A, NOTHING() 7); printf("%d\n", LATER (2) NOTHING());
    printf("%s\n", xstr(strncmp("abc\0d", "abc", '\4') == 0) ": @\n"); debug(1, 2); printf("%s\n", join(x, y));
    printf("%d %d %d %d\n", t(1,2,3), t(,4,5), t(6,,7), t(,,8)); printf("%s|%s\n", xstr(t(,,)), xstr(t(a,,b)));
    printf("%d %d %d\n", COUNT(1), COUNT(1, 2, 3), COUNT(a, b, c, d, e)); MULTI(identity
        (4
        )); printf("%s %s %s %s %s\n", FIRST_CONDITION, SECOND, THIRD, FOURTH, WIDE);
    printf("%d %d\n", __LINE__, __STDC_VERSION__ >= 199901L); printf("%d %s\n", __LINE__ +
        0, sizeof __FILE__ > 5 ? "file" : "no file"); printf("a" "b" /* between */ "c"
        "\x41" "1\n"); printf("%s %s\n", STRING('"'), STRING("\\")); printf("%s\n", EXPANDED(f(1)(2)));
    int a = 1, b = 2; printf("%d %d\n", a+++b, a-- -b); printf("%d\n", 1 ? (a,b) : 0 );
    printf("%s\n", STRING(FIRST_OF(x) | PAIR(y) | obj_like | <= >>= ... -> # %)); return 0; \
}
