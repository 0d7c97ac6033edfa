// c0 INPUT OUTPUT: a compiler for C0, a subset of C, to static executables for Linux on x86_64.
// It is written in the part of C0 that minic compiles, so it can compile itself.
//
// C0, where every program means what it means in C with chars unsigned:
//   types        long (64 bits), char, void, struct, pointers and arrays of all of these
//   declarations struct and enum { A, B = 5 } in the file; variables in the file, there with an initialiser that is a
//                constant, a string or a list of these, and at any place in a block, there with any initial value;
//                functions and prototypes, with parameters and results that are long or pointers (void: no result)
//   statements   expression ; { } if else while do for switch case default break continue return
//   expressions  all operators but the comma; casts to long, char and pointers; sizeof; calls of functions by name
//   tokens       decimal, hexadecimal and octal numbers, characters, strings with \n \t \r \0 \\ \' \" \xHH,
//                strings side by side are joined, and may go on in the next line behind \; both kinds of comment
// main has the parameters argc and argv, or none; syscall6(number, a, b, c, d, e, f) is there without declaration.
// Left out: what needs a preprocessor, int and all other types, typedef, goto, functions as values, variable arguments,
// structs as values, initialisers of structs, variables declared in for. These, and whatever else is not understood,
// end in "line 12: message", status 1, and no OUTPUT. Not complained about: longs and pointers of any kind may be
// assigned to one another.
//
// How it works: the source is compiled twice, both times alike. What is not known in time, where a jump goes or how
// much room a function needs, has a number, a label; the second pass takes from a table what the first has put there.
// Code is made while reading. The operand at hand is described by kind, type and value; instructions that bring it
// to the register rax are made as late as possible, so that constants are calculated here, and what turns out not to
// be needed is taken back by setting code_size back. The left side of an operator waits on the stack while the right
// one is worked out; then they are in rax and rcx.
//
// The frame of a function: the parameters from rbp+16 up, the last one lowest, its variables below rbp.
// In memory: headers and code from 0x400000, then strings; variables with initialisers at 0x10000000, others at
// 0x20000000.
//
// How it was checked (tests/Bootstrap): what minic makes of this file compiles it, and the result does so again: the
// two are the same, and the same as what this file makes when it is compiled by gcc; C0 programs behave as with gcc.

long syscall6(long number, long a, long b, long c, long d, long e, long f);

// ---- What the compiler keeps.

enum { SOURCE_LIMIT = 4194304, CODE_LIMIT = 8388608, STRINGS_LIMIT = 2097152, DATA_LIMIT = 8388608 };
enum { TEXT_LIMIT = 65536, NAMES_LIMIT = 65536, SYMBOLS_LIMIT = 65536, TYPES_LIMIT = 131072, MEMBERS_LIMIT = 16384 };
enum { LABELS_LIMIT = 524288, CASES_LIMIT = 16384 };
// Where things are in the program that is made: 0x400000, 64 + 3 * 56 bytes, 0x10000000, 0x20000000.
enum { BASE = 4194304, HEADERS = 232, DATA = 268435456, ZERO = 536870912 };

char source[4194304];           // begins with the names that the compiler knows
long source_size;
long at;                        // the place in it
long line;                      // the number of that line

char code[8388608];             // the headers are its first bytes
long code_size;
char strings[2097152];
long strings_size;
long strings_begin;             // their address: behind the code of the first pass
char data[8388608];             // of variables with initialisers
long data_size;
long zero_size;                 // of those without

long second;                    // 0 in the first pass, 1 in the second
long labels;                    // given out so far
long label_value[524288];

// Tokens. Other than these, they are the character. K_LAST is the last of the words that C reserves, with those that
// have no meaning in C0.
enum {
    T_END, T_NAME = 256,
    K_LONG, K_CHAR, K_VOID, K_STRUCT, K_ENUM, K_IF, K_ELSE, K_WHILE, K_DO, K_FOR, K_SWITCH, K_CASE, K_DEFAULT,
    K_BREAK, K_CONTINUE, K_RETURN, K_SIZEOF, K_LAST = 291,
    T_NUMBER = 300, T_STRING,
    T_SHL_SET = 400, T_SHR_SET, T_EQUAL, T_UNEQUAL, T_LESS_EQUAL, T_GREATER_EQUAL, T_AND, T_OR, T_SHL, T_SHR,
    T_INCREMENT, T_DECREMENT, T_ADD_SET, T_SUB_SET, T_MUL_SET, T_DIV_SET, T_REM_SET, T_AND_SET, T_OR_SET, T_XOR_SET,
    T_ARROW, T_LAST
};
long token;
long token_value;               // of a number
long token_name;                // of a name: its number
long token_line;
long largest;                   // the largest number there is
char text[65536];               // of a string
long text_size;

// Names have numbers, from 1. The keywords come first, in the order above.
long names;
long bucket[4096];              // the last name with this hash, and for a name the one before it
long name_before[65536];
long name_begin[65536];         // in source
long name_size[65536];
long name_symbol[65536];        // what it means here, as a variable or function, and as the tag of a struct
long name_struct[65536];

// What a name means. A symbol of an inner block hides an outer one, which comes back when the block ends.
enum { CONSTANT = 1, LOCAL, GLOBAL, FUNCTION, INDIRECT, VALUE };
long symbols;
long scope;                     // the last symbol outside of the block at hand
long symbol_name[65536];
long symbol_hidden[65536];
long symbol_kind[65536];        // CONSTANT to FUNCTION
long symbol_type[65536];        // of a function: of its result
long symbol_value[65536];       // the constant, the distance from rbp, the address, the label
long symbol_count[65536];       // of a function's parameters

// Types. The first ones are always there; VOID etc. are also the kinds of types.
enum { VOID = 1, CHAR, LONG, POINTER, ARRAY, STRUCT };
long types;
long type_kind[131072];
long type_base[131072];         // pointed to, or of an array's elements
long type_size[131072];         // 0 where it is not known
long type_align[131072];
long type_pointer[131072];      // the type of pointers to it, if needed before
long type_member[131072];       // a struct's last member
long members;
long member_before[16384];
long member_name[16384];
long member_type[16384];
long member_offset[16384];

