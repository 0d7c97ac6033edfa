using System.Text.Json;
using System.Text.Json.Nodes;
using StageX.Build.Bootstrap;
using StageX.Build.Images;
using StageX.Build.Reproducibility;
using StageX.Build.Sources;
using StageX.Build.Stages;

namespace StageX.Build.AtWork;

/// <summary>
/// Looks up what is known of packages. It asks nobody to find out more: what is not on the disk is not known, and what cannot
/// be read is as if it were not there.
/// </summary>
/// <param name="artifacts">StageXArtifacts.</param>
/// <param name="cache">StageXCache.</param>
public sealed class FactFinder(string artifacts, string cache)
{
    private readonly StageStore _stages = new(cache);
    private readonly SourceCache _sources = new(Path.Combine(cache, "sources"));

    /// <exception cref="StageXException">The recorded digests cannot be read.</exception>
    public PackageFacts Find(PackageGraph graph, string id)
    {
        if (graph.ProjectOf(id) is not { } project || graph.TextOf(id) is not { } definition)
            return new PackageFacts { Id = id, Images = [.. graph.PublishedOf(id).Select(digest => new ImageFact(id, digest, "named by a definition"))] };
        var record = RecordOf(id, project);
        var keys = KeysOf(id);
        return new PackageFacts
        {
            Id = id,
            Version = definition.Property("PackageVersion"),
            Description = definition.Property("Description"),
            License = definition.Property("PackageLicenseExpression"),
            Images = [.. definition.Items("Subpackage").Select(item => $"{id}-{item.Include}").Prepend(id).SelectMany(image => DigestsOf(image, id, project))],
            Lines = record?.Lines + record?.PageLines,
            GeneratedLines = record?.Debt.Sum(text => (long)text.Lines) ?? 0,
            Bytes = BytesOf(definition, project),
            IsBuilt = keys is not null,
            Time = TimeOf(keys),
        };
    }

    private IEnumerable<ImageFact> DigestsOf(string image, string id, string project)
    {
        var recorded = DigestFile.Read(Path.Combine(Path.GetDirectoryName(project)!, "..", "digests.txt")).Find(image);
        var here = HereOf(image);
        var origin = FetchedPackage.StampOf(artifacts, id) is null ? "built here" : "fetched";
        if (recorded is { } digest)
            yield return new ImageFact(image, digest, here == recorded ? $"recorded, and {origin}" : "recorded");
        if (here is { } other && here != recorded)
            yield return new ImageFact(image, other, origin);
    }

    private Digest? HereOf(string image)
    {
        try
        {
            return ImageLayout.Read(Path.Combine(artifacts, "images", image)).Manifest.Digest;
        }
        catch (Exception e) when (e is StageXException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private PackageRecord? RecordOf(string id, string project)
    {
        try
        {
            var record = PackageRecord.FromJson(File.ReadAllBytes(Path.Combine(artifacts, "bootstrap", id + ".json")));
            return record.Folder == PackageRecord.FolderOf(project) ? record : null;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    // Of each stage what the last build of this checkout read.
    private JsonObject? KeysOf(string id)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(BuildEnvironment.KeysOf(artifacts, id)))?.AsObject();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    private TimeSpan? TimeOf(JsonObject? keys)
    {
        var times = keys?.Select(stage => stage.Value is JsonObject inputs ? _stages.TimeOf(StageKey.Of(inputs)) : null).ToList();
        return times is null || times.Contains(null) ? null : times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time!.Value);
    }

    private long? BytesOf(DefinitionText definition, string project)
    {
        var bytes = new DirectoryInfo(Path.GetDirectoryName(project)!).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.FullName != project && file.LinkTarget is null).Sum(file => file.Length);
        foreach (var sha256 in definition.Elements("Source").Select(source => DefinitionText.Metadata(source, "Sha256")))
        {
            if (!Digest.TryFromHex(sha256, out var digest) || new FileInfo(_sources.PathOf(digest)) is not { Exists: true } file)
                return null;
            bytes += file.Length;
        }
        return bytes;
    }

    private static bool IsUnreadable(Exception e) =>
        e is IOException or UnauthorizedAccessException or JsonException or NullReferenceException or InvalidOperationException or FormatException;
}
