using System.Runtime.Versioning;
using StageX.Build.AtWork;
using StageX.Build.Tests.Engines;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>The cache within its limits.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class PruneTests : IDisposable
{
    private readonly TemporaryFolder _storage = new();

    private const string Forever = "-p:StageXCacheAge=1000d";

    [TestMethod]
    public void What_was_not_used_for_longest_goes_with_its_layers_and_everything_builds_again()
    {
        using var tree = NewTree();
        var old = tree.Add("core", "old", """    <File Include="text" Path="/etc/old" />""", ("text", "old"));
        var recent = tree.Add("core", "recent", """    <File Include="text" Path="/etc/recent" />""", ("text", "recent"));
        var digest = tree.Digest(old);
        var first = Records(tree).Single();
        tree.Build(recent).MustSucceed();
        File.SetLastWriteTimeUtc(first, DateTime.UtcNow.AddDays(-8));
        var partial = Path.Combine(Path.GetDirectoryName(first)!, $".left.{Guid.NewGuid():n}.tmp");
        File.WriteAllText(partial, "left by a killed build");
        Assert.HasCount(2, Blobs(tree));

        var report = tree.Build(recent, "-t:Prune", "-p:StageXCacheAge=1w").MustSucceed().Output;
        Assert.Contains("(1 stage results, 1 layers, 0 sources", report);
        Assert.Contains("1 leftovers", report);
        Assert.IsEmpty(Files(Path.Combine(tree.Cache, "locks")));
        Assert.IsFalse(File.Exists(first) || File.Exists(partial));
        Assert.HasCount(1, Blobs(tree));

        Directory.Delete(tree.Artifacts, recursive: true);
        Assert.AreEqual(digest, tree.Digest(old));
        tree.Build(tree.Tree(), "-t:Prune", Forever, "-p:StageXCacheSize=0").MustSucceed();
        Assert.IsEmpty(Records(tree));
        Assert.IsEmpty(Blobs(tree));
        Assert.AreEqual(digest, tree.Digest(old));
    }

    [TestMethod]
    public void A_layer_stays_as_long_as_one_result_refers_to_it()
    {
        using var tree = NewTree();
        tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        var pallet = tree.Add("core", "same", """    <ProjectReference Include="../base/base.msbuildproj" />""");
        tree.Build(pallet).MustSucceed();
        Assert.HasCount(1, Blobs(tree));
        File.SetLastWriteTimeUtc(Records(tree)[0], DateTime.UtcNow.AddDays(-100));
        Assert.Contains("(1 stage results, 0 layers", tree.Build(pallet, "-t:Prune").MustSucceed().Output);
        Assert.HasCount(1, Blobs(tree));
    }

    [TestMethod]
    public void Pruning_waits_for_a_build_that_uses_the_cache_and_a_build_for_the_pruning()
    {
        using var tree = NewTree();
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        tree.Build(project).MustSucceed();
        using (var build = FileLock.Take(Path.Combine(tree.Cache, "lock"), shared: true))
        {
            using var pruning = tree.Start(project, "-t:Prune", Forever);
            WaitFor(pruning, "waiting for the builds");
            build.Dispose();
            Finish(pruning);
        }
        using (var prune = FileLock.Take(Path.Combine(tree.Cache, "lock")))
        {
            tree.Write("core", "base", "text", "changed");
            using var building = tree.Start(project);
            WaitFor(building, "waiting for the cache to be pruned");
            prune.Dispose();
            Finish(building);
        }
    }

    [TestMethod]
    public void Our_images_go_from_the_storages_of_docker_podman_and_buildah_and_no_other()
    {
        using var daemon = new DockerDaemon();
        using var tree = NewTree(daemon.Address);
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        tree.Build(project).MustSucceed();
        var layout = Path.Combine(tree.Artifacts, "images", "core-base");
        foreach (var name in new[] { "stagex.invalid/core-base", "localhost/mine" })
        {
            Command.Run("skopeo", ["copy", "--quiet", $"oci:{layout}", $"containers-storage:{name}:latest"], tree.Root, tree.Environment).MustSucceed();
            System.Formats.Tar.TarFile.CreateFromDirectory(layout, _storage[name.Replace('/', '-')], includeBaseDirectory: false);
            daemon.Ask("import", _storage[name.Replace('/', '-')], name + ":latest").MustSucceed();
        }
        string Left() => Command.Run("podman", ["image", "ls", "--format", "{{.Repository}}"], tree.Root, tree.Environment).MustSucceed().Output.Trim()
            + " " + daemon.Ask("image", "ls", "--format", "{{.Repository}}").MustSucceed().Output.Trim();
        Assert.Contains("stagex.invalid/core-base", Left());
        Assert.Contains("removed 2 images", tree.Build(project, "-t:Prune").MustSucceed().Output);
        Assert.AreEqual("localhost/mine localhost/mine", Left());
    }

    [TestMethod]
    public void A_record_that_is_torn_counts_as_absent()
    {
        using var tree = NewTree();
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        var digest = tree.Digest(project);
        void Tear()
        {
            foreach (var file in Records(tree).Append(Path.Combine(tree.Artifacts, "logs", "core-base", "keys.json")))
                File.WriteAllText(file, File.ReadAllText(file)[..20]);
            Directory.Delete(Path.Combine(tree.Artifacts, "images"), recursive: true);
        }
        Tear();
        Assert.AreEqual(digest, tree.Digest(project));
        Tear();
        Assert.Contains("1 layers", tree.Build(project, "-t:Prune").MustSucceed().Output);
        Assert.AreEqual(digest, tree.Digest(project));
    }

    [TestMethod]
    public void A_limit_that_makes_no_sense_is_an_error()
    {
        foreach (var (size, age) in new[] { ("many", "90d"), ("50 PB", "90d"), ("50GB", "90"), ("-1", "90d") })
            Assert.AreEqual(ErrorCode.InvalidMetadata, Assert.ThrowsExactly<StageXException>(() => CacheLimits.Parse(size, age)).Code, size + age);
        Assert.AreEqual(new CacheLimits(1_500_000, TimeSpan.FromDays(14)), CacheLimits.Parse("1.5 MB", "2w"));
    }

    // The storages of whoever runs the tests, and those of other tests, are left alone.
    private TestTree NewTree(string dockerHost = "unix:///nowhere/docker.sock")
    {
        File.WriteAllText(_storage["storage.conf"], $"[storage]\ndriver = \"vfs\"\nrunroot = \"{_storage["run"]}\"\ngraphroot = \"{_storage["root"]}\"\n");
        return new TestTree
        {
            Environment = new Dictionary<string, string?> { ["CONTAINERS_STORAGE_CONF"] = _storage["storage.conf"], ["DOCKER_HOST"] = dockerHost, ["PATH"] = DockerDaemon.SearchPath },
        };
    }

    public void Dispose() => _storage.Dispose();

    private static void WaitFor(System.Diagnostics.Process process, string text)
    {
        while (process.StandardOutput.ReadLine() is { } line)
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        Assert.Fail("it did not wait");
    }

    private static void Finish(System.Diagnostics.Process process)
    {
        var rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, rest);
    }

    private static string[] Records(TestTree tree) => Files(Path.Combine(tree.Cache, "stages"));

    private static string[] Blobs(TestTree tree) => Files(Path.Combine(tree.Cache, "layers", "blobs"));

    private static string[] Files(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
}
