using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>
/// Makes images known to docker: by loading them into the daemon, which keeps them under our name until they were not used for a
/// day, or, where the builder has no access to the daemon's images, as layouts that are sent with the build.
/// </summary>
internal sealed class DockerImages(DockerProbe docker, BuildFolder folder, DockerImages.Client run)
{
    /// <summary>Runs the docker client.</summary>
    internal delegate int Client(IReadOnlyList<string> arguments, Action<ReadOnlySpan<byte>> output, CancellationToken cancellation);

    private const string OurNames = "stagex.invalid/*";
    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);

    /// <summary>Returns the build contexts that the build has to name.</summary>
    public IReadOnlyList<string> Offer(IReadOnlyList<EngineImage> images, string lockFile, Action<string> note, CancellationToken cancellation)
    {
        if (docker.TakesLayouts)
            return [.. images.Select((image, number) =>
            {
                image.Check();
                return $"{image.Reference}=oci-layout://{Linked(image, $"image{number}")}@sha256:{image.Hex}";
            })];
        // One load at a time on this machine; on the daemon's side nothing is there by half.
        using var alone = FileLock.Take(lockFile, cancellation: cancellation);
        RemoveUnused(cancellation);
        foreach (var image in images)
            // Naming it anew tells the daemon, and so every other user of it, that it is in use.
            if (Ask(out _, cancellation, "tag", image.Reference, image.Reference) != 0)
                Load(image, note, cancellation);
        return [];
    }

    // A link, because the option's syntax cannot express every path.
    private string Linked(EngineImage image, string name)
    {
        File.CreateSymbolicLink(folder[name], Path.GetFullPath(image.LayoutFolder));
        return folder[name];
    }

    private void Load(EngineImage image, Action<string> note, CancellationToken cancellation)
    {
        note($"loading {image.Reference}");
        image.Check();
        try
        {
            WriteArchive(image, folder["image.tar"]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            throw Refused(image, e.Message);
        }
        if (Ask(out var printed, cancellation, "load", "--quiet", "--input", folder["image.tar"]) != 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (printed.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
                throw new StageXException(ErrorCode.DiskFull, $"docker cannot load {image.Reference}: no space left on device, where the daemon keeps its images.\n{printed}");
            throw Refused(image, printed);
        }
        File.Delete(folder["image.tar"]);
    }

    private static StageXException Refused(EngineImage image, string why) => new(ErrorCode.ImageRefused,
        $"docker cannot load {image.Reference} from {image.LayoutFolder}. Remove that folder and build again.\n{why}", image.LayoutFolder);

    // The layout's blobs, and the list that docker load looks for.
    private static void WriteArchive(EngineImage image, string file)
    {
        string BlobOf(JsonNode descriptor) => Path.Combine("blobs", "sha256", ((string)descriptor["digest"]!)["sha256:".Length..]);
        var manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(image.LayoutFolder, "blobs", "sha256", image.Hex)))!;
        var config = BlobOf(manifest["config"]!);
        var layers = manifest["layers"]!.AsArray().Select(layer => BlobOf(layer!)).ToList();
        var list = new JsonArray(new JsonObject
        {
            ["Config"] = config,
            ["RepoTags"] = new JsonArray(image.Reference),
            ["Layers"] = new JsonArray([.. layers.Select(layer => JsonValue.Create(layer))]),
        });
        using var archive = new TarWriter(File.Create(file), TarEntryFormat.Pax);
        foreach (var blob in layers.Prepend(config).Distinct(StringComparer.Ordinal))
        {
            using var content = File.OpenRead(Path.Combine(image.LayoutFolder, blob));
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, blob) { DataStream = content });
        }
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(list.ToJsonString())) });
    }

    private void RemoveUnused(CancellationToken cancellation)
    {
        if (Ask(out var listed, cancellation, "image", "ls", "--filter", $"reference={OurNames}", "--format", "{{.Repository}}:{{.Tag}}") != 0)
            return;
        foreach (var reference in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (Ask(out var used, cancellation, "image", "inspect", "--format", "{{json .Metadata.LastTagTime}}", reference) == 0
                && DateTimeOffset.TryParse(used.Trim().Trim('"'), CultureInfo.InvariantCulture, out var last)
                && last.Year > 1970 && DateTimeOffset.UtcNow - last > Unused)
                Ask(out _, cancellation, "image", "rm", reference);
    }

    private int Ask(out string printed, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        var status = run(arguments, bytes => text.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        printed = text.ToString();
        return status;
    }
}
