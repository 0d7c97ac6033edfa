// cc, part 7 of 8: declarations, expressions, statements, initialisers.
//
// By recursive descent. An expression becomes a tree of nodes with types; a statement hands its expressions to the
// generator at once, so that there is no tree of statements.

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

// ---- Attributes. Those that change what a program means are obeyed, those that do not are passed over.

long attribute_packed;
long attribute_aligned;

struct node *conditional();
struct node *assignment();
struct node *expression();

char *attributes_ignored = "noreturn format unused always_inline noinline const pure nonnull malloc deprecated "
        "warn_unused_result format_arg nothrow returns_twice cold hot ";

long is_word_of(char *words, char *word, long length) {
    while (*words) {
        long n = 0;
        while (words[n] != ' ') n++;
        if (n == length && same_bytes(words, word, n)) return 1;
        words = words + n + 1;
    }
    return 0;
}

void skip_parentheses() {
    long nested = 0;
    do {
        if (is(token, "(")) nested++;
        if (is(token, ")")) nested--;
        if (token->kind == T_END) stop_at(token, "parenthesis is not closed");
        advance();
    } while (nested);
}

void attributes() {
    while (accept_keyword(K_ATTRIBUTE)) {
        expect("(");
        expect("(");
        while (!is(token, ")")) {
            char *word = token->text;
            long length = token->length;
            if (token->kind != T_NAME) stop_at_text(token, "attribute expected before");
            if (length > 4 && word[0] == '_' && word[1] == '_') {
                word = word + 2;
                length = length - 4;
            }
            if (is_word_of("packed ", word, length)) {
                attribute_packed = 1;
                advance();
            } else if (is_word_of("aligned ", word, length)) {
                advance();
                attribute_aligned = 16;
                if (accept("(")) {
                    attribute_aligned = integer_constant(conditional());
                    expect(")");
                }
                if (attribute_aligned < 1 || (attribute_aligned & (attribute_aligned - 1)))
                    stop_at(token, "alignment is no power of two");
            } else if (is_word_of(attributes_ignored, word, length)) {
                advance();
                if (is(token, "(")) skip_parentheses();
            } else stop_at_text(token, "attribute is not supported:");
            if (!is(token, ")")) expect(",");
        }
        expect(")");
        expect(")");
    }
}

// ---- Types in declarations.

struct specifiers {
    struct type *type;
    long storage;               // K_TYPEDEF, K_EXTERN, K_STATIC or none
    long aligned;
    long is_inline;
};

struct token *declared;         // the name in the declarator read last; null where it has none

struct type *declarator(struct type *type);

long begins_type(struct token *t) {
    if (t->kind != T_NAME || in_condition) return 0;
    if (t->name->keyword >= K_VOID) return 1;
    return t->name->keyword == K_NONE && t->name->ordinary && t->name->ordinary->kind == S_TYPEDEF;
}

struct member *new_member(struct name *name, struct type *type) {
    struct member *m = allocate(sizeof(struct member));
    m->name = name;
    m->type = type;
    return m;
}

long position;                  // of the next member, in bits

void place_bit_field(struct type *owner, struct member *m, struct token *t) {
    long unit = 8 * m->type->size;
    long width = integer_constant(conditional());
    if (!is_integer(m->type)) stop_at(t, "bit-field of a type that is no integer");
    if (width < 0 || width > unit || m->type->kind == TY_BOOL && width > 1) stop_at(t, "width of a bit-field");
    if (attribute_packed) stop_at(t, "bit-field in a packed struct is not supported");
    if (width == 0 && m->name) stop_at(t, "bit-field of no width has a name");
    // A field never crosses the border of two units of its type.
    if (width == 0 || position / unit != (position + width - 1) / unit) position = (position + unit - 1) / unit * unit;
    if (owner->is_union) position = 0;
    m->offset = position / unit * m->type->size;
    m->bit = position % unit;
    m->bits = width;
    position = position + width;
}

void place_member(struct type *owner, struct member *m) {
    long align = m->type->align;
    if (attribute_packed) align = 1;
    if (attribute_aligned > align) align = attribute_aligned;
    if (align > owner->align) owner->align = align;
    position = (position + 8 * align - 1) & -8 * align;
    if (owner->is_union) position = 0;
    m->offset = position / 8;
    position = position + 8 * m->type->size;
}

struct specifiers *specifiers();

void struct_members(struct type *type) {
    struct member *last = 0;
    long size = 0;
    long packed = attribute_packed;
    position = 0;
    while (!accept("}")) {
        long outer = position;
        if (accept_keyword(K_STATIC_ASSERT)) {
            skip_parentheses();
            expect(";");
            continue;
        }
        struct specifiers *s = specifiers();
        position = outer;
        long more = !is(token, ";");
        if (!more && !is_struct(s->type)) stop_at(token, "member has no name");
        if (!more) declared = 0;
        long anonymous = !more;
        while (more || anonymous) {
            struct type *t = s->type;
            struct token *begin = token;
            declared = 0;
            outer = position;
            attribute_aligned = 0;
            attribute_packed = 0;
            if (!anonymous && !is(token, ":")) t = declarator(t);
            attribute_packed = packed;
            struct name *name = 0;
            if (declared) name = declared->name;
            struct member *m = new_member(name, t);
            position = outer;
            if (type->flexible) stop_at(begin, "member after an array without length");
            if (accept(":")) {
                place_bit_field(type, m, begin);
                if (name && t->align > type->align) type->align = t->align;
            } else {
                attributes();
                if (name == 0 && !anonymous) stop_at(begin, "name of a member expected");
                if (t->kind == TY_FUNCTION) stop_at(begin, "member is a function");
                if (t->kind == TY_ARRAY && t->size < 0 && !type->is_union) {
                    type->flexible = 1;
                    m->type = array_of(t->base, 0);
                } else if (t->size < 0) stop_at(begin, "member of a type that is not complete");
                if (s->aligned > attribute_aligned) attribute_aligned = s->aligned;
                place_member(type, m);
            }
            // Bit-fields without name are only room.
            if (name || anonymous) {
                if (last) last->next = m;
                else type->members = m;
                last = m;
            }
            if (position > size) size = position;
            more = !anonymous && accept(",");
            anonymous = 0;
        }
        attribute_packed = packed;
        expect(";");
    }
    attribute_packed = 0;
    attribute_aligned = 0;
    attributes();
    if (attribute_packed && !packed) {
        // The attribute stands behind the members, and changes where they are.
        position = 0;
        size = 0;
        type->align = 1;
        last = type->members;
        while (last) {
            if (last->bits) stop_at(token, "bit-field in a packed struct is not supported");
            attribute_aligned = 0;
            place_member(type, last);
            if (position > size) size = position;
            last = last->next;
        }
    }
    if (attribute_aligned > type->align) type->align = attribute_aligned;
    size = (size + 7) / 8;
    type->size = (size + type->align - 1) & -type->align;
}

struct type *struct_type(long is_union) {
    struct token *tag = 0;
    struct symbol *s = 0;
    attribute_packed = 0;
    attribute_aligned = 0;
    attributes();
    long packed = attribute_packed;
    long aligned = attribute_aligned;
    if (token->kind == T_NAME) {
        tag = token;
        advance();
        s = tag->name->tag;
        // A definition, or a declaration of nothing else, is of this scope.
        if (s && s->level < level && (is(token, "{") || is(token, ";"))) s = 0;
    } else if (!is(token, "{")) stop_at_text(token, "tag or { expected before");
    if (s == 0) {
        struct type *t = new_type(TY_STRUCT, -1, 0);
        t->align = 1;
        t->is_union = is_union;
        if (tag == 0) {
            s = allocate(sizeof(struct symbol));
            s->type = t;
        } else s = bind(tag->name, S_TAG, t);
    }
    if (s->type->kind != TY_STRUCT || s->type->is_union != is_union) stop_at_text(tag, "tag is of another kind:");
    if (!accept("{")) return s->type;
    if (s->type->size >= 0) stop_at_text(tag, "struct is defined already:");
    attribute_packed = packed;
    struct_members(s->type);
    if (aligned > s->type->align) {
        s->type->align = aligned;
        s->type->size = (s->type->size + aligned - 1) & -aligned;
    }
    return s->type;
}

