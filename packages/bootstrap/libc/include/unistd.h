#ifndef _UNISTD_H
#define _UNISTD_H
#include <sys/types.h>
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define R_OK 4
#define W_OK 2
#define X_OK 1
#define F_OK 0
ssize_t read(int file, void *to, size_t count);
ssize_t write(int file, const void *from, size_t count);
off_t lseek(int file, off_t offset, int from);
int close(int file);
int unlink(const char *path);
int access(const char *path, int mode);
int execve(const char *path, char *const *argv, char *const *environment);
int execvp(const char *file, char *const *argv);
char *getcwd(char *to, size_t size);
int getpid(void);
extern char **environ;
#endif
