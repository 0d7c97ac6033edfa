using System.Runtime.Versioning;
using StageX.Build.Images;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Sdk;

/// <summary>More packages in one root than engines can mount layers.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ManyDependenciesTests
{
    private const int Count = 130;

    [TestMethod]
    public void A_hundred_and_thirty_dependencies_have_one_digest_with_every_engine()
    {
        using var docker = new Workshop("docker");
        using var tree = new TestTree { Environment = docker.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        tree.AddBusybox();
        var references = TestTree.Busybox;
        for (var number = 0; number < Count; number++)
        {
            tree.Add("core", $"part{number}", $"""    <File Include="text" Path="/etc/parts/{number}" />""", ("text", $"{number}\n"));
            references += $"""<ProjectReference Include="../../core/part{number}/part{number}.msbuildproj" />""";
        }
        tree.Add("user", "all", references);
        // More steps than docker has layers left on a full root.
        tree.Add("user", "app", references + """<Stage Include="build" Script="build.sh" />""", ("build.sh", "ls /etc/parts > /rootfs/parts\n"));
        tree.Add("user", "many", references, ("Containerfile",
            $"FROM stagex/core-busybox AS package\n{string.Concat(Enumerable.Range(0, Count).Select(number => $"COPY --from=stagex/core-part{number} / /\n"))}"
            + string.Concat(Enumerable.Repeat("RUN [\"/bin/sh\", \"-c\", \"echo x >> /etc/steps\"]\n", 30))));

        var built = tree.Tree();
        string Digests(string engine)
        {
            var items = tree.Items(built, "Build", $"-p:StageXEngine={engine}").ToDictionary(item => (string)item["Identity"]!);
            foreach (var id in new[] { "user-app", "user-many" })
                Assert.AreEqual("built", (string)items[id]["Status"]!);
            return string.Join(' ', items.Values.Select(item => $"{item["Identity"]} {item["Digest"]}").Order(StringComparer.Ordinal));
        }
        var digests = Digests("buildah");
        foreach (var engine in new[] { "podman", "docker" })
        {
            // What engines made is made again, what needs none is not.
            foreach (var record in Directory.EnumerateFiles(Path.Combine(tree.Cache, "stages"), "*", SearchOption.AllDirectories).ToList())
                if (File.ReadAllText(record).Contains("\"RUN\"", StringComparison.Ordinal))
                    File.Delete(record);
            foreach (var id in new[] { "user-app", "user-many" })
                Directory.Delete(Path.Combine(tree.Artifacts, "images", id), recursive: true);
            Assert.AreEqual(digests, Digests(engine));
        }

        var pallet = Image(tree, "user-all");
        Assert.HasCount(LayerMerger.Most, pallet.Layers);
        var parts = Enumerable.Range(0, Count).SelectMany(number => Image(tree, $"core-part{number}").Layers).Append(Image(tree, "core-busybox").Layers.Single()).ToHashSet();
        Assert.IsGreaterThanOrEqualTo(2 * LayerMerger.Most - parts.Count, pallet.Layers.Count(parts.Contains), "the others are the packages' own");
        foreach (var id in new[] { "user-all", "user-app", "user-many" })
            ImageValidator.Validate(Path.Combine(tree.Artifacts, "images", id));
    }

    private static Image Image(TestTree tree, string id) => ImageLayout.Read(Path.Combine(tree.Artifacts, "images", id)).Image;
}
