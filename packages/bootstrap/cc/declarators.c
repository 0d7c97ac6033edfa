// cc, part 8 of 12: types as declarations say them: specifiers, declarators, struct, union and enum.

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
