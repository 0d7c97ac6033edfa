using System.Diagnostics;
using System.Globalization;
using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

/// <summary>Builds killed at random moments, many times.</summary>
[TestClass]
[TestCategory("System")]
[TestCategory("Nightly")]
public sealed class SoakTests
{
    private const int Kills = 30;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Builds_that_are_killed_at_random_moments_are_finished_by_the_next()
    {
        // The moments differ from run to run on purpose: STAGEX_SOAK_SEED repeats one.
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STAGEX_SOAK_SEED"), out var given) ? given : Random.Shared.Next(1_000_000);
        TestContext.WriteLine($"STAGEX_SOAK_SEED={seed.ToString(CultureInfo.InvariantCulture)}");
        var random = new Random(seed);
        using var server = SlowServer(out var hash);
        using var undisturbed = Tree(server.Url("a.tar"), hash);
        var watch = Stopwatch.StartNew();
        undisturbed.Build(undisturbed.Tree()).MustSucceed();
        var whole = watch.Elapsed;
        var expected = Digests(undisturbed);
        var kills = 0;

        using var tree = Tree(server.Url("a.tar"), hash);
        while (kills < Kills)
        {
            // From nothing, from verified sources, or from what the kills before left over.
            Remove(random.Next(3) == 0 ? tree.Cache : Path.Combine(tree.Cache, "stages"));
            if (random.Next(2) == 0)
                Remove(tree.Artifacts);
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                // Early moments more often: a build that goes on where another was killed takes less time.
                var (moment, all) = (whole * random.NextDouble() * random.NextDouble(), random.Next(2) == 0);
                watch.Restart();
                using var build = tree.Start(tree.Tree());
                if (build.WaitForExit(moment))
                {
                    // Nothing was killed; the machine is faster now than it was.
                    whole = watch.Elapsed;
                    continue;
                }
                build.Kill(entireProcessTree: all);
                build.WaitForExit();
                TestContext.WriteLine($"kill {++kills}: {(all ? "all processes" : "the main process")} after {moment.TotalMilliseconds:0} ms");
            }
            CollectionAssert.AreEqual(expected, Digests(tree));
            foreach (var image in Directory.EnumerateDirectories(Path.Combine(tree.Artifacts, "images")))
                ImageValidator.Validate(image);
            tree.AssertNothingIsLeft();
        }

        // What stays in the cache is bounded: once it is old the next build that runs a stage removes it.
        foreach (var file in Directory.EnumerateFiles(tree.Cache, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-31));
        Directory.Delete(Path.Combine(tree.Cache, "stages"), recursive: true);
        CollectionAssert.AreEqual(expected, Digests(tree));
        var left = Directory.EnumerateFiles(tree.Cache, ".*.tmp", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFileSystemEntries(Path.Combine(tree.Cache, "sources", "partial")).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)));
        Assert.IsEmpty(left, string.Join('\n', left));
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static Sources.TestServer SlowServer(out string hash)
    {
        var archive = Sources.Archives.Tar(Sources.Archives.File("a-1/noise", new string('x', 400_000)));
        hash = Digest.Of(archive).Hex;
        return new Sources.TestServer(async request =>
        {
            string[] headers = ["ETag: \"1\"", $"Content-Length: {archive.Length - request.From}"];
            if (request.From > 0)
                await request.HeadAsync("206 Partial Content", [$"Content-Range: bytes {request.From}-{archive.Length - 1}/{archive.Length}", .. headers]);
            else
                await request.HeadAsync("200 OK", headers);
            foreach (var chunk in archive[request.From..].Chunk(20_000))
            {
                await request.Body.WriteAsync(chunk, request.Stopped);
                await Task.Delay(20, request.Stopped);
            }
        });
    }

    private static TestTree Tree(Uri archive, string hash)
    {
        var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("core", "lib", TestTree.Busybox + "\n" + $"""
                <Source Include="{archive}" Sha256="{hash}" Name="a" />
                <Stage Include="first" Script="first.sh" />
                <Stage Include="second" Script="second.sh" From="first" />
                <Stage Include="third" Script="third.sh" CopyFrom="second" />
            """,
            ("first.sh", "cp /src/a/noise /rootfs/noise\n"),
            ("second.sh", "dd if=/dev/zero of=/rootfs/zeros bs=1M count=20\n"),
            ("third.sh", "stat -c %s /zeros /noise > /rootfs/sizes\n"));
        tree.Add("core", "other", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "dd if=/dev/zero of=/rootfs/other bs=1M count=20\n"));
        tree.Add("user", "app", TestTree.Busybox + "\n" + """
                <ProjectReference Include="../../core/lib/lib.msbuildproj" />
                <ProjectReference Include="../../core/other/other.msbuildproj" />
                <Stage Include="build" Script="build.sh" />
            """, ("build.sh", "cat /sizes > /rootfs/app; stat -c %s /other >> /rootfs/app\n"));
        return tree;
    }

    private static List<string> Digests(TestTree tree) =>
        [.. tree.Items(tree.Tree()).Select(image => $"{image["Identity"]} {image["Digest"]}").Order(StringComparer.Ordinal)];
}
