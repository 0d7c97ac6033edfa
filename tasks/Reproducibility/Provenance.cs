using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Sources;

namespace StageX.Build.Reproducibility;

/// <summary>
/// What an image was made from: an in-toto statement (v1) with a SLSA provenance (v1) about the image. It holds nothing that
/// depends on who built it, where or when, so that whoever reproduces the image makes the same provenance.
/// </summary>
public sealed record Provenance
{
    public const string MediaType = "application/vnd.in-toto+json";
    public const string FileName = "provenance.json";

    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://slsa.dev/provenance/v1";

    // What the parameters mean is said in sdk/README.md.
    private const string BuildType = "https://stagex.build/package/v1";
    private const string Builder = "https://stagex.build/sdk";

    private const string CommitName = "tree", DefinitionName = "definition", SourcePrefix = "fetch/", ImagePrefix = "image/";

    /// <summary>Annotations of the referrer that holds it.</summary>
    public static IReadOnlyDictionary<string, string> Annotations { get; } = new Dictionary<string, string> { ["in-toto.io/predicate-type"] = PredicateType };

    /// <summary>The image's id.</summary>
    public required string Id { get; init; }

    /// <summary>The image manifest's digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The project file, by its path in the tree.</summary>
    public required string Project { get; init; }

    public required string Platform { get; init; }

    /// <summary>The commit of the tree: it pins the definition, its scripts, and the SDK.</summary>
    public required string Commit { get; init; }

    /// <summary>The git tree of the definition's folder in it.</summary>
    public required string Definition { get; init; }

    /// <summary>Where the tree is published, or "".</summary>
    public string Repository { get; init; } = "";

