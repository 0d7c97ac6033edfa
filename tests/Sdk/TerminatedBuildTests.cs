using System.Runtime.Versioning;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Sdk;

/// <summary>Builds of several processes, the first of which is told to end, by a service manager or a CI job that takes too long.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class TerminatedBuildTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Its_steps_end_and_the_next_build_removes_what_they_left(string engine)
    {
        using var workshop = new Workshop(engine);
        using var tree = new TestTree { Environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        const int packages = 3;
        void Write(string command)
        {
            for (var number = 0; number < packages; number++)
            {
                tree.Add("core", $"sleeper{number}", $"""<Input Include="busybox" /><Stage Include="build" Run="/stagex/busybox touch /rootfs/half{number}&#10;/stagex/busybox {command}" />""");
                File.Copy(Workshop.Busybox, tree.File("core", $"sleeper{number}", "busybox"), overwrite: true);
            }
        }
        Write("sleep " + workshop.Mark);
        using var build = tree.StartGroup(tree.Tree(), $"-m:{packages}", $"-p:StageXEngine={engine}");
        var output = build.StandardOutput.ReadToEndAsync();
        Assert.IsTrue(SpinWait.SpinUntil(() => build.HasExited || TestTree.Steps(workshop.Mark).Count == packages, TimeSpan.FromMinutes(5)) && !build.HasExited, "not all steps run");
        Command.Signal("TERM", build.Id);
        build.WaitForExit();
        Assert.AreNotEqual(0, build.ExitCode, output.Result);
        Assert.IsTrue(SpinWait.SpinUntil(() => TestTree.Steps(workshop.Mark).Count == 0, TimeSpan.FromMinutes(5)), "a step is left");

        Write("touch /rootfs/whole");
        tree.Build(tree.Tree(), "-m", $"-p:StageXEngine={engine}").MustSucceed();
        tree.AssertNothingIsLeft(workshop.Mark);
    }
}
