// Sizes, ranges, promotion, conversion, wrap-around, shifts, division, comparison of all integer types.
#include <limits.h>
#include <stdio.h>

#define SHOW(expression) printf("%s: %ld size %d negative %d\n", #expression, (long)(expression), (int)sizeof(expression), (expression) - (expression) - 1 < 0)

static long identity(long value) { return value; }

int main(void)
{
    volatile signed char sc = -100;
    volatile unsigned char uc = 200;
    volatile short s = -30000;
    volatile unsigned short us = 60000;
    volatile int i = INT_MIN;
    volatile unsigned u = UINT_MAX;
    volatile long l = LONG_MIN;
    volatile unsigned long ul = ULONG_MAX;
    volatile long long ll = -1;
    volatile _Bool b = 200;
    char c = 200;
    SHOW(sc); SHOW(uc); SHOW(s); SHOW(us); SHOW(i); SHOW(u); SHOW(l); SHOW(ul); SHOW(ll); SHOW(b); SHOW(c);
    SHOW(+sc); SHOW(+uc); SHOW(-us); SHOW(~uc); SHOW(~u); SHOW(-u); SHOW(!u); SHOW(+b); SHOW(-b); SHOW(~b);
    SHOW(sc + uc); SHOW(uc * uc); SHOW(us * 2); SHOW(s * s); SHOW(i + 1u); SHOW(u + 1); SHOW(u + 1l); SHOW(ul + 1);
    SHOW(i - 1l); SHOW(l + u); SHOW(ll + ul); SHOW(uc << 8); SHOW(uc << 24 >> 24); SHOW(u >> 31); SHOW(i >> 31);
    SHOW(ul >> 63); SHOW(l >> 63); SHOW(1ul << 63); SHOW(1 << 30); SHOW(sc >> 1); SHOW(us >> 4);
    SHOW(sc / 7); SHOW(sc % 7); SHOW(-sc / 7); SHOW(sc / -7); SHOW(sc % -7); SHOW(u / 7); SHOW(u % 7); SHOW(ul / 10); SHOW(ul % 10);
    SHOW(l / 10); SHOW(l % 10); SHOW(-1 / 2u); SHOW(-1l / 2u); SHOW(i / 2); SHOW((unsigned)i / 2);
    SHOW(-1 < 0u); SHOW(-1l < 0u); SHOW(-1 < 0ul); SHOW(sc < uc); SHOW(i < u); SHOW(l < u); SHOW(us > s); SHOW(ul > 0); SHOW(i <= INT_MIN);
    SHOW((char)300); SHOW((unsigned char)-1); SHOW((short)70000); SHOW((unsigned short)-1); SHOW((int)5000000000l);
    SHOW((unsigned)-1l); SHOW((long)-1); SHOW((unsigned long)-1); SHOW((unsigned long)u); SHOW((_Bool)256); SHOW((_Bool)0.5);
    SHOW(sc & 0xff); SHOW(uc | 0x100); SHOW(uc ^ sc); SHOW(u & -2); SHOW(ul & ~0u);
    SHOW(1 ? sc : u); SHOW(1 ? -1 : 0u); SHOW(0 ? 1l : -1); SHOW((1, uc)); SHOW(1 ? uc : sc);
    SHOW(2147483647); SHOW(2147483648); SHOW(0x7fffffff); SHOW(0x80000000); SHOW(0xffffffff); SHOW(0x100000000);
    SHOW(4294967295u); SHOW(4294967296u); SHOW(037777777777); SHOW(0x7fffffffffffffff); SHOW(0x8000000000000000);
    SHOW(1u); SHOW(1l); SHOW(1ul); SHOW(1ll); SHOW(1LLU); SHOW('a'); SHOW('\377'); SHOW('\x80'); SHOW('\0'); SHOW(L'a'); SHOW(0b101);
    sc += 1; uc += 100; s -= 10000; us <<= 1; i -= 1; u *= u; l -= 1; ul /= 3; b += 1; b ^= 1; c >>= 1;
    SHOW(sc); SHOW(uc); SHOW(s); SHOW(us); SHOW(i); SHOW(u); SHOW(l); SHOW(ul); SHOW(b); SHOW(c);
    uc = 250; sc = 127;
    printf("%d ", uc++); printf("%d ", uc); printf("%d ", ++uc); printf("%d ", sc--); printf("%d ", --sc); printf("%d\n", sc);
    for (uc = 254; uc; uc++) printf("%d ", uc);
    for (b = 0; !b; b++) printf("once ");
    printf("%d\n", b--);
    printf("%d\n", b);
    s = 40000; us = -5; uc = 1000; i = 3000000000u; l = i; u = l;
    printf("%d %d %d %d %ld %u\n", s, us, uc, i, l, u);
    printf("%ld %ld %ld\n", identity(-1), identity(u), identity(uc));
    printf("%d %d\n", (int)sizeof(1 ? (char)1 : (char)2), (int)sizeof((char)1 + (char)2));
    int x = 7; x += 3.7; printf("%d\n", x);
    x = 10; x *= 1.5; printf("%d\n", x);
    x = -7; printf("%d %d %d %d\n", x / 2, x % 2, x >> 1, x & 1);
    unsigned long big = 0xfedcba9876543210; printf("%lx %lx %lu %lu\n", big >> 4, big << 4, big / 12345, big % 12345);
    printf("%lu %lu %d\n", big / 0x8000000000000001, big % 0x8000000000000001, big > 0x8000000000000001);
    return 0;
}
