using System.Runtime.Versioning;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Distribution;

/// <summary>The packages, built from nothing by each engine, by root and by an ordinary user.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class EveryEngineTests
{
    [TestMethod]
    [DataRow("buildah", true)]
    [DataRow("podman", false)]
    [DataRow("podman", true)]
    [DataRow("docker", false)]
    public void The_digests_of_the_chain_are_those_that_root_gets_with_buildah(string engine, bool rootless) =>
        Compare(DefaultSet.ChainImages, engine, rootless, DefaultSet.ChainOnly);

    [TestMethod]
    [TestCategory("Nightly")]
    [DataRow("buildah", false)]
    [DataRow("buildah", true)]
    [DataRow("podman", false)]
    [DataRow("podman", true)]
    [DataRow("docker", false)]
    public void All_digests_are_the_same_a_second_time(string engine, bool rootless) =>
        Compare(DefaultSet.Images, engine, rootless);

    private static void Compare(IReadOnlyList<BuiltPackage> here, string engine, bool rootless, params string[] properties)
    {
        using var workshop = new Workshop(engine);
        var tree = TreeIn(workshop.Folder);
        var cache = Path.Combine(workshop.Folder, "cache");
        List<string> command =
        [
            "dotnet", "msbuild", DefaultSet.TreeProject(tree), "-nologo", "-m", "-nodeReuse:false", "-getTargetResult:Build",
            $"-p:StageXEngine={engine}", $"-p:StageXCache={cache}", $"-p:StageXTaskAssembly={Path.Combine(workshop.Folder, "tasks", "StageX.Build.Tasks.dll")}",
            "-p:StageXOffline=true", "-p:StageXDebianSuites=none", .. properties,
        ];
        var environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value);
        if (rootless)
        {
            // He cannot follow links into what is the user's, and needs nothing but the sources.
            CopySources(cache);
            command = ["/bin/sh", "-c", workshop.BecomeOrdinaryUser("", tree, cache) + "\n", "sh", .. command];
            environment["DOTNET_CLI_HOME"] = cache;
            environment["TMPDIR"] = "/tmp";
        }
        else
            DefaultSet.CacheWithSources(cache);

        var there = DefaultSet.Read(Command.Run(command[0], command[1..], tree, environment));
        Assert.AreEqual(Listed(here), Listed(there));
        if (rootless)
            Command.Run("rm", ["-rf", cache]).MustSucceed();
    }

    private static string Listed(IReadOnlyList<BuiltPackage> images) =>
        string.Join('\n', images.Select(image => $"{image.Id} {image.Digest}").Order(StringComparer.Ordinal));

    /// <summary>What any user may read: the packages, the SDK, and beside it the tasks as they were compiled before.</summary>
    internal static string TreeIn(string folder)
    {
        var tree = Path.Combine(folder, "tree");
        Command.Run("git", ["clone", "--quiet", "--no-local", Repository.Root, tree]).MustSucceed();
        Directory.Delete(Path.Combine(tree, "tasks"), recursive: true);
        Command.Run("cp", ["-r", Path.Combine(Repository.Sdk, "tools", "net10.0"), Path.Combine(folder, "tasks")]).MustSucceed();
        return tree;
    }

    internal static void CopySources(string cache)
    {
        var to = Directory.CreateDirectory(Path.Combine(cache, "sources")).FullName;
        foreach (var part in Directory.EnumerateDirectories(Path.Combine(DefaultSet.Cache, "sources")).Where(part => Path.GetFileName(part) != "partial"))
            Command.Run("cp", ["-r", part, to]).MustSucceed();
    }
}
