struct node {
    long value;
    struct node *left, *right;
};

struct mixed { char a; long b; char c[3]; char *d; char e; };
struct small { char x; char y[2]; };
struct outer { char head; struct small inner; struct mixed many[2]; struct outer *next; };
struct forward;
struct forward *pointer;
struct forward { long x; };

struct node pool[100];
long used;
struct node *root;
struct outer o;
struct small smalls[4];

struct node *insert(struct node *n, long value) {
    if (!n) {
        n = &pool[used++];
        n->value = value;
    } else if (value < n->value) n->left = insert(n->left, value);
    else n->right = insert(n->right, value);
    return n;
}

void walk(struct node *n, long depth) {
    if (n == 0) return;
    walk(n->left, depth + 1);
    show("node", n->value * 100 + depth);
    walk(n->right, depth + 1);
}

long main(void) {
    struct mixed local[2];
    struct mixed m;
    struct mixed *p = &m;
    struct outer *q = &o;
    struct forward f;
    long seed = 7;
    long i;
    for (i = 0; i < 20; i++) { seed = (seed * 1103515245 + 12345) % 1000; root = insert(root, seed); }
    walk(root, 0);
    show("first", (*root).value + root->left->value + (*(*root).right).value);
    show("size", sizeof(struct node) + sizeof(struct mixed) * 100 + sizeof(struct small) * 10000 + sizeof(struct outer) * 1000000);
    show("size", sizeof pool + sizeof *root + sizeof o.many + sizeof(o.inner) + sizeof q->many[0].c);
    m.a = 1; m.b = 2; m.c[0] = 3; m.c[2] = 4; m.d = "five"; m.e = 6;
    p->c[1] = p->c[0] + p->c[2];
    show("m", m.a + m.b * 10 + m.c[1] * 100 + m.d[0] * 1000 + (*p).e * 1000000);
    for (i = 0; i < 2; i++) { local[i].a = i + 1; local[i].b = 0; local[i].c[i] = 9; (local + i)->d = local[i].c; }
    show("local", local[1].d[1] + local[0].d[0] * 10 + local[1].a * 100 + &local[1] - local);
    q->next = q; q->next->next->inner.y[1] = 5; q->many[1].c[2] = 6; o.next->many[0].b = 7; o.head = 255;
    show("outer", o.inner.y[1] + o.many[1].c[2] * 10 + o.many[0].b * 100 + q->head * 1000);
    show("offset", (long)&q->many[1].e - (long)q); show("offset", (char *)&o.inner.y - (char *)&o); show("offset", (long)&((struct mixed *)0)->d);
    smalls[3].y[1] = 8; show("smalls", (smalls + 3)->y[1] + (long)&smalls[2] - (long)smalls);
    f.x = 12; pointer = &f; pointer->x++; show("forward", f.x);
    return used;
}
