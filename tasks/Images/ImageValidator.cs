namespace StageX.Build.Images;

/// <summary>
/// The rules of the canonical image read backwards, down to every byte of every layer: what passes is what <see cref="ImageLayout"/>
/// would write of the same content.
/// </summary>
public static class ImageValidator
{
    /// <exception cref="StageXException">A rule is broken; the message names the rule and the place.</exception>
    public static void Validate(string folder)
    {
        var index = Path.Combine(folder, ImageLayout.IndexFile);
        var (image, manifest) = ImageLayout.Read(folder);
        var blobs = new BlobStore(Path.Combine(folder, ImageLayout.BlobsFolder));

        Same(Path.Combine(folder, ImageLayout.LayoutFile), ImageDocuments.Layout(), "the layout file");
        Same(index, ImageDocuments.Index(manifest), "the index");
        var configDigest = ImageDocuments.ConfigOf(File.ReadAllBytes(blobs.PathOf(manifest.Digest))).Digest;
        if (image.Platform.Split('/') is not { Length: 2 or 3 })
            throw Broken(blobs.PathOf(configDigest), $"the platform is os/architecture, not '{image.Platform}'");
        if (image.History.Count > 0 && image.History.Count(step => !step.EmptyLayer) != image.Layers.Count)
            throw Broken(blobs.PathOf(configDigest), "the history has as many steps that make a layer as there are layers");
        var config = ImageDocuments.Config(image);
        Same(blobs.PathOf(configDigest), config, "the config");
        Same(blobs.PathOf(manifest.Digest), ImageDocuments.Manifest(image, config), "the manifest");

        var files = image.Layers.Select(layer => layer.Digest).Append(manifest.Digest).Append(configDigest).Distinct()
            .Select(blobs.PathOf).Append(index).Append(Path.Combine(folder, ImageLayout.LayoutFile)).ToHashSet();
        if (Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .FirstOrDefault(path => !files.Contains(path) && !files.Any(file => file.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal))) is { } extra)
            throw Broken(extra, "the layout holds nothing but the one image");
        foreach (var layer in image.Layers.Distinct())
            Validate(layer, blobs);
    }

    private static void Validate(Layer layer, BlobStore blobs)
    {
        var file = blobs.PathOf(layer.Digest);
        using (var blob = blobs.Open(layer.Digest))
        {
            if (blob.Length != layer.Size)
                throw Broken(file, $"the manifest gives a blob's size, and this one has {blob.Length} bytes, not {layer.Size}");
            if (Digest.Of(blob) is var seen && seen != layer.Digest)
                throw Broken(file, $"a blob's name is its digest, and this one's is {seen}");
        }

        // One pass: inflate, read entries, write them again in the canonical way, and compare digests at both levels.
        using var content = new BlockGzipContent(blobs, layer.Digest);
        using var tar = new HashingReadStream(new ContentStream(content));
        using var gzipHash = new HashingStream(Stream.Null);
        using var gzip = new BlockGzipStream(gzipHash);
        using var tarHash = new HashingStream(gzip);
        var writer = new TarWriter(tarHash);
        var open = false;
        try
        {
            LayerReader.Read(tar, file,
                entry =>
                {
                    if (open)
                        writer.EndContent();
                    writer.WriteHeader(entry);
                    open = true;
                },
                bytes => writer.WriteContent(bytes));
        }
        catch (StageXException e) when (e.Code is ErrorCode.UnreadableTar or ErrorCode.ForbiddenPath or ErrorCode.DamagedBlob)
        {
            throw Broken(file, e.Message, e);
        }
        if (open)
            writer.EndContent();
        writer.Complete();
        gzip.Complete();
        var diffId = tar.Finish();
        if (diffId != layer.DiffId)
            throw Broken(file, $"the config names the diff ID of a layer, and this one's is {diffId}, not {layer.DiffId}");
        if (tarHash.Finish() != diffId)
            throw Broken(file, "the tar of a layer has one encoding, and this is another (headers, padding or end)");
        if (gzipHash.Finish() != layer.Digest)
            throw Broken(file, "the compression has one encoding, and this is another");
    }

    private static void Same(string file, byte[] expected, string what)
    {
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(expected))
            throw Broken(file, $"{what} is canonical JSON (RFC 8785) with exactly the members that this format has, and times of 1970-01-01T00:00:01Z");
    }

    private static StageXException Broken(string file, string rule, Exception? inner = null) =>
        new(ErrorCode.NotCanonical, $"The image is not canonical: {rule}.", file, inner: inner);
}
