using Microsoft.Build.Construction;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Ide;

/// <summary>Solutions with packages and C# projects side by side, one referencing the other.</summary>
[TestClass]
[TestCategory("System")]
public sealed class SolutionTests
{
    [TestMethod]
    public void A_csproj_references_a_package_and_the_solution_builds_each_once()
    {
        using var tree = new TestTree();
        tree.Add("core", "dependency", """    <File Include="a" Path="/a" />""", ("a", "a"));
        tree.Add("user", "tool", """
                <ProjectReference Include="../../core/dependency/dependency.msbuildproj" />
                <File Include="motd" Path="/etc/" />
            """, ("motd", "Welcome."));
        foreach (var (stage, name) in new[] { ("core", "dependency"), ("user", "tool") })
        {
            var text = File.ReadAllText(tree.Project(stage, name));
            File.WriteAllText(tree.Project(stage, name), text.Replace("</Project>", $"""
                  <Target Name="Count" BeforeTargets="_BuildImages"><Message Importance="high" Text="building {name} once" /></Target>
                </Project>
                """, StringComparison.Ordinal));
        }
        var app = Path.Combine(tree.Root, "app", "app.csproj");
        Directory.CreateDirectory(Path.GetDirectoryName(app)!);
        // A list of frameworks: the inner build has a global property that must not reach the package.
        File.WriteAllText(app, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>net10.0</TargetFrameworks>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../user/tool/tool.msbuildproj" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(tree.Root, "app", "Empty.cs"), "namespace App;");

        CommandResult Dotnet(params string[] arguments)
        {
            var result = Command.Run("dotnet", [.. arguments, $"-p:StageXRoot={tree.Root}", $"-p:StageXCache={tree.Cache}", "-p:StageXDebianSuites=none", "-nologo", "-tl:off", "-nodeReuse:false"], tree.Root).MustSucceed();
            Assert.DoesNotContain("warning", result.Output.Replace("0 Warning(s)", "", StringComparison.Ordinal));
            return result;
        }
        void EachOnce(CommandResult result)
        {
            foreach (var name in new[] { "dependency", "tool" })
                Assert.HasCount(2, result.Output.Split($"building {name} once"), result.Output);
            Assert.Contains("app.dll", result.Output);
        }

        Command.Run("dotnet", ["new", "sln", "-n", "all", "--format", "sln"], tree.Root).MustSucceed();
        Command.Run("dotnet", ["sln", "add", "--in-root", "app/app.csproj", "user/tool/tool.msbuildproj", "core/dependency/dependency.msbuildproj", tree.Tree()], tree.Root).MustSucceed();
        Dotnet("restore", "all.sln");
        Dotnet("msbuild", "app", "-t:ResolveReferences", "-p:DesignTimeBuild=true", "-p:TargetFramework=net10.0");
        Assert.IsFalse(Directory.Exists(tree.Artifacts), "a design-time build wrote");
        EachOnce(Dotnet("build", "all.sln"));
        EachOnce(Dotnet("build", "all.sln", "-graph"));
        EachOnce(Dotnet("build", "app"));
        EachOnce(Dotnet("build", "app", "-graph"));
        Dotnet("pack", "all.sln");
        Dotnet("publish", "app", "-f", "net10.0");
        // A solution can only be published where each of its projects has one framework.
        File.WriteAllText(app, File.ReadAllText(app).Replace("TargetFrameworks>", "TargetFramework>", StringComparison.Ordinal));
        Dotnet("publish", "all.sln");
        // Neither runner of tests takes a package for a project of them.
        Dotnet("test", "all.sln", "--no-restore");
        Dotnet("msbuild", "all.sln", "-t:VSTest");
        Dotnet("msbuild", "all.sln", "-t:_MTPBuild");
        Dotnet("clean", "all.sln");
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "user-tool")));
    }

    [TestMethod]
    public void The_solution_is_valid_and_lists_every_project()
    {
        Command.Run("dotnet", ["msbuild", "StageX.Build.sln", "-nologo", "-t:ValidateSolutionConfiguration"], Repository.Root).MustSucceed();
        var listed = Command.Run("dotnet", ["sln", "StageX.Build.sln", "list"], Repository.Root).MustSucceed().Output
            .Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Replace('\\', '/')).ToList();
        foreach (var (package, _) in EvaluationTests.Packages.Select(row => ((string)row[0], 0)))
            Assert.Contains(package, listed, $"dotnet sln add {package}");
        foreach (var project in new[] { "packages/packages.msbuildproj", "sdk/StageX.Build.Sdk.csproj", "tasks/StageX.Build.Tasks.csproj", "tests/StageX.Build.Tests.csproj" })
            Assert.Contains(project, listed);
    }

    [TestMethod]
    public void The_solution_shows_the_packages_that_take_long_and_builds_the_others()
    {
        var solution = SolutionFile.Parse(Path.Combine(Repository.Root, "StageX.Build.sln"));
        var (unasked, all) = (SetTests.Packages(""), SetTests.Packages("all"));
        foreach (var package in solution.ProjectsInOrder.Where(project => all.Contains(project.AbsolutePath)))
            foreach (var (configuration, there) in package.ProjectConfigurations)
                Assert.AreEqual(unasked.Contains(package.AbsolutePath), there.IncludeInBuild,
                    $"{package.RelativePath}, {configuration}: packages/packages.msbuildproj says whether it is built unasked, and the solution by a line '.Build.0'");
    }

    [TestMethod]
    public void The_solution_restores_without_a_warning()
    {
        using var folder = new TemporaryFolder();
        var result = Command.Run("dotnet", ["restore", "StageX.Build.sln", $"-p:ArtifactsPath={folder.Path}", "-nologo", "-tl:off"], Repository.Root).MustSucceed();
        Assert.DoesNotContain("warning", result.Output);
    }

    /// <summary>Compiles everything once more.</summary>
    [TestMethod]
    [TestCategory("Nightly")]
    [DataRow("build")]
    [DataRow("build", "-graph")]
    [DataRow("pack")]
    [DataRow("publish")]
    [DataRow("test", "--filter", "FullyQualifiedName~UpstreamVersionTests")]
    [DataRow("clean")]
    public void The_solution_takes(string verb, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        // The tests look for the checkout above them; Clean must not remove those that run now.
        var artifacts = Path.Combine(Repository.Root, "artifacts", "tests", "solution");
        var result = Command.Run("dotnet",
            [verb, .. verb == "test" ? new[] { "--solution" } : [], "StageX.Build.sln", $"-p:ArtifactsPath={artifacts}", $"-p:StageXArtifacts={folder.Path}/", .. arguments], Repository.Root).MustSucceed();
        Assert.DoesNotContain("NU1503", result.Output);
    }
}