// The type of an enumeration is unsigned where no constant is negative, the constants are ints: as gcc does it.
struct type *enum_type() {
    struct token *tag = 0;
    attributes();
    if (token->kind == T_NAME) {
        tag = token;
        advance();
    }
    if (!accept("{")) {
        if (tag == 0) stop_at_text(token, "tag or { expected before");
        if (tag->name->tag == 0) bind(tag->name, S_TAG, type_uint);
        if (is_struct(tag->name->tag->type)) stop_at_text(tag, "tag is of another kind:");
        return tag->name->tag->type;
    }
    long value = 0;
    long negative = 0;
    while (!accept("}")) {
        struct token *name = token;
        if (name->kind != T_NAME || name->name->keyword) stop_at_text(name, "name of a constant expected before");
        advance();
        attributes();
        if (accept("=")) value = integer_constant(conditional());
        if (value != fitted(value, type_int)) stop_at_text(name, "constant does not fit in an int:");
        if (name->name->ordinary && name->name->ordinary->level == level) stop_at_text(name, "declared already:");
        bind(name->name, S_CONSTANT, type_int)->value = value;
        if (value < 0) negative = 1;
        value++;
        if (!is(token, "}")) expect(",");
    }
    attributes();
    struct type *type = type_uint;
    if (negative) type = type_int;
    if (tag) bind(tag->name, S_TAG, type);
    return type;
}

// The arithmetic type that the counted keywords name.
struct type *arithmetic_type(long *count, struct token *t) {
    long is_unsigned = count[K_UNSIGNED];
    long is_signed = count[K_SIGNED];
    long longs = count[K_LONG];
    long plain = !is_unsigned && !is_signed && !longs && !count[K_SHORT] && !count[K_INT];
    if (is_unsigned + is_signed > 1 || longs > 2 || count[K_SHORT] && longs) stop_at(t, "type makes no sense");
    if (count[K_VOID] + count[K_CHAR] + count[K_INT] + count[K_FLOAT] + count[K_DOUBLE] + count[K_BOOL] > 1)
        stop_at(t, "type makes no sense");
    if (count[K_VOID] && plain) return type_void;
    if (count[K_BOOL] && plain) return type_bool;
    if (count[K_FLOAT] && plain) return type_float;
    if (count[K_DOUBLE] && plain) return type_double;
    if (count[K_DOUBLE] && longs == 1 && !is_unsigned && !is_signed) return type_ldouble;
    if (count[K_CHAR] && !longs && !count[K_SHORT]) {
        if (is_unsigned) return type_uchar;
        return type_char;
    }
    if (count[K_VOID] || count[K_BOOL] || count[K_FLOAT] || count[K_DOUBLE] || count[K_CHAR])
        stop_at(t, "type makes no sense");
    if (count[K_SHORT]) {
        if (is_unsigned) return type_ushort;
        return type_short;
    }
    if (longs) {
        if (is_unsigned) return type_ulong;
        return type_long;
    }
    if (is_unsigned) return type_uint;
    return type_int;
}

struct specifiers *specifiers() {
    long count[64];
    long i = 0;
    long words = 0;
    struct token *begin = token;
    struct specifiers *s = allocate(sizeof(struct specifiers));
    while (i < 64) {
        count[i] = 0;
        i++;
    }
    if (!begins_type(token)) stop_at_text(token, "type expected before");
    while (begins_type(token)) {
        long k = token->name->keyword;
        if (k == K_NONE) {
            if (s->type || words) break;
            s->type = token->name->ordinary->type;
            advance();
        } else if (k == K_STRUCT || k == K_UNION || k == K_ENUM) {
            if (s->type || words) stop_at(token, "two types");
            advance();
            if (k == K_ENUM) s->type = enum_type();
            else s->type = struct_type(k == K_UNION);
        } else if (k == K_TYPEDEF || k == K_EXTERN || k == K_STATIC) {
            if (s->storage) stop_at(token, "two storage classes");
            s->storage = k;
            advance();
        } else if (k == K_ATTRIBUTE) {
            attribute_aligned = 0;
            attributes();
            if (attribute_aligned > s->aligned) s->aligned = attribute_aligned;
        } else if (k == K_UNSUPPORTED) stop_at_text(token, "not supported:");
        else {
            if (k <= K_BOOL) {
                if (s->type) stop_at(token, "two types");
                count[k]++;
                words++;
            }
            if (k == K_INLINE) s->is_inline = 1;
            advance();
        }
    }
    if (words) s->type = arithmetic_type(count, begin);
    if (s->type == 0) stop_at(begin, "declaration without a type");
    return s;
}

void qualifiers() {
    while (token->kind == T_NAME && (token->name->keyword == K_CONST || token->name->keyword == K_VOLATILE
        || token->name->keyword == K_RESTRICT || token->name->keyword == K_ATTRIBUTE)) {
        if (token->name->keyword == K_ATTRIBUTE) attributes();
        else advance();
    }
}

// After the parenthesis.
struct type *function_of(struct type *base) {
    struct type *f = new_type(TY_FUNCTION, -1, 0);
    struct member *last = 0;
    f->align = 1;
    f->base = base;
    if (base->kind == TY_ARRAY || base->kind == TY_FUNCTION) stop_at(token, "function returns an array or a function");
    if (accept(")")) {
        f->any_arguments = 1;
        return f;
    }
    if (is_keyword(token, K_VOID) && is(token->next, ")")) {
        advance();
        advance();
        return f;
    }
    // The tags of a parameter list are of a scope of their own.
    struct binding *outer = bindings;
    level++;
    while (1) {
        if (accept("...")) {
            f->variadic = 1;
            expect(")");
            break;
        }
        if (!begins_type(token)) stop_at_text(token, "type of a parameter expected before");
        struct specifiers *s = specifiers();
        struct type *type = declarator(s->type);
        struct name *name = 0;
        attributes();
        if (declared) name = declared->name;
        if (type->kind == TY_ARRAY) type = pointer_to(type->base);
        if (type->kind == TY_FUNCTION) type = pointer_to(type);
        if (type->kind == TY_VOID) stop_at(token, "parameter of type void");
        struct member *p = new_member(name, type);
        if (last) last->next = p;
        else f->members = p;
        last = p;
        if (accept(")")) break;
        expect(",");
    }
    leave_scope(outer);
    return f;
}

// What follows the name: the parameters of a function, the lengths of an array.
struct type *declarator_end(struct type *type) {
    struct token *begin = token;
    if (accept("(")) {
        struct token *name = declared;
        type = function_of(type);
        declared = name;
        return type;
    }
    if (!accept("[")) return type;
    long length = -1;
    while (is_keyword(token, K_STATIC) || is_keyword(token, K_CONST) || is_keyword(token, K_RESTRICT)
        || is_keyword(token, K_VOLATILE)) advance();
    struct token *name = declared;
    if (!is(token, "]")) {
        length = integer_constant(conditional());
        if (length < 0) stop_at(begin, "length of an array is negative");
    }
    declared = name;
    expect("]");
    type = declarator_end(type);
    if (type->size < 0) stop_at(begin, "array of a type that is not complete");
    return array_of(type, length);
}

struct type *declarator(struct type *type) {
    qualifiers();
    while (accept("*")) {
        type = pointer_to(type);
        qualifiers();
    }
    struct token *t = token->next;
    if (is(token, "(") && (is(t, "*") || is(t, "(") || is(t, "[") || is_keyword(t, K_ATTRIBUTE)
        || t->kind == T_NAME && !begins_type(t))) {
        // The declarator in the parentheses is read after what follows them: it is about that type.
        struct token *inner = token->next;
        skip_parentheses();
        type = declarator_end(type);
        struct token *after = token;
        token = inner;
        type = declarator(type);
        expect(")");
        token = after;
        return type;
    }
    declared = 0;
    if (token->kind == T_NAME && token->name->keyword == K_NONE) {
        declared = token;
        advance();
    }
    return declarator_end(type);
}

