// headers WHAT FILE...: prints a header that busybox's makefile makes, by scripts and tools that are not there yet.
//
//     headers config CHOICE FILE...     autoconf.h: for each option X that the files define, in lines "config X", the macros
//                                       ENABLE_X, IF_X(...) and IF_NOT_X(...), and CONFIG_X if it is chosen. CHOICE lists those
//                                       that are, X or X=VALUE, and what follows # is a comment
//     headers applet SKELETON FILE...   applets.h: the lines that begin with //applet: in the files, where the skeleton says
//                                       INSERT
//     headers usage SKELETON FILE...    usage.h: the lines that begin with //usage:, the same; each is a macro that goes on
//                                       until the next that does not begin with a blank
//     headers text FILE                 usage_compressed.h, not compressed: what the program usage printed, as a string

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[10000];

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    return file;
}

// The next line, without its end; what is empty or a comment is left out if that is asked for.
static int next(FILE *file, int comments)
{
    do {
        if (!fgets(line, sizeof line, file)) {
            fclose(file);
            return 0;
        }
        if (!comments) line[strcspn(line, "#")] = 0;
        int length = strlen(line);
        while (length && strchr(" \t\n", line[length - 1])) length--;
        line[length] = 0;
    } while (!comments && !*line);
    return 1;
}

// What the line says after a beginning like "//usage:", or null.
static char *after(const char *beginning)
{
    return strncmp(line, beginning, strlen(beginning)) ? NULL : line + strlen(beginning);
}

// ---- Options.

static struct option {
    char name[60], value[60];
    int defined;
    struct option *next;
} *chosen;

static struct option *find(const char *name)
{
    struct option *option = chosen;
    while (option && strcmp(option->name, name)) option = option->next;
    return option;
}

static void choose(const char *path)
{
    FILE *file = open_file(path);
    while (next(file, 0)) {
        for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
            struct option *option = calloc(1, sizeof *option);
            int length = strcspn(word, "=");
            strcpy(option->value, word[length] ? word + length + 1 : "1");
            word[length] = 0;
            strcpy(option->name, word);
            option->next = chosen;
            chosen = option;
        }
    }
}

static void define(const char *name)
{
    struct option *option = find(name);
    if (option) {
        printf("#define CONFIG_%s %s\n#define ENABLE_%s 1\n", name, option->value, name);
        printf("#define IF_%s(...) __VA_ARGS__\n#define IF_NOT_%s(...)\n", name, name);
        option->defined = 1;
    } else {
        printf("#define ENABLE_%s 0\n", name);
        printf("#define IF_%s(...)\n#define IF_NOT_%s(...) __VA_ARGS__\n", name, name);
    }
}

static int config(int count, char **paths)
{
    int status = 0;
    choose(paths[0]);
    for (int i = 1; i < count; i++) {
        FILE *file = open_file(paths[i]);
        while (next(file, 1)) {
            char *name = after("config ") ? after("config ") : after("//config:config ");
            if (name) define(name);
        }
    }
    for (struct option *option = chosen; option; option = option->next) {
        if (option->defined) continue;
        fprintf(stderr, "there is no option %s\n", option->name);
        status = 1;
    }
    return status;
}

// ---- Lines that the sources bring along.

static void collect(const char *mark, int usage, int count, char **paths)
{
    for (int i = 0; i < count; i++) {
        FILE *file = open_file(paths[i]);
        while (next(file, 1)) {
            char *text = after(mark);
            if (text) printf(usage ? (strchr(" \t", *text) ? "%s \\\n" : "\n%s \\\n") : "%s\n", text);
        }
    }
}

static void text(const char *path)
{
    FILE *file = open_file(path);
    int c, length = 0;
    printf("#define UNPACKED_USAGE \"");
    while ((c = getc(file)) != EOF) printf(length++ % 24 ? "\\%03o" : "\" \\\n\"\\%03o", c);
    printf("\"\n#define UNPACKED_USAGE_LENGTH %d\n", length);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    if (!strcmp(argv[1], "text")) {
        text(argv[2]);
        return 0;
    }
    if (!strcmp(argv[1], "config")) return config(argc - 2, argv + 2);
    int usage = !strcmp(argv[1], "usage");
    FILE *skeleton = open_file(argv[2]);
    while (next(skeleton, 1)) {
        if (strcmp(line, "INSERT")) printf("%s\n", line);
        else {
            collect(usage ? "//usage:" : "//applet:", usage, argc - 3, argv + 3);
            printf("\n");
        }
    }
    return 0;
}
