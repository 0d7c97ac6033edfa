using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Reproducibility;

[TestClass]
public sealed class DiffTests
{
    [TestMethod]
    public void Two_builds_of_a_package_are_compared_by_a_target_on_the_package_and_on_the_tree()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", """    <File Include="f" Path="/etc/f" /><File Include="g" Path="/etc/g" />""", ("f", "built on Nov 24 2026\n"), ("g", "\u0001\u0002before"));
        tree.Add("core", "b", """    <Directory Include="/b" />""");
        tree.Build(tree.Tree()).MustSucceed();
        using var folder = new TemporaryFolder();
        Directory.Move(Path.Combine(tree.Artifacts, "images"), folder["theirs"]);
        var with = $"-p:StageXDiffWith={folder["theirs"]}";
        foreach (var more in new[] { Array.Empty<string>(), ["-graph", "-isolate"] })
            Assert.Contains("core-b\n", tree.Build(tree.Tree(), ["-t:Diff", with, .. more]).MustSucceed().Output.ReplaceLineEndings("\n"));

        tree.Write("core", "a", "f", "built on Feb  3 2031\n");
        tree.Write("core", "a", "g", "\u0001\u0002after");
        var result = tree.Build(project, "-t:Diff", $"-p:StageXDiffWith={Path.Combine(folder["theirs"], "core-a")}");
        result.MustFailWith("SX6004", "a.msbuildproj", 0, "likely cause: date");
        var report = File.ReadAllText(Path.Combine(tree.Artifacts, "diff", "core-a.txt"));
        Assert.Contains("etc/f: line 1  [date]", report);
        // What it knows of such a file is no more than bytes; it is installed where tests run.
        Assert.Contains("diffoscope on etc/g:", report);
        Assert.Contains("etc/f: line 1  [date]", result.Output);
        tree.Build(tree.Tree(), "-t:Diff", with).MustFailWith("SX6004", "a.msbuildproj", 0);
        tree.Build(project, "-t:Diff").MustFailWith("SX6004", "a.msbuildproj", 0, "StageXDiffWith is not set");
        tree.Build(project, "-t:Diff", "-p:StageXDiffWith=/nowhere").MustFailWith("SX5011", "/nowhere", 0);
    }
}
