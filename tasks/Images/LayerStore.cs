namespace StageX.Build.Images;

/// <summary>The layers that a user's builds have made: their blobs, and beside them an index of each one's entries.</summary>
public sealed class LayerStore
{
    private readonly string? _indexes;

    public LayerStore(string cacheFolder) : this(Path.Combine(cacheFolder, "blobs"), Path.Combine(cacheFolder, "indexes")) { }

    private LayerStore(string blobs, string? indexes)
    {
        Blobs = new BlobStore(blobs);
        _indexes = indexes;
    }

    /// <summary>The layers of one OCI layout, which is only read: no index is kept.</summary>
    public static LayerStore OfLayout(string folder) => new(Path.Combine(folder, ImageLayout.BlobsFolder), null);

    public BlobStore Blobs { get; }

    /// <summary>The folders that files are written to.</summary>
    public IEnumerable<string> Folders => _indexes is null ? [] : [Blobs.Folder, _indexes];

    /// <summary>
    /// What stands in the layer, in its order. Comes from the index; only where that is missing or damaged the blob is read.
    /// </summary>
    /// <exception cref="StageXException">Neither is there, or the blob is not a canonical layer with this diff ID.</exception>
    public IReadOnlyList<LayerEntry> EntriesOf(Layer layer) => IndexOf(layer).Entries;

    internal LayerIndex IndexOf(Layer layer)
    {
        if (IndexPath(layer.DiffId) is { } path && File.Exists(path) && LayerIndex.FromBytes(File.ReadAllBytes(path)) is { } kept)
            return kept;
        var index = ReadBlob(layer);
        Keep(layer.DiffId, index);
        return index;
    }

    internal void Keep(Digest diffId, LayerIndex index)
    {
        if (IndexPath(diffId) is { } path)
            AtomicFile.Write(path, index.ToBytes());
    }

    private string? IndexPath(Digest diffId) => _indexes is null ? null : Path.Combine(_indexes, diffId.Hex);

    private LayerIndex ReadBlob(Layer layer)
    {
        using (var blob = Blobs.Open(layer.Digest))
            if (Digest.Of(blob) != layer.Digest)
                throw Blobs.Damaged(layer.Digest, "its content has another digest");
        using var content = new BlockGzipContent(Blobs, layer.Digest);
        using var tar = new HashingReadStream(new ContentStream(content));
        var index = LayerReader.Read(tar, Blobs.PathOf(layer.Digest));
        if (tar.Finish() is var diffId && diffId != layer.DiffId)
            throw Blobs.Damaged(layer.Digest, $"the tar in it is {diffId}, not {layer.DiffId}");
        return index;
    }
}
