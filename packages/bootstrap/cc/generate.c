// cc, part 6 of 8: expressions become machine code.
//
// A machine with one register and a stack: the value of an expression ends up in rax, an intermediate one is pushed.
// Integers of every type fill rax, spread to 64 bits as their sign asks, so that all arithmetic has 64 bits and is cut
// and spread again afterwards (spread). float and double are in xmm0, always as a double: an operation on two floats
// that is done in double and then rounded to float gives the same as one done in float. long double is on top of the
// x87 stack. Of a struct, rax has the address.
//
// A call pushes its arguments, the last one first, each in a multiple of eight bytes; the caller removes them. Variable
// arguments need nothing more. What comes back is where values are. For a struct the caller makes room and pushes
// its address as one more argument, before the first.
//
// The frame:   rbp+16...   arguments        rbp+8   return address      rbp   the caller's rbp      below: variables

struct bytes text;
struct bytes data;
long zero_size;                 // of the variables that begin as zero, and take no room in the file
long frame;                     // bytes below rbp, so far
struct type *function_type;     // of the function at hand

enum { RELATIVE_4, ABSOLUTE_4, ABSOLUTE_8 };

// A place in a section that depends on where an object will be.
struct relocation {
    struct relocation *next;
    long kind;
    long offset;                // ABSOLUTE_8 is in the data, the others in the text
    struct object *object;
    long addend;
};

struct relocation *relocations;

void relocate(long kind, long offset, struct object *object, long addend, struct token *token) {
    struct relocation *r = allocate(sizeof(struct relocation));
    r->kind = kind;
    r->offset = offset;
    r->object = object;
    r->addend = addend;
    r->next = relocations;
    relocations = r;
    if (object->wanted == 0) object->wanted = token;
}

// ---- Emitting code: bytes in hexadecimal, as in the first steps of the chain.

void code(char *hex) {
    while (*hex) {
        if (*hex == ' ') hex++;
        add_byte(&text, digit_value(hex[0]) << 4 | digit_value(hex[1]));
        hex = hex + 2;
    }
}

void code_number(char *hex, long number, long size) {
    code(hex);
    add_number(&text, number, size);
}

// mov rax, NUMBER
void load_number(long value) {
    if (value == 0) code("31 c0");                                      // xor eax, eax
    else if (value > 0 && value >> 31 == 0) code_number("b8", value, 4);    // mov eax, imm32
    else if (value >> 31 == -1) code_number("48 c7 c0", value, 4);      // mov rax, imm32 with its sign
    else code_number("48 b8", value, 8);                                // mov rax, imm64
}

// ---- Labels and jumps, within one function.

enum { LABELS = 32768, JUMPS = 65536 };

long label_at[32768];
long labels;
long jump_at[65536];
long jump_to[65536];
long jumps;

long new_label() {
    if (labels == LABELS) stop(0, 0, "function is too long", 0);
    labels++;
    label_at[labels - 1] = -1;
    return labels - 1;
}

void place(long label) {
    label_at[label] = text.size;
}

// A jump: its instruction, then the distance from the instruction's end, which is known later.
void jump(char *instruction, long label) {
    if (jumps == JUMPS) stop(0, 0, "function is too long", 0);
    code_number(instruction, 0, 4);
    jump_at[jumps] = text.size - 4;
    jump_to[jumps] = label;
    jumps++;
}

void settle_jumps() {
    long i = 0;
    while (i < jumps) {
        put(text.data + jump_at[i], label_at[jump_to[i]] - jump_at[i] - 4, 4);
        i++;
    }
    jumps = 0;
    labels = 0;
}

// ---- Variables of a function. All have a place of their own; blocks that exclude each other share nothing.

long new_local(struct type *type) {
    frame = (frame + type->size + 7) & -8;
    return -frame;
}

// ---- The three kinds of values.

enum { IN_RAX, IN_XMM, IN_X87 };

long where(struct type *t) {
    if (t->kind == TY_FLOAT || t->kind == TY_DOUBLE) return IN_XMM;
    if (t->kind == TY_LDOUBLE) return IN_X87;
    return IN_RAX;
}

void push(struct type *t) {
    if (where(t) == IN_RAX) code("50");                     // push rax
    else if (where(t) == IN_XMM) {
        code("48 83 ec 08");                                // sub rsp, 8
        code("f2 0f 11 04 24");                             // movsd [rsp], xmm0
    } else {
        code("48 83 ec 10");                                // sub rsp, 16
        code("db 3c 24");                                   // fstp tbyte [rsp]
    }
}

