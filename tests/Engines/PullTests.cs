using System.Runtime.Versioning;
using StageX.Build.Images;
using StageX.Build.Tests.Images;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Engines;

/// <summary>Nothing is ever pulled, though there is a registry that has what is named, and engines that would get it there.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class PullTests
{
    // As a Containerfile names it, and under which name engines are given it.
    private const string Name = "stagex/core-forgotten";
    private static readonly string Given = $"stagex.invalid/core-forgotten:{new string('a', 64)}";

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void An_image_that_was_not_given_is_refused_though_a_registry_has_it(string engine)
    {
        using var registry = new LocalRegistry();
        using var daemon = engine == "docker" ? new DockerDaemon($$"""{"registry-mirrors":["http://{{registry.Address}}"]}""") : null;
        using var workshop = new Workshop(engine, daemon?.Address);
        var names = new List<string> { Name, "busybox", $"{registry.Address}/{Name}:latest" };
        Push(registry, Name, "latest");
        Push(registry, "library/busybox", "latest");
        if (daemon is null)
        {
            // No daemon has a mirror of a host of another name than docker's.
            names.Add(Given);
            Push(registry, "core-forgotten", Given[^64..]);
            workshop.Surroundings["CONTAINERS_REGISTRIES_CONF"] = Path.Combine(workshop.Folder, "registries.conf");
            File.WriteAllText(workshop.Surroundings["CONTAINERS_REGISTRIES_CONF"], $"""
                unqualified-search-registries = ["docker.io"]
                short-name-mode = "permissive"
                [[registry]]
                location = "{registry.Address}"
                insecure = true
                [[registry]]
                prefix = "docker.io"
                location = "{registry.Address}"
                insecure = true
                [[registry]]
                prefix = "stagex.invalid"
                location = "{registry.Address}"
                insecure = true

                """);
        }
        registry.TakeRequests();

        foreach (var name in names)
            foreach (var containerfile in (string[])[$"FROM {name}\nCOPY busybox /copy\n", $"FROM scratch\nCOPY --from={name} /bin /bin\n",
                $"FROM scratch\nCOPY busybox /bin/busybox\nRUN --mount=type=bind,from={name},target=/m [\"busybox\", \"true\"]\n"])
            {
                var error = workshop.Fails(containerfile);
                Assert.AreEqual(ErrorCode.ImageNotKnown, error.Code, error.Message);
                Assert.Contains(name, error.Message);
            }
        using var tree = new TestTree { Environment = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        var project = tree.Add("user", "app", "", ("Containerfile", ""));
        foreach (var (name, code) in names.Select(name => (name, name.StartsWith("stagex", StringComparison.Ordinal) ? ErrorCode.MissingProjectReference : ErrorCode.UnknownImage)))
        {
            tree.Write("user", "app", "Containerfile", $"FROM scratch AS package\nCOPY --from={name} / /\n");
            tree.Build(project, $"-p:StageXEngine={engine}").MustFailWith(code, tree.File("user", "app", "Containerfile"), 2, name.Split('/')[^1].Split(':')[0]);
        }
        Assert.AreEqual("", string.Join('\n', registry.TakeRequests()));

        // The very same surroundings, without us.
        foreach (var name in names)
        {
            BuildWithTheEngineItself(workshop, $"FROM {name}\nCOPY busybox /copy\n").MustSucceed();
            Assert.AreNotEqual("", string.Join('\n', registry.TakeRequests()), name);
        }
    }

    private static void Push(LocalRegistry registry, string repository, string tag)
    {
        using var work = new Workplace();
        var layout = work.NewPath("image");
        ImageLayout.Write(layout, new Image { Layers = [work.Layer(Entries.Text("bin/file", repository))] }, work.Store);
        Command.Run("skopeo", ["copy", "--quiet", "--dest-tls-verify=false", $"oci:{layout}", $"docker://{registry.Address}/{repository}:{tag}"]).MustSucceed();
    }

    private static CommandResult BuildWithTheEngineItself(Workshop workshop, string containerfile)
    {
        var file = Path.Combine(workshop.Folder, "Containerfile");
        File.WriteAllText(file, containerfile);
        string[] storage = ["--root", Path.Combine(workshop.Folder, "s"), "--runroot", Path.Combine(workshop.Folder, "r"), "--storage-driver", "vfs"];
        string[] command = workshop.EngineName switch
        {
            "buildah" => ["buildah", .. storage, "bud"],
            "podman" => ["podman", .. storage, "--events-backend", "none", "build"],
            _ => ["docker", "buildx", "build"],
        };
        return Command.Run("env", [.. command, "--file", file, workshop.Context], workshop.Folder,
            workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value));
    }
}
