using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using StageX.Build.Containerfiles;
using StageX.Build.Images;
using StageX.Build.Tests.Engines;

namespace StageX.Build.Tests.Containerfiles;

/// <summary>One stage of a Containerfile for BuildKit itself to build.</summary>
/// <param name="Name">Of the image.</param>
/// <param name="Folder">With the Containerfile and all that it copies.</param>
/// <param name="Target">The stage.</param>
internal sealed record BuildKitTarget(string Name, string Folder, string Target);

/// <summary>
/// What docker's own BuildKit makes of Containerfiles exactly as they are written, with nothing of ours in between. One run
/// builds all, since each start of the client costs more than the build of a small file.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class BuildKit
{
    /// <param name="targets">What to build.</param>
    /// <param name="fetched">What <c>COPY --from=fetch</c> takes from.</param>
    /// <param name="arguments">Of each build, as ARG takes them.</param>
    /// <param name="root">The image that they may start from, and the layout of one layer that has its files.</param>
    /// <returns>Each image, as <see cref="Describe"/> does it.</returns>
    public static Dictionary<string, IReadOnlyList<string>> Build(
        IReadOnlyList<BuildKitTarget> targets, string fetched, IReadOnlyDictionary<string, string> arguments, (string Name, string Layout) root)
    {
        using var folder = new TemporaryFolder();
        DockerDaemon.WriteConfiguration(folder["config"]);
        static string Tag(BuildKitTarget target) => "stagex-corpus/" + target.Name;

        CommandResult Bake(string name, Func<BuildKitTarget, string> output)
        {
            // In compose's form: in bake's own the network cannot be switched off.
            var described = new JsonObject
            {
                ["services"] = new JsonObject(targets.Select(target => KeyValuePair.Create(target.Name, (JsonNode?)new JsonObject
                {
                    ["image"] = Tag(target),
                    ["build"] = new JsonObject
                    {
                        ["context"] = target.Folder,
                        ["dockerfile"] = "Containerfile",
                        ["target"] = target.Target,
                        ["additional_contexts"] = new JsonObject { ["fetch"] = fetched },
                        ["args"] = new JsonObject(arguments.Select(argument => KeyValuePair.Create(argument.Key, (JsonNode?)argument.Value))),
                        ["network"] = "none",
                        ["x-bake"] = new JsonObject { ["output"] = new JsonArray(output(target)), ["attest"] = new JsonArray("type=provenance,disabled=true") },
                    },
                }))),
            };
            File.WriteAllText(folder[name], described.ToJsonString());
            return Command.Run(Path.Combine(folder["config"], "cli-plugins", "docker-buildx"), ["bake", "--progress", "plain", "--file", folder[name]], folder.Path,
                new Dictionary<string, string?> { ["DOCKER_HOST"] = DockerDaemon.Host, ["DOCKER_CONFIG"] = folder["config"], ["BUILDX_CONFIG"] = folder["buildx"] }).MustSucceed();
        }

        CommandResult Docker(params string[] command) => Command.Finish(DockerDaemon.Client(command)).MustSucceed();
        var layer = ImageLayout.Read(root.Layout).Image.Layers.Single();
        Docker("import", Path.Combine(root.Layout, "blobs", "sha256", layer.Digest.Hex), root.Name);
        Bake("images.yaml", _ => "type=docker");
        Bake("files.yaml", target => $"type=tar,dest={folder[target.Name + ".tar"]}");
        var inspected = JsonNode.Parse(Docker(["image", "inspect", .. targets.Select(Tag)]).Output)!.AsArray();
        Docker(["image", "rm", "--force", root.Name, .. targets.Select(Tag)]);
        return targets.Zip(inspected).ToDictionary(pair => pair.First.Name, pair =>
        {
            using var exported = RootFilesystem.Read(folder[pair.First.Name + ".tar"]);
            using var files = exported.WithoutEngineMounts([]);
            return Describe(files, ImageConfig.FromJson(pair.Second!["Config"]!.AsObject()));
        });
    }

    /// <summary>
    /// An image in lines to compare: each entry with its type, mode, owner and content, and each thing that the config says. What
    /// docker writes into every config, though it holds without being written, is left out.
    /// </summary>
    public static IReadOnlyList<string> Describe(RootFilesystem files, ImageConfig config)
    {
        config = config with
        {
            Environment = [.. config.Environment.Where(variable => variable != "PATH=" + ContainerfileParser.DefaultPath).Order(StringComparer.Ordinal)],
            WorkingDirectory = config.WorkingDirectory == "/" ? "" : config.WorkingDirectory,
        };
        return
        [
            .. files.Entries.Select(entry => $"/{entry.Path} {entry.Kind} {Convert.ToString(entry.Mode, 8)} {entry.UserId}:{entry.GroupId} {entry.Content?.Hex[..12] ?? entry.LinkTarget}".TrimEnd()),
            .. config.ToJson().Select(member => $"{member.Key} = {Sorted(member.Value)}"),
        ];
    }

    private static string Sorted(JsonNode? value) => value is JsonObject map
        ? string.Join(", ", map.Select(item => $"{item.Key}: {item.Value!.ToJsonString()}").Order(StringComparer.Ordinal))
        : value!.ToJsonString();
}
