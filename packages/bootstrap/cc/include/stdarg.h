// cc pushes all arguments onto the stack, each in a multiple of eight bytes.
#ifndef _STDARG_H
#define _STDARG_H
typedef char *va_list;
#define va_start(list, last) ((void)((list) = __va_first))
#define va_arg(list, type) (*(type *)(((list) += (sizeof(type) + 7) & ~7ul) - ((sizeof(type) + 7) & ~7ul)))
#define va_copy(to, from) ((void)((to) = (from)))
#define va_end(list) ((void)0)
#endif
