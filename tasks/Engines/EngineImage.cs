using System.Text.Json.Nodes;

namespace StageX.Build.Engines;

/// <summary>An image that a Containerfile names.</summary>
/// <param name="Reference"><c>stagex.invalid/&lt;id&gt;:&lt;hex digits of the manifest's digest&gt;</c>: no registry answers to it.</param>
/// <param name="LayoutFolder">An OCI image layout with that one image.</param>
public sealed record EngineImage(string Reference, string LayoutFolder)
{
    /// <summary>The hex digits of the manifest's digest.</summary>
    internal string Hex => Reference[(Reference.LastIndexOf(':') + 1)..];

    /// <exception cref="StageXException">The layout holds another image than the one that is named.</exception>
    internal void Check()
    {
        var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(LayoutFolder, "index.json")))!;
        var digest = (string)index["manifests"]!.AsArray().Single()!["digest"]!;
        if (digest != "sha256:" + Hex)
            throw new StageXException(ErrorCode.ImageRefused,
                $"{LayoutFolder} holds {digest} and not {Reference}. Remove that folder and build again.", LayoutFolder);
    }
}
