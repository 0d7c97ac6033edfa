using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>The JSON documents of an image, in their one form.</summary>
internal static class ImageDocuments
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    // SOURCE_DATE_EPOCH=1.
    public const string Created = "1970-01-01T00:00:01Z";

    public static byte[] Layout() => CanonicalJson.Serialize(new JsonObject { ["imageLayoutVersion"] = "1.0.0" });

    public static byte[] Index(Descriptor manifest) => CanonicalJson.Serialize(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = IndexType,
        ["manifests"] = new JsonArray(manifest.ToJson()),
    });

    public static byte[] Manifest(Image image, byte[] config)
    {
        var json = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = new Descriptor(ConfigType, Digest.Of(config), config.Length).ToJson(),
            ["layers"] = new JsonArray([.. image.Layers.Select(layer => (JsonNode?)new Descriptor(LayerType, layer.Digest, layer.Size).ToJson())]),
        };
        if (image.Annotations.Count > 0)
            json["annotations"] = new JsonObject(image.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return CanonicalJson.Serialize(json);
    }

    public static byte[] Config(Image image)
    {
        var platform = image.Platform.Split('/');
        var json = new JsonObject
        {
            ["os"] = platform[0],
            ["architecture"] = platform[1],
            ["created"] = Created,
            ["config"] = image.Config.ToJson(),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. image.Layers.Select(layer => (JsonNode?)layer.DiffId.ToString())]),
            },
        };
        if (platform.Length > 2)
            json["variant"] = platform[2];
        if (image.History.Count > 0)
            json["history"] = new JsonArray([.. image.History.Select(StepJson)]);
        return CanonicalJson.Serialize(json);
    }

    /// <summary>The manifest that the index names.</summary>
    /// <exception cref="FormatException">It names none, or several.</exception>
    public static Descriptor ManifestOf(ReadOnlySpan<byte> index)
    {
        var manifests = Json.Objects(Json.Object(CanonicalJson.Parse(index), "the index"), "manifests");
        return manifests.Count == 1 ? Descriptor.FromJson(manifests[0]) : throw new FormatException($"the index names {manifests.Count} manifests instead of one");
    }

    public static Descriptor ConfigOf(ReadOnlySpan<byte> manifest) =>
        Descriptor.FromJson(Json.OptionalObject(Json.Object(CanonicalJson.Parse(manifest), "the manifest"), "config") ?? throw new FormatException("'config' is missing"));

    /// <summary>Config and layers of an image, as its manifest names them.</summary>
    public static IReadOnlyList<Descriptor> ContentOf(ReadOnlySpan<byte> manifest) =>
        [ConfigOf(manifest), .. Json.Objects(Json.Object(CanonicalJson.Parse(manifest), "the manifest"), "layers").Select(Descriptor.FromJson)];

    /// <summary>What manifest and config say together.</summary>
    public static Image ImageOf(ReadOnlySpan<byte> manifestBytes, ReadOnlySpan<byte> configBytes)
    {
        var manifest = Json.Object(CanonicalJson.Parse(manifestBytes), "the manifest");
        var config = Json.Object(CanonicalJson.Parse(configBytes), "the config");
        var blobs = Json.Objects(manifest, "layers").Select(Descriptor.FromJson).ToList();
        var diffIds = Json.Strings(Json.OptionalObject(config, "rootfs") ?? [], "diff_ids") ?? [];
        if (blobs.Count != diffIds.Count)
            throw new FormatException($"the manifest has {blobs.Count} layers, the config {diffIds.Count}");
        var variant = Json.OptionalText(config, "variant");
        return new Image
        {
            Config = ImageConfig.FromJson(Json.OptionalObject(config, "config") ?? []),
            Layers = [.. blobs.Zip(diffIds, (blob, diffId) => new Layer(blob.Digest, Json.Digest(diffId), blob.Size))],
            History = [.. Json.Objects(config, "history").Select(step => new HistoryStep(Json.OptionalText(step, "created_by") ?? "", Json.Flag(step, "empty_layer")))],
            Annotations = Json.Map(manifest, "annotations"),
            Platform = $"{Json.Text(config, "os")}/{Json.Text(config, "architecture")}" + (variant is null ? "" : "/" + variant),
        };
    }

    private static JsonNode? StepJson(HistoryStep step)
    {
        var json = new JsonObject { ["created"] = Created, ["created_by"] = step.CreatedBy };
        if (step.EmptyLayer)
            json["empty_layer"] = true;
        return json;
    }
}
