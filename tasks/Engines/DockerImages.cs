using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>
/// Makes images known to docker: by loading them into the daemon, which keeps them under our name until they were not used for a
/// day, or, where the builder has no access to the daemon's images, as layouts that are sent with the build.
/// </summary>
/// <param name="docker">What was found out about it.</param>
/// <param name="folder">The folder of this run.</param>
/// <param name="unused">After how long an image that no build has used is removed.</param>
/// <param name="run">Runs the client.</param>
internal sealed class DockerImages(DockerProbe docker, BuildFolder folder, TimeSpan unused, DockerImages.Client run)
{
    /// <summary>Runs the docker client.</summary>
    internal delegate int Client(IReadOnlyList<string> arguments, Action<ReadOnlySpan<byte>> output, CancellationToken cancellation);

    /// <summary>Returns the build contexts that the build has to name.</summary>
    public IReadOnlyList<string> Offer(IReadOnlyList<EngineImage> images, string lockFile, Action<string> note, CancellationToken cancellation)
    {
        if (docker.TakesLayouts)
            return [.. images.Select((image, number) =>
            {
                image.Describe();
                return $"{image.Reference}=oci-layout://{Linked(image, $"image{number}")}@sha256:{image.Hex}";
            })];
        // One load at a time on this machine; on the daemon's side nothing is there by half.
        using var alone = FileLock.Take(lockFile, cancellation: cancellation);
        RemoveUnused(lockFile + ".looked", cancellation);
        foreach (var image in images)
        {
            // Naming it anew tells the daemon, and so every other user of it, that it is in use; loading alone does not.
            int Name() => Ask(out _, cancellation, "tag", image.Reference, image.Reference);
            if (Name() == 0)
                continue;
            Load(image, note, cancellation);
            Name();
        }
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
        try
        {
            WriteArchive(image, folder["image.tar"]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
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
        static string NameOf(string hex) => "blobs/sha256/" + hex;
        var description = image.Describe();
        var layers = description.Layers.Select(layer => layer.Hex).ToList();
        var list = new JsonArray(new JsonObject
        {
            ["Config"] = NameOf(description.ConfigHex),
            ["RepoTags"] = new JsonArray(image.Reference),
            ["Layers"] = new JsonArray([.. layers.Select(layer => JsonValue.Create(NameOf(layer)))]),
        });
        using var archive = new TarWriter(File.Create(file), TarEntryFormat.Pax);
        foreach (var hex in layers.Prepend(description.ConfigHex).Distinct(StringComparer.Ordinal))
        {
            using var content = File.OpenRead(image.BlobPath(hex));
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, NameOf(hex)) { DataStream = content });
        }
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(list.ToJsonString())) });
    }

    // Looking costs a call to the daemon, which is not worth it for each of many builds.
    private void RemoveUnused(string stamp, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        if (now - File.GetLastWriteTimeUtc(stamp) < unused / 24
            || Ask(out var listed, cancellation, "image", "ls", "--filter", $"reference={NamedImages.Pattern}", "--format", "{{.Repository}}:{{.Tag}}") != 0)
            return;
        var references = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (references.Length > 0)
        {
            // One that another has removed meanwhile is reported among the lines.
            Ask(out var times, cancellation, ["image", "inspect", "--format", "{{range .RepoTags}}{{.}} {{end}}{{json .Metadata.LastTagTime}}", .. references]);
            var old = times.Split('\n').Select(line => line.Split(' ')).Where(fields =>
                    DateTimeOffset.TryParse(fields[^1].Trim('"'), CultureInfo.InvariantCulture, out var last) && last.Year > 1970 && now - last > unused)
                .SelectMany(fields => fields[..^1]).Where(references.Contains).Distinct(StringComparer.Ordinal).ToList();
            if (old.Count > 0)
                Ask(out _, cancellation, ["image", "rm", .. old]);
        }
        File.WriteAllText(stamp, "");
    }

    private int Ask(out string printed, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        var status = run(arguments, bytes => text.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        printed = text.ToString();
        return status;
    }
}
