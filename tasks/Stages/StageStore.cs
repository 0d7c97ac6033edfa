using System.Text.Json;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>What a stage came out as: layers from the bottom up.</summary>
public sealed record StageResult(IReadOnlyList<Layer> Layers);

/// <summary>
/// Results of stages by key, and the layers that they consist of; shared by all clones of a user. A result counts only
/// while every one of its layers is there.
/// </summary>
/// <param name="folder">Where results are.</param>
/// <param name="layers">Where the layers are, if not in the same folder.</param>
public sealed class StageStore(string folder, string? layers = null)
{
    /// <summary>The folders that files are written to.</summary>
    public IEnumerable<string> Folders => Layers.Folders.Concat(Directory.Exists(Records) ? Directory.EnumerateDirectories(Records) : []);

    public LayerStore Layers { get; } = new(Path.Combine(layers ?? folder, "layers"));

    public StageResult? Find(Digest key)
    {
        var file = FileOf(key);
        if (!File.Exists(file))
            return null;
        if (LayersIn(file) is not { } layers || !layers.All(layer => Layers.Blobs.Contains(layer.Digest)))
            return null;
        MarkUsed(file);
        return new StageResult(layers);
    }

    /// <summary>The layers that a record lists; null where it is torn, as a machine that lost its power leaves it.</summary>
    internal static IReadOnlyList<Layer>? LayersIn(string file)
    {
        try
        {
            return [.. JsonNode.Parse(File.ReadAllBytes(file))!["layers"]!.AsArray().Select(layer => new Layer(
                Digest.Parse((string)layer!["digest"]!), Digest.Parse((string)layer["diffId"]!), (long)layer["size"]!))];
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>How long the stage of that key ran; null where nobody knows. Whoever asks does not use the result.</summary>
    public TimeSpan? TimeOf(Digest key)
    {
        try
        {
            return (long?)JsonNode.Parse(File.ReadAllBytes(FileOf(key)))?["milliseconds"] is { } time ? TimeSpan.FromMilliseconds(time) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <param name="key">Of the inputs.</param>
    /// <param name="inputs">What the stage reads.</param>
    /// <param name="result">What it came out as.</param>
    /// <param name="time">How long the engine ran it.</param>
    public void Add(Digest key, JsonNode inputs, StageResult result, TimeSpan time = default)
    {
        var record = new JsonObject
        {
            ["inputs"] = inputs.DeepClone(),
            ["layers"] = new JsonArray([.. result.Layers.Select(layer => new JsonObject
            {
                ["digest"] = layer.Digest.ToString(),
                ["diffId"] = layer.DiffId.ToString(),
                ["size"] = layer.Size,
            })]),
            ["milliseconds"] = (long)time.TotalMilliseconds,
        };
        AtomicFile.Write(FileOf(key), CanonicalJson.Serialize(record));
    }

    /// <summary>Held while the stage of that key is run, so that two clones do not do the same work twice.</summary>
    public FileLock Lock(Digest key, Action onWait, CancellationToken cancellation) =>
        FileLock.Take(Path.Combine(folder, "locks", key.Hex), onWait: onWait, cancellation: cancellation);

    // For -t:Prune, to which the time of a record is that of its last use.
    private static void MarkUsed(string file)
    {
        try
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > TimeSpan.FromHours(1))
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written is not pruned either.
        }
    }

    private string Records => Path.Combine(folder, "stages");

    private string FileOf(Digest key) => Path.Combine(Records, key.Hex[..2], key.Hex + ".json");
}
