using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Engines;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>Verification with every engine, for the build and for the rebuild, by root and by an ordinary user.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class VerifyEnginesTests
{
    [TestMethod]
    [DataRow("buildah", "podman docker buildah podman")]
    [DataRow("docker", "buildah podman docker buildah")]
    public void Each_engine_that_works_has_its_turn(string usual, string turns)
    {
        using var docker = new Workshop("docker");
        using var tree = new TestTree { Environment = docker.Surroundings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value) };
        tree.AddBusybox();
        var project = tree.Add("user", "good", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo text > /rootfs/text\n"));
        var vary = DefaultSet.Build(Path.Combine(Repository.Root, "packages/core/vary/vary.msbuildproj")).Single().Layout;
        var seen = new List<string>();
        foreach (var turn in turns.Split(' '))
        {
            var record = Record(tree.Items(project, "Verify", $"-p:StageXEngine={usual}", $"-p:StageXVary={vary}").Single());
            seen.Add((string)record["engines"]!["rebuilt"]!["name"]!);
            Assert.AreEqual(usual, (string)record["engines"]!["built"]!["name"]!);
            Assert.AreEqual($"{(turn == usual ? "engine " : "")}machine {(turn == "docker" || tree.IsOnTmpfs ? "scratch " : "")}umask", NotVaried(record), record.ToJsonString());
        }
        Assert.AreEqual(turns, string.Join(' ', seen));
        tree.AssertNothingIsLeft();
    }

    [TestMethod]
    public void An_ordinary_user_verifies_with_buildah_and_podman()
    {
        using var workshop = new Workshop();
        var tree = EveryEngineTests.TreeIn(workshop.Folder);
        var cache = Path.Combine(workshop.Folder, "cache");
        EveryEngineTests.CopySources(cache);
        JsonNode Verify(string usual)
        {
            string[] command =
            [
                "dotnet", "msbuild", Path.Combine(tree, "packages/user/tini/tini.msbuildproj"), "-nologo", "-m", "-nodeReuse:false", "-getTargetResult:Verify",
                $"-p:StageXEngine={usual}", $"-p:StageXCache={cache}", $"-p:StageXTaskAssembly={Path.Combine(workshop.Folder, "tasks", "StageX.Build.Tasks.dll")}",
                "-p:StageXOffline=true", "-p:StageXDebianSuites=none",
            ];
            var result = Command.Run("/bin/sh", ["-c", workshop.BecomeOrdinaryUser("", tree, cache) + "\n", "sh", .. command], tree,
                new Dictionary<string, string?> { ["DOTNET_CLI_HOME"] = cache, ["TMPDIR"] = "/tmp", ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin" }).MustSucceed();
            return Record(JsonNode.Parse(result.Output)!["TargetResults"]!["Verify"]!["Items"]!.AsArray().Single()!);
        }
        foreach (var (usual, other) in new[] { ("buildah", "podman"), ("podman", "buildah") })
        {
            var record = Verify(usual);
            Assert.AreEqual(other, (string)record["engines"]!["rebuilt"]!["name"]!);
            Assert.IsTrue((bool)record["engines"]!["rebuilt"]!["rootless"]!);
            Assert.AreEqual("machine umask", NotVaried(record), record.ToJsonString());
        }
        Command.Run("rm", ["-rf", cache]).MustSucceed();
    }

    private static string NotVaried(JsonNode record) => string.Join(' ', record["notVaried"]!.AsObject().Select(pair => pair.Key));

    private static JsonNode Record(JsonNode item) => JsonNode.Parse(File.ReadAllBytes((string)item["Record"]!))!;
}
