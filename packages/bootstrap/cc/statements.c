// cc, part 11 of 12: statements, and the declarations of functions and variables.

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
    if (attribute_aligned > 8 || s->aligned > 8 || type->align > 16) stop_at_text(t, "alignment of more than 8 on the stack is not supported:");
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
