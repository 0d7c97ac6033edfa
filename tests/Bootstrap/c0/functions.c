long even(long n);
long odd(long n) { return n == 0 ? 0 : even(n - 1); }
long even(long n) { return n == 0 ? 1 : odd(n - 1); }
long unnamed(long, char *, long *);
long unnamed(long a, char *b, long *c) { return a + *b + *c; }
long fibonacci(long n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
long ackermann(long m, long n) { if (m == 0) return n + 1; if (n == 0) return ackermann(m - 1, 1); return ackermann(m - 1, ackermann(m, n - 1)); }
long eight(long a, long b, long c, long d, long e, long f, long g, long h) {
    return a + b * 10 + c * 100 + d * 1000 + e * 10000 + f * 100000 + g * 1000000 + h * 10000000;
}
char *pick(char *a, char *b, long which) { if (which) return a; return b; }
void nothing() { }
void early(long n) { if (n) return; text("not early\n"); }
long modify(long a) { a = a * 2; a++; return a; }
long locals(long a) { long x = a; { long y = x + 1; { long z = y + 1; x = z; } { long w; w = 5; x += w + y; } } long late = x * 2; return late; }
/* a comment // in a comment
   over lines */
long comments(/* here */) { return 1 /* and */ + /**/ 2; } // the end /* not one

long main(long argc, char *argv[]) {
    long n = 5;
    show("even", even(10) + odd(7) * 10);
    show("unnamed", unnamed(1, "A", &n));
    show("fibonacci", fibonacci(15));
    show("ackermann", ackermann(2, 3));
    show("eight", eight(1, 2, 3, 4, 5, 6, 7, 8));
    show("nested", eight(modify(1), modify(modify(1)), 1 + modify(2), 4, eight(1, 0, 0, 0, 0, 0, 0, 0), 6, 7, 8));
    text(pick("a\n", "b\n", 0)); text(pick("a\n", "b\n", 1));
    nothing(); early(1); early(0);
    show("modify", modify(n) + n);
    show("locals", locals(3));
    show("comments", comments());
    text("tab\there \"quoted\" \\ \x41\x7a " "joined" " "
         "strings\n");
    text("goes on \
in the next line\n");
    show("syscall", syscall6(39, 0, 0, 0, 0, 0, 0) > 1);
    show("unused", *argv[argc - 1]);
    n;
    n + 1;
    return 125;
}