// From the address in rax.
void load(struct type *t) {
    switch (t->kind) {
    case TY_BOOL: code("0f b6 00"); break;                  // movzx eax, byte [rax]
    case TY_CHAR:
        if (t->is_unsigned) code("0f b6 00");               // movzx eax, byte [rax]
        else code("48 0f be 00");                           // movsx rax, byte [rax]
        break;
    case TY_SHORT:
        if (t->is_unsigned) code("0f b7 00");               // movzx eax, word [rax]
        else code("48 0f bf 00");                           // movsx rax, word [rax]
        break;
    case TY_INT:
        if (t->is_unsigned) code("8b 00");                  // mov eax, [rax]
        else code("48 63 00");                              // movsxd rax, dword [rax]
        break;
    case TY_LONG:
    case TY_POINTER: code("48 8b 00"); break;               // mov rax, [rax]
    case TY_FLOAT: code("f3 0f 5a 00"); break;              // cvtss2sd xmm0, [rax]
    case TY_DOUBLE: code("f2 0f 10 00"); break;             // movsd xmm0, [rax]
    case TY_LDOUBLE: code("db 28"); break;                  // fld tbyte [rax]
    }
}

void copy_bytes(long size) {
    code("48 89 c6");                                       // mov rsi, rax
    code_number("b9", size, 4);                             // mov ecx, SIZE
    code("f3 a4");                                          // rep movsb, from [rsi] to [rdi]
}

// To the address in rdi; the value stays.
void store(struct type *t) {
    switch (t->kind) {
    case TY_BOOL:
    case TY_CHAR: code("88 07"); break;                     // mov [rdi], al
    case TY_SHORT: code("66 89 07"); break;                 // mov [rdi], ax
    case TY_INT: code("89 07"); break;                      // mov [rdi], eax
    case TY_LONG:
    case TY_POINTER: code("48 89 07"); break;               // mov [rdi], rax
    case TY_FLOAT:
        code("f2 0f 5a c8");                                // cvtsd2ss xmm1, xmm0
        code("f3 0f 11 0f");                                // movss [rdi], xmm1
        break;
    case TY_DOUBLE: code("f2 0f 11 07"); break;             // movsd [rdi], xmm0
    case TY_LDOUBLE:
        code("d9 c0");                                      // fld st0
        code("db 3f");                                      // fstp tbyte [rdi]
        break;
    default:
        code("57");                                         // push rdi
        copy_bytes(t->size);
        code("58");                                         // pop rax
    }
}

// Cuts rax to the type and spreads it to 64 bits.
void spread(struct type *t) {
    if (t->size == 1) {
        if (t->is_unsigned) code("0f b6 c0");               // movzx eax, al
        else code("48 0f be c0");                           // movsx rax, al
    } else if (t->size == 2) {
        if (t->is_unsigned) code("0f b7 c0");               // movzx eax, ax
        else code("48 0f bf c0");                           // movsx rax, ax
    } else if (t->size == 4) {
        if (t->is_unsigned) code("89 c0");                  // mov eax, eax
        else code("48 63 c0");                              // movsxd rax, eax
    }
}

// ---- Conversions.

// 1 or 0 in rax: whether the value is not zero. A NaN is not.
void truth(struct type *t) {
    if (where(t) == IN_RAX) {
        code("48 85 c0");                                   // test rax, rax
        code("0f 95 c0");                                   // setne al
    } else {
        if (where(t) == IN_XMM) {
            code("66 0f 57 c9");                            // xorpd xmm1, xmm1
            code("66 0f 2e c1");                            // ucomisd xmm0, xmm1
        } else {
            code("d9 ee");                                  // fldz
            code("df e9");                                  // fucomip st0, st1
            code("dd d8");                                  // fstp st0
        }
        code("0f 95 c0");                                   // setne al
        code("0f 9a c1");                                   // setp cl
        code("08 c8");                                      // or al, cl
    }
    code("0f b6 c0");                                       // movzx eax, al
}

