using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>An image that a Containerfile names.</summary>
/// <param name="Reference"><c>stagex.invalid/&lt;id&gt;:&lt;hex digits of the manifest's digest&gt;</c>: no registry answers to it.</param>
/// <param name="LayoutFolder">An OCI image layout with that one image.</param>
public sealed record EngineImage(string Reference, string LayoutFolder)
{
    /// <summary>The hex digits of the manifest's digest.</summary>
    internal string Hex => Reference[(Reference.LastIndexOf(':') + 1)..];

    /// <summary>What the layout says of it; layers are not looked at.</summary>
    /// <exception cref="StageXException">The layout cannot be read, or holds another image than the one that is named.</exception>
    internal ImageDescription Describe()
    {
        try
        {
            var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(LayoutFolder, "index.json")))!;
            var digest = (string)index["manifests"]!.AsArray().Single()!["digest"]!;
            if (digest != "sha256:" + Hex)
                throw Refused($"{LayoutFolder} holds {digest} and not {Reference}.");
            var manifest = File.ReadAllBytes(BlobPath(Hex));
            var parsed = JsonNode.Parse(manifest)!;
            var configHex = HexOf(parsed["config"]!);
            var config = File.ReadAllBytes(BlobPath(configHex));
            var layers = parsed["layers"]!.AsArray().Zip(JsonNode.Parse(config)!["rootfs"]!["diff_ids"]!.AsArray(),
                (blob, diffId) => new LayerDescription(HexOf(blob!), (string)diffId!, blob!)).ToList();
            return new ImageDescription(manifest, configHex, config, layers);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or NullReferenceException)
        {
            throw Refused($"{LayoutFolder} is not the layout of {Reference}: {e.Message}", e);
        }
    }

    /// <summary>Writes the layout of an image that has only these layers, linked.</summary>
    internal void WriteLayers(IReadOnlyList<LayerDescription> layers, string folder)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        JsonObject Blob(string type, JsonObject content)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(content);
            var hex = Digest.Of(bytes).Hex;
            File.WriteAllBytes(Path.Combine(blobs, hex), bytes);
            return new JsonObject { ["mediaType"] = $"application/vnd.oci.image.{type}", ["digest"] = "sha256:" + hex, ["size"] = bytes.Length };
        }
        foreach (var hex in layers.Select(layer => layer.Hex).Distinct(StringComparer.Ordinal))
            File.CreateSymbolicLink(Path.Combine(blobs, hex), Path.GetFullPath(BlobPath(hex)));
        var config = Blob("config.v1+json", new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => JsonValue.Create(layer.DiffId))]) },
        });
        var manifest = Blob("manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = config,
            ["layers"] = new JsonArray([.. layers.Select(layer => layer.Descriptor.DeepClone())]),
        });
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(Path.Combine(folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) }.ToJsonString());
    }

    internal string BlobPath(string hex) => Path.Combine(LayoutFolder, "blobs", "sha256", hex);

    private StageXException Refused(string message, Exception? inner = null) =>
        new(ErrorCode.ImageRefused, $"{message} Remove that folder and build again.", LayoutFolder, inner: inner);

    private static string HexOf(JsonNode descriptor) => ((string)descriptor["digest"]!)["sha256:".Length..];
}

/// <summary>An image's two documents, and the layers that they list, lowest first.</summary>
internal sealed record ImageDescription(byte[] Manifest, string ConfigHex, byte[] Config, IReadOnlyList<LayerDescription> Layers);

/// <param name="Hex">The hex digits of the blob's digest.</param>
/// <param name="DiffId">The digest of the tar in it.</param>
/// <param name="Descriptor">As the manifest has it.</param>
internal sealed record LayerDescription(string Hex, string DiffId, JsonNode Descriptor);
