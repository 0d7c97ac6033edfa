namespace StageX.Build.Tests.Sdk;

/// <summary>-t:Test runs what a package's Test item says, and judges it by the failures that are known.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PackageTestsTests
{
    private const string Log = """
        checking
        PASS: first
        FAIL: second
        XFAIL: third
        SKIP: fourth
        # PASS: 2
        """;

    [TestMethod]
    public void Known_failures_pass_unknown_and_stale_ones_fail_and_no_image_has_any_of_it()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var known = Add(tree, "known", """<KnownFailure Include="second" Reason="there is no network" />""");
        var unknown = Add(tree, "unknown", "");
        var stale = Add(tree, "stale", """<KnownFailure Include="second;first" Reason="there is no network" />""");
        var silent = Add(tree, "silent", "", results: "all is well");
        var untested = tree.Add("user", "untested", TestTree.Busybox + """<Stage Include="build" Script="build.sh" />""", ("build.sh", ": > /rootfs/made\n"));

        var report = tree.Items(known, "Test").Single();
        Assert.AreEqual(("2", "1", "1"), ((string)report["Passed"]!, (string)report["Failed"]!, (string)report["Skipped"]!));
        tree.Build(unknown, "-t:Test").MustFailWith(ErrorCode.TestFailed, unknown, 9, "second");
        tree.Build(stale, "-t:Test").MustFailWith(ErrorCode.StaleKnownFailure, stale, 0, "first");
        tree.Build(silent, "-t:Test").MustFailWith(ErrorCode.NoTestResults, silent, 9, "no line like");
        Assert.IsEmpty(tree.Items(untested, "Test"));

        // The image is the one without tests.
        var tested = tree.Digest(known);
        File.WriteAllText(known, string.Join('\n', File.ReadLines(known).Where(line => !line.Contains("<Test ", StringComparison.Ordinal) && !line.Contains("<KnownFailure ", StringComparison.Ordinal))));
        Assert.AreEqual(tested, tree.Digest(known));
    }

    [TestMethod]
    public void What_failed_unexpectedly_is_tried_again_by_who_asks_again_and_what_was_expected_is_not()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        const string Definition = """<Stage Include="build" Script="build.sh" /><Test Include="check" Script="check.sh" />""";
        (string, string)[] scripts = [("build.sh", ": > /rootfs/made\n"), ("check.sh", "echo FAIL: first > /rootfs/results\n")];
        var package = tree.Add("user", "tested", TestTree.Busybox + Definition, scripts);
        bool Runs(CommandResult result) => result.Output.Contains("user-tested check: running", StringComparison.Ordinal);

        Assert.IsTrue(Runs(tree.Build(package, "-t:Test").MustFailWith(ErrorCode.TestFailed, package, 0, "first")));
        Assert.IsTrue(Runs(tree.Build(package, "-t:Test").MustFailWith(ErrorCode.TestFailed, package, 0, "first")));
        tree.Add("user", "tested", TestTree.Busybox + Definition + """<KnownFailure Include="first" Reason="there is no network" />""", scripts);
        Assert.IsFalse(Runs(tree.Build(package, "-t:Test").MustSucceed()));
    }

    [TestMethod]
    public void Tests_of_a_result_alone_have_a_root_of_their_own_and_build_nothing_again()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("core", "only-to-test", """    <Directory Include="/etc/only-to-test" />""");
        const string Items = """
                <ProjectReference Include="../../core/only-to-test/only-to-test.msbuildproj" Stages="check" />
                <Stage Include="build" Script="build.sh" />
                <Subpackage Include="lib" />
                <Test Include="check" Script="check.sh" CopyFrom="build" />
            """;
        var apart = tree.Add("user", "apart", TestTree.Busybox + Items, ("build.sh", "test ! -e /etc/only-to-test\n: > /object\n: > /rootfs/made\n: > /rootfs-lib/part\n"),
            ("check.sh", "test -e /made\ntest -e /etc/only-to-test\ntest ! -e /object\necho PASS: first > /rootfs/results\n"));
        tree.Build(apart).MustSucceed();
        var result = tree.Build(apart, "-t:Test").MustSucceed();
        Assert.Contains("user-apart check: running", result.Output);
        Assert.DoesNotContain("user-apart build: running", result.Output);
        Assert.Contains("user-apart: 1 tests passed", result.Output);

        File.WriteAllText(apart, File.ReadAllText(apart).Replace("CopyFrom=\"build\"", "CopyFrom=\"make\"", StringComparison.Ordinal));
        tree.Build(apart).MustFailWith(ErrorCode.UnknownTarget, apart, 0, "there is no stage 'make'");
    }

    [TestMethod]
    public void On_a_tree_every_package_is_tried_and_stands_in_one_table()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        Add(tree, "good", """<KnownFailure Include="second" Reason="there is no network" />""");
        Add(tree, "bad", "");
        foreach (var graph in new[] { "-graph:false", "-graph" })
        {
            var result = tree.Build(tree.Tree(), "-t:Test", graph);
            Assert.AreNotEqual(0, result.ExitCode);
            Assert.HasCount(1, result.Coded(ErrorCode.TestFailed), result.Output);
            Assert.Contains("user-good: 2 tests passed, 1 failed, 1 skipped", result.Output);
        }
    }

    private static string Add(TestTree tree, string name, string items, string results = Log) =>
        tree.Add("user", name, TestTree.Busybox + $"""

                <Stage Include="build" Script="build.sh" />
                <Test Include="check" Script="check.sh" />
                {items}
            """, ("build.sh", ": > object\n: > /rootfs/made\n"), ("check.sh", $"test -f object\ncat > /rootfs/results <<'END'\n{results}\nEND\n"));
}
