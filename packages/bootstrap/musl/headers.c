// headers FILE...: prints the header that upstream's makefile makes of these *.h.in with sed.
//
//     TYPEDEF int name;         a declaration that other headers ask for by defining __NEED_name, and that must not come
//     STRUCT name { ... };      twice; of a struct or union they define __NEED_struct_name or __NEED_union_name
//     #define __NR_name 1       the number of a system call, which programs know as SYS_name too
//
// All other lines stay as they are.

#include <stdio.h>
#include <string.h>

static void declare(const char *keyword, const char *kind, const char *text, const char *name, int length)
{
    printf("#if defined(__NEED_%s%.*s) && !defined(__DEFINED_%s%.*s)\n", kind, length, name, kind, length, name);
    printf("%s %s", keyword, text);
    printf("#define __DEFINED_%s%.*s\n#endif\n", kind, length, name);
}

int main(int argc, char **argv)
{
    static char line[1000];
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (!file) return 1;
        while (fgets(line, sizeof line, file)) {
            char *name = line + strcspn(line, " ");
            name += strspn(name, " ");
            if (!strncmp(line, "TYPEDEF ", 8)) {
                char *last = strrchr(name, ' ') + 1;
                declare("typedef", "", name, last, strcspn(last, ";"));
            } else if (!strncmp(line, "STRUCT ", 7)) declare("struct", "struct_", name, name, strcspn(name, " "));
            else if (!strncmp(line, "UNION ", 6)) declare("union", "union_", name, name, strcspn(name, " "));
            else {
                printf("%s", line);
                if (!strncmp(name, "__NR_", 5)) printf("#define SYS_%s", name + 5);
            }
        }
        fclose(file);
    }
    return 0;
}