// The operand at hand. kind is
//   CONSTANT  value                     LOCAL     in memory at rbp+value        GLOBAL  in memory at value
//   INDIRECT  in memory at rax+value    VALUE     in rax
long kind;
long type;
long value;

// The function at hand.
long result_type;
long frame;                     // bytes its variables take here, and at most
long deepest;
long break_label;               // where break and continue go, 0 outside of loops
long continue_label;
long in_switch;                 // and the labels of a switch
long default_label;
long cases;
long case_value[16384];
long case_label[16384];

long declared;                  // the name that declarator found

// ---- Errors.

char digits[32];

long write(long file, char *s, long size) {
    long done;
    while (size > 0) {
        done = syscall6(1, file, s, size, 0, 0, 0);
        if (done <= 0) return 1;
        s = s + done;
        size = size - done;
    }
    return 0;
}

long print(char *s) {
    long n = 0;
    while (s[n]) n = n + 1;
    return write(2, s, n);
}

long error(char *message) {
    long i = 31;
    long n = token_line;
    print("line ");
    while (n || i == 31) {
        i = i - 1;
        digits[i] = '0' + n % 10;
        n = n / 10;
    }
    print(digits + i);
    print(": ");
    print(message);
    print("\n");
    return syscall6(60, 1, 0, 0, 0, 0, 0);
}

// How many there are, if one more is still within the limit.
long more(long count, long limit) {
    if (count + 1 >= limit) error("too much for this compiler");
    return count + 1;
}

// ---- Tokens.

long letter(long c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
}

