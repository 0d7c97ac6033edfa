using System.Runtime.Versioning;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Sdk;

/// <summary>Builds of several processes, the first of which is told to end, by a service manager or a CI job that takes too long, or killed.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class TerminatedBuildTests
{
    private const int Packages = 3;

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Its_steps_end_and_the_next_build_removes_what_they_left(string engine)
    {
        using var workshop = new Workshop(engine);
        using var tree = new TestTree { Environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        Write(tree, "sleep " + workshop.Mark);
        using var build = tree.StartGroup(tree.Tree(), $"-m:{Packages}", $"-p:StageXEngine={engine}");
        var output = build.StandardOutput.ReadToEndAsync();
        Assert.IsTrue(SpinWait.SpinUntil(() => build.HasExited || TestTree.Steps(workshop.Mark).Count == Packages, TimeSpan.FromMinutes(5)) && !build.HasExited, "not all steps run");
        Command.Signal("TERM", build.Id);
        build.WaitForExit();
        Assert.AreNotEqual(0, build.ExitCode, output.Result);
        Assert.IsTrue(SpinWait.SpinUntil(() => TestTree.Steps(workshop.Mark).Count == 0, TimeSpan.FromMinutes(5)), $"a step is left:\n{string.Join('\n', tree.Left(workshop.Mark))}");

        Write(tree, "touch /rootfs/whole");
        tree.Build(tree.Tree(), "-m", $"-p:StageXEngine={engine}").MustSucceed();
        tree.AssertNothingIsLeft(workshop.Mark);
    }

    // A socket that is closed with something unread is reset, which MSBuild's other processes do not take for its end.
    [TestMethod]
    public void Its_processes_end_where_the_first_has_not_read_what_the_others_sent_it()
    {
        using var tree = new TestTree();
        // Each is announced: more than are run in ten minutes.
        Write(tree, [.. Enumerable.Repeat("sleep 1", 600)]);
        using var build = tree.StartGroup(tree.Tree(), $"-m:{Packages}");
        var output = build.StandardOutput.ReadToEndAsync();
        Assert.IsTrue(SpinWait.SpinUntil(() => build.HasExited || Logged(tree).All(length => length > 0), TimeSpan.FromMinutes(5)) && !build.HasExited, "not all steps run");
        Command.Signal("STOP", build.Id);
        var logged = Logged(tree);
        Assert.IsTrue(SpinWait.SpinUntil(() => Logged(tree).Zip(logged).Count(log => log.First > log.Second + 1000) == Packages - 1, TimeSpan.FromMinutes(5)), "the others do not go on");
        Command.Signal("KILL", build.Id);
        Assert.IsTrue(SpinWait.SpinUntil(() => !tree.IsAtWork, TimeSpan.FromMinutes(2)), $"still at work:\n{string.Join('\n', tree.Left(null))}");

        Write(tree, "touch /rootfs/whole");
        tree.Build(tree.Tree(), "-m").MustSucceed();
        tree.AssertNothingIsLeft();
    }

    private static void Write(TestTree tree, params IReadOnlyList<string> commands)
    {
        for (var number = 0; number < Packages; number++)
        {
            var lines = commands.Prepend($"touch /rootfs/half{number}").Select(command => "/stagex/busybox " + command);
            tree.Add("core", $"sleeper{number}", $"""<Input Include="busybox" /><Stage Include="build" Run="{string.Join("&#10;", lines)}" />""");
            File.Copy(Workshop.Busybox, tree.File("core", $"sleeper{number}", "busybox"), overwrite: true);
        }
    }

    // The length of each package's log.
    private static IReadOnlyList<long> Logged(TestTree tree) =>
        [.. Enumerable.Range(0, Packages).Select(number => new FileInfo(Path.Combine(tree.Artifacts, "logs", $"core-sleeper{number}", "build.log")) is { Exists: true } log ? log.Length : 0)];
}
