using System.Text.Json.Nodes;
using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Tests.Containerfiles;

/// <summary>Compared with what podman makes of the same file.</summary>
[TestClass]
[TestCategory("System")]
public sealed class ConfigEvaluatorTests
{
    [TestMethod]
    [DataRow("""
        FROM scratch AS package
        ENV A=1 B="two words" C=$A-$B
        LABEL one=1 two="a b"
        WORKDIR /a
        WORKDIR b/../c
        USER 1000:1000
        EXPOSE 80 53/udp
        VOLUME /data
        STOPSIGNAL SIGQUIT
        ENTRYPOINT ["/bin/x", "--y"]
        CMD ["z"]
        """, DisplayName = "every instruction")]
    [DataRow("""
        FROM scratch AS base
        ENV A=1 P=/x
        CMD ["inherited"]
        ENTRYPOINT ["/old"]
        LABEL l=1
        USER u
        FROM base AS package
        ENV P=/y:$P
        LABEL m=$A
        ENTRYPOINT ["/new"]
        """, DisplayName = "a stage from a stage; the inherited command goes with its entry point")]
    [DataRow("""
        ARG TAG=scratch
        FROM $TAG AS package
        ARG TAG
        ARG X=5
        ENV T=$TAG X=$X ${X}K=v
        CMD echo $T
        """, DisplayName = "arguments and shell form")]
    [DataRow("""
        # escape=`
        FROM scratch AS package
        ENV A=a`
         B=b
        CMD ["c:\\x"]
        """, DisplayName = "another escape character")]
    public void The_config_is_what_podman_makes_of_the_file(string text)
    {
        var parsed = ContainerfileParser.Parse(text, "Containerfile", new Dictionary<string, string>(), _ => []);
        var configs = new Dictionary<string, ImageConfig>();
        foreach (var stage in parsed.Stages)
            configs[stage.Name] = ConfigEvaluator.Evaluate(configs.GetValueOrDefault(stage.From, ImageConfig.Empty), stage.Instructions);
        var ours = configs["package"];

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["Containerfile"], text);
        string[] Podman(params string[] arguments) => ["--root", folder["storage"], "--runroot", folder["run"], "--runtime", "runc", .. arguments];
        Command.Run("podman", Podman("build", "--quiet", "--format", "docker", "--identity-label=false", "--network", "none", "--tag", "stagex.invalid/config", "-f", folder["Containerfile"], folder.Path)).MustSucceed();
        var inspected = Command.Run("podman", Podman("image", "inspect", "stagex.invalid/config")).MustSucceed().Output;
        var theirs = JsonNode.Parse(inspected)![0]!["Config"]!;

        // podman gives an image without a PATH its own.
        CollectionAssert.AreEqual(Strings(theirs["Env"]).Where(variable => !variable.StartsWith("PATH=", StringComparison.Ordinal)).ToArray(), ours.Environment.ToArray());
        CollectionAssert.AreEqual(Strings(theirs["Entrypoint"]), (ours.Entrypoint ?? []).ToArray());
        CollectionAssert.AreEqual(Strings(theirs["Cmd"]), (ours.Command ?? []).ToArray());
        CollectionAssert.AreEquivalent(Pairs(theirs["Labels"]), ours.Labels.Select(label => $"{label.Key}={label.Value}").ToArray());
        CollectionAssert.AreEquivalent(Names(theirs["ExposedPorts"]), ours.ExposedPorts.ToArray());
        CollectionAssert.AreEquivalent(Names(theirs["Volumes"]), ours.Volumes.ToArray());
        Assert.AreEqual((string?)theirs["User"] ?? "", ours.User);
        Assert.AreEqual((string?)theirs["WorkingDir"] is { Length: > 0 } folderThere && folderThere != "/" ? folderThere : "", ours.WorkingDirectory);
        Assert.AreEqual((string?)theirs["StopSignal"] ?? "", ours.StopSignal);
    }

    private static string[] Strings(JsonNode? array) => array is JsonArray items ? [.. items.Select(item => (string)item!)] : [];

    private static string[] Pairs(JsonNode? map) => map is JsonObject items ? [.. items.Select(item => $"{item.Key}={item.Value}")] : [];

    private static string[] Names(JsonNode? map) => map is JsonObject items ? [.. items.Select(item => item.Key)] : [];
}
