// What surroundings.c prints, as far as a program of 32 bits for i386 without a library can: it calls the kernel itself.

static long call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

static void print(const char *text)
{
    int length = 0;
    while (text[length]) length++;
    call(4, 1, (long)text, length);
}

static void print_number(const char *word, unsigned value)
{
    char text[12], *at = text + 11;
    *at = 0;
    do *--at = '0' + value % 10; while (value /= 10);
    print(word), print(" "), print(at), print("\n");
}

static void print_name(const char *word, const char *value)
{
    print(word), print(" "), print(value), print("\n");
}

__asm__(".globl _start\n_start: mov %esp, %eax\n push %eax\n call begin\n");

static char names[390], status[96], entries[32768];
static unsigned affinity[32];
static int now[2], wide[4];

void begin(char **stack)
{
    enum { DAY = 86400 };
    char *folder = stack[2], *path = stack[3];
    call(265, 0, (long)now, 0), print_number("clock", now[0] / DAY);
    call(403, 0, (long)wide, 0), print_number("wide-clock", wide[0] / DAY);
    call(78, (long)now, 0, 0), print_number("timeofday", now[0] / DAY);
    print_number("time", call(13, 0, 0, 0) / DAY);
    call(122, (long)names, 0, 0);
    print_name("node", names + 65), print_name("release", names + 130), print_name("version", names + 195);
    print_name("machine", names + 260), print_name("domain", names + 325);
    call(242, 0, sizeof affinity, (long)affinity);
    int processors = 0;
    for (int i = 0; i < 1024; i++) processors += affinity[i / 32] >> i % 32 & 1;
    print_number("processors", processors);
    call(195, (long)path, (long)status, 0);
    unsigned *field = (unsigned *)status;
    print_number("inode", field[88 / 4]), print_number("inode-again", field[12 / 4]);
    print_number("modified", field[72 / 4] / DAY), print_number("file-size", field[44 / 4]), print_number("owner", field[24 / 4]);
    print_number("user", call(199, 0, 0, 0)), print_number("effective-user", call(201, 0, 0, 0));
    call(268, (long)folder, 84, (long)status), print_number("blocks", field[8 / 4]);
    print("entries");
    int file = call(5, (long)folder, 0200000, 0), size;
    while ((size = call(220, file, (long)entries, 1000)) > 0)
        for (int at = 0; at < size; at += *(unsigned short *)(entries + at + 16)) print(" "), print(entries + at + 19);
    print("\n");
    file = call(5, (long)folder, 0200000, 0);
    print("old-entries");
    while ((size = call(141, file, (long)entries, 1000)) > 0)
        for (int at = 0; at < size; at += *(unsigned short *)(entries + at + 8)) print(" "), print(entries + at + 10);
    print("\n");
    char line[65] = "";
    file = call(5, (long)"/proc/sys/kernel/hostname", 0, 0);
    size = call(3, file, (long)line, 64);
    line[size > 0 ? size - 1 : 0] = 0;
    print_name("host-file", line);
    call(1, 7, 0, 0);
}
