// cc, part 8 of 8: addresses are settled, the executable is written; main.
//
// The file: ELF header, two program headers, text; from the next page on the data. The variables that begin as zero come
// behind the data, in memory only.

enum { BASE = 4194304, HEADERS = 176, PAGE = 4096 };

// What C cannot say: a function of this name that is used, and not defined, is made of these bytes.
void provide(char *name, char *hex) {
    struct object *o = name_of_text(name)->linked;
    if (o == 0 || o->place) return;
    o->place = IN_TEXT;
    o->offset = text.size;
    code(hex);
}

void provide_all() {
    // long syscall6(long number, long a, long b, long c, long d, long e, long f)
    provide("syscall6",
        "48 8b 44 24 08 "           // mov rax, [rsp + 8]: the number; above it are the arguments
        "48 8b 7c 24 10 "           // mov rdi, [rsp + 16]
        "48 8b 74 24 18 "           // mov rsi, [rsp + 24]
        "48 8b 54 24 20 "           // mov rdx, [rsp + 32]
        "4c 8b 54 24 28 "           // mov r10, [rsp + 40]
        "4c 8b 44 24 30 "           // mov r8, [rsp + 48]
        "4c 8b 4c 24 38 "           // mov r9, [rsp + 56]
        "0f 05 "                    // syscall
        "c3");                      // ret

    // int setjmp(long *buffer)
    provide("setjmp",
        "48 8b 44 24 08 "           // mov rax, [rsp + 8]: the buffer
        "48 89 28 "                 // mov [rax], rbp
        "48 89 60 08 "              // mov [rax + 8], rsp
        "48 8b 0c 24 "              // mov rcx, [rsp]: where to return to
        "48 89 48 10 "              // mov [rax + 16], rcx
        "31 c0 "                    // xor eax, eax
        "c3");                      // ret

    // void longjmp(long *buffer, int value)
    provide("longjmp",
        "48 8b 4c 24 08 "           // mov rcx, [rsp + 8]: the buffer
        "48 8b 44 24 10 "           // mov rax, [rsp + 16]: the value
        "85 c0 "                    // test eax, eax
        "75 05 "                    // jne over the next instruction
        "b8 01 00 00 00 "           // mov eax, 1
        "48 8b 29 "                 // mov rbp, [rcx]
        "48 8b 61 08 "              // mov rsp, [rcx + 8]
        "48 8b 51 10 "              // mov rdx, [rcx + 16]
        "48 89 14 24 "              // mov [rsp], rdx
        "c3");                      // ret
}

// The code that the kernel starts: initialises, calls main (or __libc_start, where a library has it) with argc and argv,
// and exits with what it returns. Returns its offset.
long generate_start() {
    struct object *startup_object = new_object("startup", type_void);
    struct type *type = new_type(TY_FUNCTION, -1, 0);
    struct object *first = name_of_text("__libc_start")->linked;
    if (first == 0 || first->place != IN_TEXT) first = name_of_text("main")->linked;
    if (first == 0 || first->place != IN_TEXT) stop(0, 0, "no file defines main", 0);
    type->base = type_void;
    startup_object->place = IN_TEXT;
    startup_object->offset = text.size;
    begin_function(type);
    while (startup) {
        generate_effect(startup);
        startup = startup->next;
    }
    end_function();
    long start = text.size;
    code("48 8b 04 24");                                    // mov rax, [rsp]
    code("48 8d 4c 24 08");                                 // lea rcx, [rsp + 8]
    code("51");                                             // push rcx
    code("50");                                             // push rax
    code_number("e8", 0, 4);                                // call STARTUP
    relocate(RELATIVE_4, text.size - 4, startup_object, 0, 0);
    code_number("e8", 0, 4);                                // call MAIN
    relocate(RELATIVE_4, text.size - 4, first, 0, 0);
    code("89 c7");                                          // mov edi, eax
    code("b8 3c 00 00 00");                                 // mov eax, 60: exit
    code("0f 05");                                          // syscall
    return start;
}

// Objects that only tentative definitions spoke of are zero.
void place_in_zero() {
    struct object *o = objects;
    while (o) {
        if (o->place == IN_NOTHING && o->tentative) {
            if (o->type->size < 0) stop(0, 0, "size is not known of", o->name);
            zero_size = (zero_size + o->align - 1) & -o->align;
            o->place = IN_ZERO;
            o->offset = zero_size;
            zero_size = zero_size + o->type->size;
        }
        o = o->next;
    }
}

long address_of_object(struct object *o) {
    long data_begin = BASE + ((HEADERS + text.size + PAGE - 1) & -PAGE);
    if (o->place == IN_TEXT) return BASE + HEADERS + o->offset;
    if (o->place == IN_DATA) return data_begin + o->offset;
    if (o->place == IN_ZERO) return data_begin + ((data.size + PAGE - 1) & -PAGE) + o->offset;
    stop(o->wanted->file, o->wanted->line, "defined nowhere:", o->name);
    return 0;
}

void settle_relocations() {
    struct relocation *r = relocations;
    while (r) {
        long value = address_of_object(r->object) + r->addend;
        if (r->kind == ABSOLUTE_8) put(data.data + r->offset, value, 8);
        else if (r->kind == ABSOLUTE_4) put(text.data + r->offset, value, 4);
        else put(text.data + r->offset, value - (BASE + HEADERS + r->offset + 4), 4);
        r = r->next;
    }
}

