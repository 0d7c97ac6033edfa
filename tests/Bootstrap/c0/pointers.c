long numbers[5] = { 10, -20, 30 };
char letters[8] = { 'a', 'b', 300 - 256 };
char *words[4] = { "zero", "one" "-and-" "a half", 0 };
char *word = "a word\n";
long many[] = { 1, 2, 3, 4 + 5, };
char string[] = "string";
char padded[10] = "pad";
long grid[3][4];
long fixed[2][3] = { { 1, 2, 3 }, { 4, 5 } };
long after = 42;
char **all = words;
long *inside = &numbers[2];

long sum(long *p, long n) {
    long s = 0;
    while (n--) s += *p++;
    return s;
}

char *find(char *s, long c) {
    while (*s && *s != c) s++;
    return *s ? s : 0;
}

void swap(long *a, long *b) { long t = *a; *a = *b; *b = t; }

long length(char s[]) { char *p = s; while (*p) p++; return p - s; }

long main(long argc, char **argv) {
    long local[6];
    char buffer[5];
    long *p;
    long **pp = &p;
    void *v;
    long i; long x = 3; long y = 4;
    for (i = 0; i < 5; i++) show("numbers", numbers[i]);
    for (i = 0; i < 8; i++) show("letters", letters[i]);
    for (i = 0; words[i]; i++) { text(words[i]); text("\n"); }
    text(word);
    for (i = 0; i < 4; i++) show("many", many[i]);
    for (i = 0; i < 7; i++) show("string", string[i]);
    for (i = 0; i < 10; i++) show("padded", padded[i]);
    show("after", after);
    show("sum", sum(numbers, 5)); show("sum", sum(&numbers[1], 2)); show("sum", sum(many + 1, 3));
    for (i = 0; i < 6; i++) local[i] = i * i;
    for (i = 0; i < 5; i++) buffer[i] = i * 60;
    show("local", local[5] + buffer[4]); show("local", sum(local, 6));
    swap(&x, &y); show("swap", x * 10 + y);
    swap(local + 2, &local[3]); show("swap", local[2] * 100 + local[3]);
    p = local; show("p", *p + p[1] + *(p + 2) + 3[p]);
    *pp = numbers; show("pp", **pp + (*pp)[1]); *(*pp + 1) = 5; show("pp", numbers[1]);
    p = &local[5]; show("difference", p - local); show("difference", local - p); show("bytes", (long)p - (long)local);
    show("compare", (p > local) + (p == local + 5) * 2 + (p < local) * 4 + (p != 0) * 8 + !p * 16);
    show("back", p[-2] + *(p - 1));
    v = p; show("void", *(long *)v); show("void", (char *)v - (char *)local);
    show("cast", *(char *)&after + ((char *)&numbers)[8]);
    show("cast", (char)(300 + x) + (char)1000);
    text(find("find me", 'm')); text("\n"); show("none", find("abc", 'z') == 0);
    show("length", length("four") + length(string));
    show("index", "literal"[3]); show("star", *"literal"); show("inside", *inside);
    text(all[1]); text("\n"); show("all", *all[1] + all[0][1] + *(*all + 2));
    for (i = 0; i < 12; i++) grid[i / 4][i % 4] = i;
    show("grid", grid[2][1] + grid[1][3] * 100 + (grid[1] - grid[0]) * 10000); show("fixed", fixed[1][0] + fixed[0][2] * 10 + fixed[1][2]);
    show("size", sizeof(long) + sizeof(char) * 10 + sizeof(char *) * 100);
    show("size", sizeof numbers + sizeof(letters) * 100 + sizeof many * 10000);
    show("size", sizeof local + sizeof buffer * 100 + sizeof p * 10000 + sizeof *pp + sizeof **pp);
    show("size", sizeof string + sizeof padded * 100 + sizeof(fixed[0]) * 10000 + sizeof grid * 1000000);
    show("size", sizeof "four" + sizeof(x + y) * 10 + sizeof buffer[0] * 1000 + sizeof *words * 10000);
    show("size", sizeof(struct later *));
    show("argc", argc); text(argv[1]); text("\n"); show("end", argv[argc] == 0);
    return 0;
}
