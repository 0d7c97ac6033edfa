// Every construct of minic once, except for what the compiler for C0, which is written in it, makes use of anyway.
enum { A, B = 40, C, D = B };
long count;
long table[10];
long *pointer;
char buffer[100];
char *word;
long syscall6(long n, long a, long b, long c, long d, long e, long f);
long put(char *s);
long twice(long x) { return x + x; }
long none() { return 5; }
long put(char *s) {
    long n = 0;
    while (s[n] != 0) { n = n + 1; }
    return syscall6(1, 1, s, n, 0, 0, 0);
}
long number(long n) {
    if (n < 0) { put("-"); n = -n; }
    if (n >= 10) number(n / 10);
    buffer[0] = '0' + n % 10;
    buffer[1] = 0;
    put(buffer);
    return 0;
}
long line(long n) { number(n); put("\n"); return 0; }
long three(long a, long b, long c) { return a * 100 + b * 10 + c; }
long called(long n) { count = count * 10 + n; return n; }
long main(long argc, char **argv) {
    long i = 0;
    while (i < 10) { table[i] = i * i; i = i + 1; }
    line(table[7]); line(A); line(B); line(C); line(D); line(argc);
    put(argv[1]); put("\n");
    line(1 + 2 * 3 - 4); line(100 - 10 - 1); line(7 / 2); line(-7 / 2); line(-7 % 3); line(2 * (3 + 4) * 5);
    line(1 << 10); line(-8 >> 1); line(1 && 0); line(1 || 0); line(0 || 5); line(3 && 5); line(0 || 0 && 1 || 2);
    line(!3); line(!0); line(5 & 6); line(5 | 6); line(1 | 2 & 3 == 3);
    line((1 < 2) + (2 <= 2) * 2 + (3 > 2) * 4 + (3 >= 4) * 8 + (1 == 1) * 16 + (1 != 1) * 32);
    line((2 < 1) + (3 <= 2) * 2 + (2 > 3) * 4 + (4 >= 4) * 8 + (1 == 2) * 16 + (1 != 2) * 32 + (-1 < 1) * 64);
    line(twice(twice(3)) + 1); line('a'); line('\n'); line('\\'); line('\''); line('"');
    line(none()); line(three(1, three(2, 3, 4), twice(1 + 1)));
    if (called(1) && called(0) && called(2) || called(3) || called(4)) line(count);
    if (i == 10) put("ten\n"); else put("not\n");
    if (i == 11) put("eleven\n"); else if (i == 10) put("yes\n"); else put("no\n");
    if (i == 10) { if (i == 11) put("one\n"); else put("two\n"); }
    count = 3;
    while (count) { line(count); count = count - 1; }
    word = "a \"quote\", a \\ and // no comment\n"; // a comment
    put(word);
    put(word + 2);
    pointer = buffer + 64;
    pointer[1] = 770;
    line(pointer[1] + buffer[72]);
    argv[0] = 77;
    line(argv[0]);
    char *s;
    s = buffer + 50;
    s[1] = 300;
    line(s[1]); line(buffer[51]); line(s + 1 - s);
    { long inner = 5; line(inner); }
    { long inner = 6; line(inner); }
    return 7;
}
