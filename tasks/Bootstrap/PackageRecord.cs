using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Stages;

namespace StageX.Build.Bootstrap;

/// <summary>What the gate knows of one package: what it brings itself, and which packages it references. Nothing of theirs.</summary>
public sealed record PackageRecord
{
    public required string Id { get; init; }
    public required string Project { get; init; }

    /// <summary>Of what the package's folder held: whether the record still is about what is there. Null in an older record.</summary>
    public Digest? Folder { get; init; }

    /// <summary>Ids of the packages that it references, subpackages under their package's.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Bytes of the seed, 0 where it has none.</summary>
    public int SeedBytes { get; init; }

    /// <summary>Commands that run.</summary>
    public int Steps { get; init; }

    public long Lines { get; init; }
    public int PageLines { get; init; }
    public int PageBytes { get; init; }
    public int DataFiles { get; init; }
    public long DataBytes { get; init; }
    public IReadOnlyList<GeneratedText> Debt { get; init; } = [];

    /// <summary>Of what a package's folder holds now.</summary>
    public static Digest FolderOf(string project)
    {
        using var inputs = new InputDigest();
        inputs.AddPackage(project);
        return inputs.Finish();
    }

    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject
    {
        ["id"] = Id,
        ["project"] = Project,
        ["folder"] = Folder?.ToString(),
        ["references"] = new JsonArray([.. References.Select(id => JsonValue.Create(id))]),
        ["seedBytes"] = SeedBytes,
        ["steps"] = Steps,
        ["lines"] = Lines,
        ["pageLines"] = PageLines,
        ["pageBytes"] = PageBytes,
        ["dataFiles"] = DataFiles,
        ["dataBytes"] = DataBytes,
        ["debt"] = Verdict.ToJson(Debt),
    });

    public static PackageRecord FromJson(byte[] json)
    {
        var node = JsonNode.Parse(json)!;
        return new PackageRecord
        {
            Id = (string)node["id"]!,
            Project = (string)node["project"]!,
            Folder = Digest.TryParse((string?)node["folder"], out var folder) ? folder : null,
            References = [.. node["references"]!.AsArray().Select(id => (string)id!)],
            SeedBytes = (int)node["seedBytes"]!,
            Steps = (int)node["steps"]!,
            Lines = (long)node["lines"]!,
            PageLines = (int)node["pageLines"]!,
            PageBytes = (int)node["pageBytes"]!,
            DataFiles = (int)node["dataFiles"]!,
            DataBytes = (long)node["dataBytes"]!,
            Debt = Verdict.GeneratedFrom(node["debt"]!),
        };
    }
}
