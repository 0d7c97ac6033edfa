// cc, part 3 of 8: directives and macros.
//
// What is still to be read is one list of tokens, input. An included file is put before the rest of it, and so is what
// a macro is replaced by; the end of a file is a token too. Each token of a replacement remembers which macros it came
// through (hidden), and is not replaced by them again: the method of Dave Prosser, which the standard describes in words.

struct hidden {
    struct hidden *next;
    struct macro *macro;
};

struct macro {
    struct name *name;
    struct token *body;             // ended by T_END
    long like_function;
    struct parameter *parameters;
    long variadic;                  // the last parameter takes the rest
    long built_in;                  // 1: __FILE__, 2: __LINE__
};

struct parameter {
    struct parameter *next;
    struct name *name;
    struct token *argument;         // of one use of the macro, as written; ended by T_END
    struct token *replaced;         // the same, macros in it replaced
};

struct condition {
    struct condition *outer;        // in the same file
    struct token *begin;            // the #if
    long taken;                     // a group of it was compiled
    long had_else;
};

struct folder {
    struct folder *next;
    char *path;
};

struct token *input;
struct condition *condition;        // the innermost one
struct folder *folders;             // of -I, in their order
long depth;                         // of included files

struct token *next_expanded();

struct token *copy_token(struct token *t) {
    struct token *n = allocate(sizeof(struct token));
    copy((char *)n, (char *)t, sizeof(struct token));
    n->next = 0;
    return n;
}

struct token *end_token(struct token *t) {
    struct token *n = copy_token(t);
    n->kind = T_END;
    return n;
}

// ---- Lists of tokens under construction: the last one is kept, the first hangs on an anchor.

struct list {
    struct token *first;
    struct token *last;
};

void append(struct list *l, struct token *t) {
    if (l->last) l->last->next = t;
    else l->first = t;
    l->last = t;
}

struct list *new_list() {
    return allocate(sizeof(struct list));
}

// ---- Sets of macros.

long is_hidden(struct hidden *set, struct macro *m) {
    while (set) {
        if (set->macro == m) return 1;
        set = set->next;
    }
    return 0;
}

struct hidden *with(struct hidden *set, struct macro *m) {
    if (is_hidden(set, m)) return set;
    struct hidden *h = allocate(sizeof(struct hidden));
    h->macro = m;
    h->next = set;
    return h;
}

struct hidden *both(struct hidden *a, struct hidden *b) {
    struct hidden *set = 0;
    while (a) {
        if (is_hidden(b, a->macro)) set = with(set, a->macro);
        a = a->next;
    }
    return set;
}

// ---- # and ##.

// The text of some tokens as a string literal, between each two a blank where there was one.
struct token *stringised(struct token *hash, struct token *t) {
    struct bytes *b = allocate(sizeof(struct bytes));
    long first = 1;
    add_byte(b, '"');
    while (t->kind != T_END) {
        if (!first && t->spaced) add_byte(b, ' ');
        first = 0;
        long i = 0;
        while (i < t->length) {
            long quoted_text = t->kind == T_STRING || t->kind == T_CHARACTER;
            if (t->text[i] == '"' && quoted_text || t->text[i] == '\\' && quoted_text) add_byte(b, '\\');
            add_byte(b, t->text[i]);
            i++;
        }
        t = t->next;
    }
    add_byte(b, '"');
    add_byte(b, 0);
    struct token *s = tokenise(hash->file, b->data, hash->line, T_END);
    s->begins_line = 0;
    s->spaced = hash->spaced;
    s->next = 0;
    return s;
}

struct token *pasted(struct token *a, struct token *b) {
    char *text = joined(text_of(a->text, a->length), text_of(b->text, b->length));
    struct token *t = tokenise(a->file, text, a->line, T_END);
    if (t->next == 0 || t->next->kind != T_END) stop(a->file, a->line, "## does not give one token", text);
    t->begins_line = 0;
    t->spaced = a->spaced;
    t->hidden = both(a->hidden, b->hidden);
    t->next = 0;
    return t;
}

// ---- Replacing a macro.

// All tokens up to T_END, macros replaced.
struct token *fully_expanded(struct token *tokens) {
    struct token *rest = input;
    struct list *result = new_list();
    input = tokens;
    while (input->kind != T_END) {
        struct token *t = next_expanded();
        if (t) append(result, t);
    }
    append(result, end_token(input));
    input = rest;
    return result->first;
}

