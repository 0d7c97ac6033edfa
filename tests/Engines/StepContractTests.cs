using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

/// <summary>What a step can rely on, printed from inside of one: the same for every machine, user and shell that starts the build.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class StepContractTests
{
    private static readonly string Containerfile = Workshop.FromBusybox + "WORKDIR /work\n"
        + "RUN [\"busybox\", \"env\"]\n"
        + Workshop.RunScript("""
            export PATH=/bin
            exec 2>&1
            busybox --install /bin
            tty
            stat -L -c %F /proc/self/fd/0
            wc -c < /proc/self/fd/0
            umask
            pwd
            id
            hostname
            date +%Z
            grep -E '^(Cap|NoNewPrivs|SigIgn|SigBlk|Groups)' /proc/self/status | sed 's/\t/ /; s/ $//'
            cat /proc/self/limits | sed 's/  *$//'
            cat /proc/1/cgroup | sed 's/.*:/cgroup: /' | sort -u
            ls /proc/self/fd | wc -l
            ls -d /dev/* /run /etc /etc/* /sys/class/net/* /sys/fs/cgroup/* 2> /dev/null
            sed -E 's/^[^ ]+ ([^ ]+) ([^ ]+) .*/\2 \1/' /proc/self/mounts | grep -vE '^devtmpfs| /$| /(proc|sys|etc)/.' | sort
            cat /etc/hosts /etc/resolv.conf
            echo x > /etc/hosts
            ls -ln /dev/null | cut -c 1-10
            stat -c '%a %u %g' / /dev /dev/shm /work
            echo x > /proc/sys/kernel/hostname
            mknod /node c 1 3
            mkdir /mnt
            mount -t tmpfs none /mnt
            tr -s '\t ' ' ' < /proc/net/route | sed 's/ $//'
            exit 0
            """);

    private const string Expected = """
        PATH=/bin
        HOME=/root
        LC_ALL=C
        TZ=UTC
        SOURCE_DATE_EPOCH=1
        not a tty
        fifo
        0
        0022
        /work
        uid=0 gid=0 groups=0
        stagex
        UTC
        Groups: 0
        SigBlk: 0000000000000000
        SigIgn: 0000000000000000
        CapInh: 0000000000000000
        CapPrm: 00000000a80425fb
        CapEff: 00000000a80425fb
        CapBnd: 00000000a80425fb
        CapAmb: 0000000000000000
        NoNewPrivs: 0
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max file size             unlimited            unlimited            bytes
        Max data size             unlimited            unlimited            bytes
        Max stack size            8388608              unlimited            bytes
        Max core file size        0                    0                    bytes
        Max resident set          unlimited            unlimited            bytes
        Max processes             4096                 4096                 processes
        Max open files            1024                 4096                 files
        Max locked memory         65536                65536                bytes
        Max address space         unlimited            unlimited            bytes
        Max file locks            unlimited            unlimited            locks
        Max pending signals       4096                 4096                 signals
        Max msgqueue size         819200               819200               bytes
        Max nice priority         0                    0
        Max realtime priority     0                    0
        Max realtime timeout      unlimited            unlimited            us
        cgroup: /
        4
        /dev/fd
        /dev/full
        /dev/mqueue
        /dev/null
        /dev/ptmx
        /dev/pts
        /dev/random
        /dev/shm
        /dev/stderr
        /dev/stdin
        /dev/stdout
        /dev/tty
        /dev/urandom
        /dev/zero
        /etc
        /etc/hosts
        /etc/resolv.conf
        /sys/class/net/lo
        devpts /dev/pts
        mqueue /dev/mqueue
        proc /proc
        sysfs /sys
        tmpfs /dev
        tmpfs /dev/shm
        sh: can't create /etc/hosts: Read-only file system
        crw-rw-rw-
        755 0 0
        755 0 0
        1777 0 0
        755 0 0
        sh: can't create /proc/sys/kernel/hostname: Read-only file system
        mount: permission denied (are you root?)
        Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
        """;

    private const string Pollution = """
        umask 077
        prlimit --pid $$ --nofile=512: --nproc=5000: --stack=4194304: --core=unlimited: --memlock=131072: --sigpending=5000: --fsize=10000000000: --cpu=10000:
        export TZ=Asia/Tokyo LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LEAK=1 HTTP_PROXY=http://127.0.0.1:1 http_proxy=http://127.0.0.1:1 \
            CONTAINERS_CONF=/nowhere BUILDAH_ISOLATION=chroot BUILDAH_FORMAT=docker STORAGE_DRIVER=vfs HOSTNAME=leak
        """;

    // The kernel lets only root make them, whatever capabilities a user has in his namespace. No image may hold one.
    private static readonly string ExpectedOfOrdinaryUser = Expected.Replace("mount: ", "mknod: /node: Operation not permitted\nmount: ", StringComparison.Ordinal);

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_step_sees_what_the_contract_says_whatever_shell_starts_the_build(string engine)
    {
        using var workshop = new Workshop(engine);
        if (engine == "docker")
            File.WriteAllText(Path.Combine(workshop.Surroundings["DOCKER_CONFIG"], "config.json"),
                """{"proxies":{"default":{"httpProxy":"http://127.0.0.1:1","httpsProxy":"http://127.0.0.1:1","noProxy":"x","allProxy":"http://127.0.0.1:1","ftpProxy":"http://127.0.0.1:1"}}}""");
        using (var host = new HostedEngine(workshop, Containerfile, Pollution))
            host.AssertSucceeds();
        Assert.AreEqual(Environment.IsPrivilegedProcess || engine == "docker" ? Expected : ExpectedOfOrdinaryUser, Printed(workshop));
    }

    [TestMethod]
    [DataRow("buildah")]
    [DataRow("podman")]
    public void A_step_of_an_ordinary_user_sees_the_same_and_its_files_have_the_same_owners(string engine)
    {
        using var workshop = new Workshop(engine);
        using (var host = workshop.AsOrdinaryUser(Containerfile, Pollution))
            host.AssertSucceeds();
        Assert.AreEqual(ExpectedOfOrdinaryUser, Printed(workshop));
        Assert.IsTrue(workshop.Entries().Values.All(entry => entry is { Uid: 0, Gid: 0 }));
    }

    private static string Printed(Workshop workshop) => string.Join('\n', File.ReadAllLines(workshop.Log)
        .SkipWhile(line => !line.StartsWith("STEP", StringComparison.Ordinal) || !line.Contains("\"env\"", StringComparison.Ordinal))
        .TakeWhile(line => !line.StartsWith("COMMIT", StringComparison.Ordinal))
        .Where(line => !line.StartsWith("STEP", StringComparison.Ordinal)));
}
