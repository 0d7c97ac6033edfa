// Where a program begins, for compilers with the System V calling convention: argc is on top of the stack, argv follows.
.globl _start
_start:
    xor %ebp, %ebp
    mov (%rsp), %rdi
    lea 8(%rsp), %rsi
    and $-16, %rsp
    call __libc_start
    hlt
