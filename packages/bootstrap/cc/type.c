// cc, part 5 of 12: types, the nodes of expressions, and conversions.

enum {
    TY_VOID, TY_BOOL, TY_CHAR, TY_SHORT, TY_INT, TY_LONG, TY_FLOAT, TY_DOUBLE, TY_LDOUBLE,
    TY_POINTER, TY_ARRAY, TY_STRUCT, TY_FUNCTION
};

struct type {
    long kind;
    long is_unsigned;
    long size;                  // -1 while it is not known
    long align;
    struct type *base;          // pointed to, of an element, or returned
    struct member *members;     // of a struct or union; parameters of a function
    long is_union;
    long variadic;
    long any_arguments;         // a function declared with ()
    long flexible;              // a struct whose last member is an array without length
};

// A member, or a parameter.
struct member {
    struct member *next;
    struct name *name;          // null: an anonymous struct, or a parameter without name
    struct type *type;
    long offset;
    long bits;                  // width of a bit-field, 0 where it is none
    long bit;                   // its lowest bit, counted in the unit at the offset
};

// A function or a variable that lives as long as the program.
struct object {
    struct object *next;
    char *name;
    struct type *type;
    long place;                 // IN_...
    long offset;
    long align;
    long tentative;             // declared as a variable without a value: zero where no other declaration gives one
    struct token *wanted;       // the first use, for the message that it is defined nowhere
};

enum { IN_NOTHING, IN_TEXT, IN_DATA, IN_ZERO };

enum {
    N_NUMBER, N_FLOAT, N_LOCAL, N_OBJECT, N_DEREF, N_ADDRESS, N_MEMBER, N_ASSIGN, N_CAST,
    N_ADD, N_SUBTRACT, N_MULTIPLY, N_DIVIDE, N_REMAINDER, N_SHIFT_LEFT, N_SHIFT_RIGHT, N_BIT_AND, N_BIT_OR, N_BIT_XOR,
    N_EQUAL, N_UNEQUAL, N_LESS, N_LESS_EQUAL, N_GREATER, N_GREATER_EQUAL,
    N_NEGATE, N_COMPLEMENT, N_NOT, N_AND, N_OR, N_CONDITIONAL, N_COMMA, N_CALL, N_CLEAR
};

struct node {
    long kind;
    struct type *type;
    struct node *a;
    struct node *b;
    struct node *c;             // the third operand of ?:
    struct node *next;          // of N_CALL's arguments, the last first
    long value;                 // of N_NUMBER; of N_FLOAT the bits of the double, or the mantissa of the long double;
                                // the offset of N_LOCAL from the frame, of N_OBJECT from the object
    long exponent;              // of N_FLOAT, long double
    struct object *object;
    struct member *member;
    struct token *token;
    long is_literal;            // of N_COMMA: a compound literal, which is an lvalue
};

struct type *type_void;
struct type *type_bool;
struct type *type_char;
struct type *type_uchar;
struct type *type_short;
struct type *type_ushort;
struct type *type_int;
struct type *type_uint;
struct type *type_long;
struct type *type_ulong;
struct type *type_float;
struct type *type_double;
struct type *type_ldouble;

struct type *new_type(long kind, long size, long is_unsigned) {
    struct type *t = allocate(sizeof(struct type));
    t->kind = kind;
    t->size = size;
    t->align = size;
    t->is_unsigned = is_unsigned;
    return t;
}

void make_types() {
    type_void = new_type(TY_VOID, -1, 0);
    type_void->align = 1;
    type_bool = new_type(TY_BOOL, 1, 1);
    type_char = new_type(TY_CHAR, 1, 0);
    type_uchar = new_type(TY_CHAR, 1, 1);
    type_short = new_type(TY_SHORT, 2, 0);
    type_ushort = new_type(TY_SHORT, 2, 1);
    type_int = new_type(TY_INT, 4, 0);
    type_uint = new_type(TY_INT, 4, 1);
    type_long = new_type(TY_LONG, 8, 0);
    type_ulong = new_type(TY_LONG, 8, 1);
    type_float = new_type(TY_FLOAT, 4, 0);
    type_double = new_type(TY_DOUBLE, 8, 0);
    type_ldouble = new_type(TY_LDOUBLE, 16, 0);
}

struct type *pointer_to(struct type *base) {
    struct type *t = new_type(TY_POINTER, 8, 1);
    t->base = base;
    return t;
}

struct type *array_of(struct type *base, long length) {
    struct type *t = new_type(TY_ARRAY, length * base->size, 0);
    if (length < 0) t->size = -1;
    t->align = base->align;
    t->base = base;
    return t;
}

long is_integer(struct type *t) {
    return t->kind >= TY_BOOL && t->kind <= TY_LONG;
}

long is_floating(struct type *t) {
    return t->kind >= TY_FLOAT && t->kind <= TY_LDOUBLE;
}

