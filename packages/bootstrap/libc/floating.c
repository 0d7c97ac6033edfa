// The C library of the first compilers, part 4: floating numbers from text, and the little mathematics there is.
//
// The compiler reads its constants by the same code. No hexadecimal, no inf or nan in text.

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// decimal.c
extern long decimal_mantissa;
void decimal_round(char *text, long precision, long lowest);
long decimal_double(void);
long decimal_extended(void);

// Rounds the number at the beginning of the text to so many bits; returns its sign, and where it ends.
static int read_number(const char *text, char **end, int precision, int lowest)
{
    const char *begin = text, *digits;
    int negative = 0, any = 0;
    while (isspace(*text)) text++;
    if (*text == '+' || *text == '-') negative = *text++ == '-';
    digits = text;
    while (isdigit(*text)) any = 1, text++;
    if (*text == '.')
        for (text++; isdigit(*text); text++) any = 1;
    if (!any) {
        if (end) *end = (char *)begin;
        decimal_round((char *)"0", precision, lowest);
        return 0;
    }
    if (*text == 'e' || *text == 'E') {
        int sign = text[1] == '+' || text[1] == '-';
        if (isdigit(text[1 + sign]))
            for (text += 1 + sign; isdigit(*text); text++) continue;
    }
    if (end) *end = (char *)text;
    // What follows the number must not be taken for an exponent.
    size_t length = text - digits;
    char *copy = malloc(length + 1);
    memcpy(copy, digits, length);
    copy[length] = 0;
    decimal_round(copy, precision, lowest);
    free(copy);
    return negative;
}

double strtod(const char *text, char **end)
{
    int negative = read_number(text, end, 53, -1074);
    long bits = decimal_double();
    double value;
    memcpy(&value, &bits, 8);
    if (bits == 2047l << 52) errno = ERANGE;
    return negative ? -value : value;
}

float strtof(const char *text, char **end)
{
    int negative = read_number(text, end, 24, -149);
    long bits = decimal_double();
    double value;
    memcpy(&value, &bits, 8);
    float result = value;
    if (bits >= (1023l + 128) << 52) errno = ERANGE;
    return negative ? -result : result;
}

long double strtold(const char *text, char **end)
{
    int negative = read_number(text, end, 64, -16445);
    long exponent = decimal_extended();
    long double value = 0;
    memcpy(&value, &decimal_mantissa, 8);
    memcpy((char *)&value + 8, &exponent, 2);
    if (exponent == 32767) errno = ERANGE;
    return negative ? -value : value;
}

double atof(const char *text) { return strtod(text, NULL); }
double fabs(double value) { return value < 0 ? -value : value; }

double ldexp(double value, int exponent)
{
    // The last step may round, and only that.
    long double wide = value;
    for (; exponent > 0; exponent--)
        if (exponent >= 64) wide *= 18446744073709551616.0L, exponent -= 63;
        else wide *= 2;
    for (; exponent < 0; exponent++)
        if (exponent <= -64) wide /= 18446744073709551616.0L, exponent += 63;
        else wide /= 2;
    return wide;
}
