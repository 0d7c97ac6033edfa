// The C library of the first compilers, part 5: printf and its family, sscanf.

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Where the characters go: a file, or memory of limited size. All are counted.
struct sink {
    FILE *file;
    char *at;
    size_t room;
    int count;
};

static void emit(struct sink *s, int c)
{
    if (s->file) fputc(c, s->file);
    else if (s->room > 1) {
        *s->at++ = c;
        s->room--;
    }
    s->count++;
}

struct conversion {
    int left, zero, plus, blank, alternative;
    int width;
    int precision;      // -1 where none is given
};

// Sign or prefix, then the text, to the width of the field.
static void emit_field(struct sink *s, struct conversion *c, const char *prefix, const char *text, int length)
{
    int padding = c->width - length - (int)strlen(prefix);
    if (!c->left && !c->zero)
        for (; padding > 0; padding--) emit(s, ' ');
    while (*prefix) emit(s, *prefix++);
    if (!c->left)
        for (; padding > 0; padding--) emit(s, '0');
    while (length-- > 0) emit(s, *text++);
    for (; padding > 0; padding--) emit(s, ' ');
}

static void emit_integer(struct sink *s, struct conversion *c, unsigned long value, int negative, int letter)
{
    char digits[96];
    int at = sizeof digits, base = letter == 'o' ? 8 : letter == 'x' || letter == 'X' || letter == 'p' ? 16 : 10;
    const char *prefix = negative ? "-" : letter != 'd' ? "" : c->plus ? "+" : c->blank ? " " : "";
    if (letter == 'p' || c->alternative && value && base == 16) prefix = letter == 'X' ? "0X" : "0x";
    int least = c->precision < 0 ? 1 : c->precision > 64 ? 64 : c->precision;
    for (; value || (int)sizeof digits - at < least; value /= base)
        digits[--at] = (letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
    if (letter == 'o' && c->alternative && (at == sizeof digits || digits[at] != '0')) digits[--at] = '0';
    if (c->precision >= 0) c->zero = 0;
    emit_field(s, c, prefix, digits + at, sizeof digits - at);
}

// ---- Floating numbers, exactly: a number is an integer times a power of two, and that is an integer (times a power of
// five) and a decimal point in it.

static char *decimal_digits;    // without leading zeros
static int decimal_count;
static int decimal_point;       // how many of them are before the point; may be negative, or more than there are

static void expand(long double value)
{
    unsigned long mantissa = 0;
    unsigned short exponent = 0;
    static unsigned words[2000];
    static char text[18001];
    int length = 0, i, fives = 0;
    memcpy(&mantissa, &value, 8);
    memcpy(&exponent, (char *)&value + 8, 2);
    int power = (exponent & 32767) - 16383 - 63;
    if (!(exponent & 32767)) power = -16445;
    while (mantissa && !(mantissa & 1) && power < 0) mantissa >>= 1, power++;
    for (; mantissa; mantissa /= 1000000000) words[length++] = mantissa % 1000000000;
    if (!length) power = 0;
    while (power) {
        unsigned factor = power > 0 ? 2 : 5;
        unsigned long carry = 0;
        if (power >= 20) factor = 1 << 20, power -= 19;
        if (power <= -12) factor = 244140625, power += 11, fives += 11;
        if (power < 0) power++, fives++;
        else power--;
        for (i = 0; i < length; i++) {
            carry += (unsigned long)words[i] * factor;
            words[i] = carry % 1000000000;
            carry /= 1000000000;
        }
        if (carry) words[length++] = carry;
    }
    decimal_count = 0;
    for (i = length - 1; i >= 0; i--)
        for (unsigned unit = 100000000; unit; unit /= 10) {
            char digit = '0' + words[i] / unit % 10;
            if (decimal_count || digit != '0') text[decimal_count++] = digit;
        }
    decimal_digits = text;
    decimal_point = decimal_count - fives;
}

// Rounds to so many digits, ties to even.
static void round_to(int count)
{
    char *d = decimal_digits;
    if (count >= decimal_count) return;
    if (count < 0) {
        decimal_count = 0;
        return;
    }
    int up = d[count] > '5', i;
    if (d[count] == '5') {
        up = count > 0 && (d[count - 1] & 1);
        for (i = count + 1; i < decimal_count; i++)
            if (d[i] != '0') up = 1;
    }
    decimal_count = count;
    if (!up) return;
    for (i = count - 1; i >= 0 && d[i] == '9'; i--) d[i] = '0';
    if (i >= 0) d[i]++;
    else {
        // All nines, or no digit at all: one more digit before them.
        memmove(d + 1, d, count);
        d[0] = '1';
        decimal_count = count + 1;
        decimal_point++;
    }
}

static char digit_at(int i)
{
    return i >= 0 && i < decimal_count ? decimal_digits[i] : '0';
}

static void emit_floating(struct sink *s, struct conversion *c, long double value, int letter)
{
    static char text[25000];
    int length = 0, i, precision = c->precision < 0 ? 6 : c->precision > 5000 ? 5000 : c->precision;
    unsigned short sign = 0;
    unsigned long mantissa = 0;
    memcpy(&mantissa, &value, 8);
    memcpy(&sign, (char *)&value + 8, 2);
    const char *prefix = sign >> 15 ? "-" : c->plus ? "+" : c->blank ? " " : "";
    int small = tolower(letter), trim = 0;
    if ((sign & 32767) == 32767) {
        c->zero = 0;
        int upper = small != letter;
        emit_field(s, c, prefix, mantissa << 1 ? upper ? "NAN" : "nan" : upper ? "INF" : "inf", 3);
        return;
    }
    expand(value);
    if (small == 'g') {
        if (!precision) precision = 1;
        round_to(precision);
        trim = !c->alternative;
        int exponent = decimal_count ? decimal_point - 1 : 0;
        if (exponent < -4 || exponent >= precision) small = 'e', precision--;
        else small = 'f', precision -= exponent + 1;
    }
    if (small == 'f') {
        round_to(decimal_point + precision);
        for (i = decimal_point > 0 && decimal_count ? 0 : decimal_point - 1; i < decimal_point; i++) {
            if (decimal_point <= 0) {
                text[length++] = '0';
                break;
            }
            text[length++] = digit_at(i);
        }
        if (!length) text[length++] = '0';
    } else {
        round_to(precision + 1);
        text[length++] = digit_at(0);
    }
    if (precision || c->alternative) text[length++] = '.';
    for (i = 0; i < precision; i++) text[length++] = digit_at(small == 'f' ? decimal_point + i : 1 + i);
    if (trim && precision) {
        while (text[length - 1] == '0') length--;
        if (text[length - 1] == '.') length--;
    }
    if (small == 'e') {
        int exponent = decimal_count ? decimal_point - 1 : 0;
        text[length++] = letter == 'E' || letter == 'G' ? 'E' : 'e';
        text[length++] = exponent < 0 ? '-' : '+';
        exponent = abs(exponent);
        for (i = 1000; i; i /= 10)
            if (exponent >= i || i <= 10) text[length++] = '0' + exponent / i % 10;
    }
    emit_field(s, c, prefix, text, length);
}

static void format(struct sink *s, const char *f, va_list list)
{
    for (; *f; f++) {
        struct conversion c = { .precision = -1 };
        int size = 4;
        if (*f != '%') {
            emit(s, *f);
            continue;
        }
        for (f++;; f++) {
            if (*f == '-') c.left = 1;
            else if (*f == '0') c.zero = 1;
            else if (*f == '+') c.plus = 1;
            else if (*f == ' ') c.blank = 1;
            else if (*f == '#') c.alternative = 1;
            else break;
        }
        if (*f == '*') {
            c.width = va_arg(list, int);
            if (c.width < 0) c.left = 1, c.width = -c.width;
            f++;
        } else
            while (isdigit(*f)) c.width = c.width * 10 + *f++ - '0';
        if (*f == '.') {
            c.precision = 0;
            if (*++f == '*') {
                c.precision = va_arg(list, int);
                f++;
            } else
                while (isdigit(*f)) c.precision = c.precision * 10 + *f++ - '0';
        }
        if (c.left) c.zero = 0;
        for (;; f++) {
            if (*f == 'l' || *f == 'z' || *f == 'j' || *f == 't') size = 8;
            else if (*f == 'h') size /= 2;
            else if (*f == 'L') size = 16;
            else break;
        }
        switch (*f) {
        case 'd':
        case 'i': {
            long value = size >= 8 ? va_arg(list, long) : va_arg(list, int);
            if (size == 2) value = (short)value;
            if (size == 1) value = (signed char)value;
            emit_integer(s, &c, value < 0 ? -(unsigned long)value : value, value < 0, 'd');
            break;
        }
        case 'u':
        case 'o':
        case 'x':
        case 'X': {
            unsigned long value = size >= 8 ? va_arg(list, unsigned long) : va_arg(list, unsigned);
            if (size == 2) value = (unsigned short)value;
            if (size == 1) value = (unsigned char)value;
            emit_integer(s, &c, value, 0, *f);
            break;
        }
        case 'p':
            emit_integer(s, &c, (unsigned long)va_arg(list, void *), 0, 'p');
            break;
        case 'c': {
            char character = va_arg(list, int);
            c.zero = 0;
            emit_field(s, &c, "", &character, 1);
            break;
        }
        case 's': {
            const char *text = va_arg(list, const char *);
            int length = 0;
            if (!text) text = "(null)";
            while ((c.precision < 0 || length < c.precision) && text[length]) length++;
            c.zero = 0;
            emit_field(s, &c, "", text, length);
            break;
        }
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            if (size == 16) emit_floating(s, &c, va_arg(list, long double), *f);
            else emit_floating(s, &c, va_arg(list, double), *f);
            break;
        case '%':
            emit(s, '%');
            break;
        default:
            // A conversion that is not known: better no program than a wrong one.
            fputs("printf: unknown conversion\n", stderr);
            abort();
        }
    }
    if (!s->file && s->room) *s->at = 0;
}

int vfprintf(FILE *file, const char *f, va_list list)
{
    struct sink s = { file };
    format(&s, f, list);
    return s.count;
}

int vsnprintf(char *to, size_t size, const char *f, va_list list)
{
    struct sink s = { NULL, to, size };
    format(&s, f, list);
    return s.count;
}

int vprintf(const char *f, va_list list) { return vfprintf(stdout, f, list); }
int vsprintf(char *to, const char *f, va_list list) { return vsnprintf(to, INT_MAX, f, list); }

int printf(const char *f, ...)
{
    va_list list;
    va_start(list, f);
    int count = vfprintf(stdout, f, list);
    va_end(list);
    return count;
}

int fprintf(FILE *file, const char *f, ...)
{
    va_list list;
    va_start(list, f);
    int count = vfprintf(file, f, list);
    va_end(list);
    return count;
}

int sprintf(char *to, const char *f, ...)
{
    va_list list;
    va_start(list, f);
    int count = vsprintf(to, f, list);
    va_end(list);
    return count;
}

int snprintf(char *to, size_t size, const char *f, ...)
{
    va_list list;
    va_start(list, f);
    int count = vsnprintf(to, size, f, list);
    va_end(list);
    return count;
}

// Blanks, literal characters, and %d, %u, %x, %s, %c, with l or without.
int sscanf(const char *from, const char *f, ...)
{
    va_list list;
    int count = 0;
    va_start(list, f);
    for (; *f; f++) {
        if (isspace(*f)) {
            while (isspace(*from)) from++;
            continue;
        }
        if (*f != '%') {
            if (*from++ != *f) break;
            continue;
        }
        int is_long = f[1] == 'l';
        f += 1 + is_long;
        if (*f != 'c')
            while (isspace(*from)) from++;
        if (!*from) break;
        if (*f == 'c') *va_arg(list, char *) = *from++;
        else if (*f == 's') {
            char *to = va_arg(list, char *);
            while (*from && !isspace(*from)) *to++ = *from++;
            *to = 0;
        } else if (*f == 'd' || *f == 'u' || *f == 'x') {
            char *end;
            long value = strtol(from, &end, *f == 'x' ? 16 : 10);
            if (end == from) break;
            from = end;
            if (is_long) *va_arg(list, long *) = value;
            else *va_arg(list, int *) = value;
        } else abort();
        count++;
    }
    va_end(list);
    return count;
}