long is_arithmetic(struct type *t) {
    return t->kind >= TY_BOOL && t->kind <= TY_LDOUBLE;
}

long is_scalar(struct type *t) {
    return t->kind >= TY_BOOL && t->kind <= TY_POINTER;
}

long is_struct(struct type *t) {
    return t->kind == TY_STRUCT;
}

// Whether values of both are the same bits with the same meaning.
long same_type(struct type *a, struct type *b) {
    if (a == b) return 1;
    if (a->kind != b->kind || a->is_unsigned != b->is_unsigned) return 0;
    if (a->kind == TY_POINTER) return same_type(a->base, b->base);
    if (a->kind == TY_ARRAY) return same_type(a->base, b->base) && (a->size == b->size || a->size < 0 || b->size < 0);
    if (a->kind == TY_STRUCT) return 0;
    if (a->kind != TY_FUNCTION) return 1;
    if (!same_type(a->base, b->base)) return 0;
    if (a->any_arguments || b->any_arguments) return 1;
    struct member *p = a->members;
    struct member *q = b->members;
    while (p && q) {
        if (!same_type(p->type, q->type)) return 0;
        p = p->next;
        q = q->next;
    }
    return p == q && a->variadic == b->variadic;
}

// ---- Nodes.

struct node *new_node(long kind, struct type *type, struct token *token) {
    struct node *n = allocate(sizeof(struct node));
    n->kind = kind;
    n->type = type;
    n->token = token;
    return n;
}

struct node *number(long value, struct type *type, struct token *token) {
    struct node *n = new_node(N_NUMBER, type, token);
    n->value = value;
    return n;
}

struct node *unary(long kind, struct type *type, struct node *a, struct token *token) {
    struct node *n = new_node(kind, type, token);
    n->a = a;
    return n;
}

struct node *binary(long kind, struct type *type, struct node *a, struct node *b, struct token *token) {
    struct node *n = unary(kind, type, a, token);
    n->b = b;
    return n;
}

// ---- Conversions.

struct node *cast(struct node *n, struct type *type) {
    if (n->type->kind == type->kind && n->type->is_unsigned == type->is_unsigned && type->kind < TY_POINTER) return n;
    return unary(N_CAST, type, n, n->token);
}

// Arrays and functions become pointers; so they are in all places but three (sizeof, &, an initialiser).
struct node *decayed(struct node *n) {
    if (n->type->kind == TY_ARRAY) return unary(N_ADDRESS, pointer_to(n->type->base), n, n->token);
    if (n->type->kind == TY_FUNCTION) return unary(N_ADDRESS, pointer_to(n->type), n, n->token);
    return n;
}

// The bit-field that a value comes from, also through an assignment or a comma; null where it is none.
struct member *field_of(struct node *n) {
    while (n->kind == N_COMMA || n->kind == N_ASSIGN) {
        if (n->kind == N_COMMA) n = n->b;
        else n = n->a;
    }
    if (n->kind == N_MEMBER && n->member->bits) return n->member;
    return 0;
}

// A bit-field's value is an int where int holds all its values.
struct node *promoted_field(struct node *n, struct member *m) {
    if (m->bits < 32) return cast(n, type_int);
    if (m->bits > 32 || m->type->kind != TY_LONG) return n;
    if (m->type->is_unsigned) return cast(n, type_uint);
    return cast(n, type_int);
}

// The integer promotions.
struct node *promoted(struct node *n) {
    if (!is_integer(n->type)) return n;
    if (field_of(n)) n = promoted_field(n, field_of(n));
    if (n->type->kind < TY_INT) return cast(n, type_int);
    return n;
}

// The common type of two operands of arithmetic, after promotion.
struct type *common_type(struct type *a, struct type *b) {
    if (a->kind > b->kind) return a;
    if (b->kind > a->kind) return b;
    if (a->is_unsigned) return a;
    return b;
}

// ---- Values that are known while compiling.

// Cuts a value to what its type holds, and spreads it to 64 bits.
long fitted(long value, struct type *type) {
    if (type->kind == TY_BOOL) return value != 0;
    if (type->size == 8) return value;
    long drop = 64 - 8 * type->size;
    if (type->is_unsigned) return unsigned_shift_right(value << drop, drop);
    return value << drop >> drop;
}

// An address is an object and an offset: the object is left in constant_object, null for a plain number.
// constant_failed is set where the expression is not constant.
struct object *constant_object;
long constant_failed;

long evaluate(struct node *n);

// The address of an lvalue.
long evaluate_address(struct node *n) {
    if (n->kind == N_OBJECT) {
        constant_object = n->object;
        return n->value;
    }
    if (n->kind == N_DEREF) return evaluate(n->a);
    if (n->kind == N_MEMBER) return evaluate_address(n->a) + n->value;
    constant_failed = 1;
    return 0;
}

