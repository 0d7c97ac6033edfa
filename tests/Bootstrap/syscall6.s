# What C0 has without declaration, for programs that gcc compiles.
        .globl  syscall6
syscall6:
        mov     %rdi, %rax
        mov     %rsi, %rdi
        mov     %rdx, %rsi
        mov     %rcx, %rdx
        mov     %r8, %r10
        mov     %r9, %r8
        mov     8(%rsp), %r9
        syscall
        ret
        .section .note.GNU-stack, "", @progbits
