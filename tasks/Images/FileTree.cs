namespace StageX.Build.Images;

/// <summary>
/// A tree of files in memory, without their content. Directories that are only implied by what lies below them are not in it,
/// so that laying such a tree over another does not touch the directories of the other.
/// </summary>
internal sealed class FileTree
{
    private readonly Dictionary<string, Node> _nodes;

    public FileTree() : this([]) { }

    private FileTree(Dictionary<string, Node> nodes) => _nodes = nodes;

    public IReadOnlyDictionary<string, Node> Nodes => _nodes;

    public Node? At(string path) => _nodes.GetValueOrDefault(path);

    public void Set(string path, Node node) => _nodes[path] = node;

    public FileTree Where(Func<string, Node, bool> keep) =>
        new(_nodes.Where(pair => keep(pair.Key, pair.Value)).ToDictionary());

    /// <summary>The merged view of layers, lowest first.</summary>
    public static FileTree Merge(IEnumerable<IReadOnlyList<LayerEntry>> layers)
    {
        var tree = new FileTree();
        foreach (var layer in layers)
            tree.Apply(layer);
        return tree;
    }

    public void Apply(IReadOnlyList<LayerEntry> layer)
    {
        Remove(
            [.. layer.Where(e => e.Kind == EntryKind.Whiteout).Select(e => e.Path)],
            [.. layer.Where(e => e.Kind == EntryKind.OpaqueWhiteout || Replaces(e.Path, e.Kind)).Select(e => e.Path)]);
        foreach (var entry in layer)
        {
            if (entry.Kind is EntryKind.Whiteout or EntryKind.OpaqueWhiteout)
                continue;

            // In a canonical layer the file stands before its links.
            _nodes[entry.Path] = entry.Kind == EntryKind.HardLink ? _nodes[entry.LinkTarget!] : Node.Of(entry);
        }
    }

    /// <summary>Lays another tree over this one.</summary>
    /// <exception cref="StageXException">A directory that is only implied there is something else here.</exception>
    public void Overlay(FileTree upper)
    {
        foreach (var path in upper._nodes.Keys)
        {
            var blocking = EntryPath.Ancestors(path)
                .FirstOrDefault(folder => !upper._nodes.ContainsKey(folder) && At(folder) is { Kind: not EntryKind.Directory });
            if (blocking is not null)
                throw new StageXException(ErrorCode.ContradictoryEntries,
                    $"'{path}' cannot be put below '{blocking}', which is a {Describe(At(blocking)!.Kind)} there; copy it to where that leads.");
        }
        Remove([], [.. upper._nodes.Where(pair => pair.Value.Kind != EntryKind.Directory).Select(pair => pair.Key)]);
        foreach (var (path, node) in upper._nodes)
            _nodes[path] = node;
    }

    /// <summary>This tree with the directories that were only implied.</summary>
    public FileTree Complete()
    {
        var all = new Dictionary<string, Node>(_nodes);
        foreach (var folder in _nodes.Keys.SelectMany(EntryPath.Ancestors))
            all.TryAdd(folder, Node.ImpliedDirectory);
        return new FileTree(all);
    }

    /// <summary>All entries sorted by path bytes; the first path of an inode holds its content, the others link to it.</summary>
    public IReadOnlyList<LayerEntry> Entries()
    {
        var first = new Dictionary<Node, string>(ReferenceEqualityComparer.Instance);
        return [.. Complete()._nodes.OrderBy(pair => pair.Key, EntryPath.ByteOrder).Select(pair =>
            pair.Value.Kind != EntryKind.File || first.TryAdd(pair.Value, pair.Key)
                ? pair.Value.At(pair.Key) : pair.Value.LinkAt(pair.Key, first[pair.Value]))];
    }

    /// <summary>Files that have more than one path, with these paths.</summary>
    public IEnumerable<IReadOnlyList<string>> HardLinks() => _nodes
        .Where(pair => pair.Value.Kind == EntryKind.File)
        .GroupBy(pair => pair.Value, pair => pair.Key, (IEqualityComparer<Node>)ReferenceEqualityComparer.Instance)
        .Select(paths => paths.ToList())
        .Where(paths => paths.Count > 1);

    public static string Describe(EntryKind kind) => kind switch
    {
        EntryKind.Directory => "directory",
        EntryKind.SymbolicLink => "symbolic link",
        EntryKind.Fifo => "FIFO",
        EntryKind.Whiteout => "removal",
        _ => "file",
    };

    private bool Replaces(string path, EntryKind kind) =>
        kind is not (EntryKind.Directory or EntryKind.Whiteout or EntryKind.OpaqueWhiteout) && At(path) is { Kind: EntryKind.Directory };

    private void Remove(HashSet<string> gone, HashSet<string> emptied)
    {
        if (gone.Count + emptied.Count == 0)
            return;
        foreach (var path in _nodes.Keys.Where(path =>
            gone.Contains(path) || EntryPath.Ancestors(path).Any(folder => gone.Contains(folder) || emptied.Contains(folder))).ToList())
            _nodes.Remove(path);
    }
}
