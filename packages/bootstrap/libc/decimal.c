// Part 4 of 8 of cc: decimal fractions become binary ones, rounded to nearest, ties to even. Written in C0, as all of cc.
//
// A decimal number is D * 10^e with an integer D. That is an integer, or one divided by a power of ten: exact long
// arithmetic on words of 32 bits, and one rounding at the end. The C library's strtod is made of the same file.

long decimal_words[2048];       // the lowest first
long decimal_length;            // words in use
long decimal_mantissa;          // the result: decimal_mantissa * 2^decimal_exponent
long decimal_exponent;

void decimal_multiply_add(long factor, long addend) {
    long i = 0;
    while (i < decimal_length) {
        addend = addend + decimal_words[i] * factor;
        decimal_words[i] = addend & 4294967295;
        addend = addend >> 32;
        i++;
    }
    if (addend) {
        decimal_words[decimal_length] = addend;
        decimal_length++;
    }
}

// The remainder.
long decimal_divide(long divisor) {
    long i = decimal_length - 1;
    long rest = 0;
    while (i >= 0) {
        rest = rest << 32 | decimal_words[i];
        decimal_words[i] = rest / divisor;
        rest = rest % divisor;
        i--;
    }
    while (decimal_length && decimal_words[decimal_length - 1] == 0) decimal_length--;
    return rest;
}

void decimal_shift_words(long count) {
    long i = decimal_length - 1;
    while (i >= 0) {
        decimal_words[i + count] = decimal_words[i];
        i--;
    }
    i = 0;
    while (i < count) {
        decimal_words[i] = 0;
        i++;
    }
    decimal_length = decimal_length + count;
}

long decimal_bit(long at) {
    if (at < 0 || at / 32 >= decimal_length) return 0;
    return decimal_words[at / 32] >> at % 32 & 1;
}

// Reads digits, a point, digits, and an exponent; whoever calls has checked the form. precision is the number of bits
// of the result, lowest the exponent of the smallest number there is. A result of zero has mantissa 0.
void decimal_round(char *text, long precision, long lowest) {
    long digits = 0;
    long exponent = 0;
    long point = 0;
    long rest = 0;
    long written = 0;
    long negative = 0;
    long shift = 0;
    long bits = 0;
    long i = 0;
    decimal_length = 0;
    decimal_mantissa = 0;
    decimal_exponent = 0;
    while (*text >= '0' && *text <= '9' || *text == '.') {
        if (*text == '.') point = 1;
        else if (digits < 2000) {
            decimal_multiply_add(10, *text - '0');
            if (decimal_length) digits++;
            if (point) exponent--;
        } else {
            // Digits so far behind decide only whether something is left beyond those kept.
            if (*text != '0') rest = 1;
            if (!point) exponent++;
        }
        text++;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        negative = *text == '-';
        if (*text == '-' || *text == '+') text++;
        while (*text >= '0' && *text <= '9') {
            if (written < 1000000) written = written * 10 + *text - '0';
            text++;
        }
        if (negative) written = -written;
        exponent = exponent + written;
    }
    if (decimal_length == 0) return;
    if (exponent + digits < -5000) return;
    if (exponent + digits > 5000) {
        decimal_mantissa = 1;
        decimal_exponent = 20000;
        return;
    }
    while (exponent >= 9) {
        decimal_multiply_add(1000000000, 0);
        exponent = exponent - 9;
    }
    while (exponent > 0) {
        decimal_multiply_add(10, 0);
        exponent--;
    }
    if (exponent < 0) {
        // Enough zero bits below, so that the quotient has more bits than are kept.
        shift = -exponent / 9 + 4;
        decimal_shift_words(shift);
        while (exponent <= -9) {
            if (decimal_divide(1000000000)) rest = 1;
            exponent = exponent + 9;
        }
        while (exponent < 0) {
            if (decimal_divide(10)) rest = 1;
            exponent++;
        }
        shift = -32 * shift;
    }
    // The value is words * 2^shift, and a little more where rest is set.
    bits = 32 * decimal_length;
    while (!decimal_bit(bits - 1)) bits--;
    decimal_exponent = shift + bits - precision;
    if (decimal_exponent < lowest) decimal_exponent = lowest;
    // dropped: how many of the lowest bits do not fit.
    long dropped = decimal_exponent - shift;
    i = bits - 1;
    while (i >= dropped) {
        decimal_mantissa = decimal_mantissa << 1 | decimal_bit(i);
        i--;
    }
    if (!decimal_bit(dropped - 1)) return;
    i = dropped - 2;
    while (i >= 0 && !rest) {
        rest = decimal_bit(i);
        i--;
    }
    if (!rest && !(decimal_mantissa & 1)) return;
    decimal_mantissa++;
    if (precision == 64 && decimal_mantissa == 0) {
        decimal_mantissa = (long)1 << 63;
        decimal_exponent++;
    }
}

// The result as the bits of a double. A result of precision 24 fits in a double, too.
long decimal_double() {
    long mantissa = decimal_mantissa;
    long exponent = decimal_exponent;
    if (mantissa == 0) return 0;
    while (mantissa >> 53) {
        mantissa = mantissa >> 1;
        exponent++;
    }
    while (mantissa >> 52 == 0 && exponent > -1074) {
        mantissa = mantissa << 1;
        exponent--;
    }
    if (exponent > 971) return (long)2047 << 52;
    if (mantissa >> 52 == 0) return mantissa;
    return (exponent + 1075) << 52 | mantissa & ~((long)1 << 52);
}

// The result as an x87 number: the mantissa, its highest bit explicit, is left in decimal_mantissa; returns the
// exponent's field.
long decimal_extended() {
    if (decimal_mantissa == 0) return 0;
    while (decimal_mantissa > 0 && decimal_exponent > -16445) {
        decimal_mantissa = decimal_mantissa << 1;
        decimal_exponent--;
    }
    if (decimal_exponent > 16320) {
        decimal_mantissa = (long)1 << 63;
        return 32767;
    }
    if (decimal_mantissa > 0) return 0;
    return decimal_exponent + 16446;
}