// The value of a digit, 99 if it is none.
long digit(long c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

long same(long a, long b, long size) {
    while (size && source[a] == source[b]) {
        a = a + 1;
        b = b + 1;
        size = size - 1;
    }
    return size == 0;
}

// The number of the name that is written there.
long name_at(long begin, long size) {
    long hash = 0;
    long i = 0;
    while (i < size) {
        hash = (hash * 31 + source[begin + i]) & 4095;
        i = i + 1;
    }
    long n = bucket[hash];
    while (n) {
        if (name_size[n] == size && same(name_begin[n], begin, size)) return n;
        n = name_before[n];
    }
    names = more(names, NAMES_LIMIT);
    name_begin[names] = begin;
    name_size[names] = size;
    name_before[names] = bucket[hash];
    bucket[hash] = names;
    return names;
}

// The character at hand of a character constant or a string.
long character() {
    long c = source[at];
    at = at + 1;
    if (c == '\n' || at > source_size) error("quote is not closed");
    if (c != '\\') return c;
    c = source[at];
    at = at + 1;
    if (c == 'n') return '\n';
    if (c == 't') return 9;
    if (c == 'r') return 13;
    if (c == '0' && digit(source[at]) > 7) return 0;
    if (c == '\\' || c == '\'' || c == '"') return c;
    if (c != 'x' || digit(source[at]) > 15 || digit(source[at + 1]) > 15) error("unknown escape");
    at = at + 2;
    if (digit(source[at]) < 16) error("unknown escape");
    return digit(source[at - 2]) * 16 + digit(source[at - 1]);
}

// A backslash at the end of a line within a string: the string goes on in the next.
long join_lines() {
    while (source[at] == '\\' && source[at + 1] == '\n') {
        line = line + 1;
        at = at + 2;
    }
    return 0;
}

long skip_blanks() {
    long c = source[at];
    while (c == ' ' || c == '\n' || c == 9 || c == 13 || c == '/') {
        if (c == '\n') line = line + 1;
        if (c == '/') {
            if (source[at + 1] == '/') {
                while (at < source_size && source[at + 1] != '\n') at = at + 1;
                token_line = line;
                if (source[at] == '\\') error("comment goes on in the next line");
            } else if (source[at + 1] == '*') {
                token_line = line;
                at = at + 2;
                while (source[at] != '*' || source[at + 1] != '/') {
                    if (at >= source_size) error("comment is not closed");
                    if (source[at] == '\n') line = line + 1;
                    at = at + 1;
                }
                at = at + 1;
            } else return 0;
        }
        at = at + 1;
        c = source[at];
    }
    return 0;
}

long number_token() {
    long radix = 10;
    token = T_NUMBER;
    token_value = 0;
    if (source[at] == '0') {
        radix = 8;
        if (source[at + 1] == 'x' || source[at + 1] == 'X') {
            radix = 16;
            at = at + 2;
            if (digit(source[at]) > 15) error("digit expected");
        }
    }
    while (digit(source[at]) < radix) {
        if (token_value > (largest - digit(source[at])) / radix) error("number is too large");
        token_value = token_value * radix + digit(source[at]);
        at = at + 1;
    }
    if (letter(source[at]) || digit(source[at]) < 16) error("malformed number");
    return 0;
}

long operator_token() {
    char *operators = "<<= >>= ==  !=  <=  >=  &&  ||  <<  >>  ++  --  +=  -=  *=  /=  %=  &=  |=  ^=  ->  ";
    long i = 0;
    while (operators[i]) {
        if (operators[i] == source[at] && operators[i + 1] == source[at + 1]) {
            if (operators[i + 2] == ' ') {
                at = at + 2;
                token = T_SHL_SET + i / 4;
                return 0;
            }
            if (operators[i + 2] == source[at + 2]) {
                at = at + 3;
                token = T_SHL_SET + i / 4;
                return 0;
            }
        }
        i = i + 4;
    }
    token = source[at];
    at = at + 1;
    return 0;
}

// The next token becomes the one at hand.
long next() {
    skip_blanks();
    token_line = line;
    long begin = at;
    if (at >= source_size) token = T_END;
    else if (letter(source[at])) {
        while (letter(source[at]) || digit(source[at]) < 10) at = at + 1;
        token_name = name_at(begin, at - begin);
        token = T_NAME;
        if (token_name <= K_LAST - T_NAME) token = T_NAME + token_name;
    } else if (digit(source[at]) < 10) number_token();
    else if (source[at] == '\'') {
        at = at + 1;
        if (source[at] == '\'') error("empty character");
        token = T_NUMBER;
        token_value = character();
        if (source[at] != '\'') error("quote is not closed");
        at = at + 1;
    } else if (source[at] == '"') {
        at = at + 1;
        token = T_STRING;
        text_size = 0;
        join_lines();
        while (source[at] != '"') {
            text[text_size] = character();
            text_size = more(text_size, TEXT_LIMIT);
            join_lines();
        }
        at = at + 1;
    } else {
        operator_token();
        if (token == 0 || token > 126 && token < T_NAME) error("unknown character");
    }
    return 0;
}

long expect(long wanted) {
    if (token != wanted) {
        if (wanted == T_NAME) error("name expected");
        if (wanted == ';') error("';' expected");
        if (wanted == '(') error("'(' expected");
        if (wanted == ')') error("')' expected");
        if (wanted == '}') error("'}' expected");
        error("syntax error");
    }
    return next();
}

// ---- Making code.

long byte(long b) {
    code[code_size] = b;
    code_size = more(code_size, CODE_LIMIT);
    return 0;
}

// A number in so many bytes, the low one first.
long number(long n, long size) {
    while (size) {
        byte(n & 255);
        n = n >> 8;
        size = size - 1;
    }
    return 0;
}

// Bytes in hexadecimal.
long emit(char *hex) {
    long i = 0;
    while (hex[i]) {
        if (hex[i] == ' ') i = i + 1;
        byte(digit(hex[i]) * 16 + digit(hex[i + 1]));
        i = i + 2;
    }
    return 0;
}

long new_label() {
    labels = more(labels, LABELS_LIMIT);
    return labels;
}

long place(long label) {
    label_value[label] = code_size;
    return 0;
}

// The distance to a label, behind a jump or call.
long refer(long label) {
    if (second && label_value[label] == 0) error("function is not defined");
    return number(label_value[label] - code_size - 4, 4);
}

long jump(long label) {
    emit("E9");                                         // jmp
    return refer(label);
}

long jump_if_zero(long label) {
    emit("48 85 C0 0F 84");                             // test rax,rax; je
    return refer(label);
}

// ---- Types.

long new_type(long k, long base, long size, long align) {
    types = more(types, TYPES_LIMIT);
    type_kind[types] = k;
    type_base[types] = base;
    type_size[types] = size;
    type_align[types] = align;
    type_pointer[types] = 0;
    type_member[types] = 0;
    return types;
}

long pointer_to(long base) {
    if (type_pointer[base] == 0) type_pointer[base] = new_type(POINTER, base, 8, 8);
    return type_pointer[base];
}

long array_of(long base, long count) {
    if (type_size[base] == 0 || type_kind[base] == VOID) error("elements without size");
    if (count < 0 || count > 2147483647 / type_size[base]) error("array is too large");
    return new_type(ARRAY, base, count * type_size[base], type_align[base]);
}

long round_up(long n, long align) {
    return (n + align - 1) & -align;
}

long at_type() {
    return token == K_LONG || token == K_CHAR || token == K_VOID || token == K_STRUCT;
}

long constant();
long base_type();
long declarator(long base);

long struct_type() {
    next();
    long tag = token_name;
    expect(T_NAME);
    if (name_struct[tag] == 0) name_struct[tag] = new_type(STRUCT, 0, 0, 1);
    long s = name_struct[tag];
    if (token != '{') return s;
    if (type_size[s]) error("struct is defined twice");
    next();
    long size = 0;
    while (token != '}') {
        if (at_type() == 0) error("member expected");
        long base = base_type();
        long again = 1;
        while (again) {
            long t = declarator(base);
            if (type_size[t] == 0 || type_kind[t] == VOID) error("member without size");
            long m = type_member[s];
            while (m) {
                if (member_name[m] == declared) error("member is declared twice");
                m = member_before[m];
            }
            members = more(members, MEMBERS_LIMIT);
            member_before[members] = type_member[s];
            member_name[members] = declared;
            member_type[members] = t;
            member_offset[members] = round_up(size, type_align[t]);
            type_member[s] = members;
            size = member_offset[members] + type_size[t];
            if (size > 1073741824) error("too much for this compiler");
            if (type_align[t] > type_align[s]) type_align[s] = type_align[t];
            again = token == ',';
            if (again) next();
        }
        expect(';');
    }
    if (size == 0) error("struct without members");
    type_size[s] = round_up(size, type_align[s]);
    next();
    return s;
}

long base_type() {
    long t = LONG;
    if (token == K_STRUCT) return struct_type();
    if (token == K_CHAR) t = CHAR;
    else if (token == K_VOID) t = VOID;
    else if (token != K_LONG) error("type expected");
    next();
    return t;
}

long stars(long base) {
    while (token == '*') {
        base = pointer_to(base);
        next();
    }
    return base;
}

// The array brackets behind a name. An array of unknown length has size 0 so far.
long brackets(long base) {
    if (token != '[') return base;
    next();
    long count = 0;
    if (token != ']') {
        count = constant();
        if (count == 0) error("array without elements");
    }
    expect(']');
    return array_of(brackets(base), count);
}

// Stars, a name, and brackets; the type of the name.
long declarator(long base) {
    base = stars(base);
    long n = token_name;
    expect(T_NAME);
    base = brackets(base);
    declared = n;
    return base;
}

// ---- Symbols.

long declare(long n, long k, long t, long v) {
    if (name_symbol[n] > scope) error("name is declared twice");
    symbols = more(symbols, SYMBOLS_LIMIT);
    symbol_name[symbols] = n;
    symbol_hidden[symbols] = name_symbol[n];
    symbol_kind[symbols] = k;
    symbol_type[symbols] = t;
    symbol_value[symbols] = v;
    symbol_count[symbols] = 0;
    name_symbol[n] = symbols;
    return symbols;
}

// The end of a block: back to the last symbol outside of it.
long leave(long last) {
    while (symbols > last) {
        name_symbol[symbol_name[symbols]] = symbol_hidden[symbols];
        symbols = symbols - 1;
    }
    return 0;
}

// ---- The operand at hand.

// The part of an instruction that says where in memory the operand is, with the number of a register.
// base is the register that INDIRECT means: 0 rax, 1 rcx.
long address(long r, long base) {
    if (kind == GLOBAL) {
        byte(r * 8 + 4);
        byte(37);
    } else {
        if (kind == LOCAL) base = 5;
        byte(128 + r * 8 + base);
    }
    return number(value, 4);
}

// The operand to a register, 0 rax or 1 rcx.
long load(long r) {
    if (kind == VALUE) return 0;
    if (kind == CONSTANT) {
        byte(72);
        if (value == (value << 32) >> 32) {
            byte(199);                                  // mov r, 32 bits with sign
            byte(192 + r);
            return number(value, 4);
        }
        byte(184 + r);                                  // mov r, 64 bits
        return number(value, 8);
    }
    if (type == CHAR) emit("0F B6");                    // movzx r,byte
    else emit("48 8B");                                 // mov r,
    return address(r, 0);
}

long fetch() {
    load(0);
    kind = VALUE;
    return 0;
}

// rax to the operand, with rcx as base; the value remains at hand.
long store() {
    if (type == CHAR) {
        emit("88");                                     // mov byte,al
        address(0, 1);
        emit("0F B6 C0");                               // movzx eax,al
    } else {
        emit("48 89");                                  // mov ,rax
        address(0, 1);
    }
    kind = VALUE;
    return 0;
}

// The operand's address becomes the operand.
long address_of() {
    if (kind == CONSTANT || kind == VALUE) error("has no address");
    if (kind == GLOBAL) kind = CONSTANT;
    else {
        emit("48 8D");                                  // lea rax,
        address(0, 0);
        kind = VALUE;
    }
    type = pointer_to(type);
    return 0;
}

// An array becomes the address of its first element. What has no value is rejected.
long decay() {
    long base = type_base[type];
    if (type_kind[type] == ARRAY) {
        address_of();
        type = pointer_to(base);
    }
    if (type == VOID || type_kind[type] == STRUCT) error("has no value");
    return 0;
}

// The operand as a value in rax.
long evaluate() {
    decay();
    return fetch();
}

// What the operand points to becomes the operand.
long indirect() {
    decay();
    long base = type_base[type];
    if (type_kind[type] != POINTER || base == VOID) error("is no pointer to something");
    if (kind == CONSTANT && value >= 0 && value <= 2147483647) kind = GLOBAL;
    else {
        fetch();
        kind = INDIRECT;
        value = 0;
    }
    type = base;
    return 0;
}

long must_be_variable() {
    if (kind == CONSTANT || kind == VALUE || type == VOID || type_kind[type] > POINTER) error("cannot be assigned to");
    return 0;
}

// What one more means for this type: bytes for a pointer, 0 for a number.
long step(long t) {
    if (type_kind[t] != POINTER) return 0;
    long size = type_size[type_base[t]];
    if (size == 0) error("pointer to something without size");
    return size;
}

// ---- Expressions.

long assignment();

// How close an operator of two sides binds; 0 for other tokens.
long level(long t) {
    if (t == T_OR) return 1;
    if (t == T_AND) return 2;
    if (t == '|') return 3;
    if (t == '^') return 4;
    if (t == '&') return 5;
    if (t == T_EQUAL || t == T_UNEQUAL) return 6;
    if (t == '<' || t == '>' || t == T_LESS_EQUAL || t == T_GREATER_EQUAL) return 7;
    if (t == T_SHL || t == T_SHR) return 8;
    if (t == '+' || t == '-') return 9;
    if (t == '*' || t == '/' || t == '%') return 10;
    return 0;
}

// The operator of two sides in an assignment such as +=; 0 for other tokens.
long part_of(long t) {
    char *operators = "+-*/%&|^";
    if (t == T_SHL_SET) return T_SHL;
    if (t == T_SHR_SET) return T_SHR;
    if (t >= T_ADD_SET && t <= T_XOR_SET) return operators[t - T_ADD_SET];
    return 0;
}

// rax = 0 or 1, after an instruction that sets the flags.
long set_if(char *condition) {
    emit("0F");
    emit(condition);
    return emit("C0 0F B6 C0");                         // setcc al; movzx eax,al
}

long compare(char *condition) {
    emit("48 39 C8");                                   // cmp rax,rcx
    return set_if(condition);
}

// The instructions that work out rax and rcx.
long compute(long t) {
    if (t == '+') return emit("48 01 C8");              // add rax,rcx
    if (t == '-') return emit("48 29 C8");              // sub rax,rcx
    if (t == '*') return emit("48 0F AF C1");           // imul rax,rcx
    if (t == '/') return emit("48 99 48 F7 F9");        // cqo; idiv rcx
    if (t == '%') return emit("48 99 48 F7 F9 48 89 D0");       // the same; mov rax,rdx
    if (t == '&') return emit("48 21 C8");              // and rax,rcx
    if (t == '|') return emit("48 09 C8");              // or rax,rcx
    if (t == '^') return emit("48 31 C8");              // xor rax,rcx
    if (t == T_SHL) return emit("48 D3 E0");            // shl rax,cl
    if (t == T_SHR) return emit("48 D3 F8");            // sar rax,cl
    if (t == T_EQUAL) return compare("94");             // sete
    if (t == T_UNEQUAL) return compare("95");           // setne
    if (t == '<') return compare("9C");                 // setl
    if (t == '>') return compare("9F");                 // setg
    if (t == T_LESS_EQUAL) return compare("9E");        // setle
    return compare("9D");                               // setge
}

// The same for two constants.
long calculate(long t, long a, long b) {
    if (t == '+') return a + b;
    if (t == '-') return a - b;
    if (t == '*') return a * b;
    if (t == '/' || t == '%') {
        if (b == 0) error("division by zero");
        if (b == -1 && t == '%') return 0;
        if (b == -1) return -a;
        if (t == '%') return a % b;
        return a / b;
    }
    if (t == '&') return a & b;
    if (t == '|') return a | b;
    if (t == '^') return (a | b) - (a & b);
    if (t == T_SHL || t == T_SHR) {
        if (b < 0 || b > 63) error("shift by less than 0 or more than 63");
        if (t == T_SHL) return a << b;
        return a >> b;
    }
    if (t == T_EQUAL) return a == b;
    if (t == T_UNEQUAL) return a != b;
    if (t == '<') return a < b;
    if (t == '>') return a > b;
    if (t == T_LESS_EQUAL) return a <= b;
    return a >= b;
}

long binary(long least);

// The operand at hand, with operator t, and the operand that begins at the token at hand: with operators of
// level least and above in it, or with all where that is 0.
long operate(long t, long least) {
    decay();
    long left_kind = kind;
    long left_value = value;
    long left_type = type;
    long begin = code_size;
    fetch();
    emit("50");                                         // push rax
    long pushed = code_size;
    if (least) binary(least);
    else assignment();
    decay();
    long left = type_kind[left_type] == POINTER;
    long right = type_kind[type] == POINTER;
    long comparison = level(t) == 6 || level(t) == 7;
    if (left + right > 0 && comparison == 0) {
        if (t != '-' || left == 0) {
            if (t != '+' || left + right == 2) error("not for pointers");
        }
    }
    long size = 0;                                      // of the elements a pointer moves by
    long result = LONG;
    if (left + right == 1 && comparison == 0) {
        result = left_type;
        if (right) result = type;
        size = step(result);
    }
    if (left_kind == CONSTANT && kind == CONSTANT) {
        code_size = begin;
        if (size && left) value = value * size;
        if (size && right) left_value = left_value * size;
        value = calculate(t, left_value, value);
        if (left + right == 2 && comparison == 0) value = value / step(left_type);
        type = result;
        return 0;
    }
    if (code_size == pushed) {                          // nothing happened meanwhile: no push is needed
        code_size = pushed - 1;
        if (kind == CONSTANT && size && left) {
            value = value * size;
            size = 1;
        }
        load(1);
    } else {
        fetch();
        emit("48 89 C1 58");                            // mov rcx,rax; pop rax
    }
    if (size > 1) {
        if (left) emit("48 69 C9");                     // imul rcx,rcx,
        else emit("48 69 C0");                          // imul rax,rax,
        number(size, 4);
    }
    compute(t);
    if (left + right == 2 && comparison == 0) {
        emit("B9");                                     // mov ecx,
        number(step(left_type), 4);
        compute('/');
    }
    kind = VALUE;
    type = result;
    return 0;
}

// && and ||: the right side is evaluated only if it matters.
long logical(long t) {
    long end = new_label();
    evaluate();
    emit("48 85 C0");                                   // test rax,rax
    if (t == T_AND) emit("0F 84");                      // je
    else emit("0F 85");                                 // jne
    refer(end);
    binary(level(t) + 1);
    evaluate();
    place(end);
    emit("48 85 C0");                                   // test rax,rax
    set_if("95");                                       // setne
    type = LONG;
    return 0;
}

long call(long s) {
    long count = 0;
    next();
    while (token != ')') {
        if (count) expect(',');
        assignment();
        evaluate();
        emit("50");                                     // push rax
        count = count + 1;
    }
    if (count != symbol_count[s]) error("wrong number of arguments");
    next();
    emit("E8");                                         // call
    refer(symbol_value[s]);
    emit("48 81 C4");                                   // add rsp,
    number(count * 8, 4);
    kind = VALUE;
    type = symbol_type[s];
    return 0;
}

// Strings side by side, as an array of char.
long string() {
    long begin = strings_size;
    while (token == T_STRING) {
        long i = 0;
        while (i < text_size) {
            strings[strings_size] = text[i];
            strings_size = more(strings_size, STRINGS_LIMIT);
            i = i + 1;
        }
        next();
    }
    strings[strings_size] = 0;
    strings_size = more(strings_size, STRINGS_LIMIT);
    kind = GLOBAL;
    value = strings_begin + begin;
    type = array_of(CHAR, strings_size - begin);
    return 0;
}

long primary() {
    if (token == T_NUMBER) {
        kind = CONSTANT;
        value = token_value;
        type = LONG;
        return next();
    }
    if (token == T_STRING) return string();
    if (token == '(') {
        next();
        assignment();
        return expect(')');
    }
    if (token != T_NAME) error("expression expected");
    long s = name_symbol[token_name];
    if (s == 0) error("name is not declared");
    next();
    if (symbol_kind[s] == FUNCTION) {
        if (token != '(') error("function is not called");
        return call(s);
    }
    kind = symbol_kind[s];
    value = symbol_value[s];
    type = symbol_type[s];
    return 0;
}

// ++ and --, in front or behind.
long count_by(long amount, long behind) {
    must_be_variable();
    if (step(type)) amount = amount * step(type);
    if (behind) {
        if (kind == INDIRECT) emit("48 89 C1");         // mov rcx,rax
        load(0);
    }
    if (type == CHAR) emit("80");                       // add byte,
    else emit("48 81");                                 // add ,
    address(0, behind);
    if (type == CHAR) byte(amount & 255);
    else number(amount, 4);
    if (behind) kind = VALUE;
    return fetch();
}

long member() {
    if (type_kind[type] != STRUCT) error("is no struct");
    long m = type_member[type];
    while (m && member_name[m] != token_name) m = member_before[m];
    if (token == T_NAME && m == 0) error("struct has no such member");
    expect(T_NAME);
    type = member_type[m];
    value = value + member_offset[m];
    return 0;
}

long postfix() {
    primary();
    while (1) {
        long t = token;
        if (t != '[' && t != '.' && t != T_ARROW && t != T_INCREMENT && t != T_DECREMENT) return 0;
        next();
        if (t == '[') {
            operate('+', 0);
            expect(']');
            indirect();
        } else if (t == T_INCREMENT) count_by(1, 1);
        else if (t == T_DECREMENT) count_by(-1, 1);
        else {
            if (t == T_ARROW) indirect();
            member();
        }
    }
    return 0;
}

long unary();

long cast() {
    long t = stars(base_type());
    expect(')');
    unary();
    decay();
    if (t != LONG && t != CHAR && type_kind[t] != POINTER) error("cast to this type is not possible");
    if (kind == CONSTANT) {
        if (t == CHAR) value = value & 255;
    } else {
        fetch();
        if (t == CHAR) emit("0F B6 C0");                // movzx eax,al
    }
    type = t;
    return 0;
}

// The code that is made of the operand is taken back.
long size_of() {
    long begin = code_size;
    if (token == '(') {
        next();
        if (at_type()) type = stars(base_type());
        else assignment();
        expect(')');
        if (token == '[' || token == '.' || token == T_ARROW) error("put all of it in parentheses");
    } else unary();
    if (type_size[type] == 0 || type == VOID) error("has no size");
    code_size = begin;
    kind = CONSTANT;
    value = type_size[type];
    type = LONG;
    return 0;
}

long unary() {
    long t = token;
    if (t == '(') {
        // A cast, if a type follows.
        long place_of = at;
        long line_of = line;
        next();
        if (at_type()) return cast();
        at = place_of;
        line = line_of;
        token = t;
    }
    if (t != '-' && t != '!' && t != '~' && t != '*' && t != '&' && t != K_SIZEOF) {
        if (t != T_INCREMENT && t != T_DECREMENT) return postfix();
    }
    next();
    if (t == K_SIZEOF) return size_of();
    unary();
    if (t == '*') return indirect();
    if (t == '&') return address_of();
    if (t == T_INCREMENT) return count_by(1, 0);
    if (t == T_DECREMENT) return count_by(-1, 0);
    decay();
    if (t != '!' && type_kind[type] == POINTER) error("not for pointers");
    if (kind == CONSTANT) {
        if (t == '-') value = -value;
        if (t == '~') value = -1 - value;
        if (t == '!') value = !value;
    } else {
        fetch();
        if (t == '-') emit("48 F7 D8");                 // neg rax
        if (t == '~') emit("48 F7 D0");                 // not rax
        if (t == '!') {
            emit("48 85 C0");                           // test rax,rax
            set_if("94");                               // sete
        }
    }
    type = LONG;
    return 0;
}

long binary(long least) {
    unary();
    while (level(token) && level(token) >= least) {
        long t = token;
        next();
        if (t == T_AND || t == T_OR) logical(t);
        else operate(t, level(t) + 1);
    }
    return 0;
}

long conditional() {
    binary(1);
    if (token != '?') return 0;
    long otherwise = new_label();
    long end = new_label();
    evaluate();
    jump_if_zero(otherwise);
    next();
    assignment();
    evaluate();
    long first = type;
    jump(end);
    expect(':');
    place(otherwise);
    conditional();
    evaluate();
    place(end);
    if (type_kind[first] == POINTER) type = first;
    else if (type_kind[type] != POINTER) type = LONG;
    return 0;
}

long assignment() {
    conditional();
    long t = part_of(token);
    if (token != '=' && t == 0) return 0;
    must_be_variable();
    long to_kind = kind;
    long to_type = type;
    long to_value = value;
    next();
    if (kind == INDIRECT) emit("50");                   // push rax
    if (t) operate(t, 0);
    else assignment();
    evaluate();
    if (to_kind == INDIRECT) emit("59");                // pop rcx
    kind = to_kind;
    type = to_type;
    value = to_value;
    return store();
}

long constant() {
    conditional();
    decay();
    if (kind != CONSTANT) error("constant expected");
    return value;
}

// ---- Statements.

long statement();

// Statements and declarations up to the closing brace.
long block() {
    while (token != '}') {
        if (at_type()) {
            long base = base_type();
            long again = token != ';';
            while (again) {
                long t = declarator(base);
                if (type_size[t] == 0 || t == VOID) error("variable without size");
                frame = round_up(frame + type_size[t], 8);
                if (frame > 1073741824) error("too much for this compiler");
                if (frame > deepest) deepest = frame;
                declare(declared, LOCAL, t, -frame);
                long where = -frame;
                if (token == '=') {
                    if (type_kind[t] > POINTER) error("only single variables have an initial value here");
                    next();
                    assignment();
                    evaluate();
                    kind = LOCAL;
                    type = t;
                    value = where;
                    store();
                }
                again = token == ',';
                if (again) next();
            }
            expect(';');
        } else statement();
    }
    return next();
}

// The condition in parentheses.
long condition(long otherwise) {
    expect('(');
    assignment();
    evaluate();
    expect(')');
    return jump_if_zero(otherwise);
}

long if_statement() {
    long otherwise = new_label();
    condition(otherwise);
    statement();
    if (token != K_ELSE) return place(otherwise);
    long end = new_label();
    next();
    jump(end);
    place(otherwise);
    statement();
    return place(end);
}

// while, do and for. The labels of the loop around it are kept here meanwhile.
long loop(long t) {
    long outer_break = break_label;
    long outer_continue = continue_label;
    long end = new_label();
    long again = new_label();
    long begin = new_label();
    break_label = end;
    continue_label = again;
    if (t == K_WHILE) {
        place(again);
        condition(end);
        statement();
        jump(again);
    } else if (t == K_DO) {
        place(begin);
        statement();
        place(again);
        if (token != K_WHILE) error("while expected");
        next();
        condition(end);
        jump(begin);
        expect(';');
    } else {
        long body = new_label();
        expect('(');
        if (token != ';') assignment();
        expect(';');
        place(begin);
        if (token != ';') {
            assignment();
            evaluate();
            jump_if_zero(end);
        }
        expect(';');
        jump(body);
        place(again);
        if (token != ')') assignment();
        expect(')');
        jump(begin);
        place(body);
        statement();
        jump(again);
    }
    place(end);
    break_label = outer_break;
    continue_label = outer_continue;
    return 0;
}

// The value stays in rax up to the comparisons, which are behind the body, when all cases are known.
long switch_statement() {
    long outer_break = break_label;
    long outer_switch = in_switch;
    long outer_default = default_label;
    long first = cases;
    long choice = new_label();
    long end = new_label();
    expect('(');
    assignment();
    evaluate();
    expect(')');
    jump(choice);
    break_label = end;
    in_switch = first + 1;                              // never 0
    default_label = 0;
    statement();
    jump(end);
    place(choice);
    long i = first;
    while (i < cases) {
        kind = CONSTANT;
        value = case_value[i];
        load(1);
        emit("48 39 C8 0F 84");                         // cmp rax,rcx; je
        refer(case_label[i]);
        i = i + 1;
    }
    if (default_label) jump(default_label);
    place(end);
    cases = first;
    break_label = outer_break;
    in_switch = outer_switch;
    default_label = outer_default;
    return 0;
}

long case_statement(long t) {
    if (in_switch == 0) error("not in a switch");
    long l = new_label();
    next();
    if (t == K_CASE) {
        long v = constant();
        long i = in_switch - 1;
        while (i < cases) {
            if (case_value[i] == v) error("case is there twice");
            i = i + 1;
        }
        case_value[cases] = v;
        case_label[cases] = l;
        cases = more(cases, CASES_LIMIT);
    } else {
        if (default_label) error("default is there twice");
        default_label = l;
    }
    expect(':');
    place(l);
    return statement();
}

long return_statement() {
    if (token != ';') {
        if (result_type == VOID) error("function has no result");
        assignment();
        evaluate();
    } else if (result_type != VOID) error("result expected");
    emit("C9 C3");                                      // leave; ret
    return expect(';');
}

long statement() {
    long t = token;
    if (t == '{') {
        long last = symbols;
        long outer_scope = scope;
        long outer_frame = frame;
        scope = symbols;
        next();
        block();
        leave(last);
        scope = outer_scope;
        frame = outer_frame;
        return 0;
    }
    if (t == K_CASE || t == K_DEFAULT) return case_statement(t);
    if (t == ';') return next();
    if (t == K_IF || t == K_WHILE || t == K_DO || t == K_FOR || t == K_SWITCH || t == K_RETURN) {
        next();
        if (t == K_IF) return if_statement();
        if (t == K_SWITCH) return switch_statement();
        if (t == K_RETURN) return return_statement();
        return loop(t);
    }
    if (t == K_BREAK || t == K_CONTINUE) {
        long label = break_label;
        if (t == K_CONTINUE) label = continue_label;
        if (label == 0) error("not in a loop");
        jump(label);
        next();
    } else assignment();
    return expect(';');
}

// ---- The file.

long enumeration() {
    next();
    expect('{');
    long n = 0;
    while (token != '}') {
        long name = token_name;
        expect(T_NAME);
        if (token == '=') {
            next();
            n = constant();
            if (type != LONG) error("constant expected");
        }
        declare(name, CONSTANT, LONG, n);
        n = n + 1;
        if (token != '}') expect(',');
    }
    next();
    return expect(';');
}

long function(long t, long n) {
    long s = name_symbol[n];
    long known = s;
    if (t != VOID && t != LONG && type_kind[t] != POINTER) error("functions return long, a pointer, or nothing");
    if (s == 0) {
        s = declare(n, FUNCTION, t, 0);
        symbol_value[s] = new_label();
    }
    if (symbol_kind[s] != FUNCTION || symbol_type[s] != t) error("name is declared twice");
    // Parameters belong to the block of the function.
    long last = symbols;
    long count = 0;
    scope = symbols;
    next();
    while (token != ')') {
        if (count) expect(',');
        t = stars(base_type());
        if (t == VOID && token == ')' && count == 0) t = 0;
        else {
            long name = 0;
            if (token == T_NAME) {
                name = token_name;
                next();
            }
            if (token == '[') {
                t = brackets(t);
                t = pointer_to(type_base[t]);
            }
            if (t != LONG && type_kind[t] != POINTER) error("parameters are long or pointers");
            if (name) declare(name, LOCAL, t, count);
            count = count + 1;
        }
    }
    if (known && symbol_count[s] >= 0 && symbol_count[s] != count) error("declared with another number of parameters");
    if (s == 1 && count != 0 && count != 2) error("main has two parameters, or none");
    symbol_count[s] = count;
    next();
    if (token == ';') {
        leave(last);
        scope = 0;
        return next();
    }
    if (token != '{') error("'{' expected");
    if (symbols - last != count) error("parameter without name");
    long i = last;
    while (i < symbols) {
        i = i + 1;
        symbol_value[i] = 16 + 8 * (count - 1 - symbol_value[i]);
    }
    if (second == 0 && label_value[symbol_value[s]]) error("function is defined twice");
    place(symbol_value[s]);
    long room = new_label();
    emit("55 48 89 E5 48 81 EC");                       // push rbp; mov rbp,rsp; sub rsp,
    number(label_value[room], 4);
    result_type = symbol_type[s];
    frame = 0;
    deepest = 0;
    next();
    block();
    emit("C9 C3");                                      // leave; ret
    label_value[room] = deepest;
    leave(last);
    scope = 0;
    return 0;
}

// The value of a variable of type t, into data. Lists may be shorter than the array.
long initialiser(long t, long where) {
    long i = 0;
    if (where + type_size[t] >= DATA_LIMIT - 8) error("too much for this compiler");
    if (type_kind[t] == STRUCT) error("structs have no initialiser");
    if (type_kind[t] == ARRAY) {
        long base = type_base[t];
        long size = type_size[base];
        long room = type_size[t];
        if (room == 0) room = DATA_LIMIT - 8 - where;
        if (token == T_STRING && base == CHAR) {
            string();
            i = type_size[type];
            if (i > room) error("string is too long");
            strings_size = strings_size - i;
            while (i) {
                i = i - 1;
                data[where + i] = strings[strings_size + i];
            }
            return type_size[type];
        }
        expect('{');
        while (token != '}') {
            if (i + size > room) error("too many values");
            initialiser(base, where + i);
            i = i + size;
            if (token != '}') expect(',');
        }
        next();
        return i;
    }
    long v = constant();
    while (i < type_size[t]) {
        data[where + i] = v & 255;
        v = v >> 8;
        i = i + 1;
    }
    return i;
}

long variable(long t, long n) {
    if (t == VOID) error("variable without size");
    if (token == '=') {
        next();
        long where = data_size;
        // Until its own value is there it has no name.
        long size = initialiser(t, where);
        if (type_kind[t] == ARRAY && type_size[t] == 0) {
            if (size == 0) error("array without elements");
            type_size[t] = size;
        }
        declare(n, GLOBAL, t, DATA + where);
        data_size = round_up(where + type_size[t], 8);
        return 0;
    }
    if (type_size[t] == 0) error("variable without size");
    declare(n, GLOBAL, t, ZERO + zero_size);
    zero_size = round_up(zero_size + type_size[t], 8);
    if (zero_size > 1073741824) error("too much for this compiler");
    return 0;
}

long item() {
    if (token == K_ENUM) return enumeration();
    if (at_type() == 0) error("declaration expected");
    long is_struct = token == K_STRUCT;
    long base = base_type();
    if (token == ';' && is_struct) return next();
    long again = 1;
    long first = 1;
    while (again) {
        long t = declarator(base);
        long n = declared;
        if (token == '(' && first) return function(t, n);
        variable(t, n);
        first = 0;
        again = token == ',';
        if (again) next();
    }
    return expect(';');
}

// What every program begins with: the call of main, and syscall6.
long prelude(long main_label, long syscall_label) {
    emit("48 8B 04 24 48 8D 4C 24 08");                 // mov rax,[rsp]; lea rcx,[rsp+8]
    emit("50 51 E8");                                   // push rax; push rcx; call
    refer(main_label);
    emit("89 C7 B8 3C 00 00 00 0F 05");                 // mov edi,eax; mov eax,60; syscall
    place(syscall_label);
    emit("48 8B 44 24 38 48 8B 7C 24 30");              // mov rax,[rsp+56]; mov rdi,[rsp+48]
    emit("48 8B 74 24 28 48 8B 54 24 20");              // mov rsi,[rsp+40]; mov rdx,[rsp+32]
    emit("4C 8B 54 24 18 4C 8B 44 24 10");              // mov r10,[rsp+24]; mov r8,[rsp+16]
    return emit("4C 8B 4C 24 08 0F 05 C3");             // mov r9,[rsp+8]; syscall; ret
}

long compile(long begin) {
    long i = 1;
    while (i <= names) {
        name_symbol[i] = 0;
        name_struct[i] = 0;
        i = i + 1;
    }
    symbols = 0;
    types = 0;
    members = 0;
    scope = 0;
    new_type(VOID, 0, 1, 1);
    new_type(CHAR, 0, 1, 1);
    new_type(LONG, 0, 8, 8);
    labels = 0;
    code_size = HEADERS;
    strings_size = 0;
    data_size = 0;
    zero_size = 0;
    at = begin;
    line = 1;
    // The names behind the keywords.
    long main_symbol = declare(K_LAST - T_NAME + 1, FUNCTION, LONG, new_label());
    long syscall_symbol = declare(K_LAST - T_NAME + 2, FUNCTION, LONG, new_label());
    symbol_count[main_symbol] = -1;                     // not known yet
    symbol_count[syscall_symbol] = 7;
    prelude(symbol_value[main_symbol], symbol_value[syscall_symbol]);
    next();
    while (token != T_END) item();
    return 0;
}

long segment(long flags, long offset, long where, long size, long room) {
    number(1, 4);
    number(flags, 4);
    number(offset, 8);
    number(where, 8);
    number(where, 8);
    number(size, 8);
    number(room, 8);
    return number(4096, 8);
}

// The file: headers, code and strings, zeros up to a whole page, data.
long save(char *path) {
    long size = code_size;
    long begin = round_up(size + strings_size, 4096);
    code_size = 0;
    emit("7F 45 4C 46 02 01 01 00 00 00 00 00 00 00 00 00");        // ELF, 64 bits
    emit("02 00 3E 00 01 00 00 00");                    // an executable, for x86_64
    number(BASE + HEADERS, 8);                          // where it starts
    number(64, 8);                                      // program headers follow this one
    number(0, 8);                                       // no section headers
    emit("00 00 00 00 40 00 38 00 03 00 40 00 00 00 00 00");        // three program headers
    segment(5, 0, BASE, size + strings_size, size + strings_size);
    segment(6, begin, DATA, data_size, data_size);
    segment(6, 0, ZERO, 0, zero_size);
    code_size = size;
    long i = 0;
    while (i < strings_size) {
        byte(strings[i]);
        i = i + 1;
    }
    while (code_size < begin) byte(0);
    long file = syscall6(85, path, 493, 0, 0, 0, 0);    // creat, with mode 755
    if (file < 0) return 1;
    if (write(file, code, code_size)) return 1;
    return write(file, data, data_size);
}

// Names that the compiler knows, to the begin of source.
long know(char *s) {
    long i = 0;
    while (s[i]) {
        source[source_size] = s[i];
        source_size = source_size + 1;
        i = i + 1;
    }
    return 0;
}

long main(long argc, char **argv) {
    if (argc != 3) return 1;
    know("long char void struct enum if else while do for switch case default break continue return sizeof ");
    know("int short signed unsigned float double const volatile static extern register auto typedef union goto ");
    know("inline restrict _Bool main syscall6 ");
    while (at < source_size) next();
    largest = 1;
    largest = (largest << 62) - 1 + (largest << 62);
    long begin = source_size;
    long file = syscall6(2, argv[1], 0, 0, 0, 0, 0);    // open
    if (file < 0) return 1;
    long got = 1;
    while (got > 0) {
        got = syscall6(0, file, source + source_size, SOURCE_LIMIT - 8 - source_size, 0, 0, 0);    // read
        if (got < 0) return 1;
        source_size = source_size + got;
    }
    if (source_size >= SOURCE_LIMIT - 8) return 1;
    compile(begin);
    second = 1;
    strings_begin = BASE + code_size;
    compile(begin);
    if (strings_begin != BASE + code_size) error("the two passes differ");
    return save(argv[2]);
}
