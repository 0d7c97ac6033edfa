using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StageX.Build.Images;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>What the specifications ask of attestations, read from them and not from the code: members, types and values, and nothing beside.</summary>
internal static partial class Specifications
{
    /// <summary>Nothing is wrong with documents in the eyes of those who publish the specifications.</summary>
    /// <param name="kind"><c>provenance</c>: the schemas of in-toto and SLSA; <c>spdx</c>: the validator of SPDX.</param>
    /// <param name="files">The documents.</param>
    public static void CheckAsPublished(string kind, params IEnumerable<string> files) => AsPublished(kind, files).MustSucceed();

    /// <summary>What they say of documents.</summary>
    public static CommandResult AsPublished(string kind, params IEnumerable<string> files) =>
        Command.Run("/usr/bin/python3", [Path.Combine(Repository.Root, "tests/Reproducibility/published.py"), kind, UnpackedTools.Folder("specifications"), .. files]);

    /// <summary>in-toto attestation framework: Statement v1, ResourceDescriptor, DigestSet; SLSA: provenance v1.</summary>
    public static void CheckProvenance(JsonNode statement)
    {
        var root = Object(statement, required: ["_type", "subject", "predicateType", "predicate"]);
        Assert.AreEqual("https://in-toto.io/Statement/v1", (string)root["_type"]!);
        Assert.AreEqual("https://slsa.dev/provenance/v1", (string)root["predicateType"]!);
        Assert.IsNotEmpty(root["subject"]!.AsArray());
        foreach (var subject in root["subject"]!.AsArray())
        {
            CheckResource(subject);
            Assert.IsNotNull(subject!["digest"], "a subject has a digest");
        }
        var predicate = Object(root["predicate"], required: ["buildDefinition", "runDetails"]);
        var definition = Object(predicate["buildDefinition"], required: ["buildType", "externalParameters"], optional: ["internalParameters", "resolvedDependencies"]);
        CheckUri(definition["buildType"]);
        Object(definition["externalParameters"], required: ["project", "image", "platform"]);
        foreach (var dependency in definition["resolvedDependencies"]!.AsArray())
            CheckResource(dependency);
        var details = Object(predicate["runDetails"], required: ["builder"], optional: ["metadata", "byproducts"]);
        var builder = Object(details["builder"], required: ["id"], optional: ["version", "builderDependencies"]);
        CheckUri(builder["id"]);
        foreach (var (_, version) in builder["version"]!.AsObject())
            Assert.IsNotEmpty((string)version!);
    }

    private static void CheckResource(JsonNode? resource)
    {
        var json = Object(resource, required: [], optional: ["name", "uri", "digest", "content", "downloadLocation", "mediaType", "annotations"]);
        Assert.IsTrue(json["uri"] is not null || json["digest"] is not null || json["content"] is not null, "a resource has a uri, a digest or content");
        if (json["uri"] is { } uri)
            CheckUri(uri);
        foreach (var (algorithm, value) in json["digest"]?.AsObject() ?? [])
            Assert.MatchesRegex(algorithm switch { "sha256" => "^[0-9a-f]{64}$", "gitCommit" or "gitTree" => "^([0-9a-f]{40}|[0-9a-f]{64})$", _ => "no other is used" }, (string)value!, algorithm);
    }

