enum { RED, GREEN = 5, BLUE, LAST = GREEN * 2 + 1, NEGATIVE = -3, };

long calls;

long yes(long n) { calls = calls * 10 + n; return 1; }
long no(long n) { calls = calls * 10 + n; return 0; }

long kind(long n) {
    switch (n) {
        case RED: return 1;
        case GREEN:
        case BLUE: n++;
        case LAST: n += 100; break;
        default: n = -n;
        case NEGATIVE: { long n = 77; show("inner", n); } break;
        case 'x': while (1) { if (n > 200) break; n += 50; } break;
        case 0x7fffffffffff: return 9;
    }
    return n;
}

long nested(long a, long b) {
    long sum = 0;
    for (;;) {
        switch (a) {
            case 1:
                switch (b) {
                    case 1: sum += 1; break;
                    default: sum += 2;
                }
                break;
            case 2: sum += 4; a--; continue;
            case 3: sum += 8; if (b) break; a = 2; continue;
        }
        break;
    }
    return sum;
}

long main() {
    long i;
    long n = 0;
    for (i = RED; i < 14; i++) show("kind", kind(i));
    show("kind", kind('x')); show("kind", kind(NEGATIVE)); show("kind", kind(0x7fffffffffff));
    for (i = 0; i < 12; i++) show("nested", nested(i / 3, i % 3));
    switch (3) { case 1: text("never\n"); }
    switch (3) { default: text("default\n"); }
    switch (2) text("never\n");
    while (n < 10) { n++; if (n == 3) continue; if (n == 7) break; show("while", n); }
    do { n--; if (n == 4) continue; show("do", n); } while (n > 2);
    do show("once", n); while (0);
    for (i = 0; i < 5; i++) for (n = 0; n < 5; n++) { if (n == i) break; if (n % 2) continue; show("for", i * 10 + n); }
    i = 3;
    for (; i; ) i--;
    for (i = 0; ; i++) if (i > 4) break;
    show("for", i);
    if (i) if (i == 99) text("a\n"); else text("b\n");
    if (!i) text("c\n"); else if (i == 5) text("d\n"); else text("e\n");
    if (yes(1) && no(2) || yes(3) && (no(4) || yes(5))) show("calls", calls);
    if (no(6) && yes(7) || no(8)) text("never\n"); else show("calls", calls);
    show("and", (5 && 3) + (0 || 7) * 2 + (0 && 1) * 4 + (i && n || 0) * 8);
    show("?:", i ? n ? 1 : 2 : n ? 3 : 4);
    show("?:", no(1) ? 1 : no(2) ? 2 : yes(3) ? 3 : 4);
    show("calls", calls);
    text(i > 3 ? "greater\n" : "less\n");
    text(i < 3 ? 0 : "zero and string\n");
    { long i = 8; { long i = 9; show("scope", i); } show("scope", i); }
    show("scope", i);
    ;
    return BLUE + LAST;
}