struct type *type_name() {
    struct specifiers *s = specifiers();
    struct type *type = declarator(s->type);
    if (s->storage || declared) stop_at(token, "name of a type expected");
    return type;
}

// ---- Building expressions.

// Checks that a value can be taken for the type, and converts it.
struct node *coerced(struct node *n, struct type *type, struct token *t) {
    n = decayed(n);
    if (is_struct(type) && n->type == type) return n;
    if (!is_scalar(type) || !is_scalar(n->type)) stop_at(t, "types do not fit");
    if (type->kind == TY_POINTER && is_floating(n->type) || n->type->kind == TY_POINTER && is_floating(type))
        stop_at(t, "pointer and floating type do not fit");
    return cast(n, type);
}

struct node *local_node(long offset, struct type *type, struct token *t) {
    struct node *n = new_node(N_LOCAL, type, t);
    n->value = offset;
    return n;
}

struct node *assign(struct node *to, struct node *value, struct token *t) {
    return binary(N_ASSIGN, to->type, to, coerced(value, to->type, t), t);
}

void check_lvalue(struct node *n, struct token *t) {
    struct node *inner = n;
    while (inner->kind == N_MEMBER) inner = inner->a;
    if (inner->kind == N_LOCAL || inner->kind == N_OBJECT || inner->kind == N_DEREF) return;
    if (inner->kind == N_COMMA && inner->is_literal) return;
    stop_at(t, "lvalue expected");
}

void check_assignable(struct node *n, struct token *t) {
    check_lvalue(n, t);
    if (!is_scalar(n->type) && !is_struct(n->type) || n->type->size < 0) stop_at(t, "cannot be assigned to");
}

struct node *scaled(struct node *index, struct type *pointer, struct token *t) {
    if (pointer->base->size < 0 && pointer->base->kind != TY_VOID && pointer->base->kind != TY_FUNCTION)
        stop_at(t, "pointer to a type that is not complete");
    index = cast(index, type_long);
    if (pointer->base->size <= 1) return index;
    return binary(N_MULTIPLY, type_long, index, number(pointer->base->size, type_long, t), t);
}

struct node *operation(long kind, struct node *a, struct node *b, struct token *t) {
    a = promoted(decayed(a));
    b = promoted(decayed(b));
    if (!is_scalar(a->type) || !is_scalar(b->type)) stop_at(t, "operands of this operator must be scalars");
    long pointers = (a->type->kind == TY_POINTER) + (b->type->kind == TY_POINTER);
    struct type *type;
    if (pointers && (is_floating(a->type) || is_floating(b->type))) stop_at(t, "operand of floating type");
    if (kind >= N_EQUAL && kind <= N_GREATER_EQUAL) {
        type = type_ulong;
        if (!pointers) type = common_type(a->type, b->type);
        if (pointers == 1 && kind > N_UNEQUAL && !is_null_constant(a) && !is_null_constant(b))
            stop_at(t, "comparison of a pointer and a number");
        return binary(kind, type_int, cast(a, type), cast(b, type), t);
    }
    if (pointers) {
        if (kind == N_ADD && pointers == 1) {
            if (b->type->kind == TY_POINTER) return binary(N_ADD, b->type, scaled(a, b->type, t), b, t);
            return binary(N_ADD, a->type, a, scaled(b, a->type, t), t);
        }
        if (kind == N_SUBTRACT && b->type->kind != TY_POINTER) return binary(N_SUBTRACT, a->type, a, scaled(b, a->type, t), t);
        if (kind != N_SUBTRACT || pointers == 1) stop_at(t, "operator does not take pointers");
        long size = a->type->base->size;
        if (size != b->type->base->size || size < 0 && a->type->base->kind != TY_VOID)
            stop_at(t, "pointers to different types are subtracted");
        a = binary(N_SUBTRACT, type_long, cast(a, type_long), cast(b, type_long), t);
        if (size <= 1) return a;
        return binary(N_DIVIDE, type_long, a, number(size, type_long, t), t);
    }
    if (kind == N_SHIFT_LEFT || kind == N_SHIFT_RIGHT) {
        if (!is_integer(a->type) || !is_integer(b->type)) stop_at(t, "operand of floating type");
        return binary(kind, a->type, a, b, t);
    }
    type = common_type(a->type, b->type);
    if (is_floating(type) && kind != N_ADD && kind != N_SUBTRACT && kind != N_MULTIPLY && kind != N_DIVIDE)
        stop_at(t, "operand of floating type");
    return binary(kind, type, cast(a, type), cast(b, type), t);
}

struct node *dereference(struct node *n, struct token *t) {
    n = decayed(n);
    if (n->type->kind != TY_POINTER) stop_at(t, "pointer expected");
    return unary(N_DEREF, n->type->base, n, t);
}

// The member of a name, also within anonymous structs: found_offset is counted from the outermost.
long found_offset;

struct member *find_member(struct type *type, struct name *name) {
    struct member *m = type->members;
    while (m) {
        if (m->name == name) {
            found_offset = m->offset;
            return m;
        }
        if (m->name == 0) {
            struct member *inner = find_member(m->type, name);
            if (inner) {
                found_offset = found_offset + m->offset;
                return inner;
            }
        }
        m = m->next;
    }
    return 0;
}

struct node *member_access(struct node *n, struct token *t) {
    if (!is_struct(n->type)) stop_at(t, "struct or union expected");
    if (n->type->size < 0) stop_at(t, "struct is not complete");
    if (token->kind != T_NAME) stop_at_text(token, "name of a member expected before");
    struct member *m = find_member(n->type, token->name);
    if (m == 0) stop_at_text(token, "no such member:");
    advance();
    n = unary(N_MEMBER, m->type, n, t);
    n->member = m;
    n->value = found_offset;
    return n;
}

// An lvalue that can be evaluated twice: what has an effect, or takes long, is done before, in prelude.
struct node *prelude;

struct node *stable(struct node *n, struct token *t) {
    if (n->kind == N_LOCAL || n->kind == N_OBJECT) return n;
    if (n->kind == N_MEMBER) {
        struct node *m = unary(N_MEMBER, n->type, stable(n->a, t), n->token);
        m->member = n->member;
        m->value = n->value;
        return m;
    }
    if (n->kind == N_DEREF && n->a->kind == N_LOCAL) return n;
    struct type *type = pointer_to(n->type);
    struct node *address = local_node(new_local(type), type, t);
    prelude = binary(N_ASSIGN, type, address, unary(N_ADDRESS, type, n, t), t);
    return unary(N_DEREF, n->type, address, t);
}

struct node *after_prelude(struct node *before, struct node *n) {
    if (before == 0) return n;
    return binary(N_COMMA, n->type, before, n, n->token);
}

// a OPERATOR= b
struct node *changed(long kind, struct node *a, struct node *b, struct token *t) {
    check_assignable(a, t);
    prelude = 0;
    a = stable(a, t);
    struct node *before = prelude;
    return after_prelude(before, assign(a, operation(kind, a, b, t), t));
}

// a++ and a--: the old value is kept aside.
struct node *changed_after(long kind, struct node *a, struct token *t) {
    check_assignable(a, t);
    prelude = 0;
    a = stable(a, t);
    struct node *before = prelude;
    struct node *old = local_node(new_local(a->type), a->type, t);
    struct node *change = assign(a, operation(kind, old, number(1, type_int, t), t), t);
    struct node *n = binary(N_COMMA, a->type, change, old, t);
    n = binary(N_COMMA, a->type, binary(N_ASSIGN, a->type, old, a, t), n, t);
    return after_prelude(before, n);
}

