namespace StageX.Build.Tests.Reproducibility.Zoo;

/// <summary>A package that is broken, or not, in one known way.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cause">The variations that are responsible, sorted; <see cref="ByItself"/>; or nothing where it must pass.</param>
/// <param name="Script">Its one step, on the root with gcc and make.</param>
internal sealed record Animal(string Name, string Cause, string Script)
{
    /// <summary>No variation is: another build in the same surroundings differs as well.</summary>
    public const string ByItself = "none: differs by itself";

    /// <summary>What it asks to be varied besides the usual.</summary>
    public string AlsoVaried { get; init; } = "";

    // Writes a C program that is compiled by the line after it.
    private static string C(string program) => $"cat > program.c <<'END'\n{program}\nEND\n";

    /// <summary>Those for which verification has to fail, and to name the cause.</summary>
    public static IReadOnlyList<Animal> Broken { get; } =
    [
        new("date-macro", "date", "unset SOURCE_DATE_EPOCH\n" + C("const char built[] = __DATE__ \" \" __TIME__;") + "TZ=UTC gcc -c -o /rootfs/program.o program.c"),
        new("clock-here", "date, timezone", "date > /rootfs/built"),
        new("gzip-time", "date", "echo text > text\ngzip -c text > /rootfs/text.gz"),
        new("ar-time", "date", "gcc -c -x c -o empty.o /dev/null\nchown 7:7 empty.o\nar rcU /rootfs/empty.a empty.o"),
        new("tar-time", "date", "echo text > text\ntar -c --owner=0 --group=0 --numeric-owner -f /rootfs/text.tar text"),
        new("timezone", "timezone", "date -d @86400 '+%F %R' > /rootfs/day"),
        new("locale-sorted", "locale", "case ${LC_ALL:-C} in C | POSIX) order= ;; *) order=-f ;; esac\nprintf 'a\\nB\\nc\\n' | LC_ALL=C sort $order > /rootfs/index"),
        new("umask", "umask", "echo text > /rootfs/text") { AlsoVaried = "umask" },
        new("user-id", "user", "echo \"uid $(id -u)\" > /rootfs/owner"),
        new("hostname", "hostname", "echo \"built on $(uname -n)\" > /rootfs/host"),
        new("domain", "domain", "cat /proc/sys/kernel/domainname > /rootfs/domain"),
        new("kernel", "kernel", "uname -r > /rootfs/kernel"),
        new("debug-information", "path", C("int one(void) { return 1; }") + "gcc -g -c -o /rootfs/program.o program.c"),
        new("absolute-link", "path", "mkdir lib\nln -s \"$PWD/lib\" /rootfs/lib"),
        new("unsorted", "order", "mkdir files\nfor i in 1 2 3 4 5 6 7 8 9; do touch files/$i; done\nfind files -type f > /rootfs/list"),
        new("random", ByItself, "od -An -N8 -tx1 /dev/urandom > /rootfs/key"),
        new("temporary-name", ByItself, "folder=$(mktemp -d)\necho \"$folder\" > /rootfs/scratch"),
        new("seeded-hash", ByItself, C("#include <stdio.h>\n#include <sys/random.h>\nint main(void) { unsigned long seed, i; getrandom(&seed, sizeof seed, 0); for (i = 0; i < 20; i++) printf(\"%lu\\n\", (i * 2654435761u ^ seed) % 1000); }") + "gcc -o program program.c\n./program > /rootfs/table"),
        new("processors", "processors", "nproc > /rootfs/threads"),
        new("jobs", "jobs", "echo \"MAKEFLAGS=-j$(cat /stagex/jobs)\" > /rootfs/make.conf"),
        new("race", "jobs", "printf 'all: 1 2 3 4 5 6 7 8 9\\n%%:\\n\\t@sleep 0.0$$(od -An -N1 -tu1 /dev/urandom | tr -d \" \" | tail -c 2)\\n\\t@echo $@ >> order\\n' > Makefile\nmake -s -j$(cat /stagex/jobs)\ncp order /rootfs/order"),
        new("address", "addresses", C("#include <stdio.h>\nint main(void) { printf(\"%p\\n\", (void *)main); }") + "gcc -o program program.c\n./program > /rootfs/here"),
        new("environment", "environment", "echo \"built by ${USER:-nobody}\" > /rootfs/builder"),
        new("whole-environment", "environment, home, locale, path, search-path, timezone", "env > /rootfs/configuration"),
        // In hundreds: engines, and what starts a command, have processes of their own now and then.
        new("process-id", "pids", "echo \"shard $(( $(exec sh -c 'echo $$') / 100 ))\" > /rootfs/lock"),
        new("inode", "filesystem", "touch file\nstat -c %i file > /rootfs/index"),
        new("directory-size", "filesystem", "mkdir folder\nstat -c %s folder > /rootfs/size"),
        new("free-space", "filesystem", "stat -f -c %f / > /rootfs/free"),
    ];

