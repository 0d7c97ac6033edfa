using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Ide;

/// <summary>Static graphs: every public target says beforehand what it calls on which project.</summary>
[TestClass]
[TestCategory("System")]
public sealed class GraphTests
{
    [TestMethod]
    public void Every_target_works_in_an_isolated_graph()
    {
        using var tree = new TestTree();
        tree.Add("core", "dependency", """    <File Include="a" Path="/a" />""", ("a", "a"));
        tree.Add("user", "left", """    <ProjectReference Include="../../core/dependency/dependency.msbuildproj" />""");
        tree.Add("user", "right", """    <ProjectReference Include="../../core/dependency/dependency.msbuildproj" />""" + """<File Include="b" Path="/b" />""", ("b", "b"));
        var top = tree.Add("user", "top", """    <ProjectReference Include="../left/left.msbuildproj;../right/right.msbuildproj" />""");
        var all = tree.Tree();
        foreach (var targets in new[] { "Fetch;Containerfile", "UpdateReferences", "Rebuild", "Why;UpdateDigests", "Clean" })
            tree.Build(all, $"-t:{targets}", "-graph", "-isolate").MustSucceed();
        foreach (var targets in new[] { "Rebuild;Why", "Fetch;UpdateReferences", "Containerfile;UpdateDigests", "Clean" })
            tree.Build(top, $"-t:{targets}", "-graph", "-isolate").MustSucceed();
        tree.Build(all, "-graph").MustSucceed();
        foreach (var id in new[] { "core-dependency", "user-left", "user-right", "user-top" })
            Assert.IsTrue(File.Exists(Path.Combine(tree.Artifacts, "images", id, "index.json")), id);
    }

    /// <summary>In a graph packages do not ask their references, and see all the same what became of them.</summary>
    [TestMethod]
    public void What_changes_below_is_seen_above()
    {
        using var tree = new TestTree();
        var part = """<Subpackage Include="part" />""";
        var dependency = tree.Add("core", "dependency", part, ("Containerfile", "FROM scratch AS package-part\nCOPY content/ /\nFROM scratch AS package\nCOPY content/ /\n"), ("content/a", "a"));
        var text = File.ReadAllText(dependency);
        var top = tree.Add("pallet", "top", """    <ProjectReference Include="../../core/dependency/dependency.msbuildproj" Subpackage="part" />""");
        var all = tree.Tree();
        var index = Path.Combine(tree.Artifacts, "images", "pallet-top", "index.json");

        tree.Build(top, "-graph").MustSucceed();
        var first = File.ReadAllText(index);
        Assert.DoesNotContain("| built", tree.Build(all, "-graph").MustSucceed().Output);
        tree.Write("core", "dependency", "content/a", "b");
        Assert.Contains("| built", tree.Build(all, "-graph").MustSucceed().Output);
        Assert.AreNotEqual(first, File.ReadAllText(index));

        // One stamp for both ways.
        tree.Write("core", "dependency", "content/a", "a");
        tree.Build(top).MustSucceed();
        Assert.AreEqual(first, File.ReadAllText(index));
        Assert.DoesNotContain("| built", tree.Build(all, "-graph").MustSucceed().Output);

        File.WriteAllText(dependency, text.Replace(part, "", StringComparison.Ordinal));
        tree.Build(top, "-graph").MustFailWith(ErrorCode.UnknownTarget, top, 0, "core-dependency-part");
        File.WriteAllText(dependency, text);
        tree.Build(top, "-graph").MustSucceed();
        tree.Add("core", "dependency-part", """    <File Include="a" Path="/a" />""", ("a", "a"));
        Assert.HasCount(1, tree.Build(all, "-graph").Coded(ErrorCode.DuplicateId));
    }

    [TestMethod]
    public void Rebuilding_a_package_cleans_it_alone()
    {
        using var tree = new TestTree();
        tree.Add("core", "dependency", """    <File Include="a" Path="/a" />""", ("a", "a"));
        var top = tree.Add("user", "top", """    <ProjectReference Include="../../core/dependency/dependency.msbuildproj" />""");
        tree.Build(top, "-graph").MustSucceed();
        var note = Path.Combine(tree.Artifacts, "images", "core-dependency", "note");
        File.WriteAllText(note, "");
        tree.Build(top, "-graph", "-t:Rebuild").MustSucceed();
        Assert.IsTrue(File.Exists(note));
    }
}