struct node *choice(struct node *condition, struct node *b, struct node *c, struct token *t) {
    struct type *type = 0;
    b = decayed(b);
    c = decayed(c);
    if (is_arithmetic(b->type) && is_arithmetic(c->type)) {
        b = promoted(b);
        c = promoted(c);
        type = common_type(b->type, c->type);
    } else if (b->type->kind == TY_VOID || c->type->kind == TY_VOID) {
        type = type_void;
        b = cast(b, type);
        c = cast(c, type);
    } else if (is_struct(b->type) && b->type == c->type) type = b->type;
    else if (b->type->kind == TY_POINTER && is_null_constant(c)) type = b->type;
    else if (c->type->kind == TY_POINTER && is_null_constant(b)) type = c->type;
    else if (b->type->kind == TY_POINTER && c->type->kind == TY_POINTER) {
        type = b->type;
        if (c->type->base->kind == TY_VOID) type = c->type;
    } else stop_at(t, "the two values of ?: do not fit");
    if (is_scalar(type)) {
        b = cast(b, type);
        c = cast(c, type);
    }
    struct node *n = binary(N_CONDITIONAL, type, condition, b, t);
    n->c = c;
    return n;
}

struct node *as_condition(struct node *n) {
    n = decayed(n);
    if (!is_scalar(n->type)) stop_at(n->token, "condition is no scalar");
    return n;
}

// ---- Constants.

struct node *floating_number(struct token *t) {
    char *text = text_of(t->text, t->length);
    long last = text[t->length - 1];
    struct node *n = new_node(N_FLOAT, type_double, t);
    long i = 0;
    long digits = t->length;
    if (last == 'f' || last == 'F' || last == 'l' || last == 'L') digits--;
    while (i < digits) {
        long c = text[i];
        if (c == 'e' || c == 'E') {
            if (text[i + 1] == '+' || text[i + 1] == '-') i++;
            if (!is_digit(text[i + 1])) stop_at_text(t, "number is malformed:");
        } else if (c != '.' && !is_digit(c)) stop_at_text(t, "number is malformed:");
        i++;
    }
    if (last == 'l' || last == 'L') {
        n->type = type_ldouble;
        decimal_round(text, 64, -16445);
        n->exponent = decimal_extended();
        n->value = decimal_mantissa;
    } else if (last == 'f' || last == 'F') {
        n->type = type_float;
        decimal_round(text, 24, -149);
        n->value = decimal_double();
        if (n->value >> 52 > 1023 + 127) n->value = (long)2047 << 52;
    } else {
        decimal_round(text, 53, -1074);
        n->value = decimal_double();
    }
    return n;
}

struct node *numeric_constant(struct token *t) {
    char *text = text_of(t->text, t->length);
    long base = 10;
    long i = 0;
    long value = 0;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        i = 2;
        if (digit_value(text[2]) < 0) stop_at_text(t, "number is malformed:");
    } else if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) {
        base = 2;
        i = 2;
    } else if (text[0] == '0') base = 8;
    long begin = i;
    while (text[begin]) {
        long c = text[begin];
        if (c == '.' || base != 16 && (c == 'e' || c == 'E')) {
            if (base == 16) stop_at_text(t, "hexadecimal floating constant is not supported:");
            return floating_number(t);
        }
        begin++;
    }
    while (digit_value(text[i]) >= 0 && digit_value(text[i]) < base) {
        // At most 2^64 - 1: the product must not overflow.
        if (unsigned_less(unsigned_divide(-1 - digit_value(text[i]), base), value)) stop_at_text(t, "number is too large:");
        value = value * base + digit_value(text[i]);
        i++;
    }
    long is_unsigned = 0;
    long is_long = 0;
    while (text[i]) {
        if ((text[i] == 'u' || text[i] == 'U') && !is_unsigned) is_unsigned = 1;
        else if ((text[i] == 'l' || text[i] == 'L') && !is_long) {
            is_long = 1;
            if (text[i + 1] == text[i]) i++;
        } else stop_at_text(t, "number is malformed:");
        i++;
    }
    // The first type that holds it; decimal ones without u have a sign.
    if (base == 10 && value < 0 && !is_unsigned) stop_at_text(t, "number is too large:");
    if (in_condition) is_long = 1;
    if (!is_long && !is_unsigned && value >> 31 == 0) return number(value, type_int, t);
    if (!is_long && (is_unsigned || base != 10) && value >> 32 == 0) return number(value, type_uint, t);
    if (!is_unsigned && value >= 0) return number(value, type_long, t);
    return number(value, type_ulong, t);
}

struct node *character_constant(struct token *t) {
    if (t->size != t->width) stop_at_text(t, "character constant of not one character:");
    if (t->width == 4) return number(fitted(get(t->content, 4), type_int), type_int, t);
    return number(fitted(t->content[0], type_char), type_int, t);
}

// Adjacent strings are one.
long string_width;

struct bytes *string_constant() {
    struct bytes *b = allocate(sizeof(struct bytes));
    struct token *begin = token;
    string_width = token->width;
    while (token->kind == T_STRING) {
        if (token->width != string_width) stop_at(begin, "wide and narrow string are joined");
        add_text(b, token->content, token->size);
        advance();
    }
    return b;
}

// ---- Expressions.

struct node *cast_expression();
struct node *compound_literal(struct type *type, struct token *t);

// The function's name, for __func__.
char *function_name;

struct node *named(struct token *t) {
    struct symbol *s = t->name->ordinary;
    struct node *n;
    if (in_condition) return number(0, type_long, t);
    if (s == 0 && function_name && (same_text(t->name->text, "__func__") || same_text(t->name->text, "__FUNCTION__")))
        return string_object(function_name, length_of(function_name), type_char, t);
    if (t->name->keyword) stop_at_text(t, "expression expected before");
    if (s == 0) stop_at_text(t, "not declared:");
    if (s->kind == S_CONSTANT) return number(s->value, s->type, t);
    if (s->kind == S_TYPEDEF) stop_at_text(t, "expression expected before the type");
    if (s->kind == S_LOCAL) {
        if (s->type->size < 0) stop_at_text(t, "type is not complete yet:");
        return local_node(s->value, s->type, t);
    }
    n = new_node(N_OBJECT, s->type, t);
    n->object = s->object;
    return n;
}

struct node *primary() {
    struct token *t = token;
    struct node *n;
    if (accept("(")) {
        if (is(token, "{")) stop_at(t, "statement expression is not supported");
        n = expression();
        expect(")");
        return n;
    }
    if (t->kind == T_STRING) {
        struct bytes *b = string_constant();
        struct type *base = type_char;
        if (string_width == 4) base = type_int;
        return string_object(b->data, b->size, base, t);
    }
    if (is_keyword(t, K_VA_FIRST)) {
        // The address of the first argument that has no parameter.
        long offset = 16;
        struct member *p = function_type->members;
        if (!function_type->variadic) stop_at(t, "va_start in a function without variable arguments");
        if (is_struct(function_type->base)) offset = 24;
        while (p) {
            offset = offset + argument_size(p->type);
            p = p->next;
        }
        advance();
        return unary(N_ADDRESS, pointer_to(type_char), local_node(offset, type_char, t), t);
    }
    advance();
    if (t->kind == T_NUMBER) return numeric_constant(t);
    if (t->kind == T_CHARACTER) return character_constant(t);
    if (t->kind != T_NAME) stop_at_text(t, "expression expected before");
    return named(t);
}

struct node *call(struct node *f, struct token *t) {
    f = decayed(f);
    if (f->type->kind != TY_POINTER || f->type->base->kind != TY_FUNCTION) stop_at(t, "function expected");
    struct type *type = f->type->base;
    struct member *p = type->members;
    struct node *n = unary(N_CALL, type->base, f, t);
    if (type->base->kind != TY_VOID && type->base->size < 0) stop_at(t, "function returns a type that is not complete");
    while (!accept(")")) {
        struct token *begin = token;
        struct node *argument = assignment();
        if (p) {
            argument = coerced(argument, p->type, begin);
            p = p->next;
        } else {
            if (!type->variadic && !type->any_arguments) stop_at(begin, "too many arguments");
            argument = promoted(decayed(argument));
            if (argument->type->kind == TY_FLOAT) argument = cast(argument, type_double);
            if (!is_struct(argument->type)) argument = coerced(argument, argument->type, begin);
        }
        // A list of its own: a node may stand in only one.
        argument = unary(N_CAST, argument->type, argument, begin);
        argument->next = n->b;
        n->b = argument;
        if (!is(token, ")")) expect(",");
    }
    if (p) stop_at(t, "too few arguments");
    return n;
}

