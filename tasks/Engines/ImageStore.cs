using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>
/// The engine's storage of imported images, written by it and shared by all builds, each of whose own storage starts as a
/// view of it: copies of the two lists, cut down to the images that the build may name, and links to all else.
/// What a build adds or removes is in its own storage then, and ends with it.
/// </summary>
/// <param name="folder">The storage's root.</param>
/// <param name="driver">The storage driver.</param>
internal sealed class ImageStore(string folder, string driver)
{
    public string Folder => folder;

    private string ImageList => Path.Combine(folder, $"{driver}-images", "images.json");
    private string LayerList => Path.Combine(folder, $"{driver}-layers", "layers.json");

    public bool Knows(string reference) => Records(ImageList).Any(image => Names(image).Contains(reference));

    /// <summary>Starts a build's own storage from the images of those names.</summary>
    public void ViewInto(string root, IReadOnlyCollection<string> references)
    {
        // The engine replaces its lists whole, and layers before the images that need them: read in the other order.
        var images = Records(ImageList).Where(image => Names(image).Any(references.Contains)).ToList();
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

    private static List<JsonObject> Records(string list) =>
        File.Exists(list) ? [.. JsonNode.Parse(File.ReadAllBytes(list))!.AsArray().Select(record => record!.AsObject())] : [];

    private static IEnumerable<string> Names(JsonObject image) =>
        image["names"] is JsonArray names ? names.Select(name => (string)name!) : [];

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
