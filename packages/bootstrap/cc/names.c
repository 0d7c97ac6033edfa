// cc, part 7 of 12: what the parser's parts share: keywords, the meaning of names, functions and variables.
//
// The parser works by recursive descent. An expression becomes a tree of nodes with types; a statement hands its
// expressions to the generator at once, so that there is no tree of statements.

struct token *token;            // the next one
long in_condition;              // reading the expression of an #if

// ---- Keywords. The words are in the order of their numbers; other spellings follow.

enum {
    K_NONE, K_BREAK, K_CASE, K_CONTINUE, K_DEFAULT, K_DO, K_ELSE, K_FOR, K_GOTO, K_IF, K_RETURN, K_SIZEOF, K_SWITCH,
    K_WHILE, K_ALIGNOF, K_VA_FIRST, K_STATIC_ASSERT,
    // From here on they begin a type.
    K_VOID, K_CHAR, K_SHORT, K_INT, K_LONG, K_FLOAT, K_DOUBLE, K_SIGNED, K_UNSIGNED, K_BOOL, K_STRUCT, K_UNION, K_ENUM,
    K_TYPEDEF, K_EXTERN, K_STATIC, K_CONST, K_VOLATILE, K_RESTRICT, K_INLINE, K_AUTO, K_REGISTER, K_NORETURN,
    K_ATTRIBUTE, K_EXTENSION, K_UNSUPPORTED
};

char *keywords = "break case continue default do else for goto if return sizeof switch while _Alignof __va_first "
        "_Static_assert void char short int long float double signed unsigned _Bool struct union enum typedef extern static "
        "const volatile restrict inline auto register _Noreturn __attribute__ __extension__ ";

void keyword(char *word, long number) {
    name_of_text(word)->keyword = number;
}

void make_keywords() {
    char *word = keywords;
    long number = 1;
    while (*word) {
        long n = 0;
        while (word[n] != ' ') n++;
        name_of(word, n)->keyword = number;
        number++;
        word = word + n + 1;
    }
    keyword("__alignof__", K_ALIGNOF);
    keyword("__alignof", K_ALIGNOF);
    keyword("__signed__", K_SIGNED);
    keyword("__const", K_CONST);
    keyword("__const__", K_CONST);
    keyword("__volatile__", K_VOLATILE);
    keyword("__restrict", K_RESTRICT);
    keyword("__restrict__", K_RESTRICT);
    keyword("__inline", K_INLINE);
    keyword("__inline__", K_INLINE);
    keyword("__attribute", K_ATTRIBUTE);
    keyword("_Complex", K_UNSUPPORTED);
    keyword("_Atomic", K_UNSUPPORTED);
    keyword("_Thread_local", K_UNSUPPORTED);
    keyword("_Alignas", K_UNSUPPORTED);
    keyword("_Generic", K_UNSUPPORTED);
    keyword("asm", K_UNSUPPORTED);
    keyword("__asm__", K_UNSUPPORTED);
    keyword("__asm", K_UNSUPPORTED);
    keyword("typeof", K_UNSUPPORTED);
    keyword("__typeof__", K_UNSUPPORTED);
}

long is_keyword(struct token *t, long k) {
    return t->kind == T_NAME && t->name->keyword == k;
}

void advance() {
    token = token->next;
}

long accept(char *mark) {
    if (!is(token, mark)) return 0;
    advance();
    return 1;
}

void expect(char *mark) {
    if (accept(mark)) return;
    stop_at_text(token, joined(mark, " expected before"));
}

long accept_keyword(long k) {
    if (!is_keyword(token, k)) return 0;
    advance();
    return 1;
}

// ---- Scopes. A name points to its innermost meaning; what it meant outside is put back where the scope ends.

enum { S_TYPEDEF, S_CONSTANT, S_LOCAL, S_OBJECT, S_TAG };

struct symbol {
    long kind;
    struct type *type;
    long value;                 // of S_CONSTANT; the frame offset of S_LOCAL
    struct object *object;
    long level;
};

struct binding {
    struct binding *next;
    struct name *name;
    struct symbol *before;
    long is_tag;
};

struct binding *bindings;
long level;                     // of nested scopes, 0 outside of functions

struct symbol *bind(struct name *name, long kind, struct type *type) {
    struct binding *b = allocate(sizeof(struct binding));
    struct symbol *s = allocate(sizeof(struct symbol));
    s->kind = kind;
    s->type = type;
    s->level = level;
    b->name = name;
    b->next = bindings;
    bindings = b;
    if (kind == S_TAG) {
        b->is_tag = 1;
        b->before = name->tag;
        name->tag = s;
    } else {
        b->before = name->ordinary;
        name->ordinary = s;
    }
    return s;
}

void leave_scope(struct binding *outer) {
    while (bindings != outer) {
        if (bindings->is_tag) bindings->name->tag = bindings->before;
        else bindings->name->ordinary = bindings->before;
        bindings = bindings->next;
    }
    level--;
}

// ---- Objects.

struct object *objects;

struct object *new_object(char *name, struct type *type) {
    struct object *o = allocate(sizeof(struct object));
    o->name = name;
    o->type = type;
    o->align = type->align;
    o->next = objects;
    objects = o;
    return o;
}

void align_data(long align) {
    while (data.size & (align - 1)) add_byte(&data, 0);
}

// Room in the data section, all zero.
void place_in_data(struct object *o) {
    long size = o->type->size;
    align_data(o->align);
    o->place = IN_DATA;
    o->offset = data.size;
    reserve(&data, data.size + size);
    while (size > 0) {
        data.data[data.size] = 0;
        data.size++;
        size--;
    }
}

struct node *string_object(char *content, long size, struct type *base, struct token *t) {
    struct object *o = new_object("string", array_of(base, size / base->size + 1));
    struct node *n = new_node(N_OBJECT, o->type, t);
    place_in_data(o);
    copy(data.data + o->offset, content, size);
    n->object = o;
    return n;
}