    /// <summary>SPDX 2.3, its JSON form.</summary>
    public static void CheckSpdx(JsonNode document)
    {
        var root = Object(document, required: ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "relationships"],
            optional: ["hasExtractedLicensingInfos", "comment", "externalDocumentRefs", "annotations", "files", "snippets"]);
        Assert.AreEqual("SPDX-2.3", (string)root["spdxVersion"]!);
        Assert.AreEqual("CC0-1.0", (string)root["dataLicense"]!);
        Assert.AreEqual("SPDXRef-DOCUMENT", (string)root["SPDXID"]!);
        CheckUri(root["documentNamespace"]);
        Assert.DoesNotContain("#", (string)root["documentNamespace"]!);
        var creation = Object(root["creationInfo"], required: ["created", "creators"], optional: ["comment", "licenseListVersion"]);
        Assert.MatchesRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string)creation["created"]!);
        foreach (var creator in creation["creators"]!.AsArray())
            Assert.MatchesRegex("^(Tool: .+-.+|Organization: .+|Person: .+)$", (string)creator!);
        var own = (root["hasExtractedLicensingInfos"]?.AsArray() ?? []).Select(info => (string)Object(info, required: ["licenseId", "extractedText"], optional: ["name", "comment", "seeAlsos", "crossRefs"])["licenseId"]!).ToList();
        var ids = new HashSet<string> { "SPDXRef-DOCUMENT" };
        var used = new HashSet<string>();
        foreach (var node in root["packages"]!.AsArray())
        {
            var package = Object(node, required: ["SPDXID", "name", "downloadLocation"],
                optional: ["versionInfo", "filesAnalyzed", "checksums", "licenseDeclared", "licenseConcluded", "licenseComments", "copyrightText", "homepage", "primaryPackagePurpose", "externalRefs", "summary", "description", "comment", "supplier", "originator"]);
            Assert.MatchesRegex("^SPDXRef-[A-Za-z0-9.-]+$", (string)package["SPDXID"]!);
            Assert.IsTrue(ids.Add((string)package["SPDXID"]!), "each id stands once");
            Assert.MatchesRegex(@"^(NOASSERTION|NONE|(git\+)?https?://\S+)$", (string)package["downloadLocation"]!);
            // Only where files are analysed a verification code is asked for.
            Assert.IsFalse((bool)package["filesAnalyzed"]!);
            foreach (var checksum in package["checksums"]!.AsArray())
            {
                Object(checksum, required: ["algorithm", "checksumValue"]);
                Assert.AreEqual("SHA256", (string)checksum!["algorithm"]!);
                Assert.MatchesRegex("^[0-9a-f]{64}$", (string)checksum["checksumValue"]!);
            }
            foreach (var license in new[] { "licenseDeclared", "licenseConcluded" })
            {
                var expression = (string)package[license]!;
                Assert.MatchesRegex(@"^(NOASSERTION|NONE|\(*[A-Za-z0-9.+-]+\)*( (AND|OR|WITH) \(*[A-Za-z0-9.+-]+\)*)*)$", expression);
                used.UnionWith(LicenseReference().Matches(expression).Select(match => match.Value));
            }
            Assert.Contains((string?)package["primaryPackagePurpose"], ["APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING-SYSTEM", "DEVICE", "FIRMWARE", "SOURCE", "ARCHIVE", "FILE", "INSTALL", "OTHER"]);
            foreach (var reference in package["externalRefs"]?.AsArray() ?? [])
            {
                Object(reference, required: ["referenceCategory", "referenceType", "referenceLocator"], optional: ["comment"]);
                Assert.Contains((string)reference!["referenceCategory"]!, ["OTHER", "PERSISTENT-ID", "SECURITY", "PACKAGE-MANAGER"]);
                Assert.MatchesRegex("^pkg:[a-z]+/[a-z0-9._-]+@[A-Za-z0-9._%-]+([?][a-z_]+=[A-Za-z0-9._%/-]+)?$", (string)reference["referenceLocator"]!);
            }
        }
        CollectionAssert.AreEquivalent(used.ToList(), own);
        foreach (var relationship in root["relationships"]!.AsArray())
        {
            Object(relationship, required: ["spdxElementId", "relatedSpdxElement", "relationshipType"], optional: ["comment"]);
            Assert.Contains((string)relationship!["spdxElementId"]!, ids);
            Assert.Contains((string)relationship["relatedSpdxElement"]!, ids);
            Assert.Contains((string)relationship["relationshipType"]!, ["DESCRIBES", "CONTAINS", "DEPENDS_ON", "GENERATED_FROM"]);
        }
        Assert.AreEqual(1, root["relationships"]!.AsArray().Count(relationship => (string)relationship!["relationshipType"]! == "DESCRIBES"));
    }

    /// <summary>OCI image specification 1.1: layout, image index as a list of referrers, manifests of artifacts.</summary>
    public static void CheckReferrers(string folder, Digest image)
    {
        Assert.AreEqual("1.0.0", (string)Object(Parse(Path.Combine(folder, "oci-layout")), required: ["imageLayoutVersion"])["imageLayoutVersion"]!);
        var index = Object(Parse(Path.Combine(folder, "index.json")), required: ["schemaVersion", "mediaType", "manifests"]);
        Assert.AreEqual("application/vnd.oci.image.index.v1+json", (string)index["mediaType"]!);
        CollectionAssert.AreEqual(new[] { "application/vnd.in-toto+json", "application/spdx+json" }, index["manifests"]!.AsArray().Select(entry => (string)entry!["artifactType"]!).ToArray());
        var blobs = new HashSet<string>();
        foreach (var entry in index["manifests"]!.AsArray())
        {
            var manifest = Object(JsonNode.Parse(Blob(folder, entry, blobs, optional: ["artifactType", "annotations"])), required: ["schemaVersion", "mediaType", "artifactType", "config", "layers", "subject", "annotations"]);
            Assert.AreEqual(2, (int)manifest["schemaVersion"]!);
            Assert.AreEqual("application/vnd.oci.image.manifest.v1+json", (string)manifest["mediaType"]!);
            // A list of referrers repeats both.
            Assert.AreEqual((string)manifest["artifactType"]!, (string)entry!["artifactType"]!);
            Assert.AreEqual(manifest["annotations"]!.ToJsonString(), entry["annotations"]!.ToJsonString());
            Assert.AreEqual("application/vnd.oci.empty.v1+json", (string)manifest["config"]!["mediaType"]!);
            Assert.AreEqual("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", (string)manifest["config"]!["digest"]!);
            CollectionAssert.AreEqual("{}"u8.ToArray(), Blob(folder, manifest["config"], blobs, optional: ["data"]));
            Assert.AreEqual("e30=", (string)manifest["config"]!["data"]!);
            var subject = Object(manifest["subject"], required: ["mediaType", "digest", "size"]);
            Assert.AreEqual(image.ToString(), (string)subject["digest"]!);
            Blob(folder, manifest["layers"]!.AsArray().Single(), blobs);
        }
        Assert.HasCount(blobs.Count, Directory.GetFiles(Path.Combine(folder, "blobs", "sha256")));
    }

    private static byte[] Blob(string folder, JsonNode? descriptor, HashSet<string> seen, string[]? optional = null)
    {
        var json = Object(descriptor, required: ["mediaType", "digest", "size"], optional: optional ?? []);
        var digest = (string)json["digest"]!;
        seen.Add(digest);
        var bytes = File.ReadAllBytes(Path.Combine(folder, "blobs", "sha256", digest["sha256:".Length..]));
        Assert.AreEqual(digest, Digest.Of(bytes).ToString());
        Assert.AreEqual((long)json["size"]!, bytes.Length);
        return bytes;
    }

    private static JsonNode? Parse(string file) => CanonicalJson.Parse(File.ReadAllBytes(file));

    private static JsonObject Object(JsonNode? node, string[] required, string[]? optional = null)
    {
        var json = node!.AsObject();
        var names = json.Select(member => member.Key).ToList();
        Assert.IsEmpty(required.Except(names), $"missing in {json}");
        Assert.IsEmpty(names.Except(required).Except(optional ?? []), $"not in the specification: {json}");
        Assert.IsTrue(json.All(member => member.Value is not null), $"null in {json}");
        return json;
    }

    private static void CheckUri(JsonNode? text) => Assert.IsTrue(Uri.TryCreate((string)text!, UriKind.Absolute, out _), (string)text!);

    [GeneratedRegex("LicenseRef-[A-Za-z0-9.-]+")]
    private static partial Regex LicenseReference();
}
