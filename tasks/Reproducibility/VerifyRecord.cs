using System.Globalization;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Reproducibility;

/// <summary>
/// What one verification of a package did and found, as canonical JSON: stage keys, digests, what was varied and how, what was not
/// and why, engines, machine, start and end. Whoever signs the image can attach it as his reason.
/// </summary>
/// <param name="document">The record.</param>
public sealed class VerifyRecord(JsonObject document)
{
    /// <summary>The file of a package's last record.</summary>
    public static string FileFor(string artifacts, string id) => Path.Combine(artifacts, "verify", id + ".json");

    /// <summary>Null where there is none that can be read.</summary>
    public static VerifyRecord? Read(string file)
    {
        try
        {
            if (!File.Exists(file) || CanonicalJson.Parse(File.ReadAllBytes(file)) is not JsonObject document)
                return null;
            var record = new VerifyRecord(document);
            // Each member is read once, so that a damaged one is found here.
            _ = (record.Reproducible, record.Engine, record.Run, record.Varied, record.NotVaried, record.Alone, record.Verdict, record.Same);
            return record;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    public bool Reproducible => (bool?)document["reproducible"] == true;

    /// <summary>The engine that rebuilt, or null.</summary>
    public string? Engine => (string?)document["engines"]?["rebuilt"]?["name"];

    /// <summary>The run of the tree that it belongs to; 0 for none.</summary>
    public int Run => (int?)document["run"] ?? 0;

    /// <summary>The names of what was varied.</summary>
    public IReadOnlyList<string> Varied => [.. (document["varied"]?.AsObject() ?? []).Select(pair => pair.Key)];

    /// <summary>The names of what was not varied, each with the reason.</summary>
    public IReadOnlyList<(string Name, string Why)> NotVaried => [.. (document["notVaried"]?.AsObject() ?? []).Select(pair => (pair.Key, (string)pair.Value!))];

    /// <summary>What came of each variation alone: "same" or "differs"; empty where only all were tried at once.</summary>
    public IReadOnlyDictionary<string, string> Alone => (document["alone"]?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    /// <summary>Of a matrix that is being worked through, the variations that came out the same.</summary>
    internal IReadOnlyList<string> Same => [.. (document["same"]?.AsArray() ?? []).Select(name => (string)name!)];

    /// <summary>How something was varied.</summary>
    public string How(string variation) => (string)document["varied"]![variation]!;

    /// <summary>The experiment's verdict, or null.</summary>
    public string? Verdict => (string?)document["verdict"];

    /// <summary>Whether it is about the same: stage keys, digests and choice of variations.</summary>
    public bool IsAbout(JsonObject subject) => subject.All(pair => JsonNode.DeepEquals(document[pair.Key], pair.Value));

    public void Write(string file) => AtomicFile.Write(file, CanonicalJson.Serialize(document));

    /// <summary>A moment, as RFC 3339 writes it.</summary>
    internal static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
