// cc, part 10 of 12: initialisers.

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
