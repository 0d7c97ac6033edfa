// cc, part 1 of 8: what the rest needs from the system: memory, text, files, errors.
//
// cc -o OUTPUT [-I FOLDER] [-D NAME[=VALUE]] [-U NAME] [-funsigned-char] FILE.c...
//
// A compiler from C99 to static x86_64 executables for Linux: whole program in, ELF file out, no assembler and no
// linker between. It is written in C0, a small subset of C (one arithmetic type, long; char without sign; no
// preprocessor), so that the compiler before it in the chain can compile it; any C compiler can, with -funsigned-char.
//
// The parts, in the order in which a program passes through them:
//   system.c      memory, text, files, errors
//   tokenise.c    characters become tokens
//   preprocess.c  directives and macros
//   decimal.c     decimal fractions become binary ones; the file is in ../libc, whose strtod is made of it
//   type.c        types, nodes of expressions, conversions
//   generate.c    expressions become machine code
//   parse.c       declarations, expressions, statements, initialisers
//   elf.c         addresses are settled, the executable is written; main
//
// What it leaves out, each with an error at its line: arrays of variable length, _Complex, K&R definitions, inline
// assembly, statement expressions, typeof, #line, hexadecimal floating constants, bit-fields in packed structs,
// alignment of more than 8 on the stack, values for an array without length at a struct's end. A bit-field wider than int
// has its declared type in expressions (gcc gives it a type of just its width). It does not complain about everything a C compiler must complain about:
// qualifiers are read and forgotten, and pointers of different types may be assigned to one another.

long syscall6(long number, long a, long b, long c, long d, long e, long f);

enum { SYS_READ = 0, SYS_WRITE = 1, SYS_OPEN = 2, SYS_CLOSE = 3, SYS_BRK = 12, SYS_EXIT = 60 };

// ---- Memory: taken from the end of the data segment, zero, never given back.

char *memory_at;
char *memory_end;

void *allocate(long size) {
    size = (size + 7) & -8;
    if (memory_at == 0) {
        memory_at = (char *)syscall6(SYS_BRK, 0, 0, 0, 0, 0, 0);
        memory_at = (char *)(((long)memory_at + 15) & -16);
        memory_end = memory_at;
    }
    if (memory_at + size > memory_end) {
        memory_end = memory_at + size + 4194304;
        if (syscall6(SYS_BRK, (long)memory_end, 0, 0, 0, 0, 0) != (long)memory_end) {
            syscall6(SYS_WRITE, 2, (long)"cc: out of memory\n", 18, 0, 0, 0);
            syscall6(SYS_EXIT, 1, 0, 0, 0, 0, 0);
        }
    }
    char *p = memory_at;
    memory_at = memory_at + size;
    return p;
}

void copy(char *to, char *from, long count) {
    long i = 0;
    while (i < count) {
        to[i] = from[i];
        i++;
    }
}

// ---- Text.

long length_of(char *text) {
    long n = 0;
    while (text[n]) n++;
    return n;
}

long same_bytes(char *a, char *b, long count) {
    long i = 0;
    while (i < count) {
        if (a[i] != b[i]) return 0;
        i++;
    }
    return 1;
}

long same_text(char *a, char *b) {
    long n = length_of(a);
    return n == length_of(b) && same_bytes(a, b, n);
}

// A copy of the first characters of a text, ended by a zero.
char *text_of(char *from, long length) {
    char *text = allocate(length + 1);
    copy(text, from, length);
    return text;
}

char *joined(char *a, char *b) {
    char *text = allocate(length_of(a) + length_of(b) + 1);
    copy(text, a, length_of(a));
    copy(text + length_of(a), b, length_of(b));
    return text;
}

// A number, not negative, in decimal.
char *decimal_text(long value) {
    char digits[24];
    long at = 23;
    digits[at] = 0;
    do {
        at--;
        digits[at] = '0' + value % 10;
        value = value / 10;
    } while (value);
    return text_of(digits + at, 23 - at);
}

// ---- Bytes that grow: the sections of the output, and texts of unknown length.

struct bytes {
    char *data;
    long size;
    long room;
};

void reserve(struct bytes *b, long size) {
    if (size <= b->room) return;
    long room = b->room * 2 + 64;
    if (room < size) room = size;
    char *data = allocate(room);
    copy(data, b->data, b->size);
    b->data = data;
    b->room = room;
}

void add_byte(struct bytes *b, long byte) {
    reserve(b, b->size + 1);
    b->data[b->size] = byte;
    b->size++;
}

void add_text(struct bytes *b, char *text, long length) {
    reserve(b, b->size + length);
    copy(b->data + b->size, text, length);
    b->size = b->size + length;
}

// A number of 1, 2, 4 or 8 bytes, the lowest first.
void put(char *at, long value, long size) {
    long i = 0;
    while (i < size) {
        at[i] = value & 255;
        value = value >> 8;
        i++;
    }
}

long get(char *at, long size) {
    long value = 0;
    while (size > 0) {
        size--;
        value = value << 8 | at[size];
    }
    return value;
}

void add_number(struct bytes *b, long value, long size) {
    reserve(b, b->size + size);
    put(b->data + b->size, value, size);
    b->size = b->size + size;
}

// ---- Errors: the first one ends the run.

void print(char *text) {
    syscall6(SYS_WRITE, 2, (long)text, length_of(text), 0, 0, 0);
}

// FILE:LINE: error: MESSAGE 'DETAIL'; the detail may be missing.
void stop(char *file, long line, char *message, char *detail) {
    if (file) {
        print(file);
        print(":");
        print(decimal_text(line));
        print(": ");
    } else print("cc: ");
    print("error: ");
    print(message);
    if (detail) {
        print(" '");
        print(detail);
        print("'");
    }
    print("\n");
    syscall6(SYS_EXIT, 1, 0, 0, 0, 0, 0);
}

// ---- Files.

// The whole of a file, ended by a zero; null where there is none. Its length is left in file_length.
long file_length;

char *read_file(char *path) {
    long file = syscall6(SYS_OPEN, (long)path, 0, 0, 0, 0, 0);
    if (file < 0) return 0;
    struct bytes *b = allocate(sizeof(struct bytes));
    long count = 1;
    while (count > 0) {
        reserve(b, b->size + 65536);
        count = syscall6(SYS_READ, file, (long)(b->data + b->size), 65536, 0, 0, 0);
        if (count > 0) b->size = b->size + count;
    }
    syscall6(SYS_CLOSE, file, 0, 0, 0, 0, 0);
    if (count < 0) return 0;
    file_length = b->size;
    add_byte(b, 0);
    return b->data;
}

// ---- Arithmetic without sign, for what C0 has no type for.

long unsigned_less(long a, long b) {
    long top = (long)1 << 63;
    return (a ^ top) < (b ^ top);
}

long unsigned_shift_right(long value, long count) {
    if (count == 0) return value;
    return value >> count & ~((long)-1 << (64 - count));
}

// Quotient; a divisor of 2^63 or more fits at most once.
long unsigned_divide(long a, long b) {
    if (b < 0) return !unsigned_less(a, b);
    if (a >= 0) return a / b;
    long quotient = (unsigned_shift_right(a, 1) / b) << 1;
    if (!unsigned_less(a - quotient * b, b)) quotient++;
    return quotient;
}
