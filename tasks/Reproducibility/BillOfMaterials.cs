using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Sources;

namespace StageX.Build.Reproducibility;

/// <summary>
/// An SPDX 2.3 document about an image: its package, what is in it and what it needs when it runs, and the sources of all of
/// these, with versions, licences, addresses and checksums. A pure function of the definitions and digests.
/// </summary>
public sealed partial class BillOfMaterials
{
    public const string MediaType = "application/spdx+json";
    public const string FileName = "sbom.spdx.json";

    private const string Document = "SPDXRef-DOCUMENT", Nothing = "NOASSERTION";

    private readonly SortedDictionary<string, JsonObject> _packages = new(StringComparer.Ordinal);
    private readonly SortedSet<(string From, string Type, string To)> _relationships = [];
    private readonly string _id;
    private readonly Digest _digest;
    private readonly string _version;

    /// <param name="package">The definition.</param>
    /// <param name="id">Of the image: the package's or a subpackage's.</param>
    /// <param name="digest">The image manifest's.</param>
    public BillOfMaterials(PackageDefinition package, string id, Digest digest)
    {
        (_id, _digest, _version) = (id, digest, package.Version.ToString());
        var reference = ReferenceOf(id);
        _packages[reference] = PackageOf(package, id, digest);
        _relationships.Add((Document, "DESCRIBES", reference));
        foreach (var source in package.Sources)
        {
            var name = $"SPDXRef-Source-{Escape(package.Id.ToString())}-{source.Sha256.Hex[..16]}";
            _packages[name] = SourceOf(package, name, source);
            _relationships.Add((reference, "GENERATED_FROM", name));
        }
    }

    /// <summary>Takes in all that the document about a dependency says.</summary>
    /// <param name="id">The dependency's.</param>
    /// <param name="digest">What its image is.</param>
    /// <param name="document">Its document.</param>
    /// <param name="isContained">Whether its files are in this image, or are needed beside it.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.StaleAttestation"/>: it is not about that image.</exception>
    public void Add(string id, Digest digest, byte[] document, bool isContained)
    {
        try
        {
            var json = Json.Object(CanonicalJson.Parse(document), "the document");
            var packages = Json.Objects(json, "packages").ToDictionary(package => Json.Text(package, "SPDXID"));
            if (!packages.TryGetValue(ReferenceOf(id), out var described) || Json.Objects(described, "checksums") is not [var checksum] || Json.Text(checksum, "checksumValue") != digest.Hex)
                throw new FormatException("it is about another image");
            foreach (var (name, package) in packages)
                _packages.TryAdd(name, (JsonObject)package.DeepClone());
            foreach (var relationship in Json.Objects(json, "relationships"))
                if (Json.Text(relationship, "spdxElementId") is var from && from != Document)
                    _relationships.Add((from, Json.Text(relationship, "relationshipType"), Json.Text(relationship, "relatedSpdxElement")));
        }
        catch (FormatException e)
        {
            throw new StageXException(ErrorCode.StaleAttestation, $"the bill of materials of {id} is not that of {digest}: {e.Message}. Run Attest on it again.", inner: e);
        }
        _relationships.Add((ReferenceOf(_id), isContained ? "CONTAINS" : "DEPENDS_ON", ReferenceOf(id)));
    }

    /// <summary>
    /// Names an image that another tree published: by its digest, and by what its manifest says, which the digest covers. A document about
    /// it that a registry may have is signed by nobody, and may be another tomorrow.
    /// </summary>
    /// <param name="id">The image's id.</param>
    /// <param name="digest">What it is.</param>
    /// <param name="repository">Where it is published.</param>
    /// <param name="annotations">Of its manifest.</param>
    /// <param name="isContained">Whether its files are in this image, or are needed beside it.</param>
    public void AddPublished(string id, Digest digest, string repository, IReadOnlyDictionary<string, string> annotations, bool isContained)
    {
        string Said(string name) => annotations.GetValueOrDefault("org.opencontainers.image." + name, "");
        var json = Common(ReferenceOf(id), id, Said("version"), Said("licenses"), Said("url"), digest);
        DescribeImage(json, $"pkg:oci/{id}@sha256%3A{digest.Hex}?repository_url={repository.Replace(":", "%3A", StringComparison.Ordinal)}", Said("description"));
        _packages[ReferenceOf(id)] = json;
        _relationships.Add((ReferenceOf(_id), isContained ? "CONTAINS" : "DEPENDS_ON", ReferenceOf(id)));
    }