long evaluate_binary(struct node *n, long a, long b) {
    long is_unsigned = n->a->type->is_unsigned;
    switch (n->kind) {
    case N_ADD: return a + b;
    case N_SUBTRACT: return a - b;
    case N_MULTIPLY: return a * b;
    case N_DIVIDE:
    case N_REMAINDER:
        if (b == 0) {
            constant_failed = 1;
            return 0;
        }
        if (b == -1 && !is_unsigned) {
            if (n->kind == N_DIVIDE) return -a;
            return 0;
        }
        if (is_unsigned) {
            if (n->kind == N_DIVIDE) return unsigned_divide(a, b);
            return a - unsigned_divide(a, b) * b;
        }
        if (n->kind == N_DIVIDE) return a / b;
        return a % b;
    case N_SHIFT_LEFT:
    case N_SHIFT_RIGHT:
        if (b < 0 || b >= 8 * n->type->size) {
            constant_failed = 1;
            return 0;
        }
        if (n->kind == N_SHIFT_LEFT) return a << b;
        if (is_unsigned) return unsigned_shift_right(a, b);
        return a >> b;
    case N_BIT_AND: return a & b;
    case N_BIT_OR: return a | b;
    case N_BIT_XOR: return a ^ b;
    case N_EQUAL: return a == b;
    case N_UNEQUAL: return a != b;
    case N_LESS:
        if (is_unsigned) return unsigned_less(a, b);
        return a < b;
    case N_LESS_EQUAL:
        if (is_unsigned) return !unsigned_less(b, a);
        return a <= b;
    case N_GREATER:
        if (is_unsigned) return unsigned_less(b, a);
        return a > b;
    case N_GREATER_EQUAL:
        if (is_unsigned) return !unsigned_less(a, b);
        return a >= b;
    }
    constant_failed = 1;
    return 0;
}

long evaluate(struct node *n) {
    long a;
    long b;
    struct object *object;
    if (n->type->kind == TY_LDOUBLE || n->type->kind == TY_DOUBLE || n->type->kind == TY_FLOAT) {
        constant_failed = 1;
        return 0;
    }
    switch (n->kind) {
    case N_NUMBER: return n->value;
    case N_ADDRESS: return evaluate_address(n->a);
    case N_CAST:
        a = evaluate(n->a);
        if (constant_object && n->type->kind == TY_BOOL) {
            constant_object = 0;        // no object is at address 0
            return 1;
        }
        if (constant_object && n->type->size != 8) constant_failed = 1;
        if (!is_scalar(n->type)) {
            constant_failed = 1;
            return 0;
        }
        return fitted(a, n->type);
    case N_NEGATE:
    case N_COMPLEMENT:
    case N_NOT:
        a = evaluate(n->a);
        if (constant_object) constant_failed = 1;
        if (n->kind == N_NEGATE) return fitted(-a, n->type);
        if (n->kind == N_COMPLEMENT) return fitted(~a, n->type);
        return !a;
    case N_AND:
    case N_OR:
    case N_CONDITIONAL:
        a = evaluate(n->a);
        if (constant_object) constant_failed = 1;
        if (constant_failed) return 0;
        if (n->kind == N_CONDITIONAL) {
            if (a) return evaluate(n->b);
            return evaluate(n->c);
        }
        if (n->kind == N_AND && !a) return 0;
        if (n->kind == N_OR && a) return 1;
        a = evaluate(n->b) != 0;
        if (constant_object) constant_failed = 1;
        return a;
    }
    if (n->kind < N_ADD || n->kind > N_GREATER_EQUAL) {
        constant_failed = 1;
        return 0;
    }
    a = evaluate(n->a);
    object = constant_object;
    constant_object = 0;
    b = evaluate(n->b);
    if (constant_failed) return 0;
    if (object || constant_object) {
        // An address and a number may be added, and two addresses within one object subtracted.
        if (n->kind == N_ADD && (object == 0 || constant_object == 0)) {
            if (object) constant_object = object;
        } else if (n->kind == N_SUBTRACT && constant_object == 0) constant_object = object;
        else if (n->kind == N_SUBTRACT && constant_object == object) constant_object = 0;
        else constant_failed = 1;
    }
    return fitted(evaluate_binary(n, a, b), n->type);
}

// Whether the expression is a constant; then its value is in constant_value.
long constant_value;

long is_constant(struct node *n) {
    constant_object = 0;
    constant_failed = 0;
    constant_value = evaluate(n);
    return !constant_failed;
}

long integer_constant(struct node *n) {
    if (!is_integer(n->type) || !is_constant(n) || constant_object)
        stop_at(n->token, "constant integer expression expected");
    return constant_value;
}

long is_null_constant(struct node *n) {
    if (!is_integer(n->type) && !(n->type->kind == TY_POINTER && n->type->base->kind == TY_VOID && n->kind == N_CAST)) return 0;
    return is_constant(n) && constant_object == 0 && constant_value == 0;
}
