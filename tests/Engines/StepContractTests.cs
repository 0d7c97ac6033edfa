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
            busybox --install /bin
            tty
            readlink /proc/self/fd/0
            umask
            pwd
            id
            hostname
            date +%Z
            grep -E '^(Cap|NoNewPrivs|SigIgn|SigBlk|Groups)' /proc/self/status
            cat /proc/self/limits | sed 's/  *$//'
            cat /proc/1/cgroup | sed 's/.*:/cgroup: /' | sort -u
            ls /proc/self/fd | wc -l
            ls -d /dev/* /run /etc /sys/class/net/* /sys/fs/cgroup/* 2>/dev/null
            sed -E 's/^[^ ]+ ([^ ]+) ([^ ]+) .*/\2 \1/' /proc/self/mounts | grep -v ' /$' | grep -v ^devtmpfs
            echo x > /proc/sys/kernel/hostname
            mknod /node c 1 3
            mount -t tmpfs none /mnt
            ping -c 1 -w 1 127.0.0.1 > /dev/null && echo loopback
            exit 0
            """);

    private const string Expected = """
        PATH=/bin
        HOME=/root
        LC_ALL=C
        TZ=UTC
        SOURCE_DATE_EPOCH=1
        """;

    [TestMethod]
    public void A_step_sees_what_the_contract_says_whoever_starts_the_build()
    {
        using var workshop = new Workshop();
        using (var host = new HostedEngine(workshop, Containerfile, """
            umask 077
            prlimit --pid $$ --nofile=512: --nproc=5000: --stack=4194304: --core=unlimited: --memlock=131072: --sigpending=5000: --fsize=10000000000: --cpu=10000:
            export TZ=Asia/Tokyo LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LEAK=1 HTTP_PROXY=http://127.0.0.1:1 http_proxy=http://127.0.0.1:1 \
                CONTAINERS_CONF=/nowhere BUILDAH_ISOLATION=chroot BUILDAH_FORMAT=docker STORAGE_DRIVER=vfs CONTAINER_HOST=tcp://127.0.0.1:1 HOSTNAME=leak
            """))
            host.AssertSucceeds();
        Assert.AreEqual(Expected, Printed(workshop));
    }

    private static string Printed(Workshop workshop)
    {
        var log = File.ReadAllLines(workshop.Log);
        return string.Join('\n', log.SkipWhile(line => !line.Contains("STEP 5/", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("COMMIT", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("STEP", StringComparison.Ordinal)));
    }
}
