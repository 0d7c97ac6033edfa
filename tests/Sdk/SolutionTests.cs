namespace StageX.Build.Tests.Sdk;

/// <summary>What the dotnet command asks of every project of a solution, asked of packages.</summary>
[TestClass]
[TestCategory("System")]
public sealed class SolutionTests
{
    [TestMethod]
    public void The_dotnet_command_works_on_a_solution_of_packages()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        tree.Add("pallet", "b", """    <ProjectReference Include="../../core/a/a.msbuildproj" />""");
        // Without a C# project in it there would be nothing to restore, which NuGet warns about.
        var projects = new[] { tree.Project("core", "a"), tree.Project("pallet", "b"), tree.Tree(), AddProgram(tree) };
        Command.Run("dotnet", ["new", "sln", "--name", "all", "--format", "sln"], tree.Root).MustSucceed();
        Command.Run("dotnet", ["sln", "all.sln", "add", "--in-root", .. projects], tree.Root).MustSucceed();
        File.WriteAllText(Path.Combine(tree.Root, "global.json"), """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");
        var solution = Path.Combine(tree.Root, "all.sln");
        foreach (var command in new[] { "restore", "build", "pack", "publish", "clean" })
        {
            var result = Command.Run("dotnet", [command, solution, "-nologo", "-tl:off", "-v:minimal", .. tree.Properties], tree.Root).MustSucceed();
            Assert.DoesNotContain("warning", result.Output, command);
        }
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-a")), "cleaned");
        // Neither runner takes a package for a project of tests.
        foreach (var target in new[] { "VSTest", "_MTPBuild" })
            Command.Run("dotnet", ["msbuild", solution, "-nologo", "-t:" + target, .. tree.Properties], tree.Root).MustSucceed();
    }

    [TestMethod]
    public void Every_target_works_with_a_static_graph_in_isolation()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        var package = tree.Add("pallet", "b", """    <ProjectReference Include="../../core/a/a.msbuildproj" />""");
        foreach (var target in new[] { "Fetch", "UpdateDigests", "Build", "Containerfile", "Why", "UpdateReferences", "Rebuild", "Clean" })
            foreach (var project in new[] { package, tree.Tree() })
                tree.Build(project, "-graph", "-isolate", "-t:" + target).MustSucceed();
    }

    [TestMethod]
    public void The_trees_solution_is_valid_and_lists_every_project()
    {
        var solution = Path.Combine(Repository.Root, "StageX.Build.sln");
        Command.Run("dotnet", ["msbuild", solution, "-nologo", "-t:ValidateSolutionConfiguration"], Repository.Root).MustSucceed();
        var listed = Command.Run("dotnet", ["sln", solution, "list"], Repository.Root).MustSucceed().Output.Split('\n').Select(line => line.Trim()).ToList();
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "packages"), "*.msbuildproj", SearchOption.AllDirectories))
            Assert.Contains(Path.GetRelativePath(Repository.Root, project), listed);
    }

    [TestMethod]
    [DataRow("-m")]
    [DataRow("-graph")]
    public void A_program_can_reference_a_package(params string[] arguments)
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        var project = AddProgram(tree);
        var result = tree.Build(project, arguments).MustSucceed();
        Assert.DoesNotContain("warning", result.Output);
        Assert.IsTrue(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-a")));
    }

    private static string AddProgram(TestTree tree)
    {
        var project = Path.Combine(Directory.CreateDirectory(Path.Combine(tree.Root, "app")).FullName, "app.csproj");
        File.WriteAllText(project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><ProjectReference Include="../core/a/a.msbuildproj" /></ItemGroup>
            </Project>
            """);
        return project;
    }
}
