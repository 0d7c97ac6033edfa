using StageX.Build.Images;

namespace StageX.Build.Registries;

/// <summary>Attestations between their layout on this machine and the repository of the image that they are about.</summary>
public static class RemoteReferrers
{
    /// <summary>
    /// Brings the referrers of a layout there: blobs, then manifests, each listed under its image by the registry's own doing or,
    /// where it keeps no such list, under the tag <c>sha256-&lt;digest&gt;</c>. What is there stays as it is.
    /// </summary>
    /// <param name="folder">The layout.</param>
    /// <param name="subject">The image that they must be about.</param>
    /// <param name="repository">Where to.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="StageXException">One is about another image: nothing is pushed.</exception>
    public static async Task PushAsync(string folder, Digest subject, RemoteRepository repository, CancellationToken cancellation)
    {
        var blobs = ReferrerLayout.BlobsOf(folder);
        var manifests = ReferrerLayout.Manifests(folder);
        if (manifests.FirstOrDefault(manifest => manifest.Subject != subject) is { } other)
            throw new StageXException(ErrorCode.AboutOtherImage, $"'{folder}' is about the image {other.Subject}, which is not the one that is pushed ({subject}): write it anew with -t:Attest, or remove it", folder);
        foreach (var manifest in manifests)
        {
            foreach (var blob in manifest.Blobs)
                await repository.PushBlobAsync(blob, blobs.PathOf(blob.Digest), cancellation);
            await repository.PushReferrerAsync(manifest.Bytes, manifest.Subject, manifest.Descriptor, cancellation);
        }
    }

    /// <summary>The contents of all referrers of an artifact type that a repository has of an image, checked against their digests.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="subject">The image.</param>
    /// <param name="artifactType">What is asked for.</param>
    /// <param name="partial">A folder for what has arrived, which the caller has for itself.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="StageXException">The registry lists something that is not about the image, or not of the type.</exception>
    public static async Task<IReadOnlyList<byte[]>> PullAsync(RemoteRepository repository, Digest subject, string artifactType, string partial, CancellationToken cancellation)
    {
        var contents = new List<byte[]>();
        foreach (var listed in await repository.ListReferrersAsync(subject, cancellation))
            try
            {
                if (Json.OptionalText(listed, "artifactType") != artifactType)
                    continue;
                var manifest = ReferrerManifest.Of(listed, (await repository.GetManifestAsync(Json.Digest(listed, "digest").ToString(), cancellation)).Bytes);
                if (manifest.Subject != subject || manifest.ArtifactType != artifactType || manifest.Blobs is not [_, { Size: <= ReferrerManifest.LargestContent } blob])
                    throw new FormatException("it is about another image, of another type, or too large");
                var file = Path.Combine(partial, blob.Digest.Hex);
                await repository.GetBlobAsync(blob, file, cancellation);
                contents.Add(await File.ReadAllBytesAsync(file, cancellation));
            }
            catch (FormatException e)
            {
                throw new StageXException(ErrorCode.RegistryLied, $"{repository.Name} lists a referrer of {subject} that is none: {e.Message}.", inner: e);
            }
        return contents;
    }
}