struct node *postfix_of(struct node *n) {
    while (1) {
        struct token *t = token;
        if (accept("[")) {
            n = dereference(operation(N_ADD, n, expression(), t), t);
            expect("]");
        } else if (accept(".")) n = member_access(n, t);
        else if (accept("->")) n = member_access(dereference(n, t), t);
        else if (accept("(")) n = call(n, t);
        else if (accept("++")) n = changed_after(N_ADD, n, t);
        else if (accept("--")) n = changed_after(N_SUBTRACT, n, t);
        else return n;
    }
}

struct node *size_or_align(long is_size, struct token *t) {
    struct type *type;
    if (is(token, "(") && begins_type(token->next)) {
        advance();
        type = type_name();
        expect(")");
        if (is(token, "{")) type = postfix_of(compound_literal(type, t))->type;
    } else {
        struct node *n = cast_expression();
        if (n->kind == N_MEMBER && n->member->bits) stop_at(t, "size of a bit-field");
        type = n->type;
    }
    if (!is_size) return number(type->align, type_ulong, t);
    if (type->kind == TY_VOID || type->kind == TY_FUNCTION) return number(1, type_ulong, t);
    if (type->size < 0) stop_at(t, "size of a type that is not complete");
    return number(type->size, type_ulong, t);
}

struct node *unary_expression() {
    struct token *t = token;
    struct node *n;
    if (accept("++")) {
        n = cast_expression();
        return changed(N_ADD, n, number(1, type_int, t), t);
    }
    if (accept("--")) {
        n = cast_expression();
        return changed(N_SUBTRACT, n, number(1, type_int, t), t);
    }
    if (accept("&")) {
        n = cast_expression();
        if (n->type->kind != TY_FUNCTION) check_lvalue(n, t);
        if (n->kind == N_MEMBER && n->member->bits) stop_at(t, "address of a bit-field");
        return unary(N_ADDRESS, pointer_to(n->type), n, t);
    }
    if (accept("*")) {
        n = decayed(cast_expression());
        return dereference(n, t);
    }
    if (accept("+") || accept("-") || accept("~")) {
        n = promoted(decayed(cast_expression()));
        if (!is_arithmetic(n->type) || is(t, "~") && !is_integer(n->type)) stop_at(t, "operand of this operator");
        if (is(t, "+")) return cast(n, n->type);
        if (is(t, "-")) return unary(N_NEGATE, n->type, n, t);
        return unary(N_COMPLEMENT, n->type, n, t);
    }
    if (accept("!")) return unary(N_NOT, type_int, as_condition(cast_expression()), t);
    if (!in_condition && accept_keyword(K_SIZEOF)) return size_or_align(1, t);
    if (!in_condition && accept_keyword(K_ALIGNOF)) return size_or_align(0, t);
    if (accept_keyword(K_EXTENSION)) return cast_expression();
    return postfix_of(primary());
}

struct node *cast_expression() {
    struct token *t = token;
    if (!is(token, "(") || !begins_type(token->next)) return unary_expression();
    advance();
    struct type *type = type_name();
    expect(")");
    if (is(token, "{")) return postfix_of(compound_literal(type, t));
    struct node *n = decayed(cast_expression());
    if (type->kind == TY_VOID) return unary(N_CAST, type, n, t);
    if (is_struct(type) && n->type == type) return n;
    n = coerced(n, type, t);
    // Also a cast to the same type is no lvalue.
    return unary(N_CAST, type, n, t);
}

// How strongly a mark binds as a binary operator, and the node it stands for.
long operator_kind;

long binding_strength(struct token *t) {
    operator_kind = 0;
    if (t->kind != T_MARK) return 0;
    if (is(t, "*")) operator_kind = N_MULTIPLY;
    if (is(t, "/")) operator_kind = N_DIVIDE;
    if (is(t, "%")) operator_kind = N_REMAINDER;
    if (operator_kind) return 10;
    if (is(t, "+")) operator_kind = N_ADD;
    if (is(t, "-")) operator_kind = N_SUBTRACT;
    if (operator_kind) return 9;
    if (is(t, "<<")) operator_kind = N_SHIFT_LEFT;
    if (is(t, ">>")) operator_kind = N_SHIFT_RIGHT;
    if (operator_kind) return 8;
    if (is(t, "<")) operator_kind = N_LESS;
    if (is(t, "<=")) operator_kind = N_LESS_EQUAL;
    if (is(t, ">")) operator_kind = N_GREATER;
    if (is(t, ">=")) operator_kind = N_GREATER_EQUAL;
    if (operator_kind) return 7;
    if (is(t, "==")) operator_kind = N_EQUAL;
    if (is(t, "!=")) operator_kind = N_UNEQUAL;
    if (operator_kind) return 6;
    operator_kind = N_BIT_AND;
    if (is(t, "&")) return 5;
    operator_kind = N_BIT_XOR;
    if (is(t, "^")) return 4;
    operator_kind = N_BIT_OR;
    if (is(t, "|")) return 3;
    operator_kind = N_AND;
    if (is(t, "&&")) return 2;
    operator_kind = N_OR;
    if (is(t, "||")) return 1;
    return 0;
}

struct node *binary_expression(long strength) {
    struct node *a = cast_expression();
    while (1) {
        struct token *t = token;
        long mine = binding_strength(t);
        long kind = operator_kind;
        if (mine < strength || mine == 0) return a;
        advance();
        struct node *b = binary_expression(mine + 1);
        if (mine <= 2) a = binary(kind, type_int, as_condition(a), as_condition(b), t);
        else a = operation(kind, a, b, t);
    }
}

struct node *conditional() {
    struct node *a = binary_expression(1);
    struct token *t = token;
    if (!accept("?")) return a;
    if (is(token, ":")) stop_at(t, "?: without a middle is not supported");
    struct node *b = expression();
    expect(":");
    return choice(as_condition(a), b, conditional(), t);
}

struct node *assignment() {
    struct node *a = conditional();
    struct token *t = token;
    if (accept("=")) {
        check_assignable(a, t);
        return assign(a, assignment(), t);
    }
    long kind = 0;
    if (is(t, "+=")) kind = N_ADD;
    if (is(t, "-=")) kind = N_SUBTRACT;
    if (is(t, "*=")) kind = N_MULTIPLY;
    if (is(t, "/=")) kind = N_DIVIDE;
    if (is(t, "%=")) kind = N_REMAINDER;
    if (is(t, "&=")) kind = N_BIT_AND;
    if (is(t, "|=")) kind = N_BIT_OR;
    if (is(t, "^=")) kind = N_BIT_XOR;
    if (is(t, "<<=")) kind = N_SHIFT_LEFT;
    if (is(t, ">>=")) kind = N_SHIFT_RIGHT;
    if (kind == 0) return a;
    advance();
    return changed(kind, a, assignment(), t);
}

struct node *expression() {
    struct node *a = assignment();
    while (is(token, ",")) {
        struct token *t = token;
        advance();
        struct node *b = decayed(assignment());
        a = binary(N_COMMA, b->type, a, b, t);
    }
    return a;
}

long condition_holds(struct token *t) {
    token = t;
    in_condition = 1;
    struct node *n = expression();
    if (token->kind != T_END) stop_at_text(token, "condition has no end before");
    long holds = integer_constant(n) != 0;
    in_condition = 0;
    return holds;
}

// ---- Initialisers. One is read into a flat list: at this offset, of this type, that value.

struct entry {
    struct entry *next;
    struct type *type;
    long offset;
    struct member *field;       // where it is a bit-field
    struct node *value;         // or a string:
    struct bytes *string;
};

struct entry *entries;
struct entry *last_entry;
struct node *pending;           // an expression that was read to see its type, and is not used yet

