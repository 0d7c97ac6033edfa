using System.Diagnostics;
using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

/// <summary>Builds that are killed, and builds side by side.</summary>
[TestClass]
[TestCategory("System")]
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
    [DataRow(false)]
    [DataRow(true)]
    public void Ctrl_C_in_the_middle_of_a_step_leaves_nothing(bool wholeTree)
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var items = TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""";
        var package = tree.Add("core", "one", items, ("build.sh", "echo half > /rootfs/half; sleep 1000000\n"));
        tree.Add("core", "two", items, ("build.sh", "echo half > /rootfs/half; sleep 1000000\n"));
        using var build = tree.StartGroup(wholeTree ? tree.Tree() : package, "-m:2");
        var output = "";
        while (!output.Contains("build.sh", StringComparison.Ordinal) && build.StandardOutput.ReadLine() is { } line)
            output += line + "\n";
        Command.Run("kill", ["-INT", "--", $"-{build.Id}"]).MustSucceed();
        output += build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.AreNotEqual(0, build.ExitCode, output);
        Assert.DoesNotContain(" SX", output);
        tree.AssertNothingIsLeft();
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-one")));
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
