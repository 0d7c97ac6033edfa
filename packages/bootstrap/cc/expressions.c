// cc, part 9 of 12: expressions: text becomes nodes whose types are settled, with all conversions in them.

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
    struct node *result = old;
    if (field_of(a)) result = promoted_field(old, field_of(a));
    struct node *n = binary(N_COMMA, result->type, change, result, t);
    n = binary(N_COMMA, result->type, binary(N_ASSIGN, a->type, old, a, t), n, t);
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