struct entry *new_entry(struct type *type, long offset) {
    struct entry *e = allocate(sizeof(struct entry));
    e->type = type;
    e->offset = offset;
    if (last_entry) last_entry->next = e;
    else entries = e;
    last_entry = e;
    return e;
}

// Drops what was said before of these bytes: a designator says it anew. Of a unit shared by bit-fields, only that field.
void forget(long offset, long size, struct member *field) {
    struct entry *e = entries;
    entries = 0;
    last_entry = 0;
    while (e) {
        struct entry *following = e->next;
        long within = e->offset >= offset && e->offset < offset + size;
        if (within && field && field->bits) within = e->field == field;
        if (!within) {
            e->next = 0;
            if (last_entry) last_entry->next = e;
            else entries = e;
            last_entry = e;
        }
        e = following;
    }
}

long aggregate(struct type *type, long offset, long braced, long designated);

long is_string_for(struct type *type, struct token *t) {
    if (type->kind != TY_ARRAY || t->kind != T_STRING) return 0;
    return type->base->kind == TY_CHAR && t->width == 1 || type->base->kind == TY_INT && t->width == 4;
}

// A value for an object of the type, or for a bit-field; returns the number of elements, for an array without length.
long initialiser(struct type *type, long offset, struct member *field) {
    struct token *t = token;
    if (pending == 0 && (is_string_for(type, token) || is(token, "{") && is_string_for(type, token->next))) {
        long braced = accept("{");
        struct bytes *string = string_constant();
        long count = string->size / string_width;
        if (type->size >= 0 && string->size > type->size) stop_at(t, "string is too long for the array");
        new_entry(type, offset)->string = string;
        if (braced) {
            accept(",");
            expect("}");
        }
        return count + 1;
    }
    if (pending == 0 && accept("{")) {
        long count = 1;
        if (is_scalar(type)) {
            initialiser(type, offset, field);
            accept(",");
        } else count = aggregate(type, offset, 1, 0);
        expect("}");
        return count;
    }
    // No struct begins with a string; an array of characters in it may be initialised by it.
    if (pending == 0 && t->kind == T_STRING && !is_scalar(type)) return aggregate(type, offset, 0, 0);
    if (pending == 0) pending = assignment();
    if (is_scalar(type) || is_struct(type) && pending->type == type) {
        struct node *value = coerced(pending, type, t);
        struct entry *e = new_entry(type, offset);
        e->value = value;
        e->field = field;
        pending = 0;
        return 1;
    }
    return aggregate(type, offset, 0, 0);
}

// The values of the elements of an array or the members of a struct, between braces or not. designated: the next token is
// a designator that leads into it.
long aggregate(struct type *type, long offset, long braced, long designated) {
    long is_array = type->kind == TY_ARRAY;
    struct member *m = type->members;
    long index = 0;
    long count = 0;
    if (!is_array && !is_struct(type)) stop_at(token, "initialiser does not fit");
    if (is_struct(type) && type->size < 0) stop_at(token, "struct is not complete");
    if (is_array && type->size < 0 && !braced) stop_at(token, "array of unknown length without braces");
    while (1) {
        struct token *t = token;
        long into = 0;
        if (braced && is(token, "}")) return count;
        if (pending == 0 && (is(t, "[") || is(t, "."))) {
            if (!braced && !designated) return count;
            if (is_array != is(t, "[")) stop_at(t, "designator does not fit");
            advance();
            if (is_array) {
                index = integer_constant(conditional());
                if (is(token, "...")) stop_at(token, "designator of a range is not supported");
                expect("]");
                if (index < 0) stop_at(t, "designator is outside of the array");
            } else {
                if (token->kind != T_NAME) stop_at_text(token, "name of a member expected before");
                m = type->members;
                while (m && m->name != token->name && (m->name || find_member(m->type, token->name) == 0)) m = m->next;
                if (m == 0) stop_at_text(token, "no such member:");
                if (m->name) advance();
                else {
                    token = t;      // the member of an anonymous struct
                    into = 1;
                }
            }
            if (is(token, "[") || is(token, ".")) into = 1;
            else expect("=");
            if (type->is_union && !into) forget(offset, type->size, 0);
        }
        if (is_array && type->size >= 0 && index >= type->size / type->base->size || !is_array && m == 0) {
            if (braced || designated) stop_at(t, "too many values");
            return count;
        }
        struct type *part = type->base;
        long at = offset;
        struct member *field = 0;
        if (is_array) at = offset + index * part->size;
        else {
            part = m->type;
            at = offset + m->offset;
            if (m->bits) field = m;
            if (type->flexible && m->next == 0) stop_at(t, "array without length is given values");
        }
        if (into) aggregate(part, at, 0, 1);
        else {
            if (token != t) forget(at, part->size, field);
            initialiser(part, at, field);
        }
        designated = 0;
        index++;
        if (m) m = m->next;
        if (type->is_union) m = 0;
        if (index > count) count = index;
        if (!is(token, ",")) return count;
        if (!braced) {
            struct token *after = token->next;
            if (is_array && index >= type->size / type->base->size || !is_array && m == 0) return count;
            if (is(after, "}") || is(after, "[") || is(after, ".")) return count;
        }
        advance();
    }
}

// Reads an initialiser into entries; returns the type, its length now known.
struct type *read_initialiser(struct type *type) {
    struct token *t = token;
    entries = 0;
    last_entry = 0;
    pending = 0;
    if (type->size < 0 && type->kind != TY_ARRAY) stop_at(t, "type is not complete");
    if (is_struct(type) && !is(t, "{")) {
        // A compound literal in the expression has entries of its own.
        struct node *value = coerced(assignment(), type, t);
        entries = 0;
        last_entry = 0;
        new_entry(type, 0)->value = value;
        return type;
    }
    if (type->kind == TY_ARRAY && !is(t, "{") && !is_string_for(type, t)) stop_at(t, "{ expected");
    long count = initialiser(type, 0, 0);
    if (type->size < 0) return array_of(type->base, count);
    return type;
}

// ---- Initialisers of variables in functions: assignments.

struct node *part_of_local(long offset, struct entry *e, struct token *t) {
    struct type *type = e->type;
    if (e->string) {
        // Not more than the array holds, and the zero at its end only where there is room.
        long length = e->string->size / type->base->size + 1;
        if (type->size >= 0 && length > type->size / type->base->size) length = type->size / type->base->size;
        type = array_of(type->base, length);
    }
    struct node *n = local_node(offset + e->offset, type, t);
    if (e->field) {
        n = unary(N_MEMBER, type, n, t);
        n->member = e->field;
    }
    return n;
}

// The nodes that fill the variable with the entries, as one expression.
struct node *filling(long offset, struct type *type, struct token *t) {
    struct entry *e = entries;
    struct node *all = 0;
    if (!is_scalar(type)) all = unary(N_CLEAR, type_void, local_node(offset, type, t), t);
    while (e) {
        struct node *to = part_of_local(offset, e, t);
        struct node *value = e->value;
        if (e->string) value = string_object(e->string->data, e->string->size, to->type->base, t);
        struct node *n = binary(N_ASSIGN, to->type, to, value, t);
        if (all) n = binary(N_COMMA, type_void, all, n, t);
        all = n;
        e = e->next;
    }
    return all;
}

// ---- Initialisers of objects: bytes. What only the processor can compute, as floating values, is left to a function
// that runs before main; all it may consist of is constants.

struct node *startup;           // its assignments
struct node *last_startup;

long is_computable(struct node *n) {
    if (n == 0 || n->kind == N_NUMBER || n->kind == N_FLOAT) return 1;
    if (n->kind == N_CAST || n->kind >= N_ADD && n->kind <= N_CONDITIONAL)
        return is_computable(n->a) && is_computable(n->b) && is_computable(n->c);
    return 0;
}

