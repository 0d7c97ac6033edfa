namespace StageX.Build.Images;

/// <summary>A folder that is an OCI image layout with one image: what <c>skopeo … oci:&lt;folder&gt;</c> reads without a tag.</summary>
public static class ImageLayout
{
    internal const string LayoutFile = "oci-layout";
    internal const string IndexFile = "index.json";
    internal const string BlobsFolder = "blobs";

    /// <summary>
    /// Writes the image with its layers, and puts the folder into its place when it is complete. Where it is already there, it stays.
    /// </summary>
    /// <returns>The manifest's descriptor: its digest is the image's.</returns>
    public static Descriptor Write(string folder, Image image, LayerStore store) => Write(folder, image, store.Blobs.CopyTo);

    /// <summary>The same for a reader on this machine that soon has read it: the layers are links into the store.</summary>
    public static Descriptor WriteLinked(string folder, Image image, LayerStore store) =>
        Write(folder, image, (layer, path) => File.CreateSymbolicLink(path, Path.GetFullPath(store.Blobs.PathOf(layer))));

    private static Descriptor Write(string folder, Image image, Action<Digest, string> place)
    {
        if (image.History.Count > 0 && image.History.Count(step => !step.EmptyLayer) != image.Layers.Count)
            throw new ArgumentException("the history has another number of layers than the image", nameof(image));
        if (image.Platform.Split('/') is not { Length: 2 or 3 })
            throw new ArgumentException($"'{image.Platform}' is no platform", nameof(image));
        var config = ImageDocuments.Config(image);
        var manifest = ImageDocuments.Manifest(image, config);
        var descriptor = new Descriptor(ImageDocuments.ManifestType, Digest.Of(manifest), manifest.Length);
        if (IsWritten(folder, descriptor, image))
            return descriptor;
        AtomicFile.WriteDirectory(folder, temporary =>
        {
            var blobs = new BlobStore(Path.Combine(temporary, BlobsFolder));
            blobs.Add(config);
            blobs.Add(manifest);
            foreach (var layer in image.Layers.Select(layer => layer.Digest).Distinct())
                place(layer, blobs.PathOf(layer));
            File.WriteAllBytes(Path.Combine(temporary, LayoutFile), ImageDocuments.Layout());
            File.WriteAllBytes(Path.Combine(temporary, IndexFile), ImageDocuments.Index(descriptor));
        });
        return descriptor;
    }

    /// <summary>Reads manifest and config, and checks their digests; the layers are not looked at.</summary>
    /// <exception cref="StageXException">There is no such image.</exception>
    public static (Image Image, Descriptor Manifest) Read(string folder)
    {
        var blobs = new BlobStore(Path.Combine(folder, BlobsFolder));
        try
        {
            var manifest = ImageDocuments.ManifestOf(File.ReadAllBytes(Path.Combine(folder, IndexFile)));
            var manifestBytes = ReadBlob(blobs, manifest);
            var configBytes = ReadBlob(blobs, ImageDocuments.ConfigOf(manifestBytes));
            return (ImageDocuments.ImageOf(manifestBytes, configBytes), manifest);
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StageXException(ErrorCode.UnreadableLayout, $"'{folder}' is not an OCI layout with one image: {e.Message}", folder, inner: e);
        }
    }

    /// <summary>Reads an image, and takes into the store those of its layers that are not there.</summary>
    public static (Image Image, Descriptor Manifest) Import(string folder, LayerStore store)
    {
        var read = Read(folder);
        var blobs = new BlobStore(Path.Combine(folder, BlobsFolder));
        foreach (var layer in read.Image.Layers)
            if (!store.Blobs.Contains(layer.Digest))
            {
                using var blob = blobs.Open(layer.Digest);
                if (store.Blobs.Add(blob) != layer.Digest)
                    throw blobs.Damaged(layer.Digest, "its content has another digest");
            }
        return read;
    }

    // The folder came into its place whole: what could be missing since was removed by hand.
    private static bool IsWritten(string folder, Descriptor manifest, Image image)
    {
        var index = Path.Combine(folder, IndexFile);
        var blobs = new BlobStore(Path.Combine(folder, BlobsFolder));
        return File.Exists(index) && File.ReadAllBytes(index).AsSpan().SequenceEqual(ImageDocuments.Index(manifest))
            && File.Exists(blobs.PathOf(manifest.Digest)) && File.Exists(blobs.PathOf(ImageDocuments.ConfigOf(File.ReadAllBytes(blobs.PathOf(manifest.Digest))).Digest))
            && image.Layers.All(layer => new FileInfo(blobs.PathOf(layer.Digest)) is { Exists: true } blob && blob.Length == layer.Size);
    }

    internal static byte[] ReadBlob(BlobStore blobs, Descriptor descriptor)
    {
        var bytes = File.ReadAllBytes(blobs.PathOf(descriptor.Digest));
        return bytes.Length == descriptor.Size && Digest.Of(bytes) == descriptor.Digest
            ? bytes : throw new FormatException($"the blob {descriptor.Digest} has another digest or size");
    }
}
