using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>
/// A folder that is an OCI image layout with the referrers of one image. Its <c>index.json</c> is the image index that a registry
/// answers when it is asked for the referrers of that image, and that stands under the tag <c>sha256-&lt;digest&gt;</c> where a
/// registry cannot be asked: to publish them is to copy the blobs and this file. The image itself is not in the folder, and
/// the folder of the image knows nothing of this one, so that it goes on naming one image.
/// </summary>
public static class ReferrerLayout
{
    private const string EmptyType = "application/vnd.oci.empty.v1+json";

    private static ReadOnlySpan<byte> Empty => "{}"u8;

    /// <summary>Writes the folder, and plain copies of the contents under names that people look for; what was there is replaced.</summary>
    public static IReadOnlyList<Descriptor> Write(string folder, Descriptor subject, IReadOnlyList<(string Name, Referrer Referrer)> referrers)
    {
        var manifests = referrers.Select(referrer => Manifest(subject, referrer.Referrer)).ToList();
        var descriptors = manifests.Select(manifest => new Descriptor(ImageDocuments.ManifestType, Digest.Of(manifest), manifest.Length)).ToList();
        AtomicFile.WriteDirectory(folder, temporary =>
        {
            var blobs = new BlobStore(Path.Combine(temporary, ImageLayout.BlobsFolder));
            blobs.Add(Empty.ToArray());
            foreach (var ((name, referrer), manifest) in referrers.Zip(manifests))
            {
                blobs.Add(referrer.Content);
                blobs.Add(manifest);
                File.WriteAllBytes(Path.Combine(temporary, name), referrer.Content);
            }
            File.WriteAllBytes(Path.Combine(temporary, ImageLayout.LayoutFile), ImageDocuments.Layout());
            File.WriteAllBytes(Path.Combine(temporary, ImageLayout.IndexFile), Index(descriptors.Zip(referrers, (descriptor, referrer) => (descriptor, referrer.Referrer))));
        });
        return descriptors;
    }

    /// <summary>The content of the one referrer of an artifact type, its digests checked all the way.</summary>
    /// <exception cref="StageXException">There is none, or something is not what its digest says.</exception>
    public static byte[] Read(string folder, string artifactType)
    {
        var found = Manifests(folder).Where(manifest => manifest.ArtifactType == artifactType).ToList();
        return found.Count == 1 && found[0].Blobs is [_, var content]
            ? Read(folder, () => ImageLayout.ReadBlob(BlobsOf(folder), content))
            : throw Unreadable(folder, $"it has {found.Count} referrers of the type {artifactType}");
    }

    /// <summary>The manifests in the folder, checked against their digests, in the order of the list.</summary>
    /// <exception cref="StageXException">It is no such folder, or something is not what its digest says.</exception>
    internal static IReadOnlyList<ReferrerManifest> Manifests(string folder) => Read(folder, () =>
    {
        var index = Json.Object(CanonicalJson.Parse(File.ReadAllBytes(Path.Combine(folder, ImageLayout.IndexFile))), "the index");
        return Json.Objects(index, "manifests").Select(entry => ReferrerManifest.Of(entry, ImageLayout.ReadBlob(BlobsOf(folder), Descriptor.FromJson(entry)))).ToList();
    });

    internal static BlobStore BlobsOf(string folder) => new(Path.Combine(folder, ImageLayout.BlobsFolder));

    private static T Read<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(folder, e.Message, e);
        }
    }

    private static StageXException Unreadable(string folder, string how, Exception? inner = null) =>
        new(ErrorCode.UnreadableLayout, $"'{folder}' is not an OCI layout with referrers: {how}", folder, inner: inner);

    private static byte[] Manifest(Descriptor subject, Referrer referrer)
    {
        var empty = new Descriptor(EmptyType, Digest.Of(Empty), Empty.Length).ToJson();
        empty["data"] = Convert.ToBase64String(Empty);
        return CanonicalJson.Serialize(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ImageDocuments.ManifestType,
            ["artifactType"] = referrer.ArtifactType,
            ["config"] = empty,
            ["layers"] = new JsonArray(new Descriptor(referrer.ArtifactType, Digest.Of(referrer.Content), referrer.Content.Length).ToJson()),
            ["subject"] = subject.ToJson(),
            ["annotations"] = Annotations(referrer),
        });
    }

    private static byte[] Index(IEnumerable<(Descriptor Descriptor, Referrer Referrer)> manifests) => CanonicalJson.Serialize(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = ImageDocuments.IndexType,
        ["manifests"] = new JsonArray([.. manifests.Select(manifest =>
        {
            var json = manifest.Descriptor.ToJson();
            json["artifactType"] = manifest.Referrer.ArtifactType;
            json["annotations"] = Annotations(manifest.Referrer);
            return (JsonNode?)json;
        })]),
    });

    private static JsonObject Annotations(Referrer referrer) =>
        new(referrer.Annotations.Append(new("org.opencontainers.image.created", ImageDocuments.Created)).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}

/// <summary>A referrer's manifest.</summary>
/// <param name="Descriptor">As a list of referrers names it.</param>
/// <param name="Bytes">What its digest is of.</param>
/// <param name="ArtifactType">What it is asked for by.</param>
/// <param name="Subject">The image that it is about.</param>
/// <param name="Blobs">All that has to be there before it: the empty config, and the content.</param>
internal sealed record ReferrerManifest(JsonObject Descriptor, byte[] Bytes, string ArtifactType, Digest Subject, IReadOnlyList<Descriptor> Blobs)
{
    /// <summary>Far more than any of them has; what comes from elsewhere is not held in memory beyond that.</summary>
    public const long LargestContent = 64 << 20;

    /// <exception cref="FormatException">It is no manifest with a subject.</exception>
    public static ReferrerManifest Of(JsonObject descriptor, byte[] bytes)
    {
        var manifest = Json.Object(CanonicalJson.Parse(bytes), "the manifest");
        return new ReferrerManifest(descriptor, bytes, Json.Text(manifest, "artifactType"),
            Images.Descriptor.FromJson(Json.OptionalObject(manifest, "subject") ?? throw new FormatException("a referrer has no subject")).Digest,
            [ImageDocuments.ConfigOf(bytes), .. Json.Objects(manifest, "layers").Select(Images.Descriptor.FromJson)]);
    }
}
