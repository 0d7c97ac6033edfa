// run FILE: runs the commands that FILE lists, one after the other, until one fails.
//
// It is there until the shell is: what musl, the first programs on it and the shell are built by. A line is a command or a
// definition; a line that begins with a blank goes on with the line before; from a # at the start of a word the rest of the
// line is a comment. Words are separated by blanks. There is no quoting, and no other character means anything:
//
//     sources = src/*/*.c !src/complex/*        a list of words, which $sources as a word stands for
//     tcc -c $sources                           a program, looked for in PATH
//     sed -f bits.sed bits.in > bits.h          its standard output may go to a file
//     copy include/*.h /rootfs/usr/include      copies files to a folder, and makes it first where it is missing
//
// A word with * or ? stands for the files of such names, in the order of their bytes; * and ? match no slash and no dot at the
// start of a name, and it is an error if nothing matches. !word takes away from the words before it, those of $names
// included, what it matches; here * matches everything.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYS_dup2 33
#define SYS_fork 57
#define SYS_wait4 61
#define SYS_getdents64 217
#define O_DIRECTORY 0x10000

long syscall6(long number, long a, long b, long c, long d, long e, long f);

struct words {
    char **word;
    int count;
};

struct list {
    char *name;
    struct words words;
    struct list *next;
} *lists;

char *script;
int line, lines;

void fail(const char *what, const char *word)
{
    fprintf(stderr, "%s:%d: %s: %s\n", script, line, word, what);
    exit(1);
}

void add(struct words *to, char *word)
{
    // Doubled whenever it is full, with a null behind the last word for execvp.
    if (!(to->count & (to->count + 1)) && !(to->word = realloc(to->word, (2 * to->count + 2) * sizeof(char *))))
        fail("no memory", word);
    to->word[to->count++] = word;
    to->word[to->count] = NULL;
}

char *join(const char *folder, int n, const char *name)
{
    char *path = malloc(n + strlen(name) + 1);
    memcpy(path, folder, n);
    strcpy(path + n, name);
    return path;
}

// Whether the first n characters of pattern match name; if so it may match slashes too.
int matches(const char *pattern, int n, const char *name, int slashes)
{
    for (; n; pattern++, name++, n--) {
        if (*pattern == '*') {
            for (;; name++) {
                if (matches(pattern + 1, n - 1, name, slashes)) return 1;
                if (!*name || (*name == '/' && !slashes)) return 0;
            }
        }
        if (!*name || (*pattern != *name && *pattern != '?')) return 0;
    }
    return !*name;
}

int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Adds the files below the folder (the first n characters of path) that the rest of path matches.
void expand(struct words *to, char *path, int n)
{
    static char entries[65536];
    struct words found = { 0 };
    int wild = n, folder = n, end, file, size;
    while (path[wild] && path[wild] != '*' && path[wild] != '?') {
        if (path[wild++] == '/') folder = wild;
    }
    if (!path[wild]) {
        if (!access(path, F_OK)) add(to, path);
        return;
    }
    end = wild + strcspn(path + wild, "/");
    char *name = folder ? join(path, folder, "") : ".";
    if ((file = open(name, O_RDONLY | O_DIRECTORY)) < 0) return;
    while ((size = syscall6(SYS_getdents64, file, (long)entries, sizeof entries, 0, 0, 0)) > 0)
        for (char *e = entries; e < entries + size; e += *(unsigned short *)(e + 16))
            if (e[19] != '.' && matches(path + folder, end - folder, e + 19, 0)) add(&found, join(path, folder, e + 19));
    close(file);
    qsort(found.word, found.count, sizeof(char *), by_bytes);
    for (int i = 0; i < found.count; i++)
        expand(to, join(found.word[i], strlen(found.word[i]), path + end), strlen(found.word[i]));
}

void put(struct words *to, char *word)
{
    int kept = 0;
    if (*word == '!') {
        for (int i = 0; i < to->count; i++)
            if (!matches(word + 1, strlen(word + 1), to->word[i], 1)) to->word[kept++] = to->word[i];
        if (kept == to->count) fail("takes nothing away", word);
        to->word[to->count = kept] = NULL;
    } else if (*word == '$') {
        struct list *list = lists;
        while (list && strcmp(list->name, word + 1)) list = list->next;
        if (!list) fail("is not defined", word);
        for (int i = 0; i < list->words.count; i++) add(to, list->words.word[i]);
    } else if (word[strcspn(word, "*?")]) {
        kept = to->count;
        expand(to, word, 0);
        if (to->count == kept) fail("matches nothing", word);
    } else add(to, word);
}

void copy(struct words *words)
{
    static char bytes[65536];
    char *to = join(words->word[words->count - 1], strlen(words->word[words->count - 1]), "/");
    for (char *slash = strchr(to + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(to, 0755);
        *slash = '/';
    }
    for (int i = 1; i < words->count - 1; i++) {
        char *from = words->word[i], *name = strrchr(from, '/'), *path = join(to, strlen(to), name ? name + 1 : from);
        int in = open(from, O_RDONLY), out = creat(path, 0644), size;
        if (in < 0) fail("cannot be read", from);
        while ((size = read(in, bytes, sizeof bytes)) > 0)
            if (write(out, bytes, size) != size) fail("cannot be written", path);
        if (size < 0 || out < 0) fail("cannot be written", path);
        close(in);
        close(out);
    }
}

void run(struct words *words, char *output)
{
    int status, child = syscall6(SYS_fork, 0, 0, 0, 0, 0, 0);
    if (child < 0) fail("cannot be started", words->word[0]);
    if (!child) {
        int file = output ? creat(output, 0644) : 1;
        if (file < 0) fail("cannot be written", output);
        syscall6(SYS_dup2, file, 1, 0, 0, 0, 0);
        execvp(words->word[0], words->word);
        fail("cannot be run", words->word[0]);
    }
    syscall6(SYS_wait4, child, (long)&status, 0, 0, 0, 0);
    if (status) fail("failed", words->word[0]);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: run FILE\n");
        return 2;
    }
    int file = open(script = argv[1], O_RDONLY), size = file < 0 ? -1 : lseek(file, 0, SEEK_END);
    char *text = malloc(size + 1), *next = text;
    if (file < 0 || lseek(file, 0, SEEK_SET) || read(file, text, size) != size) fail("cannot be read", script);
    for (text[size] = 0, lines = 1; *next;) {
        struct words words = { 0 };
        char *output = NULL;
        line = lines;
        do {
            char *end = next + strcspn(next, "\n"), last = *end;
            *end = 0;
            while (next += strspn(next, " \t"), *next && *next != '#') {
                char *word = next;
                next += strcspn(next, " \t");
                if (*next) *next++ = 0;
                if (words.count && !strcmp(words.word[words.count - 1], ">")) output = word;
                else put(&words, word);
            }
            next = end + (last != 0);
            lines++;
        } while (*next == ' ' || *next == '\t');
        if (output) words.word[words.count -= 1] = NULL;
        if (!words.count) continue;
        if (words.count > 1 && !strcmp(words.word[1], "=")) {
            struct list *list = malloc(sizeof *list);
            list->name = words.word[0];
            list->words.word = words.word + 2;
            list->words.count = words.count - 2;
            list->next = lists;
            lists = list;
        } else if (!strcmp(words.word[0], "copy")) copy(&words);
        else run(&words, output);
    }
    return 0;
}