// From the top of the x87 stack, which holds every value of every type exactly, to where the type wants it.
// One word of the stack is free to be used, and removed.
void leave_x87(struct type *to) {
    if (to->kind == TY_FLOAT) {
        code("d9 1c 24");                                   // fstp dword [rsp]
        code("f3 0f 5a 04 24");                             // cvtss2sd xmm0, [rsp]
    } else if (to->kind == TY_DOUBLE) {
        code("dd 1c 24");                                   // fstp qword [rsp]
        code("f2 0f 10 04 24");                             // movsd xmm0, [rsp]
    } else if (is_integer(to)) {
        if (to->size == 8 && to->is_unsigned) {
            // There is only a conversion with sign: from 2^63 on, less by that, and the highest bit set afterwards.
            code("c7 04 24 00 00 00 5f");                   // mov dword [rsp], 2^63 as a float
            code("d9 04 24");                               // fld dword [rsp]
            code("df f1");                                  // fcomip st0, st1
            code("77 0e");                                  // ja to the last two instructions
            code("d8 24 24");                               // fsub dword [rsp]
            code("dd 0c 24");                               // fisttp qword [rsp]
            code("58");                                     // pop rax
            code("48 0f ba f8 3f");                         // btc rax, 63
            code("eb 04");                                  // jmp over them
        }
        code("dd 0c 24");                                   // fisttp qword [rsp]
        code("58");                                         // pop rax
        spread(to);
        return;
    }
    code("58");                                             // pop rax
}

void convert(struct type *from, struct type *to) {
    if (to->kind == TY_VOID) {
        if (where(from) == IN_X87) code("dd d8");           // fstp st0
    } else if (is_struct(to)) return;
    else if (to->kind == TY_BOOL) truth(from);
    else if (where(from) == IN_RAX && where(to) == IN_RAX) spread(to);
    else if (where(from) == IN_RAX) {
        code("50");                                         // push rax
        code("df 2c 24");                                   // fild qword [rsp]
        if (from->size == 8 && from->is_unsigned) {
            code("48 85 c0");                               // test rax, rax
            code("79 0a");                                  // jns over the next two instructions
            code("c7 04 24 00 00 80 5f");                   // mov dword [rsp], 2^64 as a float
            code("d8 04 24");                               // fadd dword [rsp]
        }
        leave_x87(to);
    } else if (where(from) == IN_XMM && where(to) == IN_XMM) {
        if (to->kind == TY_FLOAT) {
            code("f2 0f 5a c0");                            // cvtsd2ss xmm0, xmm0
            code("f3 0f 5a c0");                            // cvtss2sd xmm0, xmm0
        }
    } else if (where(from) == IN_XMM) {
        push(from);
        code("dd 04 24");                                   // fld qword [rsp]
        leave_x87(to);
    } else if (where(to) != IN_X87) {
        code("50");                                         // push rax
        leave_x87(to);
    }
}

// ---- Addresses.

void generate(struct node *n);

// The value of an expression is not wanted.
void generate_effect(struct node *n) {
    generate(n);
    convert(n->type, type_void);
}

void generate_address(struct node *n) {
    switch (n->kind) {
    case N_LOCAL:
        code_number("48 8d 85", n->value, 4);               // lea rax, [rbp + OFFSET]
        return;
    case N_OBJECT:
        code_number("b8", 0, 4);                            // mov eax, ADDRESS
        relocate(ABSOLUTE_4, text.size - 4, n->object, n->value, n->token);
        return;
    case N_DEREF:
        generate(n->a);
        return;
    case N_MEMBER:
        generate_address(n->a);
        if (n->value) code_number("48 05", n->value, 4);    // add rax, OFFSET
        return;
    case N_COMMA:
        generate_effect(n->a);
        generate_address(n->b);
        return;
    }
    // Structs that are values have an address, too.
    if (!is_struct(n->type)) stop_at(n->token, "lvalue expected");
    generate(n);
}

// ---- Bit-fields. The unit has the size of the member's type.

// The field is in the lowest bits of rax: spreads it.
void spread_field(struct member *m) {
    code_number("48 c1 e0", 64 - m->bits, 1);                       // shl rax, 64 - BITS
    if (m->type->is_unsigned) code_number("48 c1 e8", 64 - m->bits, 1);     // shr rax, 64 - BITS
    else code_number("48 c1 f8", 64 - m->bits, 1);                  // sar rax, 64 - BITS
}

void load_field(struct member *m) {
    load(m->type);
    code_number("48 c1 e8", m->bit, 1);                             // shr rax, BIT
    spread_field(m);
}

