using System.Text.Json.Nodes;

namespace StageX.Build.Reproducibility;

/// <summary>From the outside in.</summary>
public enum DifferenceKind
{
    /// <summary>A member of the image's config or manifest.</summary>
    Config,

    /// <summary>How the same tree is divided into layers.</summary>
    Layers,
    OnlyInFirst,
    OnlyInSecond,

    /// <summary>The same parts in another order.</summary>
    Order,
    Type,
    Mode,
    Owner,
    LinkTarget,
    HardLink,

    /// <summary>A field of a header, of what it describes the content may be the same.</summary>
    Header,

    /// <summary>The same content, packed otherwise.</summary>
    Compression,
    BuildId,
    Symbol,
    Line,
    Bytes,
}

/// <summary>One thing that differs between two images.</summary>
/// <param name="Path">The file in the image; "" for the image itself.</param>
/// <param name="Inside">The way further in, from the outside: "unpacked from gzip", "member a.o", "section .comment".</param>
/// <param name="Kind">What it is that differs.</param>
/// <param name="What">The field, line or offset.</param>
/// <param name="First">As text that can be printed, of bounded length; null where there is none.</param>
/// <param name="Second">The same of the second image.</param>
/// <param name="Detail">Lines of text or of hexadecimal around it; " ", "-" or "+" first.</param>
/// <param name="Causes">Most likely first; empty where nothing says, or where it follows from what else differs.</param>
public sealed record Difference(
    string Path, IReadOnlyList<string> Inside, DifferenceKind Kind, string What, string? First, string? Second,
    IReadOnlyList<string> Detail, IReadOnlyList<Cause> Causes)
{
    /// <summary>"usr/lib/libz.a: member inflate.o: section .comment".</summary>
    public string Place => string.Join(": ", Inside.Prepend(Path.Length == 0 ? "image" : Path));

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path, ["kind"] = char.ToLowerInvariant(Kind.ToString()[0]) + Kind.ToString()[1..], ["what"] = What };
        if (Inside.Count > 0)
            json["inside"] = Texts(Inside);
        if (First is not null)
            json["first"] = First;
        if (Second is not null)
            json["second"] = Second;
        if (Detail.Count > 0)
            json["detail"] = Texts(Detail);
        if (Causes.Count > 0)
            json["causes"] = new JsonArray([.. Causes.Select(cause => (JsonNode?)cause.ToJson())]);
        return json;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
