using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>What an OCI document says about a blob it refers to.</summary>
public sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    internal JsonObject ToJson() => new() { ["mediaType"] = MediaType, ["digest"] = Digest.ToString(), ["size"] = Size };

    internal static Descriptor FromJson(JsonObject json) => new(Json.Text(json, "mediaType"), Json.Digest(json, "digest"), Json.Number(json, "size"));
}
