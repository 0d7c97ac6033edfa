// float, double and long double: arithmetic, rounding to the type, conversion, comparison with NaN, constants.
#include <stdio.h>
#include <string.h>

static void bits(const char *name, const void *value, int size)
{
    const unsigned char *p = value;
    printf("%s:", name);
    while (size) printf(" %02x", p[--size]);
    printf("\n");
}

#define FLOAT(e) do { float v = e; bits(#e, &v, 4); } while (0)
#define DOUBLE(e) do { double v = e; bits(#e, &v, 8); } while (0)
#define LONG(e) do { long double v = e; bits(#e, &v, 10); } while (0)

static float third(float x) { return x / 3; }
static double halve(double x) { return x / 2; }
static long double square(long double x) { return x * x; }
static double mixed(char c, float f, int i, double d, long double l, unsigned char u) { return c + f * i - d / l + u; }

static float global_float = 1.1f, float_array[] = { 1, -2.5f, 1e10 };
static double global_double = -1.0 / 3, double_array[3] = { [1] = 2.5, 1 / 3.0 };
static long double global_long = 1.1L;
static int global_int = 2.9 * 2;
static const double zero = 0.0;

int main(void)
{
    volatile float f = 16777217, g = 0.1f, h;
    volatile double d = 0.1, e = 3;
    volatile long double l = 0.1L, m = 3;
    volatile int i = -7;
    volatile unsigned u = 4000000000u;
    volatile long n = 9007199254740993;
    volatile unsigned long ul = 18446744073709551615ul, ul2 = 0x8000000000000401, ul3 = 0xfffffe8000000001;
    DOUBLE(0.1); DOUBLE(1e23); DOUBLE(1e22); DOUBLE(123456789.123456789); DOUBLE(2.2250738585072011e-308); DOUBLE(4.9e-324); DOUBLE(2.4e-324);
    DOUBLE(1.7976931348623157e308); DOUBLE(1e400); DOUBLE(9007199254740993.0); DOUBLE(9007199254740995.); DOUBLE(.5e-3); DOUBLE(8.5e+2); DOUBLE(0.);
    DOUBLE(0.500000000000000166533453693773481063544750213623046875); DOUBLE(179769313486231580793728971405301e276); DOUBLE(1e-400);
    FLOAT(0.1f); FLOAT(16777217.0f); FLOAT(1.00000017881393432617187499f); FLOAT(1e-45f); FLOAT(3.4028235e38f); FLOAT(0.1); FLOAT(1e39f); FLOAT(7e-46f);
    LONG(0.1L); LONG(1e4000L); LONG(3.6e-4951L); LONG(1e-4940L); LONG(18446744073709551617.0L); LONG(0.1); LONG(0.1f); LONG(1.18973149535723176502e+4932L);
    FLOAT(f); FLOAT(g * g); FLOAT(g + d); FLOAT(f / 3); FLOAT(third(10)); FLOAT(g * 3 + f); FLOAT(-g); FLOAT(g - g); FLOAT(-(g - g));
    DOUBLE(d + 0.2); DOUBLE(d * d); DOUBLE(d / e); DOUBLE(d - e); DOUBLE(halve(d)); DOUBLE(g); DOUBLE(l); DOUBLE(-zero); DOUBLE(e / zero); DOUBLE(-d);
    LONG(l + m); LONG(l * m); LONG(l / m); LONG(l - m); LONG(square(l)); LONG(d); LONG(g); LONG(-l); LONG(l * d); LONG(m / l - i);
    DOUBLE(i); DOUBLE(u); DOUBLE(n); DOUBLE(ul); DOUBLE(ul2); FLOAT(ul3); FLOAT(n); FLOAT(ul); FLOAT(u); FLOAT(i); LONG(n); LONG(ul); LONG(u);
    DOUBLE(mixed('a', 2.5f, 3, 4.25, 8.0L, 255)); DOUBLE(i + u); DOUBLE(1 ? i : d); DOUBLE(0 ? i : g);
    printf("%d %d %d %u %ld %lu\n", (int)-2.9, (int)2.9f, (int)-2.9L, (unsigned)4000000000.5, (long)1e18, (unsigned long)1.8e19);
    printf("%lu %lu %lu %d %d\n", (unsigned long)9223372036854775808.0, (unsigned long)1e19f, (unsigned long)18446744073709551615.0L, (unsigned char)200.7, (short)-3.99);
    i = 3.99; u = 3e9; n = -1e15; f = n; d = u; printf("%d %u %ld %f %f\n", i, u, n, f, d);
    i = 10; i /= 2.5; f = 1.1f; f += 1; f *= f; d = 2; d -= f; printf("%d %.9g %.17g\n", i, f, d);
    d = 5; printf("%g ", d++); printf("%g ", d); printf("%g ", ++d); printf("%g ", d--); f = 1.5f; printf("%g ", f++); printf("%g ", f); l = 2; printf("%Lg ", l--); printf("%Lg\n", l);
    volatile double nan = zero / zero, inf = 1 / zero;
    printf("%d%d%d%d%d%d ", nan == nan, nan != nan, nan < nan, nan > nan, nan <= nan, nan >= nan);
    printf("%d%d%d%d%d%d ", 1 < nan, nan < 1, 1 > nan, nan > 1, 1 <= nan, 1 >= nan);
    printf("%d%d%d%d%d%d ", e < m, e <= m, e > m, e >= m, e == m, e != m);
    l = nan; printf("%d%d%d%d%d%d ", l == l, l != l, l < l, l > 1, l <= 1, 1 >= l);
    l = 1; m = 2; printf("%d%d%d%d%d%d ", l == m, l != m, l < m, l > m, l <= m, l >= m);
    f = nan; printf("%d%d%d ", !nan, !f, !zero); printf("%d %d %d %d\n", nan ? 1 : 0, zero || nan, d && inf, l ? 3 : 4);
    if (zero) printf("wrong\n"); if (nan) printf("nan is true\n"); while (d > 0) d -= 3; for (f = 0; f < 1; f += 0.25f) printf("%g ", f);
    printf("%.9g %.9g %.9g %.9g\n", global_float, float_array[0], float_array[1], float_array[2]);
    printf("%.17g %.17g %.17g %.17g %.21Lg %d\n", global_double, double_array[0], double_array[1], double_array[2], global_long, global_int);
    printf("%d %d %d %d %d %d\n", (int)sizeof f, (int)sizeof(f + f), (int)sizeof(f + d), (int)sizeof(1.0f), (int)sizeof 1.0, (int)sizeof 1.0L);
    _Bool b = 0.1; printf("%d ", b); b = zero; printf("%d ", b); b = nan; printf("%d\n", b);
    f = 1e30f; f = f * f / f; DOUBLE(f); h = 1e-30f; h = h * h; FLOAT(h); h = 1e-20f; h *= 1e-20f; FLOAT(h); f = 1.5e-39f; FLOAT(f / 3.7f);
    return 0;
}