    public required string SdkVersion { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<ProvenSource> Sources { get; init; }

    /// <summary>The images that its stages started or copied from, and what these need when they run; by id.</summary>
    public required IReadOnlyList<ProvenImage> Images { get; init; }

    /// <summary>The sources of a definition as a provenance names them.</summary>
    public static IReadOnlyList<ProvenSource> SourcesOf(PackageDefinition package) => [.. package.Sources
        .Select(source => new ProvenSource(source.Name, AddressOf(source), source.Sha256, source.Commit))
        .OrderBy(source => source.Name, StringComparer.Ordinal)];

    /// <summary>A place where a source is published; null where only a mirror or this machine has it.</summary>
    internal static string? AddressOf(Source source) => source.Urls.FirstOrDefault(url => url.Scheme is "http" or "https") is not { } url ? null
        : source.Commit is { } commit ? $"git+{url.OriginalString}@{commit}" : url.OriginalString;

    public byte[] ToJson()
    {
        var tree = Resource(CommitName, Repository.Length > 0 ? $"git+{Repository}@{Commit}" : null, ("gitCommit", Commit));
        return CanonicalJson.Serialize(new JsonObject
        {
            ["_type"] = StatementType,
            ["subject"] = new JsonArray(Resource(Id, null, ("sha256", Digest.Hex))),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = BuildType,
                    ["externalParameters"] = new JsonObject { ["project"] = Project, ["image"] = Id, ["platform"] = Platform },
                    ["resolvedDependencies"] = new JsonArray(
                    [
                        tree,
                        Resource(DefinitionName, null, ("gitTree", Definition)),
                        .. Sources.Select(source => Resource(SourcePrefix + source.Name, source.Uri,
                            source.Commit is null ? [("sha256", source.Sha256.Hex)] : [("sha256", source.Sha256.Hex), ("gitCommit", source.Commit)])),
                        .. Images.Select(image => Resource(ImagePrefix + image.Id, null, ("sha256", image.Digest.Hex))),
                    ]),
                },
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = Builder, ["version"] = new JsonObject { ["StageX.Build.Sdk"] = SdkVersion } },
                },
            },
        });
    }

    /// <exception cref="FormatException">It is not such a statement, or of another kind of build.</exception>
    public static Provenance Parse(ReadOnlySpan<byte> json)
    {
        var statement = Json.Object(CanonicalJson.Parse(json), "the statement");
        Require(statement, "_type", StatementType);
        Require(statement, "predicateType", PredicateType);
        var predicate = Member(statement, "predicate");
        var build = Member(predicate, "buildDefinition");
        Require(build, "buildType", BuildType);
        var builder = Member(Member(predicate, "runDetails"), "builder");
        Require(builder, "id", Builder);
        var parameters = Member(build, "externalParameters");
        var id = Json.Text(parameters, "image");
        var subject = Json.Objects(statement, "subject") is [var one] && Json.Text(one, "name") == id ? one : throw new FormatException($"its subject is not one image {id}");
        var resources = Json.Objects(build, "resolvedDependencies").Select(resource => (Name: Json.Text(resource, "name"), Json: resource)).ToList();
        JsonObject Named(string name) => resources.Where(resource => resource.Name == name).Select(resource => resource.Json).ToList() is [var single]
            ? single : throw new FormatException($"'resolvedDependencies' does not name one {name}");
        IEnumerable<(string Name, JsonObject Json)> Below(string prefix) => resources
            .Where(resource => resource.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(resource => (resource.Name[prefix.Length..], resource.Json));
        if (resources.FirstOrDefault(resource => resource.Name is not (CommitName or DefinitionName)
            && !resource.Name.StartsWith(SourcePrefix, StringComparison.Ordinal) && !resource.Name.StartsWith(ImagePrefix, StringComparison.Ordinal)) is { Name: { } unknown })
            throw new FormatException($"'resolvedDependencies' names '{unknown}', which is neither source nor image");
        return new Provenance
        {
            Id = id,
            Digest = Sha256(subject),
            Project = Json.Text(parameters, "project"),
            Platform = Json.Text(parameters, "platform"),
            Commit = GitId(Named(CommitName), "gitCommit"),
            Definition = GitId(Named(DefinitionName), "gitTree"),
            SdkVersion = Json.Text(Member(builder, "version"), "StageX.Build.Sdk"),
            Sources = [.. Below(SourcePrefix).Select(source => new ProvenSource(source.Name, Json.OptionalText(source.Json, "uri"), Sha256(source.Json), Json.OptionalText(Member(source.Json, "digest"), "gitCommit")))],
            Images = [.. Below(ImagePrefix).Select(image => new ProvenImage(image.Name, Sha256(image.Json)))],
        };
    }

    private static JsonObject Resource(string name, string? uri, params IEnumerable<(string Algorithm, string Value)> digests)
    {
        var json = new JsonObject { ["name"] = name, ["digest"] = new JsonObject(digests.Select(digest => KeyValuePair.Create(digest.Algorithm, (JsonNode?)digest.Value))) };
        if (uri is not null)
            json["uri"] = uri;
        return json;
    }

    private static JsonObject Member(JsonObject json, string key) => Json.OptionalObject(json, key) ?? throw new FormatException($"'{key}' is missing");

    private static void Require(JsonObject json, string key, string value)
    {
        if (Json.Text(json, key) is var text && text != value)
            throw new FormatException($"'{key}' is '{text}', not '{value}'");
    }

    private static Digest Sha256(JsonObject resource) =>
        Digest.TryFromHex(Json.Text(Member(resource, "digest"), "sha256"), out var digest) ? digest : throw new FormatException("a sha256 is not 64 hexadecimal digits");

    // It becomes a word of a git command.
    private static string GitId(JsonObject resource, string algorithm) =>
        Json.Text(Member(resource, "digest"), algorithm) is { Length: 40 or 64 } id && id.All(char.IsAsciiHexDigitLower) ? id : throw new FormatException($"a {algorithm} is not 40 or 64 hexadecimal digits");
}

/// <summary>A source as a provenance names it.</summary>
/// <param name="Name">Of its folder in the build context.</param>
/// <param name="Uri">Where it is published, or null.</param>
/// <param name="Sha256">As the definition has it.</param>
/// <param name="Commit">Of a git source.</param>
public sealed record ProvenSource(string Name, string? Uri, Digest Sha256, string? Commit);

/// <summary>An image as a provenance names it: its id and its manifest's digest.</summary>
public sealed record ProvenImage(string Id, Digest Digest);
