using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>
/// The engine's storage of imported layers, written by it and shared by all builds. Each build's own storage starts with its images
/// made of links: engines key an unpacked layer by all that lies below it and would unpack it again for every other combination,
/// while the folder it is unpacked to is the same. Where the storage is of a form that is not known, images are imported whole,
/// and a build's storage starts as a view of that: copies of its two lists, cut down to what the build may name, and links to all else.
/// What a build adds or removes is in its own storage then, and ends with it.
/// </summary>
/// <param name="folder">The storage's root.</param>
/// <param name="driver">The storage driver.</param>
internal sealed class ImageStore(string folder, string driver)
{
    // What a layer is, and what lies in its folder, as far as a layer at another place in a chain is the same.
    private static readonly HashSet<string> LayerMembers =
        ["id", "parent", "created", "compressed-diff-digest", "compressed-size", "diff-digest", "diff-size", "compression", "uidset", "gidset", "names", "metadata", "flags"];
    private static readonly HashSet<string> LayerFolderEntries = ["diff", "link", "lower", "merged", "work", "empty"];

    private const string LinkFile = "link", LowerFile = "lower", DiffFolder = "diff", LinksFolder = "l";

    public string Folder => folder;

    private string ImageList => Path.Combine(folder, $"{driver}-images", "images.json");
    private string LayerList => Path.Combine(folder, $"{driver}-layers", "layers.json");

    /// <summary>Whether images can be made of its layers.</summary>
    public bool Composes => Records(LayerList).All(IsOfKnownForm);

    /// <summary>Whether it has the image whole.</summary>
    public bool Knows(EngineImage image) => Records(ImageList).Any(record => Holds(record, image));

    /// <summary>The layers of an image that were not imported yet, each once.</summary>
    public IReadOnlyList<LayerDescription> Missing(ImageDescription image)
    {
        var there = Layers();
        return [.. image.Layers.Where(layer => !there.ContainsKey(layer.DiffId)).DistinctBy(layer => layer.DiffId)];
    }

    /// <summary>Starts a build's own storage with these images, made of imported layers, each under its reference.</summary>
    public void ComposeInto(string root, IReadOnlyCollection<EngineImage> wanted)
    {
        var there = Layers();
        List<JsonObject> images = [], layers = [];
        HashSet<string> seen = [];
        foreach (var same in wanted.GroupBy(image => image.Hex))
        {
            var image = same.First().Describe();
            string? parent = null;
            List<string> lower = [];
            foreach (var layer in image.Layers)
            {
                var record = there[layer.DiffId];
                // The id that the engine gives it: a layer that has another it would unpack again when it keeps what a stage came to.
                var diffId = layer.DiffId["sha256:".Length..];
                var id = parent is null ? diffId : Hex($"{parent}+{diffId}");
                var link = id[..26].ToUpperInvariant();
                if (seen.Add(id))
                {
                    layers.Add(MadeOf(record, id, parent));
                    AddLayer(root, (string)record["id"]!, id, link, lower);
                }
                lower.Insert(0, $"{LinksFolder}/{link}");
                parent = id;
            }
            images.Add(AddImage(root, image, same, parent));
        }
        Write(root, $"{driver}-images", "images.json", images);
        Write(root, $"{driver}-layers", "layers.json", layers);
    }

