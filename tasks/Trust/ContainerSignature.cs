using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StageX.Build.Images;

namespace StageX.Build.Trust;

/// <summary>
/// What a container signature says (containers-signature(5), "atomic container signature"): this manifest is what that
/// reference means. In <c>optional</c>, under <c>stagex</c>, ours say where the signer had built it.
/// </summary>
public sealed record ContainerSignature
{
    private const string Type = "atomic container signature";

    // The script of the StageX distribution makes a list of one, of this type, about a repository and the bare digest.
    private const string ListedType = "pgp container image signature";

    /// <summary>A docker reference, with tag or digest.</summary>
    public required string Reference { get; init; }

    public required Digest Manifest { get; init; }

    /// <summary>Where it was built; null in those of other tools.</summary>
    public BuildFacts? Facts { get; init; }

    /// <summary>The digest of the record by which it was signed, of which the facts are an extract; null in those of other tools.</summary>
    public Digest? Record { get; init; }

    /// <summary>When it was signed, in seconds of Unix time, as the signer says.</summary>
    public long? Timestamp { get; init; }

    public byte[] Serialize()
    {
        var optional = new JsonObject { ["creator"] = "StageX.Build" };
        if (Timestamp is { } time)
            optional["timestamp"] = time;
        if (Facts is { } facts)
        {
            var ours = facts.ToJson();
            if (Record is { } record)
                ours["record"] = record.ToString();
            optional["stagex"] = ours;
        }
        return CanonicalJson.Serialize(new JsonObject
        {
            ["critical"] = new JsonObject
            {
                ["identity"] = new JsonObject { ["docker-reference"] = Reference },
                ["image"] = new JsonObject { ["docker-manifest-digest"] = Manifest.ToString() },
                ["type"] = Type,
            },
            ["optional"] = optional,
        });
    }

    /// <summary>Reads what a good signature covers.</summary>
    /// <exception cref="RefusedException">It says anything else, or something besides that must be understood.</exception>
    public static ContainerSignature Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            // The parser does not look at the bytes of strings until they are asked for.
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(json);
            var whole = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            var isListed = whole is JsonArray { Count: 1 } && whole[0] is JsonObject only && only["critical"] is JsonObject listed && listed["type"]?.ToString() == ListedType;
            var document = Members(isListed ? whole![0] : whole, "the signature", "critical", "optional");
            var critical = Members(document["critical"], "'critical'", "identity", "image", "type");
            if (!isListed && Json.Text(critical, "type") != Type)
                throw new RefusedException("it is a signature of another type");
            var reference = Json.Text(Members(critical["identity"], "'identity'", "docker-reference"), "docker-reference");
            var image = Json.Text(Members(critical["image"], "'image'", "docker-manifest-digest"), "docker-manifest-digest");
            var manifest = Json.Digest(isListed ? "sha256:" + image : image);
            var optional = document["optional"] is null ? [] : Json.Object(document["optional"], "'optional'");
            var ours = optional["stagex"] is null ? null : Json.Object(optional["stagex"], "'stagex'");
            return new ContainerSignature
            {
                Reference = isListed ? $"{reference}@{manifest}" : reference,
                Manifest = manifest,
                Timestamp = optional["timestamp"] is null ? null : Json.Number(optional, "timestamp"),
                Facts = ours is null ? null : BuildFacts.Parse(ours),
                Record = ours?["record"] is null ? null : Json.Digest(ours, "record"),
            };
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new RefusedException($"what it covers is no container signature: {e.Message}", e);
        }
    }

    private static JsonObject Members(JsonNode? node, string what, params string[] known) => Json.Object(node, what) is var json && json.FirstOrDefault(member => !known.Contains(member.Key)).Key is { } other
        ? throw new RefusedException($"{what} has '{other}', which must be understood and is not") : json;
}

/// <summary>Where an image was built, as its signer's record says.</summary>
/// <param name="Vendor">Of the processor.</param>
/// <param name="Architecture">Of the processor.</param>
/// <param name="Engine">The container engine that rebuilt it; empty for none.</param>
/// <param name="Kernel">Release of the kernel.</param>
public sealed partial record BuildFacts(string Vendor, string Architecture, string Engine, string Kernel)
{
    internal JsonObject ToJson() => new() { ["architecture"] = Architecture, ["engine"] = Engine, ["kernel"] = Kernel, ["processor-vendor"] = Vendor };

    internal static BuildFacts Parse(JsonObject json)
    {
        var facts = new BuildFacts(Json.Text(json, "processor-vendor"), Json.Text(json, "architecture"), Json.Text(json, "engine"), Json.Text(json, "kernel"));
        // A vendor is compared: two ways to write one must not be two.
        return VendorPattern().IsMatch(facts.Vendor) ? facts : throw new FormatException($"'{facts.Vendor}' is no processor's vendor");
    }

    [GeneratedRegex("^[A-Za-z0-9]{2,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex VendorPattern();
}