    public byte[] ToJson(string sdkVersion)
    {
        var json = ToObject(sdkVersion);
        // Licences that SPDX has no name for must have their text, or a word on where it is.
        var own = _packages.Values.SelectMany(package => OwnLicense().Matches(Json.Text(package, "licenseDeclared"))).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal).ToList();
        if (own.Count > 0)
            json["hasExtractedLicensingInfos"] = new JsonArray([.. own.Select(id => (JsonNode?)new JsonObject { ["licenseId"] = id, ["extractedText"] = "The text is in the sources of the packages that declare it." })]);
        return CanonicalJson.Serialize(json);
    }

    private JsonObject ToObject(string sdkVersion) => new()
    {
        ["spdxVersion"] = "SPDX-2.3",
        ["dataLicense"] = "CC0-1.0",
        ["SPDXID"] = Document,
        ["name"] = $"{_id}-{_version}",
        ["documentNamespace"] = $"https://stagex.build/spdx/{_id}/{_digest.Hex}",
        ["creationInfo"] = new JsonObject { ["created"] = ImageDocuments.Created, ["creators"] = new JsonArray($"Tool: StageX.Build-{sdkVersion}") },
        ["packages"] = new JsonArray([.. _packages.Values.Select(package => (JsonNode?)package.DeepClone())]),
        ["relationships"] = new JsonArray([.. _relationships.Select(relationship => (JsonNode?)new JsonObject
        {
            ["spdxElementId"] = relationship.From,
            ["relationshipType"] = relationship.Type,
            ["relatedSpdxElement"] = relationship.To,
        })]),
    };

    private static JsonObject PackageOf(PackageDefinition package, string id, Digest digest)
    {
        var json = Common(ReferenceOf(id), id, package, digest);
        DescribeImage(json, $"pkg:oci/{id}@sha256%3A{digest.Hex}", package.Description);
        return json;
    }

    // A package URL of the type oci: the digest is the version.
    private static void DescribeImage(JsonObject json, string packageUrl, string description)
    {
        json["downloadLocation"] = Nothing;
        json["primaryPackagePurpose"] = "CONTAINER";
        json["externalRefs"] = new JsonArray(new JsonObject
        {
            ["referenceCategory"] = "PACKAGE-MANAGER",
            ["referenceType"] = "purl",
            ["referenceLocator"] = packageUrl,
        });
        if (description.Length > 0)
            json["summary"] = description;
    }

    private static JsonObject SourceOf(PackageDefinition package, string reference, Source source)
    {
        var json = Common(reference, source.Name, package, source.Sha256);
        json["downloadLocation"] = Provenance.AddressOf(source) ?? Nothing;
        json["primaryPackagePurpose"] = "SOURCE";
        // The sum of a git source is that of its tree as a canonical tar, not of what is found at its address.
        if (source.Commit is not null)
            json["comment"] = "The checksum is of the canonical tar of the commit's tree.";
        return json;
    }

    private static JsonObject Common(string reference, string name, PackageDefinition package, Digest digest) =>
        Common(reference, name, package.Version.ToString(), package.License, package.ProjectUrl, digest);

    private static JsonObject Common(string reference, string name, string version, string license, string projectUrl, Digest digest)
    {
        var json = new JsonObject
        {
            ["SPDXID"] = reference,
            ["name"] = name,
            ["versionInfo"] = version,
            ["filesAnalyzed"] = false,
            ["checksums"] = new JsonArray(new JsonObject { ["algorithm"] = "SHA256", ["checksumValue"] = digest.Hex }),
            ["licenseDeclared"] = LicenseExpression().IsMatch(license) ? license : Nothing,
            ["licenseConcluded"] = Nothing,
            ["copyrightText"] = Nothing,
        };
        if (license.Length > 0 && !LicenseExpression().IsMatch(license))
            json["licenseComments"] = license;
        if (Uri.TryCreate(projectUrl, UriKind.Absolute, out _))
            json["homepage"] = projectUrl;
        return json;
    }

    private static string ReferenceOf(string id) => $"SPDXRef-Image-{Escape(id)}";

    // SPDX has no underscore in its references, and ids have no two dashes in a row.
    private static string Escape(string id) => id.Replace("_", "--");

    // SPDX 2.3, annex D: names joined by AND, OR and WITH, perhaps in parentheses.
    [GeneratedRegex(@"^\(*[A-Za-z0-9.-]+\+?\)*( (AND|OR|WITH) \(*[A-Za-z0-9.-]+\+?\)*)*$")]
    private static partial Regex LicenseExpression();

    [GeneratedRegex(@"LicenseRef-[A-Za-z0-9.-]+")]
    private static partial Regex OwnLicense();
}
