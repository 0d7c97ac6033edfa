namespace StageX.Build.Tests.Sdk;

/// <summary>What a build of many packages says at its end.</summary>
[TestClass]
[TestCategory("System")]
public sealed class SummaryTests
{
    [TestMethod]
    public void Packages_that_failed_are_listed_with_code_and_log_and_with_what_was_not_built_because_of_them()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("core", "broken", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo about to fail\nfalse"));
        tree.Add("core", "typo", """    <File Include="missing" Path="/etc/missing" />""");
        tree.Add("user", "app", """
                <ProjectReference Include="../../core/broken/broken.msbuildproj" />
                <File Include="text" Path="/etc/text" />
            """, ("text", "text"));
        tree.Add("user", "fine", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        var result = tree.Build(tree.Tree());
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
        var summary = result.Output[result.Output.IndexOf("2 failed, 1 not built because of that:", StringComparison.Ordinal)..];
        Assert.Contains("core-broken: SX4005: ", summary);
        Assert.Contains("log: " + Path.Combine(tree.Artifacts, "logs", "core-broken", "build.log"), summary);
        Assert.Contains("core-typo: SX1008: ", summary);
        Assert.Contains("user-app: not built, it needs core-broken", summary);
        Assert.Contains("| user-fine ", result.Output);

        tree.Write("core", "broken", "build.sh", "echo fine > /rootfs/fine");
        tree.Write("core", "typo", "missing", "");
        Assert.DoesNotContain("failed", tree.Build(tree.Tree()).MustSucceed().Output);
    }
}