void fill_object(struct object *o, struct token *t) {
    struct entry *e = entries;
    place_in_data(o);
    while (e) {
        char *at = data.data + o->offset + e->offset;
        if (e->string) {
            long size = e->string->size;
            copy(at, e->string->data, size);
        } else if (is_constant(e->value) && is_scalar(e->type)) {
            if (e->field) {
                if (constant_object) stop_at(e->value->token, "initialiser is not constant");
                long mask = unsigned_shift_right(-1, 64 - e->field->bits) << e->field->bit;
                long unit = get(at, e->type->size);
                put(at, unit & ~mask | constant_value << e->field->bit & mask, e->type->size);
            } else if (constant_object) {
                if (e->type->size != 8) stop_at(e->value->token, "initialiser is not constant");
                relocate(ABSOLUTE_8, o->offset + e->offset, constant_object, constant_value, e->value->token);
            } else put(at, constant_value, e->type->size);
        } else {
            if (!is_computable(e->value)) stop_at(e->value->token, "initialiser is not constant");
            struct node *to = new_node(N_OBJECT, e->type, t);
            to->object = o;
            to->value = e->offset;
            if (e->field) {
                to = unary(N_MEMBER, e->type, to, t);
                to->member = e->field;
            }
            to = binary(N_ASSIGN, e->type, to, e->value, t);
            if (last_startup) last_startup->next = to;
            else startup = to;
            last_startup = to;
        }
        e = e->next;
    }
}

struct node *compound_literal(struct type *type, struct token *t) {
    struct entry *outer = entries;
    struct entry *outer_last = last_entry;
    struct node *n;
    type = read_initialiser(type);
    if (level) {
        long offset = new_local(type);
        n = binary(N_COMMA, type, filling(offset, type, t), local_node(offset, type, t), t);
        n->is_literal = 1;
    } else {
        n = new_node(N_OBJECT, type, t);
        n->object = new_object("literal", type);
        fill_object(n->object, t);
    }
    entries = outer;
    last_entry = outer_last;
    pending = 0;
    return n;
}

// ---- Statements.

struct label {
    struct label *next;
    struct name *name;
    long number;
    long placed;
    struct token *used;
};

struct label *function_labels;

struct label *label_of(struct name *name, struct token *t) {
    if (name->label == 0) {
        name->label = allocate(sizeof(struct label));
        name->label->name = name;
        name->label->number = new_label();
        name->label->used = t;
        name->label->next = function_labels;
        function_labels = name->label;
    }
    return name->label;
}

struct case_label {
    struct case_label *next;
    long value;
    long label;
};

long break_label;               // -1 where there is nothing to leave
long continue_label;
struct case_label *cases;       // of the innermost switch
struct case_label *last_case;
struct type *switch_type;       // null outside of a switch
long default_label;

void statement();
long declaration();

void block() {
    struct binding *outer = bindings;
    level++;
    while (!accept("}")) {
        if (token->kind == T_END) stop_at(token, "} expected at the end of the file");
        if (begins_type(token) && !is(token->next, ":") || is_keyword(token, K_STATIC_ASSERT)) declaration();
        else statement();
    }
    leave_scope(outer);
}

struct node *parenthesised() {
    expect("(");
    struct node *n = expression();
    expect(")");
    return n;
}

// A loop's body, between the labels that continue and break lead to.
void loop_body(long again, long end) {
    long outer_break = break_label;
    long outer_continue = continue_label;
    break_label = end;
    continue_label = again;
    statement();
    break_label = outer_break;
    continue_label = outer_continue;
}

void while_statement() {
    long begin = new_label();
    long end = new_label();
    place(begin);
    jump_if_false(as_condition(parenthesised()), end);
    loop_body(begin, end);
    jump("e9", begin);                                      // jmp BEGIN
    place(end);
}

void do_statement() {
    long begin = new_label();
    long again = new_label();
    long end = new_label();
    place(begin);
    loop_body(again, end);
    place(again);
    if (!accept_keyword(K_WHILE)) stop_at_text(token, "while expected before");
    jump_if_false(as_condition(parenthesised()), end);
    jump("e9", begin);                                      // jmp BEGIN
    place(end);
    expect(";");
}

void for_statement() {
    struct binding *outer = bindings;
    struct node *step = 0;
    long begin = new_label();
    long again = new_label();
    long end = new_label();
    level++;
    expect("(");
    if (begins_type(token)) declaration();
    else {
        if (!is(token, ";")) generate_effect(expression());
        expect(";");
    }
    place(begin);
    if (!is(token, ";")) jump_if_false(as_condition(expression()), end);
    expect(";");
    if (!is(token, ")")) step = expression();
    expect(")");
    loop_body(again, end);
    place(again);
    if (step) generate_effect(step);
    jump("e9", begin);                                      // jmp BEGIN
    place(end);
    leave_scope(outer);
}

// The body comes first, then the comparisons that lead into it.
void switch_statement() {
    struct case_label *outer_cases = cases;
    struct case_label *outer_last = last_case;
    struct type *outer_type = switch_type;
    long outer_default = default_label;
    long outer_break = break_label;
    long comparisons = new_label();
    long end = new_label();
    struct token *t = token;
    struct node *value = promoted(parenthesised());
    if (!is_integer(value->type)) stop_at(t, "switch of a value that is no integer");
    switch_type = value->type;
    cases = 0;
    last_case = 0;
    default_label = end;
    break_label = end;
    long offset = new_local(value->type);
    generate_effect(binary(N_ASSIGN, value->type, local_node(offset, value->type, t), value, t));
    jump("e9", comparisons);                                // jmp COMPARISONS
    statement();
    jump("e9", end);                                        // jmp END
    place(comparisons);
    generate(local_node(offset, switch_type, t));
    while (cases) {
        if (cases->value >> 31 == 0 || cases->value >> 31 == -1) code_number("48 3d", cases->value, 4); // cmp rax, NUMBER
        else {
            code_number("48 b9", cases->value, 8);          // mov rcx, NUMBER
            code("48 39 c8");                               // cmp rax, rcx
        }
        jump("0f 84", cases->label);                        // je CASE
        cases = cases->next;
    }
    jump("e9", default_label);                              // jmp DEFAULT
    place(end);
    cases = outer_cases;
    last_case = outer_last;
    switch_type = outer_type;
    default_label = outer_default;
    break_label = outer_break;
}

void case_statement(struct token *t) {
    struct case_label *c = allocate(sizeof(struct case_label));
    struct case_label *other = cases;
    if (switch_type == 0) stop_at(t, "case outside of a switch");
    c->value = fitted(integer_constant(conditional()), switch_type);
    if (is(token, "...")) stop_at(token, "case of a range is not supported");
    while (other) {
        if (other->value == c->value) stop_at(t, "case is there already");
        other = other->next;
    }
    c->label = new_label();
    place(c->label);
    if (last_case) last_case->next = c;
    else cases = c;
    last_case = c;
    expect(":");
    statement();
}

void default_statement(struct token *t) {
    if (switch_type == 0) stop_at(t, "default outside of a switch");
    if (default_label != break_label) stop_at(t, "default is there already");
    default_label = new_label();
    place(default_label);
    expect(":");
    statement();
}

void return_statement(struct token *t) {
    struct type *type = function_type->base;
    if (!is(token, ";")) {
        struct node *n = expression();
        if (type->kind == TY_VOID) {
            if (n->type->kind != TY_VOID) stop_at(t, "value returned from a function of type void");
            generate_effect(n);
        } else generate(coerced(n, type, t));
    } else if (type->kind != TY_VOID) stop_at(t, "return without a value");
    expect(";");
    if (type->kind == TY_VOID) jump("e9", return_label);    // jmp to the end
    else generate_return();
}

void if_statement() {
    long otherwise = new_label();
    jump_if_false(as_condition(parenthesised()), otherwise);
    statement();
    if (accept_keyword(K_ELSE)) {
        long end = new_label();
        jump("e9", end);                                    // jmp END
        place(otherwise);
        statement();
        place(end);
    } else place(otherwise);
}

