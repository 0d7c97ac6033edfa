// cc, part 2 of 8: characters become tokens.
//
// A token remembers where it stands, whether it begins a line (a directive must) and whether blanks come before it
// (the # operator wants to know). Names are unique: two tokens of one spelling point to one struct name, in which the
// later parts keep what the name means at the moment.

enum { T_END, T_NAME, T_NUMBER, T_STRING, T_CHARACTER, T_MARK, T_FILE_END };

struct name {
    struct name *next;          // in its row of the table
    char *text;
    long length;
    long keyword;               // K_..., of parse.c
    struct macro *macro;        // of preprocess.c
    struct symbol *ordinary;    // variable, function, typedef or enumeration constant, innermost scope
    struct symbol *tag;         // struct, union or enum
    struct object *linked;      // the function or variable of external linkage, over all files
    struct label *label;        // in the function at hand
};

struct token {
    struct token *next;
    long kind;
    char *text;
    long length;
    struct name *name;          // of T_NAME
    long mark;                  // of T_MARK: its characters as one number, the first lowest
    char *content;              // of T_STRING, T_CHARACTER: the bytes meant
    long size;                  // and how many
    long width;                 // of one of its characters: 1, or 4 after an L
    char *file;
    long line;
    long begins_line;
    long spaced;
    struct hidden *hidden;      // macros that must not be replaced in it
};

void stop_at(struct token *t, char *message) {
    stop(t->file, t->line, message, 0);
}

void stop_at_text(struct token *t, char *message) {
    if (t->kind == T_END) stop(t->file, t->line, message, "end of file");
    stop(t->file, t->line, message, text_of(t->text, t->length));
}

// ---- Names.

struct name *names[16384];

struct name *name_of(char *text, long length) {
    long row = length;
    long i = 0;
    while (i < length) {
        row = (row * 31 + text[i]) & 16383;
        i++;
    }
    struct name *n = names[row];
    while (n) {
        if (n->length == length && same_bytes(n->text, text, length)) return n;
        n = n->next;
    }
    n = allocate(sizeof(struct name));
    n->text = text_of(text, length);
    n->length = length;
    n->next = names[row];
    names[row] = n;
    return n;
}

struct name *name_of_text(char *text) {
    return name_of(text, length_of(text));
}

// ---- Classes of characters.

long is_digit(long c) {
    return c >= '0' && c <= '9';
}

long is_letter(long c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
}

// -1 where the character is no hexadecimal digit.
long digit_value(long c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// ---- Marks: operators and punctuation.

long mark_of(char *text) {
    long mark = 0;
    long i = 0;
    while (text[i]) {
        mark = mark | text[i] << 8 * i;
        i++;
    }
    return mark;
}

char *marks = "... <<= >>= -> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^= ## ";

// The length of the longest mark that the text begins with.
long mark_length(char *text) {
    char *m = marks;
    while (*m) {
        long n = 0;
        while (m[n] != ' ') n++;
        if (same_bytes(m, text, n)) return n;
        m = m + n + 1;
    }
    return 1;
}

long is(struct token *t, char *mark) {
    return t->kind == T_MARK && t->mark == mark_of(mark);
}

// ---- Strings and characters.

char *quoted_at;

// The character that the escape sequence after a backslash means.
long escaped(char *file, long line) {
    long c = *quoted_at;
    quoted_at++;
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c == 'r') return '\r';
    if (c == 'a') return 7;
    if (c == 'b') return 8;
    if (c == 'f') return 12;
    if (c == 'v') return 11;
    if (c == 'e') return 27;
    if (c == '\\' || c == '\'' || c == '"' || c == '?') return c;
    long value = 0;
    if (c == 'x') {
        if (digit_value(*quoted_at) < 0) stop(file, line, "hexadecimal digits expected after \\x", 0);
        while (digit_value(*quoted_at) >= 0) {
            value = value * 16 + digit_value(*quoted_at);
            quoted_at++;
        }
        return value;
    }
    if (c < '0' || c > '7') stop(file, line, "unknown escape sequence", 0);
    value = c - '0';
    long digits = 1;
    while (digits < 3 && *quoted_at >= '0' && *quoted_at <= '7') {
        value = value * 8 + *quoted_at - '0';
        quoted_at++;
        digits++;
    }
    return value;
}

