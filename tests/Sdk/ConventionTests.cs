namespace StageX.Build.Tests.Sdk;

/// <summary>What whoever knows MSBuild expects of a project.</summary>
[TestClass]
public sealed class ConventionTests
{
    [TestMethod]
    [DataRow("Build")]
    [DataRow("Rebuild")]
    [DataRow("Clean")]
    [DataRow("Fetch")]
    [DataRow("Containerfile")]
    [DataRow("Why")]
    [DataRow("UpdateReferences")]
    [DataRow("UpdateDigests")]
    [DataRow("Verify")]
    public void Every_target_can_be_built_in_isolation(string target)
    {
        using var tree = Tree();
        tree.Build(tree.Tree()).MustSucceed();
        tree.Build(tree.Tree(), "-graph", "-isolate", $"-t:{target}").MustSucceed();
        tree.Build(tree.Tree()).MustSucceed();
        tree.Build(tree.Project("pallet", "p"), "-graph", "-isolate", $"-t:{target}").MustSucceed();
    }

    [TestMethod]
    public void Rebuild_cleans_its_own_package_with_a_graph_or_without()
    {
        using var tree = Tree();
        tree.Build(tree.Project("pallet", "p")).MustSucceed();
        foreach (var arguments in new[] { new[] { "-t:Rebuild" }, ["-t:Rebuild", "-graph"] })
        {
            var mark = Path.Combine(tree.Artifacts, "images", "core-a", "mark");
            File.WriteAllText(mark, "");
            tree.Build(tree.Project("pallet", "p"), arguments).MustSucceed();
            Assert.IsTrue(File.Exists(mark), string.Join(' ', arguments));
        }
    }

    [TestMethod]
    public void A_warning_can_be_silenced_or_made_an_error_by_its_code()
    {
        using var tree = Tree();
        File.WriteAllText(Path.Combine(tree.Root, "pallet", "digests.txt"), "");
        var project = tree.Project("pallet", "p");
        Assert.Contains("warning SX6002", tree.Build(project).MustSucceed().Output);
        Assert.DoesNotContain("warning", tree.Build(project, "-p:NoWarn=SX6002").MustSucceed().Output);
        Assert.Contains("error SX6002", tree.Build(project, "-p:WarningsAsErrors=SX6002").Output);
        Assert.Contains("error SX6002", tree.Build(project, "-p:TreatWarningsAsErrors=true").Output);
    }

    [TestMethod]
    public void Folders_can_be_given_relative_to_the_root_and_without_a_slash()
    {
        using var tree = Tree();
        string[] folders = ["-p:StageXArtifacts=out/here", "-p:StageXCache=kept"];
        tree.Build(tree.Project("pallet", "p"), folders).MustSucceed();
        var image = Path.Combine(tree.Root, "out", "here", "images", "pallet-p");
        Assert.IsTrue(Directory.Exists(image));
        Assert.IsTrue(Directory.Exists(Path.Combine(tree.Root, "kept", "stages")));
        tree.Build(tree.Project("pallet", "p"), ["-t:Clean", .. folders]).MustSucceed();
        Assert.IsFalse(Directory.Exists(image));
    }

    [TestMethod]
    public void Projects_can_hook_what_comes_before_the_definition_is_read_and_after_a_build()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", """
                <AvailableItemName Include="x" />
              </ItemGroup>
              <PropertyGroup><BuildDependsOn>$(BuildDependsOn);After</BuildDependsOn></PropertyGroup>
              <Target Name="Before" BeforeTargets="PrepareForBuild"><ItemGroup><Directory Include="/made" /></ItemGroup></Target>
              <Target Name="After"><Message Importance="high" Text="after @(_Image)" /></Target>
              <ItemGroup>
            """);
        Assert.Contains("after core-a", tree.Build(project).MustSucceed().Output);
        tree.Build(project, "-t:Containerfile").MustSucceed();
        tree.Build(project, "-t:Why").MustSucceed();
    }

    private static TestTree Tree()
    {
        var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        tree.Add("pallet", "p", """    <ProjectReference Include="../../core/a/a.msbuildproj" />""");
        return tree;
    }
}