// The parameter that the token names; null where it is none.
struct parameter *parameter_of(struct parameter *p, struct token *t) {
    if (t->kind != T_NAME) return 0;
    while (p) {
        if (p->name == t->name) return p;
        p = p->next;
    }
    return 0;
}

// A copy of the parameters, to hold the arguments of one use: an argument may use the same macro again.
struct parameter *copy_parameters(struct parameter *p) {
    if (p == 0) return 0;
    struct parameter *n = allocate(sizeof(struct parameter));
    n->name = p->name;
    n->next = copy_parameters(p->next);
    return n;
}

// Reads the arguments, from the parenthesis on, and returns the closing one.
struct token *read_arguments(struct macro *m, struct parameter *p, struct token *name) {
    struct token *t = input->next;
    struct list *argument = new_list();
    long nested = 0;
    while (nested || !is(t, ")")) {
        if (t->kind == T_END || t->kind == T_FILE_END) stop_at_text(name, "arguments of a macro are not closed:");
        if (t->begins_line && is(t, "#")) stop_at(t, "directive among the arguments of a macro");
        long last_takes_rest = m->variadic && p && p->next == 0;
        if (is(t, ",") && !nested && !last_takes_rest) {
            if (p == 0 || p->next == 0) stop_at_text(name, "too many arguments for macro");
            append(argument, end_token(t));
            p->argument = argument->first;
            p = p->next;
            argument = new_list();
        } else {
            if (is(t, "(")) nested++;
            if (is(t, ")")) nested--;
            struct token *n = copy_token(t);
            if (n->begins_line) n->spaced = 1;
            n->begins_line = 0;
            append(argument, n);
        }
        t = t->next;
    }
    if (p == 0 && argument->first) stop_at_text(name, "too many arguments for macro");
    append(argument, end_token(t));
    if (p) {
        p->argument = argument->first;
        p = p->next;
        if (p && m->variadic && p->next == 0) {
            p->argument = end_token(t);
            p = 0;
        }
        if (p) stop_at_text(name, "too few arguments for macro");
    }
    return t;
}

void append_copies(struct list *result, struct token *t, long spaced) {
    while (t->kind != T_END) {
        struct token *n = copy_token(t);
        if (spaced >= 0) n->spaced = spaced;
        spaced = -1;
        append(result, n);
        t = t->next;
    }
}

// The body with arguments in place of the parameters. left is the operand that a ## may be waiting for: the last token of
// the result so far, or null after an empty argument.
struct token *substituted(struct macro *m, struct parameter *parameters) {
    struct list *result = new_list();
    struct token *t = m->body;
    while (t->kind != T_END) {
        struct parameter *p = parameter_of(parameters, t);
        if (is(t, "#") && m->like_function) {
            p = parameter_of(parameters, t->next);
            if (p == 0) stop_at(t, "# is not followed by a parameter");
            append(result, stringised(t, p->argument));
            t = t->next->next;
        } else if (is(t, ",") && is(t->next, "##") && m->variadic && parameter_of(parameters, t->next->next)
            && parameter_of(parameters, t->next->next)->next == 0) {
            // GNU C: the comma goes with the rest where that is empty.
            p = parameter_of(parameters, t->next->next);
            if (p->argument->kind != T_END) {
                append(result, copy_token(t));
                append_copies(result, fully_expanded(p->argument), -1);
            }
            t = t->next->next->next;
        } else if (is(t->next, "##")) {
            // A chain of ##: its operands are not expanded, empty ones vanish.
            struct token *left = 0;
            struct list *chain = new_list();
            long more = 1;
            while (more) {
                struct list *operand = new_list();
                p = parameter_of(parameters, t);
                if (p) append_copies(operand, p->argument, -1);
                else if (is(t, "#") && m->like_function && parameter_of(parameters, t->next)) {
                    append(operand, stringised(t, parameter_of(parameters, t->next)->argument));
                    t = t->next;
                } else append(operand, copy_token(t));
                struct token *o = operand->first;
                while (o) {
                    struct token *following = o->next;
                    o->next = 0;
                    if (left) o = pasted(left, o);
                    else if (chain->first == 0) o->spaced = t->spaced;
                    left = 0;
                    if (following == 0) left = o;
                    else append(chain, o);
                    o = following;
                }
                more = is(t->next, "##");
                t = t->next;
                if (more) t = t->next;
                if (more && t->kind == T_END) stop_at(t, "## at the end of a macro");
                // The right operand of an empty left one begins anew; what is left of the chain so far stays left.
            }
            if (left) append(chain, left);
            if (chain->first) {
                append(result, chain->first);
                result->last = chain->last;
            }
        } else if (p) {
            if (p->replaced == 0) p->replaced = fully_expanded(p->argument);
            append_copies(result, p->replaced, t->spaced);
            t = t->next;
        } else {
            append(result, copy_token(t));
            t = t->next;
        }
    }
    return result->first;
}

