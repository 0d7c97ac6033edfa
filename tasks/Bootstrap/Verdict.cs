using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Bootstrap;

/// <summary>A text that a tool generated.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Tool">Whose mark it carries, or "declared" where it has none.</param>
/// <param name="Lines">Its length.</param>
/// <param name="IsDeclared">Whether the definition says so.</param>
public sealed record GeneratedText(string Path, string Tool, int Lines, bool IsDeclared);

/// <summary>What was found in a set of files.</summary>
public sealed record Verdict
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];
    public IReadOnlyList<GeneratedText> Generated { get; init; } = [];

    /// <summary>Declared patterns that match nothing.</summary>
    public IReadOnlyList<string> Useless { get; init; } = [];

    /// <summary>Lines of text that nobody generated.</summary>
    public long Lines { get; init; }

    /// <summary>Files that are neither text nor code: pictures, test data.</summary>
    public int DataFiles { get; init; }

    public long DataBytes { get; init; }

    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject
    {
        ["findings"] = new JsonArray([.. Findings.Select(finding => new JsonObject { ["file"] = finding.File, ["inside"] = finding.Inside, ["kind"] = finding.Kind, ["opaque"] = finding.IsOpaque })]),
        ["generated"] = ToJson(Generated),
        ["useless"] = new JsonArray([.. Useless.Select(pattern => JsonValue.Create(pattern))]),
        ["lines"] = Lines,
        ["dataFiles"] = DataFiles,
        ["dataBytes"] = DataBytes,
    });

    public static Verdict FromJson(byte[] json)
    {
        var node = JsonNode.Parse(json)!;
        return new Verdict
        {
            Findings = [.. node["findings"]!.AsArray().Select(finding => new Finding((string)finding!["file"]!, (string)finding["inside"]!, (string)finding["kind"]!, (bool)finding["opaque"]!))],
            Generated = GeneratedFrom(node["generated"]!),
            Useless = [.. node["useless"]!.AsArray().Select(pattern => (string)pattern!)],
            Lines = (long)node["lines"]!,
            DataFiles = (int)node["dataFiles"]!,
            DataBytes = (long)node["dataBytes"]!,
        };
    }

    internal static JsonArray ToJson(IEnumerable<GeneratedText> generated) =>
        new([.. generated.Select(text => new JsonObject { ["path"] = text.Path, ["tool"] = text.Tool, ["lines"] = text.Lines, ["declared"] = text.IsDeclared })]);

    internal static IReadOnlyList<GeneratedText> GeneratedFrom(JsonNode node) =>
        [.. node.AsArray().Select(text => new GeneratedText((string)text!["path"]!, (string)text["tool"]!, (int)text["lines"]!, (bool)text["declared"]!))];
}
