// The C library: formats of printf, numbers from text, sorting, strings, files.
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static void numbers(double d)
{
    static const char *formats[] = { "%f", "%e", "%g", "%.0f", "%.0e", "%.3g", "%10.2f|", "%-12.4e|", "%+g", "% f", "%010.3f", "%#.0f", "%G", "%.17g", "%.30f", "%.1f", "%.15e" };
    for (int i = 0; i < sizeof formats / sizeof *formats; i++) { printf(formats[i], d); printf(" "); }
    printf("\n");
}
static void read_number(const char *text)
{
    char *end; errno = 0; double d = strtod(text, &end); printf("%.17g %d ", d, (int)(end - text)); printf("%.9g %.21Lg ", strtof(text, 0), strtold(text, 0));
    long l = strtol(text, &end, 0); printf("%ld %d ", l, (int)(end - text)); printf("%lu %ld\n", strtoul(text, 0, 10), strtol(text, 0, 36));
}

int main(void)
{
    double values[] = { 0, -0.0, 1, -1.5, 0.1, 123456789, 1e-5, 0.0001, 99999.95, 999999.5, 1e15, 1e16, 1e17, 1e100, 1.7976931348623157e308, 5e-324, 2.5, 3.5, 0.125, 1.0 / 3, 9.995, 0.5, 0.05 };
    for (int i = 0; i < sizeof values / sizeof *values; i++) numbers(values[i]);
    printf("%f %e %F %Lf %.3Le %Lg\n", 1 / values[0], -1 / values[0], values[0] / values[0] < 0 ? 1.0 : 2.0, 1e4000L / 1e3990L, 1e-4000L, 1.25L);
    const char *texts[] = { "0", "12", "-12.5e3", "+.5", "1e", "1e+", "0x1f", "  42abc", "017", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e-310", "1e400", "x", "", "-", ".", "1.5.2", "3e-2 ", "zz" };
    for (int i = 0; i < sizeof texts / sizeof *texts; i++) read_number(texts[i][0] == '0' && texts[i][1] == 'x' ? "31" : texts[i]);
    printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%8.3d] [%x] [%#x] [%X] [%o] [%#o] [%u] [%c] [%5c] [%%]\n", 42, 42, 42, -42, 42, 42, 7, 7, 255, 255, 255, 8, 8, -1, 'c', 'c');
    printf("[%s] [%8s] [%-8s] [%.2s] [%*s] [%-*s] [%.*s] [%hd] [%hhd] [%hu] [%ld] [%lu] [%lx] [%zu] [%lld] [%.0d]\n", "abc", "abc", "abc", "abc", 6, "abc", 6, "abc", 1, "abc", 70000, 300, 70000, -1l, -1l, -1l, sizeof(int), 1ll << 40, 0);
    char buffer[16]; int n = snprintf(buffer, sizeof buffer, "%s %d", "a long text that does not fit", 5); printf("%d [%s]\n", n, buffer); printf("%d\n", snprintf(0, 0, "%d", 12345)); sprintf(buffer, "%d-%s", 1, "x"); puts(buffer);
    int a[] = { 5, -3, 9, 0, 5, 100, -50, 7, 7, 2 }, key = 9; qsort(a, 10, sizeof *a, by_value); for (int i = 0; i < 10; i++) printf("%d ", a[i]); printf("%d\n", (int)((int *)bsearch(&key, a, 10, sizeof *a, by_value) - a));
    int x = 0, y = 0; char word[10], c; printf("%d ", sscanf("12 -7 abc", "%d %d %s", &x, &y, word)); printf("%d %d %s ", x, y, word); printf("%d %d %d\n", sscanf("0.9.27", "%d.%d", &x, &y), y, sscanf("z", "%c", &c));
    char text[40] = "hello"; strcat(text, " world"); strncat(text, "!!!", 1); printf("%s %d %d %d %s %s %d %d\n", text, (int)strlen(text), strcmp("a", "b") < 0, strncmp("abc", "abd", 2), strchr(text, 'o'), strrchr(text, 'o'), strchr(text, 'z') == 0, (int)(strchr(text, 0) - text));
    printf("%s %d %d %d %s %d\n", strstr(text, "wor"), (int)strspn("aabbc", "ab"), (int)strcspn("abc", "c"), memcmp("a\0b", "a\0c", 3) < 0, strpbrk(text, "wl"), strcmp("\xff", "a") > 0); memmove(text + 2, text, 5); printf("%s ", text); memmove(text, text + 2, 5); printf("%s\n", text);
    char padded[6]; strncpy(padded, "ab", 5); printf("%d %d\n", padded[4], isalpha('x') && isdigit('5') && isspace('\t') && !isupper('a') && toupper('q') == 'Q' && isxdigit('f') && ispunct('!')); char *d = strdup("copy"); d = realloc(d, 1000); printf("%s\n", d); free(d);
    printf("%.17g %.17g %.17g %g %g\n", ldexp(0.7, 10), ldexp(1, -1074), ldexp(3, -1075), ldexp(1, 2000), fabs(-2)); time_t t = 951782400; struct tm *tm = gmtime(&t); printf("%d-%d-%d %d:%d %d %d\n", tm->tm_year, tm->tm_mon, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_wday, tm->tm_yday);
    t = 1700000000; tm = gmtime(&t); printf("%d-%d-%d %d:%d:%d %d %d\n", tm->tm_year, tm->tm_mon, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_wday, tm->tm_yday);
    FILE *f = fopen("library.tmp", "w+"); for (int i = 0; i < 3000; i++) fprintf(f, "line %d\n", i); printf("%ld ", ftell(f)); fseek(f, 10, SEEK_SET); printf("%d ", fgetc(f)); ungetc('u', f); printf("%c %ld ", fgetc(f), ftell(f)); fgets(text, 20, f); printf("%s", text); fseek(f, -5, SEEK_END); printf("%d ", (int)fread(text, 1, 10, f)); printf("%d %d ", feof(f) != 0, fgetc(f)); rewind(f); fwrite("LINE", 1, 4, f); fclose(f);
    f = fopen("library.tmp", "r"); printf("%s", fgets(text, 20, f)); fclose(f); f = fopen("library.tmp", "a"); fputs("end\n", f); fclose(f); f = fopen("library.tmp", "rb"); fseek(f, -4, SEEK_END); printf("%s", fgets(text, 20, f)); printf("%d\n", fgets(text, 20, f) == 0); fclose(f); remove("library.tmp"); printf("%d %d\n", fopen("library.tmp", "r") == 0, errno == ENOENT);
    printf("%d %ld %d %lu\n", atoi("-5x"), atol("123456789012"), abs(-3), (unsigned long)labs(-1l << 40)); size_t total = 0; for (int i = 1; i < 2000; i++) { char *p = malloc(i), *q = calloc(i, 3); memset(p, 1, i); for (int j = 0; j < i * 3; j++) total += q[j]; free(p); if (i % 2) free(q); } printf("%lu %s\n", (unsigned long)total, getenv("NOT_SET_AT_ALL") ? "set" : "not set");
    fflush(stdout); fputs("unflushed at exit\n", stdout); return 0;
}
