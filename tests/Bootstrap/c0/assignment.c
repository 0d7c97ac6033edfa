long g = 5;
char c;
long t[4];
char s[4];
struct pair { long x; char y; char *p; };
struct pair pairs[3];
struct pair single;

long *where(long n) {
    show("where", n);
    return t + n;
}

long main() {
    long a = 1;
    long b;
    char d;
    char *p = "hello";
    struct pair *q = pairs;
    show("value", a = 7);
    a = b = g = 9;
    show("chain", a + b * 10 + g * 100);
    a += 5; show("+=", a);
    a -= 2; show("-=", a);
    a *= 6; show("*=", a);
    a /= 4; show("/=", a);
    a %= 10; show("%=", a);
    a <<= 5; show("<<=", a);
    a >>= 2; show(">>=", a);
    a |= 3; show("|=", a);
    a &= 42; show("&=", a);
    a ^= 7; show("^=", a);
    g += a *= 2; show("nested", g);
    *where(2) += 5;
    *where(2) -= 7;
    (*where(2))++;
    ++*where(3);
    show("indirect", t[0] + t[1] * 10 + t[2] * 100 + t[3] * 1000);
    show("char", c = 300);
    show("char", d = -1);
    show("char", c++ + d++);
    show("char", c + d * 1000);
    show("char", --c + --d);
    d -= 6; c += 250;
    show("char", c + d * 1000);
    s[1] = 255; s[1]++; s[2]--; s[3] += 511;
    show("char", s[0] + s[1] * 10 + s[2] * 100 + s[3] * 1000);
    show("post", a++); show("post", a--); show("pre", ++a); show("pre", --a);
    show("g", g++ + 1); show("g", g-- + 1); show("g", ++g); show("g", --g);
    show("pointer", *p++); show("pointer", *p); show("pointer", *++p); show("pointer", *--p);
    p += 2; show("pointer", *p); p -= 1; show("pointer", *p);
    q->x = 4; q->y = 300; q++; q->x = 5; (q++)->y = 6; q->p = p; q--;
    show("struct", pairs[0].x + pairs[0].y * 10 + pairs[1].x * 10000 + pairs[1].y * 100000 + *pairs[2].p * 1000000);
    show("struct", q->x++ + ++q->y);
    q->x <<= q->y;
    show("struct", q->x);
    single.x = single.y = 1000;
    show("single", single.x + single.y);
    pairs[q - pairs].p = "xyz";
    show("single", pairs[1].p[1]);
    return 3;
}