// To the unit at rdi.
void store_field(struct member *m) {
    long mask = unsigned_shift_right(-1, 64 - m->bits);
    code("50");                                                     // push rax
    code_number("48 b9", mask, 8);                                  // mov rcx, MASK
    code("48 21 c8");                                               // and rax, rcx
    code_number("48 c1 e0", m->bit, 1);                             // shl rax, BIT
    code("50");                                                     // push rax
    code("48 89 f8");                                               // mov rax, rdi
    load(m->type);
    code_number("48 b9", ~(mask << m->bit), 8);                     // mov rcx, all other bits
    code("48 21 c8");                                               // and rax, rcx
    code("59");                                                     // pop rcx
    code("48 09 c8");                                               // or rax, rcx
    store(m->type);
    code("58");                                                     // pop rax
    spread_field(m);
}

// ---- Operators.

// Where the address is a constant, nothing waits on the stack while the value is computed: setjmp may be in it.
void generate_assignment(struct node *n) {
    if (n->a->kind == N_LOCAL) {
        generate(n->b);
        code_number("48 8d bd", n->a->value, 4);            // lea rdi, [rbp + OFFSET]
    } else if (n->a->kind == N_OBJECT) {
        generate(n->b);
        code_number("bf", 0, 4);                            // mov edi, ADDRESS
        relocate(ABSOLUTE_4, text.size - 4, n->a->object, n->a->value, n->token);
    } else {
        generate_address(n->a);
        code("50");                                         // push rax
        generate(n->b);
        code("5f");                                         // pop rdi
    }
    if (n->a->kind == N_MEMBER && n->a->member->bits) store_field(n->a->member);
    else store(n->type);
}

void jump_if_false(struct node *n, long label) {
    generate(n);
    if (where(n->type) != IN_RAX) truth(n->type);
    code("48 85 c0");                                       // test rax, rax
    jump("0f 84", label);                                   // je LABEL
}

void generate_choice(struct node *n) {
    long otherwise = new_label();
    long end = new_label();
    jump_if_false(n->a, otherwise);
    if (n->kind == N_AND) {
        generate(n->b);
        truth(n->b->type);
    } else if (n->kind == N_OR) code_number("b8", 1, 4);    // mov eax, 1
    else generate(n->b);
    jump("e9", end);                                        // jmp END
    place(otherwise);
    if (n->kind == N_AND) code("31 c0");                    // xor eax, eax
    else if (n->kind == N_OR) {
        generate(n->b);
        truth(n->b->type);
    } else generate(n->c);
    place(end);
}

// rax OPERATOR rcx
void integer_operation(struct node *n) {
    long is_unsigned = n->a->type->is_unsigned;
    switch (n->kind) {
    case N_ADD: code("48 01 c8"); break;                    // add rax, rcx
    case N_SUBTRACT: code("48 29 c8"); break;               // sub rax, rcx
    case N_MULTIPLY: code("48 0f af c1"); break;            // imul rax, rcx
    case N_BIT_AND: code("48 21 c8"); break;                // and rax, rcx
    case N_BIT_OR: code("48 09 c8"); break;                 // or rax, rcx
    case N_BIT_XOR: code("48 31 c8"); break;                // xor rax, rcx
    case N_SHIFT_LEFT: code("48 d3 e0"); break;             // shl rax, cl
    case N_SHIFT_RIGHT:
        if (is_unsigned) code("48 d3 e8");                  // shr rax, cl
        else code("48 d3 f8");                              // sar rax, cl
        break;
    case N_DIVIDE:
    case N_REMAINDER:
        if (is_unsigned) {
            code("31 d2");                                  // xor edx, edx
            code("48 f7 f1");                               // div rcx
        } else {
            code("48 99");                                  // cqo
            code("48 f7 f9");                               // idiv rcx
        }
        if (n->kind == N_REMAINDER) code("48 89 d0");       // mov rax, rdx
        break;
    default:
        code("48 39 c8");                                   // cmp rax, rcx
        if (n->kind == N_EQUAL) code("0f 94 c0");           // sete al
        else if (n->kind == N_UNEQUAL) code("0f 95 c0");    // setne al
        else if (is_unsigned) {
            if (n->kind == N_LESS) code("0f 92 c0");        // setb al
            if (n->kind == N_LESS_EQUAL) code("0f 96 c0");  // setbe al
            if (n->kind == N_GREATER) code("0f 97 c0");     // seta al
            if (n->kind == N_GREATER_EQUAL) code("0f 93 c0");   // setae al
        } else {
            if (n->kind == N_LESS) code("0f 9c c0");        // setl al
            if (n->kind == N_LESS_EQUAL) code("0f 9e c0");  // setle al
            if (n->kind == N_GREATER) code("0f 9f c0");     // setg al
            if (n->kind == N_GREATER_EQUAL) code("0f 9d c0");   // setge al
        }
        code("0f b6 c0");                                   // movzx eax, al
        return;
    }
    spread(n->type);
}

