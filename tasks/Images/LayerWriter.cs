namespace StageX.Build.Images;

/// <summary>Writes what a root filesystem has beyond the layers below it as one canonical layer.</summary>
public static class LayerWriter
{
    /// <summary>
    /// Stores the layer and its index. The directories above each entry are listed with the mode they have; what was removed is a whiteout;
    /// a file that has several paths is in the layer with all of them or with none, since no link reaches into another layer.
    /// The layers below are known by their indexes, their blobs are not read.
    /// </summary>
    /// <returns>Null where nothing differs.</returns>
    public static Layer? Write(RootFilesystem root, IReadOnlyList<Layer> baseLayers, LayerStore store)
    {
        var entries = Difference(root, FileTree.Merge(baseLayers.Select(store.EntriesOf)));
        if (entries.Count == 0)
            return null;

        var offsets = new List<long>(entries.Count);
        Digest diffId = default;
        var blob = store.Blobs.Add(output =>
        {
            using var gzip = new BlockGzipStream(output);
            using var hashing = new HashingStream(gzip);
            var tar = new TarWriter(hashing);
            var buffer = new byte[1 << 18];
            foreach (var entry in entries)
            {
                offsets.Add(tar.WriteHeader(entry));
                if (entry.Kind == EntryKind.File)
                    root.CopyContent(entry, buffer, bytes => tar.WriteContent(bytes.Span));
                tar.EndContent();
            }
            tar.Complete();
            gzip.Complete();
            diffId = hashing.Finish();
        });
        store.Keep(diffId, new LayerIndex(entries, offsets));
        return new Layer(blob, diffId, new FileInfo(store.Blobs.PathOf(blob)).Length);
    }

    private static List<LayerEntry> Difference(RootFilesystem root, FileTree below)
    {
        var tree = root.Tree.Complete();
        var written = tree.Nodes.Where(pair => below.At(pair.Key) != pair.Value).Select(pair => pair.Key).ToHashSet();
        foreach (var paths in tree.HardLinks())
            if (paths.Any(written.Contains) || paths.Any(path => !ReferenceEquals(below.At(path), below.At(paths[0]))))
                written.UnionWith(paths);

        var removed = below.Nodes.Keys
            .Where(path => tree.At(path) is null && IsDirectory(tree, EntryPath.Parent(path)))
            .ToList();
        foreach (var path in written.Concat(removed).ToList())
            written.UnionWith(EntryPath.Ancestors(path));

        return [.. tree.Where((path, _) => written.Contains(path)).Entries()
            .Concat(removed.Select(LayerEntry.Whiteout))
            .OrderBy(entry => entry.TarPath, EntryPath.ByteOrder)];
    }

    private static bool IsDirectory(FileTree tree, string path) => path.Length == 0 || tree.At(path) is { Kind: EntryKind.Directory };
}