void statement() {
    struct token *t = token;
    if (accept("{")) {
        block();
        return;
    }
    if (accept(";")) return;
    if (t->kind == T_NAME && is(t->next, ":") && t->name->keyword == K_NONE) {
        struct label *l = label_of(t->name, t);
        if (l->placed) stop_at_text(t, "label is there already:");
        l->placed = 1;
        place(l->number);
        advance();
        advance();
        attributes();
        statement();
        return;
    }
    long k = K_NONE;
    if (t->kind == T_NAME) k = t->name->keyword;
    if (k == K_NONE || k >= K_SIZEOF && k != K_SWITCH && k != K_WHILE) {
        if (begins_type(t)) stop_at_text(t, "declaration where a statement must be:");
        generate_effect(expression());
        expect(";");
        return;
    }
    advance();
    switch (k) {
    case K_IF: if_statement(); return;
    case K_WHILE: while_statement(); return;
    case K_DO: do_statement(); return;
    case K_FOR: for_statement(); return;
    case K_SWITCH: switch_statement(); return;
    case K_CASE: case_statement(t); return;
    case K_DEFAULT: default_statement(t); return;
    case K_RETURN: return_statement(t); return;
    case K_BREAK:
    case K_CONTINUE:
        if (k == K_BREAK && break_label < 0 || k == K_CONTINUE && continue_label < 0) stop_at(t, "nothing to leave here");
        if (k == K_BREAK) jump("e9", break_label);          // jmp END
        else jump("e9", continue_label);                    // jmp AGAIN
        break;
    case K_GOTO:
        if (token->kind != T_NAME) stop_at_text(token, "label expected before");
        jump("e9", label_of(token->name, token)->number);   // jmp LABEL
        advance();
        break;
    default: stop_at_text(t, "statement expected before");
    }
    expect(";");
}

// ---- Declarations.

void function_definition(struct object *o, struct type *type, char *name, struct token *t) {
    struct binding *outer = bindings;
    struct member *p = type->members;
    long offset = 16;
    if (o->place) stop_at_text(t, "function is defined already:");
    if (type->base->kind != TY_VOID && type->base->size < 0) stop_at(t, "function returns a type that is not complete");
    o->place = IN_TEXT;
    o->offset = text.size;
    function_name = name;
    break_label = -1;
    continue_label = -1;
    switch_type = 0;
    begin_function(type);
    level++;
    if (is_struct(type->base)) offset = 24;
    while (p) {
        if (p->name == 0) stop_at_text(t, "parameter has no name in");
        if (p->type->size < 0) stop_at_text(t, "parameter is of a type that is not complete:");
        if (p->name->ordinary && p->name->ordinary->level == level) stop_at_text(t, "two parameters of one name:");
        bind(p->name, S_LOCAL, p->type)->value = offset;
        offset = offset + argument_size(p->type);
        p = p->next;
    }
    // The body shares its scope with the parameters, one level further in.
    block();
    leave_scope(outer);
    while (function_labels) {
        if (!function_labels->placed) stop_at_text(function_labels->used, "label is nowhere:");
        function_labels->name->label = 0;
        function_labels = function_labels->next;
    }
    // Without return, main returns 0.
    if (same_text(name, "main")) code("31 c0");             // xor eax, eax
    end_function();
    function_name = 0;
}

// The object that a declaration of a function, or of a variable outside of functions or extern, is about.
struct object *declared_object(struct token *t, struct type *type, long storage) {
    struct name *name = t->name;
    struct symbol *s = name->ordinary;
    struct object *o = 0;
    if (s && s->kind == S_OBJECT && (s->level == level || storage != K_STATIC && s->level == 0)) o = s->object;
    else if (s && s->level == level) stop_at_text(t, "declared already as something else:");
    else if (storage != K_STATIC) o = name->linked;
    if (o == 0) {
        o = new_object(name->text, type);
        if (storage != K_STATIC) name->linked = o;
    }
    // Each file has its own view of the type: structs of two files cannot be compared.
    struct type *seen = type;
    if (s && s->kind == S_OBJECT) {
        if (!same_type(s->type, type)) stop_at_text(t, "declared already with another type:");
        if (type->kind == TY_FUNCTION && type->any_arguments || type->kind == TY_ARRAY && type->size < 0) seen = s->type;
    }
    if (o->type->size < 0) o->type = seen;
    if (s == 0 || s->kind != S_OBJECT || s->level != level) s = bind(name, S_OBJECT, seen);
    s->type = seen;
    s->object = o;
    return o;
}

void variable_outside(struct token *t, struct type *type, struct specifiers *s) {
    struct object *o = declared_object(t, type, s->storage);
    if (attribute_aligned > o->align) o->align = attribute_aligned;
    if (s->aligned > o->align) o->align = s->aligned;
    if (accept("=")) {
        if (o->place) stop_at_text(t, "variable has a value already:");
        o->type = read_initialiser(type);
        t->name->ordinary->type = o->type;
        fill_object(o, t);
    } else if (s->storage != K_EXTERN) {
        o->tentative = 1;
        if (type->kind == TY_VOID) stop_at_text(t, "variable of type void:");
    }
}

void variable_inside(struct token *t, struct type *type, struct specifiers *s) {
    if (t->name->ordinary && t->name->ordinary->level == level) stop_at_text(t, "declared already:");
    if (s->storage == K_STATIC) {
        struct symbol *symbol = bind(t->name, S_OBJECT, type);
        symbol->object = new_object(t->name->text, type);
        if (attribute_aligned > type->align) symbol->object->align = attribute_aligned;
        if (accept("=")) {
            symbol->type = read_initialiser(type);
            symbol->object->type = symbol->type;
            fill_object(symbol->object, t);
        } else {
            if (type->size < 0) stop_at_text(t, "type is not complete:");
            symbol->object->tentative = 1;
        }
        return;
    }
    struct symbol *symbol = bind(t->name, S_LOCAL, type);
    if (attribute_aligned > 8 || s->aligned > 8) stop_at_text(t, "alignment of more than 8 on the stack is not supported:");
    if (type->size >= 0) symbol->value = new_local(type);
    if (accept("=")) {
        symbol->type = read_initialiser(type);
        if (type->size < 0) symbol->value = new_local(symbol->type);
        generate_effect(filling(symbol->value, symbol->type, t));
    } else if (type->size < 0) stop_at_text(t, "type is not complete:");
}

void static_assertion() {
    struct token *t = token;
    expect("(");
    if (!integer_constant(conditional())) stop_at(t, "static assertion does not hold");
    if (accept(",")) string_constant();
    expect(")");
    expect(";");
}

// Reads a declaration up to its semicolon, or a function.
long declaration() {
    if (accept_keyword(K_STATIC_ASSERT)) {
        static_assertion();
        return 0;
    }
    struct specifiers *s = specifiers();
    if (accept(";")) return 0;
    while (1) {
        attribute_aligned = 0;
        struct type *type = declarator(s->type);
        struct token *t = declared;
        if (t == 0) stop_at_text(token, "name expected before");
        attribute_aligned = 0;
        attributes();
        if (is_keyword(token, K_UNSUPPORTED)) stop_at_text(token, "not supported:");
        if (s->storage == K_TYPEDEF) {
            struct symbol *old = t->name->ordinary;
            if (attribute_aligned) stop_at_text(t, "alignment of a typedef is not supported:");
            if (old && old->level == level) {
                if (old->kind != S_TYPEDEF || !same_type(old->type, type)) stop_at_text(t, "declared already:");
            } else bind(t->name, S_TYPEDEF, type);
        } else if (type->kind == TY_FUNCTION) {
            struct object *o = declared_object(t, type, s->storage);
            if (is(token, "{")) {
                if (level) stop_at_text(t, "function within a function:");
                advance();
                function_definition(o, type, t->name->text, t);
                return 0;
            }
            if (token->kind == T_NAME && begins_type(token)) stop_at_text(t, "K&R definition is not supported:");
        } else if (level == 0 || s->storage == K_EXTERN) variable_outside(t, type, s);
        else variable_inside(t, type, s);
        if (accept(";")) return 0;
        expect(",");
    }
}

void parse(struct token *tokens) {
    struct binding *outer = bindings;
    token = tokens;
    level = 0;
    while (token->kind != T_END) {
        if (accept(";")) continue;
        declaration();
    }
    leave_scope(outer);
}