// The flags say how the two compared; unordered, as a NaN is, sets parity, zero and carry. For < and <= the operands
// were exchanged.
void floating_comparison(long kind) {
    if (kind == N_EQUAL) {
        code("0f 94 c0");                                   // sete al
        code("0f 9b c1");                                   // setnp cl
        code("20 c8");                                      // and al, cl
    } else if (kind == N_UNEQUAL) {
        code("0f 95 c0");                                   // setne al
        code("0f 9a c1");                                   // setp cl
        code("08 c8");                                      // or al, cl
    } else if (kind == N_LESS || kind == N_GREATER) code("0f 97 c0");   // seta al
    else code("0f 93 c0");                                  // setae al
    code("0f b6 c0");                                       // movzx eax, al
}

// xmm0 OPERATOR xmm1
void double_operation(struct node *n) {
    switch (n->kind) {
    case N_ADD: code("f2 0f 58 c1"); break;                 // addsd xmm0, xmm1
    case N_SUBTRACT: code("f2 0f 5c c1"); break;            // subsd xmm0, xmm1
    case N_MULTIPLY: code("f2 0f 59 c1"); break;            // mulsd xmm0, xmm1
    case N_DIVIDE: code("f2 0f 5e c1"); break;              // divsd xmm0, xmm1
    case N_LESS:
    case N_LESS_EQUAL:
        code("66 0f 2e c8");                                // ucomisd xmm1, xmm0
        floating_comparison(n->kind);
        return;
    default:
        code("66 0f 2e c1");                                // ucomisd xmm0, xmm1
        floating_comparison(n->kind);
        return;
    }
    if (n->type->kind == TY_FLOAT) convert(n->type, n->type);
}

// st0 OPERATOR st1
void extended_operation(struct node *n) {
    switch (n->kind) {
    case N_ADD: code("de c1"); break;                       // faddp: st1 = st1 + st0, then pop
    case N_SUBTRACT: code("de e1"); break;                  // fsubrp: st1 = st0 - st1, then pop
    case N_MULTIPLY: code("de c9"); break;                  // fmulp: st1 = st1 * st0, then pop
    case N_DIVIDE: code("de f1"); break;                    // fdivrp: st1 = st0 / st1, then pop
    default:
        if (n->kind == N_LESS || n->kind == N_LESS_EQUAL) code("d9 c9");    // fxch st1
        code("df e9");                                      // fucomip st0, st1
        code("dd d8");                                      // fstp st0
        floating_comparison(n->kind);
    }
}

void generate_binary(struct node *n) {
    if (n->a->kind == N_NUMBER) {
        generate(n->b);
        code("48 89 c1");                                   // mov rcx, rax
        load_number(n->a->value);
        integer_operation(n);
        return;
    }
    generate(n->a);
    if (where(n->a->type) == IN_RAX && n->b->kind == N_NUMBER && n->b->value >> 31 == 0) {
        code_number("b9", n->b->value, 4);                  // mov ecx, NUMBER
        integer_operation(n);
        return;
    }
    push(n->a->type);
    generate(n->b);
    if (where(n->a->type) == IN_RAX) {
        code("48 89 c1");                                   // mov rcx, rax
        code("58");                                         // pop rax
        integer_operation(n);
    } else if (where(n->a->type) == IN_XMM) {
        code("f2 0f 10 c8");                                // movsd xmm1, xmm0
        code("f2 0f 10 04 24");                             // movsd xmm0, [rsp]
        code("48 83 c4 08");                                // add rsp, 8
        double_operation(n);
    } else {
        code("db 2c 24");                                   // fld tbyte [rsp]
        code("48 83 c4 10");                                // add rsp, 16
        extended_operation(n);
    }
}

void generate_negation(struct node *n) {
    generate(n->a);
    if (where(n->type) == IN_RAX) {
        code("48 f7 d8");                                   // neg rax
        spread(n->type);
    } else if (where(n->type) == IN_X87) code("d9 e0");     // fchs
    else {
        code_number("48 b8", (long)1 << 63, 8);             // mov rax, the sign bit
        code("66 48 0f 6e c8");                             // movq xmm1, rax
        code("66 0f 57 c1");                                // xorpd xmm0, xmm1
    }
}

