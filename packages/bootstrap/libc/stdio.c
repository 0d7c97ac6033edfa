// The C library of the first compilers, part 6: files with a buffer.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct FILE {
    FILE *next;
    int descriptor;
    int at_end, failed;
    int unbuffered;
    int writes;             // what the buffer is used for: what is to be written, or what was read
    int position, size;     // read so far, and in the buffer
    char buffer[BUFSIZ];
};

static FILE standard[3] = { { &standard[1], 0 }, { &standard[2], 1 }, { NULL, 2, .unbuffered = 1 } };
static FILE *files = standard;
FILE *stdin = &standard[0];
FILE *stdout = &standard[1];
FILE *stderr = &standard[2];

FILE *fdopen(int descriptor, const char *mode)
{
    FILE *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->descriptor = descriptor;
    file->next = files;
    files = file;
    return file;
}

FILE *fopen(const char *path, const char *mode)
{
    int flags = mode[0] == 'r' ? O_RDONLY : mode[0] == 'w' ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY | O_CREAT | O_APPEND;
    if (strchr(mode, '+')) flags = flags & ~(O_RDONLY | O_WRONLY) | O_RDWR;
    int descriptor = open(path, flags, 0666);
    return descriptor < 0 ? NULL : fdopen(descriptor, mode);
}

int fflush(FILE *file)
{
    if (!file) {
        int result = 0;
        for (file = files; file; file = file->next)
            if (fflush(file)) result = EOF;
        return result;
    }
    if (file->writes) {
        for (int done = 0; done < file->size;) {
            ssize_t count = write(file->descriptor, file->buffer + done, file->size - done);
            if (count < 0) {
                file->failed = 1;
                break;
            }
            done += count;
        }
    } else if (file->position < file->size) lseek(file->descriptor, file->position - file->size, SEEK_CUR);
    file->position = file->size = 0;
    return file->failed ? EOF : 0;
}

int fclose(FILE *file)
{
    int result = fflush(file);
    FILE **link = &files;
    if (close(file->descriptor)) result = EOF;
    while (*link != file) link = &(*link)->next;
    *link = file->next;
    if (file < standard || file >= standard + 3) free(file);
    return result;
}

FILE *freopen(const char *path, const char *mode, FILE *file)
{
    FILE *other = fopen(path, mode);
    if (!other) return NULL;
    fflush(file);
    close(file->descriptor);
    file->descriptor = other->descriptor;
    file->at_end = file->failed = 0;
    for (FILE **link = &files; *link; link = &(*link)->next)
        if (*link == other) {
            *link = other->next;
            free(other);
            break;
        }
    return file;
}

int fputc(int c, FILE *file)
{
    if (!file->writes) {
        fflush(file);
        file->writes = 1;
    }
    file->buffer[file->size++] = c;
    if ((file->size == BUFSIZ || file->unbuffered) && fflush(file)) return EOF;
    return (unsigned char)c;
}

int fgetc(FILE *file)
{
    if (file->writes) {
        fflush(file);
        file->writes = 0;
    }
    if (file->position == file->size) {
        ssize_t count = read(file->descriptor, file->buffer, BUFSIZ);
        file->position = file->size = 0;
        if (count <= 0) {
            if (count < 0) file->failed = 1;
            else file->at_end = 1;
            return EOF;
        }
        file->size = count;
    }
    return (unsigned char)file->buffer[file->position++];
}

int ungetc(int c, FILE *file)
{
    if (c == EOF || file->writes || file->position == 0) return EOF;
    file->buffer[--file->position] = c;
    file->at_end = 0;
    return c;
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    char *p = to;
    for (size_t i = 0; i < size * count; i++) {
        int c = fgetc(file);
        if (c == EOF) return i / size;
        p[i] = c;
    }
    return count;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *file)
{
    const char *p = from;
    for (size_t i = 0; i < size * count; i++)
        if (fputc(p[i], file) == EOF) return i / size;
    return count;
}

char *fgets(char *to, int size, FILE *file)
{
    int n = 0;
    while (n < size - 1) {
        int c = fgetc(file);
        if (c == EOF) break;
        to[n++] = c;
        if (c == '\n') break;
    }
    to[n] = 0;
    return n ? to : NULL;
}

int fputs(const char *text, FILE *file)
{
    size_t length = strlen(text);
    return fwrite(text, 1, length, file) == length ? 0 : EOF;
}

int puts(const char *text)
{
    return fputs(text, stdout) == EOF ? EOF : putchar('\n');
}

int getc(FILE *file) { return fgetc(file); }
int getchar(void) { return fgetc(stdin); }
int putc(int c, FILE *file) { return fputc(c, file); }
int putchar(int c) { return fputc(c, stdout); }
int feof(FILE *file) { return file->at_end; }
int ferror(FILE *file) { return file->failed; }
int fileno(FILE *file) { return file->descriptor; }

int fseek(FILE *file, long offset, int from)
{
    fflush(file);
    file->at_end = 0;
    return lseek(file->descriptor, offset, from) < 0 ? -1 : 0;
}

long ftell(FILE *file)
{
    long offset = lseek(file->descriptor, 0, SEEK_CUR);
    return offset < 0 ? -1 : file->writes ? offset + file->size : offset - (file->size - file->position);
}

void rewind(FILE *file)
{
    fseek(file, 0, SEEK_SET);
    file->failed = 0;
}

void perror(const char *text)
{
    fprintf(stderr, "%s: %s\n", text, strerror(errno));
}
