// What the programs of this corpus print with; it goes in front of each.

long syscall6(long number, long a, long b, long c, long d, long e, long f);

void text(char *s) {
    long n = 0;
    while (s[n]) n++;
    syscall6(1, 1, (long)s, n, 0, 0, 0);
}

// A value in a line, with what it is.
void show(char *what, long n) {
    char digits[32];
    long i = 31;
    long negative = n < 0;
    digits[i] = 0;
    digits[--i] = '\n';
    do {
        long d = n % 10;
        digits[--i] = '0' + (d < 0 ? -d : d);
        n /= 10;
    } while (n);
    if (negative) digits[--i] = '-';
    text(what);
    text(" ");
    text(digits + i);
}