    /// <summary>More of the same kinds.</summary>
    public static IReadOnlyList<Animal> Relatives { get; } =
    [
        new("clock", "date", "date -u > /rootfs/built"),
        new("year", "date", "echo \"Copyright $(date -u +%Y)\" > /rootfs/notice"),
        new("listing", "date", "mkdir sub\ntouch sub/file\nTZ=UTC ls -go sub > /rootfs/listing"),
        new("seed-of-the-clock", "date", C("#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\nint main(void) { srandom(time(NULL)); printf(\"%ld\\n\", random()); }") + "gcc -o program program.c\n./program > /rootfs/salt"),
        new("test-log", "date", "mkdir log\n(echo started $(date -u +%T); echo 3 tests passed; echo ended $(date -u +%T)) > log/tests\ncp log/tests /rootfs/tests.log"),
        new("locale-name", "locale", "echo \"messages are in ${LC_ALL:-C}\" > /rootfs/configuration"),
        new("ownership", "user", "if [ \"$(id -u)\" = 0 ]; then install -o 9 -g 9 -m 644 /dev/null /rootfs/file; else touch /rootfs/file; fi"),
        new("kernel-modules", "kernel", "mkdir -p \"/rootfs/lib/modules/$(cat /proc/sys/kernel/osrelease)\""),
        new("assertion", "path", C("#include <assert.h>\nvoid check(int x) { assert(x); }") + "gcc -c -o /rootfs/program.o \"$PWD/program.c\""),
        new("archive-order", "order", "mkdir files\nfor i in 1 2 3 4 5 6 7 8 9; do touch files/$i; done\ntar -c --mtime=@1 --owner=0 --group=0 --numeric-owner -f /rootfs/files.tar files"),
        new("link-order", "order", "mkdir parts\nfor i in 1 2 3 4 5 6; do echo \"int f$i(void) { return $i; }\" > parts/$i.c; done\ncat $(find parts -name '*.c') > all.c\ngcc -c -o /rootfs/all.o all.c"),
        new("uuid", ByItself, "cat /proc/sys/kernel/random/uuid > /rootfs/id"),
        new("processor-list", "processors", "grep -c '^processor' /proc/cpuinfo > /rootfs/processors"),
        new("pointer-order", "addresses", C("#include <stdio.h>\n#include <stdlib.h>\nint main(void) { for (int i = 0; i < 64; i++) printf(\"%lu\\n\", (unsigned long)malloc(100) / 4096 % 61); }") + "gcc -o program program.c\n./program > /rootfs/buckets"),
    ];

    /// <summary>Those that differ only in what the canonical image levels: they have to pass.</summary>
    public static IReadOnlyList<Animal> Levelled { get; } =
    [
        new("file-times", "", "echo text > /rootfs/text\ntouch -d '2001-02-03 04:05:06' /rootfs/text\nmkdir /rootfs/folder"),
        new("sparse", "", "if [ \"$(uname -n)\" = stagex ]; then truncate -s 100k /rootfs/zeros; else head -c 102400 /dev/zero > /rootfs/zeros; fi"),
        new("hard-links", "", "cd /rootfs\nif [ \"$(uname -n)\" = stagex ]; then echo text > a; ln a b; else echo text > b; ln b a; fi"),
        new("order-of-making", "", "cd /rootfs\nif [ \"$(uname -n)\" = stagex ]; then touch a b c; else touch c b a; fi"),
        new("input-time", "", C("const char changed[] = __TIMESTAMP__;") + "touch -r /stagex/jobs program.c\nTZ=UTC gcc -c -o /rootfs/program.o program.c"),
    ];

    /// <summary>Packages as they should be, which have to pass every time.</summary>
    public static IReadOnlyList<Animal> Herd { get; } =
    [
        new("archive", "", "mkdir files\nfor i in 9 3 1 7; do echo $i > files/$i; done\ntar -c --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner -f - files | gzip -n > /rootfs/files.tar.gz"),
        new("library", "", "for i in 1 2 3 4 5 6; do echo \"int f$i(void) { return $i; }\" > $i.c; done\nprintf 'library.a: 1.o 2.o 3.o 4.o 5.o 6.o\\n\\tar rcD $@ $^\\n' > Makefile\nmake -j$(cat /stagex/jobs) CFLAGS=-O2\nmkdir -p /rootfs/usr/lib\ninstall -m 644 library.a /rootfs/usr/lib/"),
        new("program", "", C("#include <stdio.h>\nint main(void) { puts(\"built \" __DATE__); }") + "mkdir -p /rootfs/usr/bin\ngcc -g -ffile-prefix-map=\"$PWD\"=. -o /rootfs/usr/bin/program program.c"),
        new("sorted", "", "for i in z a M k; do echo $i > file.$i; done\nexport LC_ALL=C TZ=UTC\nls file.* | sort > /rootfs/list\ndate -d @1 > /rootfs/date"),
    ];
}
