using Microsoft.Build.Evaluation;
using StageX.Build.Packages;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Ide;

/// <summary>Every package project, loaded with the properties that IDEs set and asked what they ask.</summary>
[TestClass]
public sealed class DesignTimeTests
{
    private static readonly Dictionary<string, string> InsideIde = new()
    {
        ["BuildingInsideVisualStudio"] = "true",
        ["DesignTimeBuild"] = "true",
        ["BuildProjectReferences"] = "false",
        ["SkipCompilerExecution"] = "true",
        ["ProvideCommandLineArgs"] = "true",
    };

    // What Visual Studio and Rider run themselves, and what the targets of Microsoft.Managed.DesignTime.targets depend on.
    private static readonly string[] LoadTargets =
    [
        "Compile", "CoreCompile", "CompileDesignTime", "ResolveReferences", "ResolveProjectReferences", "ResolveAssemblyReferences",
        "ResolveProjectReferencesDesignTime", "ResolveAssemblyReferencesDesignTime", "ResolvePackageDependenciesDesignTime",
        "CollectPackageReferences", "CollectUpToDateCheckInputDesignTime", "CollectUpToDateCheckOutputDesignTime",
        "CollectUpToDateCheckBuiltDesignTime", "CollectCopyToOutputDirectoryItemDesignTime", "GetTargetPath", "GetTargetFrameworks", "Build", "Rebuild",
        "GetTargetFrameworksWithPlatformForSingleTargetFramework", "GetTargetPathWithTargetPlatformMoniker", "GetNativeManifest",
        "GetCopyToOutputDirectoryItems", "Restore", "_IsProjectRestoreSupported", "_GenerateRestoreProjectPathWalk", "_GenerateProjectRestoreGraph",
    ];

    public static IEnumerable<object[]> Packages =>
    [
        .. EvaluationTests.Packages,
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "packages", "test"), "*.msbuildproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(file => new object[] { Path.GetRelativePath(Repository.Root, file) }),
    ];

    public static IEnumerable<object[]> Projects => [.. Packages, ["packages/packages.msbuildproj"], ["tests/packages/packages.msbuildproj"]];

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void What_an_ide_runs_at_load_runs_no_task_at_all(string file)
    {
        using var projects = new ProjectCollection(InsideIde);
        var project = projects.LoadProject(Path.Combine(Repository.Root, file));
        // Without a task nothing is started, downloaded, compiled or written.
        var events = ProjectEvents.Run(project.CreateProjectInstance(), LoadTargets);
        Assert.IsEmpty(events.Tasks, events.Log);
    }

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void The_files_of_a_package_show_in_an_ide_only(string file)
    {
        var path = Path.Combine(Repository.Root, file);
        var folder = Path.GetDirectoryName(path)!;
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(name => name != path).Select(name => Path.GetRelativePath(folder, name));
        using var ide = new ProjectCollection(InsideIde);
        CollectionAssert.AreEquivalent(files.ToList(), ide.LoadProject(path).GetItems("None").Select(item => item.EvaluatedInclude).ToList());
        using var commandLine = new ProjectCollection();
        Assert.IsEmpty(commandLine.LoadProject(path).GetItems("None"));
    }

    [TestMethod]
    public void An_ide_offers_the_items_that_a_package_has()
    {
        using var projects = new ProjectCollection(InsideIde);
        var offered = projects.LoadProject(Path.Combine(Repository.Root, "packages", "core", "filesystem", "filesystem.msbuildproj")).GetItems("AvailableItemName");
        CollectionAssert.AreEquivalent(DefinitionReader.ItemTypes.ToList(), offered.Select(item => item.EvaluatedInclude).ToList());
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Visual_Studios_own_targets_are_imported_where_they_exist(string file)
    {
        using var studio = new TemporaryFolder();
        var managed = Path.Combine(studio.Path, "Microsoft", "VisualStudio", "Managed", "Microsoft.Managed.DesignTime.targets");
        Directory.CreateDirectory(Path.GetDirectoryName(managed)!);
        File.WriteAllText(managed, """<Project><Target Name="CollectAnalyzersDesignTime" DependsOnTargets="CompileDesignTime" /></Project>""");
        using var projects = new ProjectCollection(new Dictionary<string, string>(InsideIde) { ["MSBuildExtensionsPath"] = studio.Path });
        var project = projects.LoadProject(Path.Combine(Repository.Root, file));
        Assert.Contains(managed, project.Imports.Select(import => import.ImportedProject.FullPath));
        ProjectEvents.Run(project.CreateProjectInstance(), ["CollectAnalyzersDesignTime"]);
    }

    [TestMethod]
    public void A_task_that_runs_is_seen()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.proj"], """<Project><Target Name="Say"><Message Text="something" /></Target></Project>""");
        using var projects = new ProjectCollection(InsideIde);
        Assert.Contains("Message", ProjectEvents.Run(projects.LoadProject(folder["a.proj"]).CreateProjectInstance(), ["Say"]).Tasks);
    }

    [TestMethod]
    public void On_the_command_line_nothing_of_it_is_imported()
    {
        using var projects = new ProjectCollection();
        var project = projects.LoadProject(Path.Combine(Repository.Root, "packages", "pallet", "base", "base.msbuildproj"));
        Assert.DoesNotContain(import => Path.GetFileName(import.ImportedProject.FullPath) is "StageX.Ide.targets" or "StageX.TaskHost.targets", project.Imports);
    }
}