// Replaces the macro that the next token of the input names; 0 where it is none, or must stay.
long replace() {
    struct token *t = input;
    struct macro *m = t->name->macro;
    if (m == 0 || is_hidden(t->hidden, m)) return 0;
    if (m->built_in) {
        struct token *n = copy_token(t);
        n->kind = T_NUMBER;
        n->text = decimal_text(t->line);
        n->length = length_of(n->text);
        if (m->built_in == 1) {
            n->kind = T_STRING;
            n->content = t->file;
            n->size = length_of(t->file);
            n->text = joined("\"", joined(t->file, "\""));
            n->length = n->size + 2;
            n->width = 1;
        }
        n->next = t->next;
        input = n;
        return 1;
    }
    struct token *rest = t->next;
    struct hidden *hidden = t->hidden;
    struct parameter *parameters = copy_parameters(m->parameters);
    if (m->like_function) {
        // A name without arguments is no use of the macro. The parenthesis may stand on a later line.
        if (!is(rest, "(")) return 0;
        input = rest;
        struct token *closing = read_arguments(m, parameters, t);
        hidden = both(hidden, closing->hidden);
        rest = closing->next;
    }
    hidden = with(hidden, m);
    struct token *body = substituted(m, parameters);
    struct token *last = 0;
    struct token *n = body;
    while (n) {
        struct hidden *h = hidden;
        while (h) {
            n->hidden = with(n->hidden, h->macro);
            h = h->next;
        }
        n->begins_line = 0;
        n->file = t->file;
        n->line = t->line;
        last = n;
        n = n->next;
    }
    if (body) {
        body->spaced = t->spaced;
        last->next = rest;
        input = body;
    } else input = rest;
    return 1;
}

// ---- Directives. The tokens of one reach to the next that begins a line.

long ends_line(struct token *t) {
    return t->begins_line || t->kind == T_END || t->kind == T_FILE_END;
}

struct token *skip_line(struct token *t) {
    while (!ends_line(t)) t = t->next;
    return t;
}

// The tokens from t to the end of the line, ended by T_END; input goes to the next line.
struct token *rest_of_line(struct token *t) {
    struct list *line = new_list();
    while (!ends_line(t)) {
        append(line, copy_token(t));
        t = t->next;
    }
    input = t;
    t = end_token(t);
    t->begins_line = 0;
    append(line, t);
    return line->first;
}

struct name *macro_name(struct token *t) {
    if (ends_line(t) || t->kind != T_NAME) stop_at(t, "name of a macro expected");
    if (same_text(t->name->text, "defined")) stop_at(t, "defined is no name for a macro");
    return t->name;
}

long same_body(struct token *a, struct token *b) {
    while (a->kind != T_END && b->kind != T_END) {
        if (a->length != b->length || !same_bytes(a->text, b->text, a->length)) return 0;
        a = a->next;
        b = b->next;
    }
    return a->kind == b->kind;
}

