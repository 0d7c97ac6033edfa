using StageX.Build.Images;

namespace StageX.Build.Registries;

/// <summary>Whole images between a layout on this machine and a repository. What was interrupted goes on where it was.</summary>
public static class RemoteImage
{
    /// <summary>
    /// Brings the image of a layout there: blobs, then the manifest under its digest, then the tags, so that no tag names half an image.
    /// </summary>
    /// <param name="folder">The layout.</param>
    /// <param name="repository">Where.</param>
    /// <param name="tags">What names it there.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="expected">The image that it must be; null for what lies there.</param>
    /// <returns>The image's digest, as the registry now has it.</returns>
    public static async Task<Digest> PushAsync(string folder, RemoteRepository repository, IReadOnlyList<string> tags, CancellationToken cancellation, Digest? expected = null)
    {
        foreach (var tag in tags)
            RepositoryName.CheckTag(tag);
        var (image, descriptor) = ImageLayout.Read(folder);
        if (expected is { } wanted && descriptor.Digest != wanted)
            throw new StageXException(ErrorCode.UnreadableLayout, $"'{folder}' now holds {descriptor.Digest}, and not {wanted}: build again", folder);
        var blobs = new BlobStore(Path.Combine(folder, ImageLayout.BlobsFolder));
        // Once more: what is pushed is what was judged, whatever has come in its place since.
        var manifest = await File.ReadAllBytesAsync(blobs.PathOf(descriptor.Digest), cancellation);
        if (Digest.Of(manifest) != descriptor.Digest)
            throw new StageXException(ErrorCode.UnreadableLayout, $"'{folder}' changed while it was read: build again", folder);
        var content = image.Layers.Select(layer => new Descriptor("", layer.Digest, layer.Size)).DistinctBy(layer => layer.Digest)
            .Append(ImageDocuments.ConfigOf(manifest));
        await Parallel.ForEachAsync(content, new ParallelOptions { MaxDegreeOfParallelism = repository.Parallelism, CancellationToken = cancellation },
            async (blob, token) => await repository.PushBlobAsync(blob, blobs.PathOf(blob.Digest), token));
        await repository.PushManifestAsync(manifest, descriptor.MediaType, null, cancellation);
        foreach (var tag in tags)
            await repository.PushManifestAsync(manifest, descriptor.MediaType, tag, cancellation);
        return (await repository.GetManifestAsync(descriptor.Digest.ToString(), cancellation)).Digest;
    }

    /// <summary>
    /// Brings an image from there into a layout, which appears when everything in it was checked. What has arrived waits in the folder
    /// <paramref name="partial"/>, which the caller has for itself, until it is whole. Blobs that are in <paramref name="known"/> are taken from there.
    /// </summary>
    /// <exception cref="StageXException">It is not there, or not a canonical image.</exception>
    public static async Task PullAsync(RemoteRepository repository, Digest digest, string folder, string partial, CancellationToken cancellation, BlobStore? known = null)
    {
        var manifest = await repository.GetManifestAsync(digest.ToString(), cancellation);
        if (manifest.MediaType != ImageDocuments.ManifestType)
            throw new StageXException(ErrorCode.RegistryLied, $"{repository.Name}@{digest} is no image but '{manifest.MediaType}'.");
        IReadOnlyList<Descriptor> content;
        try
        {
            content = ImageDocuments.ContentOf(manifest.Bytes);
        }
        catch (FormatException e)
        {
            throw new StageXException(ErrorCode.RegistryLied, $"{repository.Name}@{digest} is no image: {e.Message}.", inner: e);
        }
        var arrived = new BlobStore(partial);
        await Parallel.ForEachAsync(content.DistinctBy(blob => blob.Digest), new ParallelOptions { MaxDegreeOfParallelism = repository.Parallelism, CancellationToken = cancellation },
            async (blob, token) =>
            {
                if (known?.Contains(blob.Digest) != true && !arrived.Contains(blob.Digest))
                    await repository.GetBlobAsync(blob, arrived.PathOf(blob.Digest), token);
            });
        arrived.Add(manifest.Bytes);
        AtomicFile.WriteDirectory(folder, temporary =>
        {
            var blobs = new BlobStore(Path.Combine(temporary, ImageLayout.BlobsFolder));
            Directory.CreateDirectory(blobs.Folder);
            foreach (var blob in content.Select(blob => blob.Digest).Append(digest).Distinct())
                (known?.Contains(blob) == true ? known : arrived).CopyTo(blob, blobs.PathOf(blob));
            File.WriteAllBytes(Path.Combine(temporary, ImageLayout.LayoutFile), ImageDocuments.Layout());
            File.WriteAllBytes(Path.Combine(temporary, ImageLayout.IndexFile), ImageDocuments.Index(new Descriptor(manifest.MediaType, digest, manifest.Bytes.Length)));
            ImageValidator.Validate(temporary);
        });
        Directory.Delete(partial, recursive: true);
    }
}
