using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>
/// The engine's storage of imported images, written by it and shared by all builds, each of whose own storage starts as a
/// view of it: copies of its two lists, cut down to the images that the build may name, and links to all else.
/// Images are known in it by the digest of their manifest; only a view has names.
/// What a build adds or removes is in its own storage then, and ends with it.
/// </summary>
/// <param name="folder">The storage's root.</param>
/// <param name="driver">The storage driver.</param>
internal sealed class ImageStore(string folder, string driver)
{
    public string Folder => folder;

    private string ImageList => Path.Combine(folder, $"{driver}-images", "images.json");
    private string LayerList => Path.Combine(folder, $"{driver}-layers", "layers.json");

    public bool Knows(EngineImage image) => Records(ImageList).Any(record => Holds(record, image));

    /// <summary>Starts a build's own storage from these images, each under its reference.</summary>
    public void ViewInto(string root, IReadOnlyCollection<EngineImage> wanted)
    {
        // The engine replaces its lists whole, and layers before the images that need them: read in the other order.
        var images = Named(Records(ImageList), wanted);
        var layers = Records(LayerList).ToDictionary(layer => (string)layer["id"]!);
        List<JsonObject> used = [];
        HashSet<string> seen = [];
        foreach (var image in images)
            for (var id = (string?)image["layer"]; !string.IsNullOrEmpty(id) && seen.Add(id); id = (string?)layers[id]["parent"])
                used.Add(layers[id]);
        used.Reverse();

        Write(root, $"{driver}-images", "images.json", images);
        foreach (var image in images)
            Link(root, $"{driver}-images", (string)image["id"]!);

        Write(root, $"{driver}-layers", "layers.json", used);
        foreach (var layer in used)
        {
            var id = (string)layer["id"]!;
            Link(root, $"{driver}-layers", id + ".tar-split.gz");
            Link(root, driver, id);
            // The short name under which mount options refer to the layer.
            var name = File.ReadAllText(Path.Combine(folder, driver, id, "link"));
            Directory.CreateDirectory(Path.Combine(root, driver, "l"));
            File.CreateSymbolicLink(Path.Combine(root, driver, "l", name), Path.Combine("..", id, "diff"));
        }
    }

    /// <summary>Gives the images of a build's own storage their references.</summary>
    public void Name(IReadOnlyCollection<EngineImage> wanted)
    {
        if (File.Exists(ImageList))
            Write(folder, $"{driver}-images", "images.json", Named(Records(ImageList), wanted));
    }

    private static List<JsonObject> Named(List<JsonObject> records, IReadOnlyCollection<EngineImage> wanted)
    {
        List<JsonObject> named = [];
        foreach (var record in records)
        {
            var references = wanted.Where(image => Holds(record, image)).Select(image => image.Reference).Distinct(StringComparer.Ordinal).ToList();
            if (references.Count == 0)
                continue;
            record["names"] = new JsonArray([.. references.Select(reference => JsonValue.Create(reference))]);
            named.Add(record);
        }
        return named;
    }

    // One record may stand for several manifests of one config: it keeps each of them.
    private static bool Holds(JsonObject record, EngineImage image) =>
        record["big-data-names"] is JsonArray kept
        && kept.Any(name => (string?)name == $"manifest-sha256:{image.Hex}");

    private static List<JsonObject> Records(string list) =>
        File.Exists(list) ? [.. JsonNode.Parse(File.ReadAllBytes(list))!.AsArray().Select(record => record!.AsObject())] : [];

    private static void Write(string root, string part, string list, List<JsonObject> records)
    {
        Directory.CreateDirectory(Path.Combine(root, part));
        File.WriteAllBytes(Path.Combine(root, part, list), JsonSerializer.SerializeToUtf8Bytes(records));
    }

    private void Link(string root, string part, string name)
    {
        Directory.CreateDirectory(Path.Combine(root, part));
        File.CreateSymbolicLink(Path.Combine(root, part, name), Path.Combine(folder, part, name));
    }
}
