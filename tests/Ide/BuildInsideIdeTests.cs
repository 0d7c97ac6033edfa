using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Ide;

/// <summary>What an IDE does after loading: up-to-date checks and builds.</summary>
[TestClass]
[TestCategory("System")]
public sealed class BuildInsideIdeTests
{
    private const string Inside = "-p:BuildingInsideVisualStudio=true";

    [TestMethod]
    public void The_up_to_date_check_knows_inputs_and_outputs()
    {
        using var tree = new TestTree();
        var dependency = tree.Add("core", "dependency", """    <File Include="a" Path="/a" />""", ("a", "a"));
        var project = tree.Add("user", "tool", """
                <ProjectReference Include="../../core/dependency/dependency.msbuildproj" />
                <File Include="motd" Path="/etc/" />
            """, ("motd", "Welcome."), ("folder/notes", "not part of the package"));
        File.WriteAllText(Path.Combine(tree.Root, "user", "digests.txt"), "");

        string[] Check(string what) => [.. tree.Items(project, $"CollectUpToDateCheck{what}DesignTime", Inside, "-p:DesignTimeBuild=true").Select(item => (string)item["FullPath"]!).Order(StringComparer.Ordinal)];
        var inputs = Check("Input");
        var outputs = Check("Output");
        CollectionAssert.AreEquivalent(new[]
        {
            tree.File("user", "tool", "motd"), tree.File("user", "tool", "folder/notes"),
            Path.Combine(tree.Root, "user", "digests.txt"), Path.Combine(tree.Artifacts, "images", "core-dependency", "index.json"),
        }, inputs);
        CollectionAssert.AreEqual(new[] { Path.Combine(tree.Artifacts, "images", "user-tool", "index.json") }, outputs);
        Assert.IsFalse(Directory.Exists(tree.Artifacts), "a design-time build wrote");

        // An IDE builds what is referenced first, and then each project alone.
        tree.Build(dependency, Inside).MustSucceed();
        tree.Build(project, Inside, "-p:BuildProjectReferences=false").MustSucceed();
        foreach (var file in inputs.Concat(outputs))
            Assert.IsTrue(File.Exists(file), file);
    }

    [TestMethod]
    public void Tasks_run_out_of_process_with_the_same_results()
    {
        using var tree = new TestTree();
        var project = tree.Add("user", "tool", """    <File Include="motd" Path="/etc/" />""", ("motd", "Welcome."));
        var digest = tree.Digest(project);
        Directory.Delete(tree.Cache, recursive: true);
        Directory.Delete(tree.Artifacts, recursive: true);
        Assert.AreEqual(digest, tree.Digest(project, "-p:StageXTasksOutOfProcess=true"));

        File.Delete(tree.File("user", "tool", "motd"));
        tree.Build(project, "-p:StageXTasksOutOfProcess=true").MustFailWith("SX1008", project, 7, "motd");
    }

    [TestMethod]
    public void Every_task_can_run_out_of_process()
    {
        var tasks = Directory.EnumerateFiles(Repository.Sdk, "*.targets", SearchOption.AllDirectories).SelectMany(File.ReadLines).Where(line => line.Contains("<UsingTask", StringComparison.Ordinal)).ToList();
        Assert.IsNotEmpty(tasks);
        foreach (var task in tasks)
            Assert.Contains("""TaskFactory="$(_TaskFactory)" Runtime="$(_TaskRuntime)" """.TrimEnd(), task);
    }
}
