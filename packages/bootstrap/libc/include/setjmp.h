#ifndef _SETJMP_H
#define _SETJMP_H
typedef long jmp_buf[8];
int setjmp(long *buffer);
void longjmp(long *buffer, int value);
#endif