// ---- Calls.

long argument_size(struct type *t) {
    return (t->size + 7) & -8;
}

void push_argument(struct type *t) {
    if (is_struct(t)) {
        code_number("48 81 ec", argument_size(t), 4);       // sub rsp, SIZE
        code("48 89 e7");                                   // mov rdi, rsp
        copy_bytes(t->size);
    } else if (t->kind == TY_FLOAT) {
        code("50");                                         // push rax
        code("48 89 e7");                                   // mov rdi, rsp
        store(t);
    } else push(t);
}

void generate_call(struct node *n) {
    long size = 0;
    struct node *argument = n->b;
    while (argument) {
        generate(argument);
        push_argument(argument->type);
        size = size + argument_size(argument->type);
        argument = argument->next;
    }
    if (is_struct(n->type)) {
        code_number("48 8d 85", new_local(n->type), 4);     // lea rax, [rbp + OFFSET]
        code("50");                                         // push rax
        size = size + 8;
    }
    if (n->a->kind == N_ADDRESS && n->a->a->kind == N_OBJECT) {
        code_number("e8", 0, 4);                            // call FUNCTION
        relocate(RELATIVE_4, text.size - 4, n->a->a->object, 0, n->token);
    } else {
        generate(n->a);
        code("ff d0");                                      // call rax
    }
    if (size) code_number("48 81 c4", size, 4);             // add rsp, SIZE
}

void generate_floating_number(struct node *n) {
    if (n->type->kind == TY_LDOUBLE) {
        load_number(n->exponent);
        code("50");                                         // push rax
        load_number(n->value);
        code("50");                                         // push rax
        code("db 2c 24");                                   // fld tbyte [rsp]
        code("48 83 c4 10");                                // add rsp, 16
    } else {
        load_number(n->value);
        code("66 48 0f 6e c0");                             // movq xmm0, rax
    }
}

// ---- All nodes.

void generate(struct node *n) {
    switch (n->kind) {
    case N_NUMBER:
        load_number(n->value);
        return;
    case N_FLOAT:
        generate_floating_number(n);
        return;
    case N_LOCAL:
    case N_OBJECT:
    case N_DEREF:
        generate_address(n);
        load(n->type);
        return;
    case N_MEMBER:
        generate_address(n);
        if (n->member->bits) load_field(n->member);
        else load(n->type);
        return;
    case N_ADDRESS:
        generate_address(n->a);
        return;
    case N_ASSIGN:
        generate_assignment(n);
        return;
    case N_CAST:
        generate(n->a);
        convert(n->a->type, n->type);
        return;
    case N_COMMA:
        generate_effect(n->a);
        generate(n->b);
        return;
    case N_NEGATE:
        generate_negation(n);
        return;
    case N_COMPLEMENT:
        generate(n->a);
        code("48 f7 d0");                                   // not rax
        spread(n->type);
        return;
    case N_NOT:
        generate(n->a);
        truth(n->a->type);
        code("83 f0 01");                                   // xor eax, 1
        return;
    case N_AND:
    case N_OR:
    case N_CONDITIONAL:
        generate_choice(n);
        return;
    case N_CALL:
        generate_call(n);
        return;
    case N_CLEAR:
        generate_address(n->a);
        code("48 89 c7");                                   // mov rdi, rax
        code("31 c0");                                      // xor eax, eax
        code_number("b9", n->a->type->size, 4);             // mov ecx, SIZE
        code("f3 aa");                                      // rep stosb
        return;
    }
    generate_binary(n);
}

// ---- Functions.

long frame_size_at;             // where the prologue says how large the frame is
long return_label;

void begin_function(struct type *type) {
    function_type = type;
    frame = 0;
    return_label = new_label();
    code("55");                                             // push rbp
    code("48 89 e5");                                       // mov rbp, rsp
    code_number("48 81 ec", 0, 4);                          // sub rsp, SIZE
    frame_size_at = text.size - 4;
}

void end_function() {
    place(return_label);
    code("c9");                                             // leave
    code("c3");                                             // ret
    put(text.data + frame_size_at, frame, 4);
    settle_jumps();
}

// The value is ready.
void generate_return() {
    if (is_struct(function_type->base)) {
        code("48 8b 7d 10");                                // mov rdi, [rbp + 16]
        copy_bytes(function_type->base->size);
        code("48 8b 45 10");                                // mov rax, [rbp + 16]
    }
    jump("e9", return_label);                               // jmp to the end
}
