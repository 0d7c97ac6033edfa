using System.Runtime.Versioning;
using StageX.Build.Tests.Engines;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>A shell where a stage failed.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ShellTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void The_stage_that_failed_opens_with_its_root_its_inputs_and_its_environment(string engine)
    {
        using var workshop = new Workshop(engine);
        using var tree = new TestTree { Environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        tree.AddBusybox();
        const string facts = "exec 2>&1; echo be''gin; env | sed /SHLVL/d; id -u; pwd; umask; cat /stagex/build.sh /proc/sys/kernel/hostname /etc/hosts /etc/resolv.conf; ls /sys/class/net /sys/fs/cgroup; ulimit -n; echo en''d";
        var project = tree.Add("user", "app", TestTree.Busybox + """

                <Stage Include="first" Script="first.sh" />
                <Stage Include="build" From="first" Script="build.sh" />
            """, ("first.sh", $"set +e; {facts}; echo made > /made"), ("build.sh", "false"));
        Assert.HasCount(1, tree.Build(project, $"-p:StageXEngine={engine}").Coded(ErrorCode.StepFailed));

        var session = Terminal.Build(tree, project, "cat /made /stagex/build.sh; exit 3\n", "-t:Shell", "-tl:off", $"-p:StageXEngine={engine}");
        Assert.Contains("made\r\nfalse", session.Output);
        Assert.AreEqual(0, session.ExitCode, session.Output);

        // A stage that is built, by its name: what its step saw, and nothing that it made.
        session = Terminal.Build(tree, project, $"{facts}; ls /made; exit\n", "-t:Shell", "-tl:off", $"-p:StageXEngine={engine}", "-p:StageXShellStage=first");
        Assert.Contains("/made: No such file", session.Output);
        Assert.AreEqual(Facts(File.ReadAllText(Path.Combine(tree.Artifacts, "logs", "user-app", "first.log"))), Facts(session.Output), session.Output);
        Assert.AreEqual(0, session.ExitCode, session.Output);
        tree.AssertNothingIsLeft();
        if (engine == "docker")
            Assert.DoesNotContain("stagex-shell", Command.Finish(DockerDaemon.Client("ps", "--all")).Output + Command.Finish(DockerDaemon.Client("images")).Output);
    }

    [TestMethod]
    public void Without_a_shell_a_terminal_or_the_stage_it_says_so()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        Assert.HasCount(1, tree.Build(project, "-t:Shell").Coded(ErrorCode.NoShell));
        Assert.Contains("has no stage other; it has package", Terminal.Build(tree, project, "", "-t:Shell", "-tl:off", "-p:StageXShellStage=other").Output);
        Assert.Contains("has no /bin/sh", Terminal.Build(tree, project, "", "-t:Shell", "-tl:off", "-p:StageXShellStage=package").Output);
    }

    // What was printed between two marks, which a terminal shows in the command as well, with quotes in them.
    private static string Facts(string output) =>
        string.Join('\n', output.Split('\n').Select(line => line.TrimEnd('\r')).SkipWhile(line => !line.EndsWith("begin", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line != "end"));
}