    /// <summary>Starts a build's own storage from these images, which were imported whole, each under its reference.</summary>
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
            var name = File.ReadAllText(Path.Combine(folder, driver, id, LinkFile));
            Directory.CreateDirectory(Path.Combine(root, driver, LinksFolder));
            File.CreateSymbolicLink(Path.Combine(root, driver, LinksFolder, name), Path.Combine("..", id, DiffFolder));
        }
    }

    /// <summary>Gives the images of a build's own storage their references.</summary>
    public void Name(IReadOnlyCollection<EngineImage> wanted)
    {
        if (File.Exists(ImageList))
            Write(folder, $"{driver}-images", "images.json", Named(Records(ImageList), wanted));
    }

    // By diff ID. One that the engine has begun to unpack is flagged.
    private Dictionary<string, JsonObject> Layers()
    {
        Dictionary<string, JsonObject> layers = [];
        foreach (var record in Records(LayerList))
            if (record["flags"] is not JsonObject { Count: > 0 } && (string?)record["diff-digest"] is { } diffId)
                layers.TryAdd(diffId, record);
        return layers;
    }

    private bool IsOfKnownForm(JsonObject record) =>
        record.All(member => LayerMembers.Contains(member.Key))
        && (record["flags"] is JsonObject { Count: > 0 }
            || Directory.EnumerateFileSystemEntries(Path.Combine(folder, driver, (string)record["id"]!)).All(entry => LayerFolderEntries.Contains(Path.GetFileName(entry))));

    private static JsonObject MadeOf(JsonObject record, string id, string? parent)
    {
        var made = record.DeepClone().AsObject();
        made["id"] = id;
        made.Remove("names");
        made.Remove("parent");
        if (parent is not null)
            made["parent"] = parent;
        return made;
    }

    private void AddLayer(string root, string from, string id, string link, List<string> lower)
    {
        var layer = Directory.CreateDirectory(Path.Combine(root, driver, id)).FullName;
        var diff = Path.Combine(folder, driver, from, DiffFolder);
        File.CreateSymbolicLink(Path.Combine(layer, DiffFolder), diff);
        File.WriteAllText(Path.Combine(layer, LinkFile), link);
        if (lower.Count > 0)
            File.WriteAllText(Path.Combine(layer, LowerFile), string.Join(':', lower));
        // The short name under which mount options refer to the layer: many long ones do not fit.
        Directory.CreateDirectory(Path.Combine(root, driver, LinksFolder));
        File.CreateSymbolicLink(Path.Combine(root, driver, LinksFolder, link), Path.Combine("..", id, DiffFolder));
        Directory.CreateDirectory(Path.Combine(root, $"{driver}-layers"));
        File.CreateSymbolicLink(Path.Combine(root, $"{driver}-layers", id + ".tar-split.gz"), Path.Combine(folder, $"{driver}-layers", from + ".tar-split.gz"));
    }

    private JsonObject AddImage(string root, ImageDescription image, IEnumerable<EngineImage> named, string? layer)
    {
        var digest = "sha256:" + named.First().Hex;
        var documents = new (string Name, byte[] Content, string Digest)[]
        {
            ("sha256:" + image.ConfigHex, image.Config, "sha256:" + image.ConfigHex),
            ("manifest-" + digest, image.Manifest, digest),
            ("manifest", image.Manifest, digest),
        };
        // Two manifests may have one config, which gives an image its id: here each is an image.
        var id = named.First().Hex;
        var kept = Directory.CreateDirectory(Path.Combine(root, $"{driver}-images", id)).FullName;
        foreach (var (name, content, _) in documents)
            File.WriteAllBytes(Path.Combine(kept, name == "manifest" ? name : "=" + Convert.ToBase64String(Encoding.UTF8.GetBytes(name))), content);
        var record = new JsonObject
        {
            ["id"] = id,
            ["digest"] = digest,
            ["names"] = new JsonArray([.. named.Select(one => one.Reference).Distinct(StringComparer.Ordinal).Select(reference => JsonValue.Create(reference))]),
            ["metadata"] = "{}",
            ["big-data-names"] = new JsonArray([.. documents.Select(document => JsonValue.Create(document.Name))]),
            ["big-data-sizes"] = new JsonObject(documents.Select(document => KeyValuePair.Create(document.Name, (JsonNode?)document.Content.Length))),
            ["big-data-digests"] = new JsonObject(documents.Select(document => KeyValuePair.Create(document.Name, (JsonNode?)document.Digest))),
            ["created"] = "1970-01-01T00:00:01Z",
        };
        if (layer is not null)
            record["layer"] = layer;
        return record;
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

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