void define(struct token *t) {
    struct macro *m = allocate(sizeof(struct macro));
    struct token *begin = t;
    m->name = macro_name(t);
    t = t->next;
    if (is(t, "(") && !t->spaced && !t->begins_line) {
        m->like_function = 1;
        struct parameter *last = 0;
        t = t->next;
        while (!is(t, ")")) {
            struct parameter *p = allocate(sizeof(struct parameter));
            if (ends_line(t)) stop_at(begin, "parameters of a macro are not closed");
            if (is(t, "...")) {
                p->name = name_of_text("__VA_ARGS__");
                m->variadic = 1;
            } else {
                p->name = macro_name(t);
                if (is(t->next, "...")) {
                    m->variadic = 1;
                    t = t->next;
                }
            }
            if (last) last->next = p;
            else m->parameters = p;
            last = p;
            t = t->next;
            if (is(t, ",") && !m->variadic) t = t->next;
            else if (!is(t, ")")) stop_at_text(t, "parameters of a macro: unexpected");
        }
        t = t->next;
    }
    m->body = rest_of_line(t);
    if (is(m->body, "##")) stop_at(begin, "## at the beginning of a macro");
    struct macro *old = m->name->macro;
    if (old && (old->like_function != m->like_function || !same_body(old->body, m->body)))
        stop_at_text(begin, "macro is defined differently already:");
    m->name->macro = m;
}

// Whether the condition of #if or #elif holds: "defined" is answered, macros are replaced, and the rest is an
// expression as the parser knows it, in which names are 0 and all numbers have 64 bits.
long condition_holds(struct token *t);  // in parse.c

long if_holds(struct token *t) {
    struct list *line = new_list();
    struct token *begin = t;
    t = rest_of_line(t);
    struct token *rest = input;
    while (t->kind != T_END) {
        if (t->kind == T_NAME && same_text(t->name->text, "defined")) {
            struct token *n = copy_token(t);
            t = t->next;
            long parenthesis = is(t, "(");
            if (parenthesis) t = t->next;
            n->kind = T_NUMBER;
            n->text = "0";
            if (macro_name(t)->macro) n->text = "1";
            n->length = 1;
            append(line, n);
            if (parenthesis) t = t->next;
            if (parenthesis && !is(t, ")")) stop_at(begin, "defined: parenthesis is not closed");
        } else append(line, copy_token(t));
        t = t->next;
    }
    append(line, end_token(t));
    long holds = condition_holds(fully_expanded(line->first));
    input = rest;
    return holds;
}

// Skips a group that is not compiled, to the #elif, #else or #endif that ends it.
void skip_group() {
    long nested = 0;
    struct token *t = input;
    while (1) {
        if (t->kind == T_FILE_END) stop_at(condition->begin, "condition is not ended by #endif");
        if (t->begins_line && is(t, "#") && t->next->kind == T_NAME && !t->next->begins_line) {
            char *word = t->next->name->text;
            if (same_text(word, "if") || same_text(word, "ifdef") || same_text(word, "ifndef")) nested++;
            else if (nested && same_text(word, "endif")) nested--;
            else if (!nested && (same_text(word, "elif") || same_text(word, "else") || same_text(word, "endif"))) {
                input = t;
                return;
            }
        }
        t = t->next;
    }
}

void begin_condition(struct token *begin, long holds) {
    struct condition *c = allocate(sizeof(struct condition));
    c->outer = condition;
    c->begin = begin;
    c->taken = holds;
    condition = c;
    if (!holds) skip_group();
}

// Puts the tokens of a file before the input.
void include_text(char *path, char *text, long length) {
    struct token *t = tokenise(path, joined_lines(text, length), 1, T_FILE_END);
    struct token *last = t;
    while (last->next) last = last->next;
    // The end of a file carries the condition that was open where the file begins.
    last->content = (char *)condition;
    last->begins_line = 1;
    last->next = input;
    condition = 0;
    input = t;
}

long include_file(char *path) {
    char *text = read_file(path);
    if (text == 0) return 0;
    depth++;
    include_text(path, text, file_length);
    return 1;
}

void include(struct token *t) {
    struct token *begin = t;
    struct bytes *path = allocate(sizeof(struct bytes));
    t = rest_of_line(t);
    if (t->kind == T_NAME) t = fully_expanded(t);
    long quotes = t->kind == T_STRING;
    if (quotes) add_text(path, t->text + 1, t->length - 2);
    else if (is(t, "<")) {
        t = t->next;
        while (!is(t, ">")) {
            if (t->kind == T_END) stop_at(begin, "#include: > is missing");
            if (t->spaced && path->size) add_byte(path, ' ');
            add_text(path, t->text, t->length);
            t = t->next;
        }
    } else stop_at(begin, "#include expects \"file\" or <file>");
    add_byte(path, 0);
    if (depth > 100) stop_at(begin, "files include each other without end");
    if (quotes) {
        if (path->data[0] == '/') {
            if (include_file(path->data)) return;
        }
        long folder = length_of(begin->file);
        while (folder > 0 && begin->file[folder - 1] != '/') folder--;
        if (include_file(joined(text_of(begin->file, folder), path->data))) return;
    }
    struct folder *f = folders;
    while (f) {
        if (include_file(joined(f->path, joined("/", path->data)))) return;
        f = f->next;
    }
    stop(begin->file, begin->line, "file to include is not found:", path->data);
}

