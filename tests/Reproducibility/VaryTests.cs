using System.Runtime.Versioning;
using StageX.Build.Images;
using StageX.Build.Tests.Distribution;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>
/// The program that makes a step's surroundings different, as the chain's own compiler builds it, run on programs that say what
/// they see: linked statically and dynamically, and one of 32 bits.
/// </summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class VaryTests
{
    private const long TenYears = 315360000;

    private static readonly TemporaryFolder Folder = new();
    private static readonly string Sources = Path.Combine(Repository.Root, "tests/Reproducibility/vary");

    private static readonly Lazy<string> Vary = new(() =>
    {
        var image = DefaultSet.Build(Path.Combine(Repository.Root, "packages/core/vary/vary.msbuildproj")).Single();
        var layer = ImageLayout.Read(image.Layout).Image.Layers.Single();
        Command.Run("tar", ["-xzf", Path.Combine(image.Layout, "blobs/sha256", layer.Digest.Hex), "-C", Folder.Path, "usr/bin/vary"]).MustSucceed();
        return Folder["usr/bin/vary"];
    });

    /// <summary>What each option changes, in the words of surroundings.c and narrow.c.</summary>
    private static readonly (string[] Options, string[] Changes)[] Matrix =
    [
        ([$"--date={TenYears}"], ["clock", "wide-clock", "coarse", "timeofday", "zoned", "time"]),
        (["--hostname=elsewhere"], ["node", "host-file"]),
        (["--domain=example"], ["domain"]),
        (["--kernel=4.19.0,#7 of long ago"], ["release", "version", "release-file"]),
        (["--machine=i686"], ["machine"]),
        (["--order=1"], ["entries", "old-entries"]),
        (["--processors=1"], ["processors", "online-file"]),
        (["--processors=7"], ["processors", "online-file"]),
        (["--load"], ["memory", "uptime"]),
        (["--free-space"], ["blocks"]),
        (["--umask=027"], ["umask"]),
        (["--environment=VARIABLE=value"], ["variable"]),
        (["--filesystem"], ["blocks", "inode", "inode-again", "opened-inode", "extended-inode", "folder-size"]),
        (["--user=1234:567"], ["user", "effective-user", "owner"]),
        ([$"--date={TenYears}", "--file-times"], ["clock", "wide-clock", "coarse", "timeofday", "zoned", "time", "modified", "opened-modified", "extended-modified"]),
    ];

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    [DataRow("surroundings.c", new[] { "-O1", "-static" })]
    [DataRow("surroundings.c", new[] { "-O1" })]
    [DataRow("narrow.c", new[] { "-m32", "-O1", "-static", "-nostdlib", "-ffreestanding", "-fno-pie", "-no-pie", "-fno-stack-protector" })]
    public void Each_option_changes_what_it_says_and_nothing_else(string source, string[] how)
    {
        var program = Compile(source, how);
        Directory.CreateDirectory(Folder["files"]);
        foreach (var name in Enumerable.Range(0, 12))
            File.WriteAllText(Folder[$"files/{name}"], "text");
        Dictionary<string, string> See(params string[] command) =>
            Command.Run(command[0], [.. command[1..], Folder["files"], Folder["files/1"]], "/").Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).Where(line => line[0] != "address")
                .ToDictionary(line => line[0], line => line[1]);

        var plain = See(program);
        // An emulator, where the kernel runs no programs of 32 bits, tells them itself which machine it is.
        var told = plain.Keys.Where(word => word != "machine" || plain[word] != "i686").ToList();
        foreach (var (options, changes) in Matrix)
        {
            var varied = See([Vary.Value, .. options, "--", program]);
            var changed = plain.Keys.Where(word => plain[word] != varied[word]);
            CollectionAssert.AreEquivalent(changes.Intersect(told).ToArray(), changed.ToArray(), string.Join(' ', options));
            CollectionAssert.AreEquivalent(plain["entries"].Split(' '), varied["entries"].Split(' '));
        }
        var all = See([Vary.Value, .. Matrix.SelectMany(row => row.Options), "--", program]);
        CollectionAssert.AreEquivalent(Matrix.SelectMany(row => row.Changes).Distinct().Intersect(told).ToArray(),
            plain.Keys.Where(word => plain[word] != all[word]).ToArray());
        Assert.AreEqual(long.Parse(plain["clock"]) + TenYears / 86400, long.Parse(all["clock"]), 1);
    }

    [TestMethod]
    public void What_is_another_from_run_to_run_can_be_held()
    {
        string See() => Sh($"cd {Folder.Path}; rm -rf held; {Vary.Value} --date=@1000000000 --file-times --filesystem=steady -- "
            + "sh -c 'date -u +%s.%N; mkdir held; touch held/file; stat -c \"%i %s %y\" held; stat -c \"%i %y\" held/file; stat -f -c \"%b %f\" .'").Output;
        var seen = See();
        Assert.StartsWith("1000000000.000000000\n", seen);
        Assert.AreEqual(seen, See());
    }

    [TestMethod]
    public void Addresses_are_fixed_or_lie_elsewhere()
    {
        var program = Compile("surroundings.c", ["-O1"]);
        string Address(string how) => Command.Run(Vary.Value, [$"--addresses={how}", "--", program, "/", "/"], "/").MustSucceed().Output
            .Split('\n').Single(line => line.StartsWith("address ", StringComparison.Ordinal));
        string Libraries(string how) => Command.Run(Vary.Value, [$"--addresses={how}", "--", "cat", "/proc/self/maps"], "/").MustSucceed().Output
            .Split('\n').First(line => line.Contains("libc", StringComparison.Ordinal));
        Assert.AreEqual(Address("fixed"), Address("fixed"));
        Assert.AreNotEqual(Address("legacy"), Address("legacy"));
        Assert.AreEqual(Libraries("fixed"), Libraries("fixed"));
        Assert.AreNotEqual(Libraries("fixed"), Libraries("fixed,legacy"));
    }

    [TestMethod]
    public void Process_ids_are_skipped()
    {
        int Child(params string[] command) => int.Parse(Command.Run("unshare", ["--pid", "--fork", "--mount-proc", .. command, "sh", "-c", "true & echo $!"]).MustSucceed().Output);
        Assert.AreEqual(2, Child());
        Assert.IsGreaterThanOrEqualTo(1002, Child(Vary.Value, "--pids=1000", "--"));
    }

    [TestMethod]
    [DataRow("exit 7", 7)]
    [DataRow("kill -TERM $$", 143)]
    [DataRow("kill -KILL $$", 137)]
    [DataRow("kill -SEGV $$", 139)]
    [DataRow("(until grep -qi \"^State:.*T (\" /proc/$$/status; do :; done; kill -CONT $$) & kill -STOP $$; exit 3", 3)]
    [DataRow("sleep 3 > /dev/null 2>&1 < /dev/null & exit 4", 4)]
    [DataRow("(echo late) & wait; exit 5", 5)]
    [DataRow("exec /bin/busybox-that-is-not-there", 127)]
    public void The_commands_end_is_passed_on(string script, int status)
    {
        var ended = Sh($"{Vary.Value} --date=1000000 --order=1 -- sh -c '{script}'; echo ended $?");
        Assert.Contains($"ended {status}\n", ended.Output);
    }

    [TestMethod]
    public void A_signal_reaches_the_command()
    {
        var ended = Sh($"{Vary.Value} --date=1000000 -- sh -c 'trap \"echo told; exit 9\" TERM; touch {Folder["ready"]}; while :; do :; done' & "
            + $"while ! test -e {Folder["ready"]}; do :; done; kill -TERM $!; wait $!; echo ended $?");
        Assert.Contains("told", ended.Output);
        Assert.Contains("ended 9", ended.Output);
    }

    [TestMethod]
    [DataRow(new[] { "--no-such-option", "--", "true" }, 125, "no such option")]
    [DataRow(new[] { "--date=soon", "--", "true" }, 125, "not a number")]
    [DataRow(new[] { "--order=1", "true" }, 125, "a command must follow after --")]
    [DataRow(new[] { "--order=1", "--" }, 125, "no command is given")]
    [DataRow(new[] { "--processors=0", "--", "true" }, 125, "not a number that this can be")]
    [DataRow(new[] { "--order=1", "--", "/no/such/program" }, 127, "not found")]
    [DataRow(new[] { "--order=1", "--", "/etc/passwd" }, 126, "cannot be executed")]
    [DataRow(new[] { "--date=1", "--addresses=fixed", "--check" }, 0, "")]
    [DataRow(new[] { "--help" }, 0, "--environment=NAME=VALUE")]
    public void What_cannot_be_done_is_said(string[] arguments, int status, string words)
    {
        var result = Command.Run(Vary.Value, arguments);
        Assert.AreEqual(status, result.ExitCode, result.Output);
        Assert.Contains(words, result.Output);
    }

    [TestMethod]
    public void As_the_first_process_it_takes_in_orphans()
    {
        // The middle one ends first; the last one is then the first process's, which must not leave it as a zombie.
        var script = "sh -c 'sh -c \"exit 0\" & exit 0'; until test -z \"$(grep -sl '^State:.Z' /proc/[0-9]*/status)\"; do :; done; echo $(cat /proc/1/comm) cleared";
        var result = Command.Run("timeout", ["60", "unshare", "--pid", "--fork", "--mount-proc", Vary.Value, "--hostname=first", "--", "sh", "-c", script]).MustSucceed();
        Assert.AreEqual("vary cleared", result.Output.Trim());
        Assert.AreEqual(143, Command.Run("unshare", ["--pid", "--fork", "--mount-proc", Vary.Value, "--hostname=first", "--", "sh", "-c", "kill -TERM $$"]).ExitCode);
    }

    [TestMethod]
    public void A_storm_of_processes_is_served()
    {
        string[] vary = [Vary.Value, $"--date={TenYears}", "--order=1", "--hostname=served", "--", "bash", "-c"];
        var storm = Command.Run(vary[0], [.. vary[1..], "for i in $(seq 8); do (for j in $(seq 40); do /bin/true & done; wait; hostname) & done; wait"]).MustSucceed();
        Assert.AreEqual(8, storm.Output.Split('\n').Count(line => line == "served"));
    }

    [TestMethod]
    public void Threads_wait_until_the_time_that_they_see()
    {
        var program = Compile("threads.c", ["-O1", "-pthread"]);
        var result = Command.Run("timeout", ["60", Vary.Value, $"--date={TenYears}", "--order=2", "--file-times", "--", program]).MustSucceed();
        Assert.AreEqual("done", result.Output.Trim());
    }

    [TestMethod]
    public void Large_directories_are_complete_also_when_they_are_emptied_meanwhile()
    {
        Directory.CreateDirectory(Folder["many"]);
        foreach (var number in Enumerable.Range(0, 5000))
            File.WriteAllText(Folder[$"many/file-{number}"], "");
        string List(params string[] options) => Command.Run(Vary.Value, [.. options, "--", "ls", "-U", Folder["many"]]).MustSucceed().Output;
        var one = List("--order=1").Split('\n');
        CollectionAssert.AreEqual(one, List("--order=1").Split('\n'));
        CollectionAssert.AreNotEqual(one, List("--order=2").Split('\n'));
        CollectionAssert.AreEquivalent(one, List().Split('\n'));
        Command.Run(Vary.Value, ["--order=1", "--filesystem", "--", "find", Folder["many"], "-name", "file-1*"]).MustSucceed();
        Command.Run(Vary.Value, ["--order=1", "--", "rm", "-r", Folder["many"]]).MustSucceed();
        Assert.IsFalse(Directory.Exists(Folder["many"]));
    }

    [TestMethod]
    public void A_build_works_and_what_it_makes_is_the_same()
    {
        string Build(string name, params string[] vary)
        {
            Directory.CreateDirectory(Folder[name]);
            File.WriteAllText(Folder[name + "/Makefile"], "all: program\nprogram: $(patsubst %,%.o,$(shell seq 20))\n\tgcc -o $@ $^\n1.o: generated.h\ngenerated.h:\n\techo '#define N 1' > $@\n");
            foreach (var number in Enumerable.Range(1, 20))
                File.WriteAllText(Folder[$"{name}/{number}.c"], (number == 1 ? "#include \"generated.h\"\nint main(void) { return 0; }" : $"int f{number};") + "\n");
            string[] make = ["make", "-j4", "-C", Folder[name]];
            string[] command = [.. vary, .. make];
            var first = Command.Run(command[0], command[1..]).MustSucceed();
            Assert.DoesNotContain("Clock skew", first.Output);
            // Nothing is out of date after that, nor without vary.
            Assert.Contains("Nothing to be done", Command.Run(command[0], command[1..]).MustSucceed().Output);
            Assert.Contains("Nothing to be done", Command.Run(make[0], make[1..]).MustSucceed().Output);
            return Digest.OfFile(Folder[name + "/program"]).ToString();
        }
        var plain = Build("plain");
        Assert.AreEqual(plain, Build("cheap", Vary.Value, $"--date={TenYears}", "--hostname=other", "--order=3", "--kernel=4.4", "--"));
        Assert.AreEqual(plain, Build("dear", Vary.Value, $"--date={TenYears}", "--hostname=other", "--order=3", "--kernel=4.4", "--filesystem", "--file-times", "--user=1000:1000", "--"));
    }

    [TestMethod]
    public void Times_that_are_handed_over_come_back()
    {
        var script = $"cd {Folder.Path}; touch new; touch -r new copied; touch -d @1 old; cp -p new kept; test ! new -nt copied; test ! copied -nt new; test ! kept -nt new; "
            + "stat -c %Y old; date -r new +%Y; find new -mmin -5";
        var lines = Command.Run(Vary.Value, [$"--date={TenYears}", "--file-times", "--", "sh", "-e", "-c", script]).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual("1", lines[0]);
        Assert.AreEqual(DateTime.UtcNow.AddSeconds(TenYears).Year.ToString(), lines[1]);
        Assert.AreEqual("new", lines[2]);
        Assert.IsTrue(Math.Abs((File.GetLastWriteTimeUtc(Folder["copied"]) - DateTime.UtcNow).TotalDays) < 1);
    }

    private static CommandResult Sh(string script) => Command.Run("timeout", ["60", "bash", "-c", script]);

    private static string Compile(string source, string[] how)
    {
        var program = Folder[source + string.Concat(how)];
        if (!File.Exists(program))
            Command.Run("gcc", ["-w", "-o", program, .. how, Path.Combine(Sources, source)]).MustSucceed();
        return program;
    }
}
