using System.Diagnostics;
using System.Runtime.Versioning;
using StageX.Build.Images;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Sdk;

/// <summary>Builds that are killed, and builds side by side.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class InterruptedBuildTests
{
    [TestMethod]
    public void Two_builds_at_once_on_one_tree_and_on_two_trees_with_one_cache_agree()
    {
        using var one = Tree(null);
        using var two = Tree(one.Cache);
        Process[] builds = [one.Start(one.Tree()), one.Start(one.Tree()), two.Start(two.Tree())];
        var results = builds.Select(build => Task.Run(() => Command.Finish(build))).Select(task => task.Result.MustSucceed()).ToList();
        foreach (var stage in new[] { "core-lib build", "user-app build" })
            Assert.AreEqual(1, results.Sum(result => result.Output.Split(stage + ": running").Length - 1), stage + " ran once in all");
        Assert.AreEqual(one.Digest(one.Project("user", "app")), two.Digest(two.Project("user", "app")));
        AssertNothingHalfWritten(one);
    }

    [TestMethod]
    public void A_build_that_is_killed_at_any_moment_is_finished_by_the_next()
    {
        using var undisturbed = Tree(null);
        var expected = undisturbed.Digest(undisturbed.Project("user", "app"));
        using var tree = Tree(null);
        // The moments are lines of output: whatever the machine's speed, they fall before, within and after the steps.
        foreach (var line in new[] { 1, 2, 3, 5, 7 })
        {
            using var build = tree.Start(tree.Project("user", "app"));
            for (var i = 0; i < line && build.StandardOutput.ReadLine() is not null; i++)
            {
            }
            build.Kill(entireProcessTree: false);
            build.WaitForExit();
        }
        // Other processes of these builds may still work; the locks make this one wait for what they hold.
        Assert.AreEqual(expected, tree.Digest(tree.Project("user", "app")));
        AssertNothingHalfWritten(tree);
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Ctrl_C_in_the_middle_of_two_steps_leaves_nothing(string engine) => Interrupt(engine, "INT", 2);

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_build_that_is_told_to_end_leaves_nothing(string engine) => Interrupt(engine, "TERM", 1);

    [TestMethod]
    [TestCategory("Nightly")]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Ctrl_C_during_forty_parallel_stages_leaves_nothing(string engine) => Interrupt(engine, "INT", 40);

    private static void Interrupt(string engine, string signal, int packages)
    {
        using var workshop = new Workshop(engine);
        using var tree = new TestTree { Environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        // Without references: a package that waits for one may have to share the node with another that does.
        for (var number = 0; number < packages; number++)
        {
            tree.Add("core", $"sleeper{number}", $"""<Input Include="busybox" /><Stage Include="build" Run="/stagex/busybox touch /rootfs/half{number}&#10;/stagex/busybox sleep {workshop.Mark}" />""");
            File.Copy(Workshop.Busybox, tree.File("core", $"sleeper{number}", "busybox"));
        }
        using var build = tree.StartGroup(tree.Tree(), $"-m:{packages}", $"-p:StageXEngine={engine}");
        var output = build.StandardOutput.ReadToEndAsync();
        Assert.IsTrue(SpinWait.SpinUntil(() => build.HasExited || TestTree.Steps(workshop.Mark).Count == packages, TimeSpan.FromMinutes(5)) && !build.HasExited, "not all steps run");
        Command.SignalGroup(signal, build.Id);
        build.WaitForExit();
        Assert.AreNotEqual(0, build.ExitCode, output.Result);
        Assert.DoesNotContain(" SX", output.Result);
        tree.AssertNothingIsLeft(workshop.Mark);
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images")) && Directory.EnumerateFileSystemEntries(Path.Combine(tree.Artifacts, "images")).Any());
        Assert.AreEqual("", string.Join(' ', Directory.EnumerateFileSystemEntries(tree.Cache, ".*.tmp", SearchOption.AllDirectories)));
    }

    private static TestTree Tree(string? cache)
    {
        var tree = new TestTree(cache);
        tree.AddBusybox();
        tree.Add("core", "lib", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "sleep 1\ndd if=/dev/zero of=/rootfs/zeros bs=1M count=20\n"));
        tree.Add("user", "app", TestTree.Busybox + "\n" + """
                <ProjectReference Include="../../core/lib/lib.msbuildproj" />
                <Stage Include="build" Script="build.sh" />
            """, ("build.sh", "sleep 1\nstat -c %s /zeros > /rootfs/size\n"));
        return tree;
    }

    private static void AssertNothingHalfWritten(TestTree tree)
    {
        tree.AssertNothingIsLeft();
        foreach (var image in Directory.EnumerateDirectories(Path.Combine(tree.Artifacts, "images")))
            ImageValidator.Validate(image);
    }
}