// Reads from the opening quote; what is between goes to the token. A quote that is not closed stays alone: it may be an
// apostrophe in text that a condition leaves out. Wide characters are ASCII only.
void quoted(struct token *t, char *at, long quote) {
    quoted_at = at + 1;
    struct bytes *b = allocate(sizeof(struct bytes));
    while (*quoted_at != quote) {
        long c = *quoted_at;
        if (c == 0 || c == '\n') {
            t->kind = T_MARK;
            t->mark = quote;
            quoted_at = at + 1;
            return;
        }
        quoted_at++;
        if (c == '\\') c = escaped(t->file, t->line);
        else if (c > 127 && t->width > 1) stop(t->file, t->line, "wide character beyond ASCII", 0);
        add_number(b, c, t->width);
    }
    quoted_at++;
    t->size = b->size;
    t->content = b->data;
}

// ---- Source text.

// Joins lines that end in a backslash. The newlines taken away follow after the joined line, so that lines keep their
// numbers; a file's last line is ended where it is not.
char *joined_lines(char *text, long length) {
    char *result = allocate(length + 3);
    long from = 0;
    long to = 0;
    long owed = 0;
    while (from < length) {
        if (text[from] == '\\' && text[from + 1] == '\n') {
            from = from + 2;
            owed++;
        } else if (text[from] == '\\' && text[from + 1] == '\r' && text[from + 2] == '\n') {
            from = from + 3;
            owed++;
        } else {
            result[to] = text[from];
            from++;
            to++;
            if (result[to - 1] == '\n')
                while (owed > 0) {
                    result[to] = '\n';
                    to++;
                    owed--;
                }
        }
    }
    if (to > 0 && result[to - 1] != '\n') result[to] = '\n';
    return result;
}

// All tokens of a text, ended by one of the kind given.
struct token *tokenise(char *file, char *at, long line, long last_kind) {
    struct token *first = 0;
    struct token *last = 0;
    long begins_line = 1;
    long spaced = 0;
    while (1) {
        long c = *at;
        if (c == '\n') {
            line++;
            at++;
            begins_line = 1;
            spaced = 0;
            continue;
        }
        if (c == ' ' || c == '\t' || c == '\r' || c == 12 || c == 11) {
            at++;
            spaced = 1;
            continue;
        }
        if (c == '/' && at[1] == '/') {
            while (*at && *at != '\n') at++;
            continue;
        }
        if (c == '/' && at[1] == '*') {
            long begin = line;
            at = at + 2;
            while (at[0] != '*' || at[1] != '/') {
                if (*at == 0) stop(file, begin, "comment is not closed", 0);
                if (*at == '\n') line++;
                at++;
            }
            at = at + 2;
            spaced = 1;
            continue;
        }
        struct token *t = allocate(sizeof(struct token));
        t->text = at;
        t->file = file;
        t->line = line;
        t->begins_line = begins_line;
        t->spaced = spaced;
        begins_line = 0;
        spaced = 0;
        if (last) last->next = t;
        else first = t;
        last = t;
        if (c == 0) {
            t->kind = last_kind;
            return first;
        }
        t->width = 1;
        if (c == 'L' && (at[1] == '"' || at[1] == '\'')) {
            t->width = 4;
            at++;
            c = *at;
        }
        if (c == '"' || c == '\'') {
            t->kind = T_STRING;
            if (c == '\'') t->kind = T_CHARACTER;
            quoted(t, at, c);
            at = quoted_at;
        } else if (is_letter(c)) {
            t->kind = T_NAME;
            while (is_letter(*at) || is_digit(*at)) at++;
            t->name = name_of(t->text, at - t->text);
        } else if (is_digit(c) || c == '.' && is_digit(at[1])) {
            // What the standard calls a preprocessing number: its value is read much later.
            t->kind = T_NUMBER;
            while (is_letter(*at) || is_digit(*at) || *at == '.') {
                c = *at;
                at++;
                if ((c == 'e' || c == 'E' || c == 'p' || c == 'P') && (*at == '+' || *at == '-')) at++;
            }
        } else {
            t->kind = T_MARK;
            at = at + mark_length(at);
            t->mark = mark_of(text_of(t->text, at - t->text));
        }
        t->length = at - t->text;
    }
}
