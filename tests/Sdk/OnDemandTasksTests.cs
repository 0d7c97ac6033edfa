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
        var tasks = clone["sdk/tools/net10.0"];
        Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(Path.Combine(tasks, ".killed")).FullName, DateTime.UtcNow.AddDays(-1));

        string[] build = ["build", clone["packages/packages.msbuildproj"], "-nologo", "-tl:off", "-m:2", "-p:StageXCache=" + clone["cache"]];
        var builds = Enumerable.Range(0, 2).Select(_ => Command.Start("dotnet", build, clone.Path)).ToList();
        foreach (var result in builds.Select(started => Task.Run(() => Command.Finish(started))).ToList())
            Assert.DoesNotContain("warning", result.Result.MustSucceed().Output);
        Assert.IsEmpty(Directory.EnumerateDirectories(tasks));
        Assert.DoesNotContain("compiling", Command.Run("dotnet", build, clone.Path).MustSucceed().Output);
    }

    [TestMethod]
    public void Tasks_that_are_compiled_anew_take_the_place_of_the_old_ones_which_are_never_missing()
    {
        // Code of which there is so little that it is compiled at once.
        using var clone = new TemporaryFolder();
        var code = Directory.CreateDirectory(clone["tasks"]).FullName;
        foreach (var file in new[] { "OnDemand.targets", "UpToDate.targets" })
            File.Copy(Path.Combine(Repository.Root, "tasks", file), Path.Combine(code, file));
        File.WriteAllText(Path.Combine(code, "StageX.Build.Tasks.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
            </Project>
            """);
        void Compile(string source)
        {
            File.WriteAllText(Path.Combine(code, "Code.cs"), source);
            Command.Run("dotnet", ["msbuild", Path.Combine(code, "OnDemand.targets"), "-nologo"], clone.Path).MustSucceed();
        }
        Compile("class Old;");

        // What others see who look at any moment: those that load the tasks, or have just compiled the same.
        var tasks = clone["sdk/tools/net10.0"];
        using var watcher = new FileSystemWatcher(tasks) { NotifyFilter = NotifyFilters.FileName };
        List<string> gone = [], came = [];
        using var all = new ManualResetEventSlim();
        watcher.Deleted += (_, change) => gone.Add(change.Name!);
        watcher.Created += (_, change) =>
        {
            came.Add(change.Name!);
            if (change.Name == "last")
                all.Set();
        };
        watcher.EnableRaisingEvents = true;
        Compile("class New;");
        File.WriteAllText(Path.Combine(tasks, "last"), "");
        Assert.IsTrue(all.Wait(TimeSpan.FromMinutes(1)), "the watcher is told of nothing");
        Assert.Contains("StageX.Build.Tasks.dll", came);
        Assert.AreEqual("stamp last", string.Join(' ', came[^2..]), "who sees the stamp may load what it is about");
        Assert.IsEmpty(gone);
    }
}
