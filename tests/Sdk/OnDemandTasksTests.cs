namespace StageX.Build.Tests.Sdk;

/// <summary>The first build after a clone compiles the tasks.</summary>
[TestClass]
[TestCategory("System")]
public sealed class OnDemandTasksTests
{
    [TestMethod]
    public void The_first_two_builds_after_a_clone_may_run_at_once()
    {
        using var clone = new TemporaryFolder();
        foreach (var file in Command.Run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "sdk", "tasks", "Directory.*", "global.json", ".editorconfig"], Repository.Root).MustSucceed().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(clone[file])!);
            File.Copy(Path.Combine(Repository.Root, file), clone[file]);
        }
        foreach (var name in new[] { "a", "b", "c" })
        {
            Directory.CreateDirectory(clone[$"packages/core/{name}"]);
            File.WriteAllText(clone[$"packages/core/{name}/{name}.msbuildproj"], """
                <Project>
                  <Import Project="../../../sdk/Sdk/Sdk.props" />
                  <PropertyGroup><PackageVersion>1.0</PackageVersion></PropertyGroup>
                  <ItemGroup><Directory Include="/a" /></ItemGroup>
                  <Import Project="../../../sdk/Sdk/Sdk.targets" />
                </Project>
                """);
        }
        File.Copy(Path.Combine(Repository.Root, "packages/packages.msbuildproj"), clone["packages/packages.msbuildproj"]);
        // What a compilation left that was killed yesterday.
        var tasks = clone["artifacts/tasks"];
        Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(Path.Combine(tasks, ".killed")).FullName, DateTime.UtcNow.AddDays(-1));

        string[] build = ["build", clone["packages/packages.msbuildproj"], "-nologo", "-tl:off", "-m:2", "-p:StageXCache=" + clone["cache"]];
        var builds = Enumerable.Range(0, 2).Select(_ => Command.Start("dotnet", build, clone.Path)).ToList();
        foreach (var result in builds.Select(started => Task.Run(() => Command.Finish(started))).ToList())
            Assert.DoesNotContain("warning", result.Result.MustSucceed().Output);
        Assert.IsEmpty(Directory.EnumerateDirectories(tasks));
        Assert.DoesNotContain("compiling", Command.Run("dotnet", build, clone.Path).MustSucceed().Output);
    }
}