void program_header(struct bytes *b, long flags, long offset, long file_size, long memory_size) {
    add_number(b, 1, 4);                    // p_type: load this
    add_number(b, flags, 4);                // p_flags: 1 execute, 2 write, 4 read
    add_number(b, offset, 8);               // p_offset
    add_number(b, BASE + offset, 8);        // p_vaddr
    add_number(b, BASE + offset, 8);        // p_paddr
    add_number(b, file_size, 8);            // p_filesz
    add_number(b, memory_size, 8);          // p_memsz
    add_number(b, PAGE, 8);                 // p_align
}

void write_executable(char *path) {
    long start = generate_start();
    provide_all();
    place_in_zero();
    settle_relocations();
    struct bytes *b = allocate(sizeof(struct bytes));
    long data_offset = (HEADERS + text.size + PAGE - 1) & -PAGE;
    long data_memory = ((data.size + PAGE - 1) & -PAGE) + zero_size;
    add_text(b, "\x7f\x45\x4c\x46", 4);     // e_ident: the letters ELF,
    add_number(b, 65794, 4);                // 64 bits, lowest byte first, version 1, System V
    add_number(b, 0, 8);
    add_number(b, 2, 2);                    // e_type: an executable
    add_number(b, 62, 2);                   // e_machine: x86_64
    add_number(b, 1, 4);                    // e_version
    add_number(b, BASE + HEADERS + start, 8);   // e_entry
    add_number(b, 64, 8);                   // e_phoff: program headers follow this one
    add_number(b, 0, 8);                    // e_shoff: no sections
    add_number(b, 0, 4);                    // e_flags
    add_number(b, 64, 2);                   // e_ehsize
    add_number(b, 56, 2);                   // e_phentsize
    add_number(b, 2, 2);                    // e_phnum
    add_number(b, 64, 2);                   // e_shentsize
    add_number(b, 0, 2);                    // e_shnum
    add_number(b, 0, 2);                    // e_shstrndx
    program_header(b, 5, 0, HEADERS + text.size, HEADERS + text.size);
    program_header(b, 6, data_offset, data.size, data_memory);
    add_text(b, text.data, text.size);
    while (b->size < data_offset) add_byte(b, 0);
    add_text(b, data.data, data.size);
    // 577: for writing, created where it is missing, emptied; 493: mode 755
    long file = syscall6(SYS_OPEN, (long)path, 577, 493, 0, 0, 0);
    long written = 0;
    long count = 1;
    while (file >= 0 && written < b->size && count > 0) {
        count = syscall6(SYS_WRITE, file, (long)(b->data + written), b->size - written, 0, 0, 0);
        if (count > 0) written = written + count;
    }
    if (written < b->size) stop(0, 0, "output cannot be written:", path);
}

// ---- The command line.

void add_folder(char *path) {
    struct folder *f = allocate(sizeof(struct folder));
    struct folder *last = folders;
    f->path = path;
    if (last == 0) folders = f;
    else {
        while (last->next) last = last->next;
        last->next = f;
    }
}

void define_option(char *text) {
    long n = 0;
    while (text[n] && text[n] != '=') n++;
    if (text[n]) predefine("#define ", text_of(text, n), text + n + 1);
    else predefine("#define ", text, "1");
}

long main(long argc, char **argv) {
    char *output = 0;
    long files = 0;
    long i = 1;
    make_types();
    make_keywords();
    predefine("#define ", "__STDC__", "1");
    predefine("#define ", "__STDC_VERSION__", "199901L");
    predefine("#define ", "__STDC_HOSTED__", "1");
    predefine("#define ", "__x86_64__", "1");
    predefine("#define ", "__LP64__", "1");
    predefine("#define ", "__linux__", "1");
    predefine("#define ", "__unix__", "1");
    predefine("#define ", "__CHAR_BIT__", "8");
    while (i < argc) {
        char *a = argv[i];
        if (a[0] == '-') {
            char *value = a + 2;
            if (a[1] == 0 || *value == 0 && i + 1 == argc) stop(0, 0, "option is not known, or without a value:", a);
            if (*value == 0) {
                i++;
                value = argv[i];
            }
            if (same_text(a, "-funsigned-char")) type_char->is_unsigned = 1;
            else if (a[1] == 'o') output = value;
            else if (a[1] == 'I') add_folder(value);
            else if (a[1] == 'D') define_option(value);
            else if (a[1] == 'U') predefine("#undef ", value, "");
            else stop(0, 0, "option is not known:", a);
        }
        i++;
    }
    if (output == 0) stop(0, 0, "use: cc -o OUTPUT [-I FOLDER] [-D NAME[=VALUE]] [-U NAME] [-funsigned-char] FILE.c...", 0);
    i = 1;
    while (i < argc) {
        if (argv[i][0] != '-') {
            parse(preprocess(argv[i]));
            files++;
        } else if (argv[i][2] == 0) i++;
        i++;
    }
    if (files == 0) stop(0, 0, "no file to compile", 0);
    write_executable(output);
    return 0;
}