// Obeys the directive that the input begins with.
void directive() {
    struct token *begin = input;
    struct token *t = begin->next;
    if (ends_line(t)) {
        input = t;      // a # alone does nothing
        return;
    }
    if (t->kind != T_NAME) stop_at_text(t, "unknown directive");
    char *word = t->name->text;
    struct token *after = t->next;
    input = skip_line(t);
    if (same_text(word, "define")) define(after);
    else if (same_text(word, "undef")) macro_name(after)->macro = 0;
    else if (same_text(word, "include")) include(after);
    else if (same_text(word, "ifdef")) begin_condition(begin, macro_name(after)->macro != 0);
    else if (same_text(word, "ifndef")) begin_condition(begin, macro_name(after)->macro == 0);
    else if (same_text(word, "if")) begin_condition(begin, if_holds(after));
    else if (same_text(word, "elif") || same_text(word, "else")) {
        if (condition == 0 || condition->had_else) stop_at_text(t, "no #if is open here:");
        if (same_text(word, "else")) condition->had_else = 1;
        if (condition->taken) skip_group();
        else {
            condition->taken = condition->had_else || if_holds(after);
            if (!condition->taken) skip_group();
        }
    } else if (same_text(word, "endif")) {
        if (condition == 0) stop_at(t, "no #if is open here: #endif");
        condition = condition->outer;
    } else if (same_text(word, "error")) {
        struct token *message = stringised(begin, rest_of_line(after));
        stop(t->file, t->line, "#error", message->content);
    } else if (same_text(word, "pragma")) {
        // What is not known may change what the program means.
        char *subject = text_of(after->text, after->length);
        if (!ends_line(after) && !same_text(subject, "STDC") && !same_text(subject, "GCC")) stop_at_text(after, "#pragma is not supported:");
    } else if (!same_text(word, "warning")) stop_at_text(t, "unknown directive");
}

// The next token after all this; null where a file or a directive ended, and the caller shall look again.
struct token *next_expanded() {
    struct token *t = input;
    if (t->kind == T_FILE_END) {
        if (condition) stop_at(condition->begin, "condition is not ended by #endif");
        condition = (struct condition *)t->content;
        depth--;
        input = t->next;
        return 0;
    }
    if (t->begins_line && is(t, "#")) {
        directive();
        return 0;
    }
    if (t->kind == T_NAME && replace()) return 0;
    input = t->next;
    return copy_token(t);
}

// ---- A whole file.

void built_in_macro(char *name, long which) {
    struct macro *m = allocate(sizeof(struct macro));
    m->name = name_of_text(name);
    m->built_in = which;
    m->name->macro = m;
}

// What the compiler says of itself, and -D and -U, are lines before the file.
struct bytes predefined;

void predefine(char *directive, char *name, char *value) {
    add_text(&predefined, directive, length_of(directive));
    add_text(&predefined, name, length_of(name));
    add_byte(&predefined, ' ');
    add_text(&predefined, value, length_of(value));
    add_byte(&predefined, '\n');
}

struct token *preprocess(char *path) {
    long row = 0;
    while (row < 16384) {
        struct name *n = names[row];
        while (n) {
            n->macro = 0;
            n = n->next;
        }
        row++;
    }
    built_in_macro("__FILE__", 1);
    built_in_macro("__LINE__", 2);
    depth = 1;
    condition = 0;
    struct token *end = allocate(sizeof(struct token));
    end->kind = T_END;
    end->file = path;
    end->begins_line = 1;
    input = end;
    if (!include_file(path)) stop(0, 0, "file cannot be read:", path);
    include_text("<command line>", predefined.data, predefined.size);
    return fully_expanded(input);
}
