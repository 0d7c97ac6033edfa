using System.Security.Cryptography;

namespace StageX.Build.Images;

/// <summary>
/// A tree of files with their content, which stays on disk where it lies: in an engine's tar or in the blobs of layers.
/// Not to be used by two threads at once.
/// </summary>
public sealed class RootFilesystem : IDisposable
{
    private const int PermissionBits = 0x3FF; // 01777: setuid and setgid are dropped, rootless engines cannot deliver them.

    private readonly FileTree _tree;
    private readonly Dictionary<Digest, ContentPlace> _contents;
    private readonly IReadOnlyList<SharedContent> _open;
    private readonly Lazy<IReadOnlyList<LayerEntry>> _entries;

    private RootFilesystem(FileTree tree, Dictionary<Digest, ContentPlace> contents, IReadOnlyList<SharedContent> open)
    {
        _tree = tree;
        _contents = contents;
        _open = open;
        _entries = new(tree.Entries);
    }

    /// <summary>Everything in it, sorted by path bytes, parents included. The root directory itself is not listed.</summary>
    public IReadOnlyList<LayerEntry> Entries => _entries.Value;

    internal FileTree Tree => _tree;

    /// <summary>
    /// Reads an engine's export, once: entries in any order, names with or without <c>./</c>, parents missing or not.
    /// The file must stay until the result is disposed of.
    /// </summary>
    /// <exception cref="StageXException">It cannot be read, or holds what no image may hold.</exception>
    public static RootFilesystem Read(string tarFile)
    {
        var tree = new FileTree();
        var contents = new Dictionary<Digest, ContentPlace>();
        var content = new SharedContent(new PlainContent(tarFile));
        try
        {
            using var stream = new FileStream(tarFile, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 18, FileOptions.SequentialScan);
            var links = new Dictionary<string, string>();
            var reader = new TarReader(stream, tarFile);
            var buffer = new byte[1 << 18];
            while (reader.Next() is { } header)
            {
                var path = PathOf(header, header.Path, tarFile);
                if (path.Length == 0)
                    continue;
                if (header.Type == '1')
                {
                    var target = PathOf(header, header.LinkTarget, tarFile);
                    if (tree.At(path) is not null || (links.TryGetValue(path, out var other) && other != target))
                        throw Twice(path, tarFile);
                    if (path != target)
                        links[path] = target;
                    continue;
                }
                var kind = KindOf(header, path, tarFile);
                if (kind is null)
                    continue;
                Digest? digest = kind == EntryKind.File ? Hash(reader, buffer) : null;
                if (digest is not null)
                    contents.TryAdd(digest.Value, new ContentPlace(content, header.DataOffset, header.Size));
                var node = new Node(kind.Value, kind == EntryKind.SymbolicLink ? 0x1FF : header.Mode & PermissionBits,
                    Owner(header.UserId, path, tarFile), Owner(header.GroupId, path, tarFile), header.Size, digest,
                    kind == EntryKind.SymbolicLink ? header.LinkTarget : null);
                if (links.ContainsKey(path) || (tree.At(path) is { } before && before != node))
                    throw Twice(path, tarFile);
                tree.Set(path, node);
            }
            AddLinks(tree, links, tarFile);
            RefuseChildrenOfFiles(tree, tarFile);
            return new RootFilesystem(tree, contents, [content.Share()]);
        }
        finally
        {
            content.Dispose();
        }
    }

    /// <summary>The merged view of layers, lowest first.</summary>
    public static RootFilesystem FromLayers(IReadOnlyList<Layer> layers, LayerStore store)
    {
        var indexes = layers.Select(store.IndexOf).ToList();
        var contents = new Dictionary<Digest, ContentPlace>();
        var open = new List<SharedContent>();
        foreach (var (layer, index) in layers.Zip(indexes))
        {
            var content = new SharedContent(new BlockGzipContent(store.Blobs, layer.Digest));
            open.Add(content);
            foreach (var (entry, offset) in index.Entries.Zip(index.Offsets))
                if (entry.Content is { } digest)
                    contents.TryAdd(digest, new ContentPlace(content, offset, entry.Size));
        }
        return new RootFilesystem(FileTree.Merge(indexes.Select(index => index.Entries)), contents, open);
    }

    /// <summary>
    /// What <c>COPY --from=x /from/ /to/</c> takes: what lies in the directory <paramref name="from"/>, rooted at <paramref name="to"/>;
    /// of a file the file itself, named <paramref name="to"/>. "" is the root. Symbolic links in <paramref name="from"/> are followed.
    /// </summary>
    /// <exception cref="StageXException">There is nothing at <paramref name="from"/>.</exception>
    public RootFilesystem Copy(string from, string to)
    {
        var source = Resolve(from);
        var tree = new FileTree();
        if (source.Length > 0 && _tree.At(source) is { Kind: not EntryKind.Directory } single)
            tree.Set(to.Length > 0 ? to : EntryPath.Name(source), single);
        else
            foreach (var (path, node) in _tree.Nodes)
                if (EntryPath.IsBelow(path, source))
                    tree.Set(EntryPath.Join(to, source.Length == 0 ? path : path[(source.Length + 1)..]), node);
        return Derive(tree);
    }

    /// <summary>The same without one path.</summary>
    public RootFilesystem Without(string path) => Derive(_tree.Where((other, _) => other != path && !EntryPath.IsBelow(other, path)));

    /// <summary>Several trees in one: directories merge, of everything else the later one wins.</summary>
    public static RootFilesystem Overlay(IReadOnlyList<RootFilesystem> parts)
    {
        var tree = new FileTree();
        var contents = new Dictionary<Digest, ContentPlace>();
        foreach (var part in parts)
        {
            tree.Overlay(part._tree);
            foreach (var (digest, place) in part._contents)
                contents.TryAdd(digest, place);
        }
        return new RootFilesystem(tree, contents, [.. parts.SelectMany(part => part._open).Select(content => content.Share())]);
    }

    /// <summary>
    /// The paths that engines mount over in exactly the state of the image below, absent where they are absent there;
    /// and no <c>etc</c> that was made only for them.
    /// </summary>
    public RootFilesystem WithoutEngineMounts(IReadOnlyList<LayerEntry> baseEntries)
    {
        var below = FileTree.Merge([baseEntries]);
        var tree = _tree.Where((path, _) => !EngineMounts.Contains(path));
        tree.Overlay(below.Where((path, _) => EngineMounts.Contains(path)));
        var hadMountedFile = _tree.Nodes.Keys.Any(path => EngineMounts.Contains(path) && EntryPath.IsBelow(path, EngineMounts.FilesFolder));
        if (hadMountedFile && below.At(EngineMounts.FilesFolder) is null && !tree.Nodes.Keys.Any(path => EntryPath.IsBelow(path, EngineMounts.FilesFolder)))
            tree = tree.Where((path, node) => path != EngineMounts.FilesFolder || node.Kind != EntryKind.Directory);
        return Derive(tree);
    }

    public void Dispose()
    {
        foreach (var content in _open)
            content.Dispose();
    }

    /// <summary>A file's content, to be read from any place.</summary>
    internal Stream Open(LayerEntry file) => new PlacedStream(_contents[file.Content!.Value]);

    /// <summary>Writes a file's content piece by piece, and checks it on the way.</summary>
    internal void CopyContent(LayerEntry file, byte[] buffer, Action<ReadOnlyMemory<byte>> write)
    {
        if (!_contents.TryGetValue(file.Content!.Value, out var place))
            throw new InvalidOperationException($"no content is known for '{file.Path}'");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long done = 0; done < place.Size;)
        {
            var count = (int)Math.Min(buffer.Length, place.Size - done);
            var read = place.Content.Read(buffer.AsSpan(0, count), place.Offset + done);
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            write(buffer.AsMemory(0, read));
            done += read;
        }
        if (Digest.FromHash(hash.GetHashAndReset()) != file.Content)
            throw new StageXException(ErrorCode.DamagedBlob, $"The content of '{file.Path}' changed after it was read; build again, and if that does not help remove the store.");
    }

    private RootFilesystem Derive(FileTree tree) => new(tree, _contents, [.. _open.Select(content => content.Share())]);

    private string Resolve(string from)
    {
        var path = EntryPath.Follow(from, at => _tree.At(at) is { Kind: EntryKind.SymbolicLink } link ? link.LinkTarget : null)
            ?? throw NothingAt(from, "its symbolic links lead in a circle");
        if (path.Length > 0 && _tree.At(path) is null && !_tree.Nodes.Keys.Any(other => EntryPath.IsBelow(other, path)))
            throw NothingAt(from, path == from ? "the root filesystem holds no such path" : $"it leads to '/{path}', and the root filesystem holds no such path");
        return path;
    }

    private static StageXException NothingAt(string from, string why) =>
        new(ErrorCode.NothingToCopy, $"Nothing to copy at '/{from}': {why}.");

    private static string PathOf(TarHeader header, string text, string file)
    {
        var path = EntryPath.Normalize(text)
            ?? throw new StageXException(ErrorCode.ForbiddenPath, $"'{text}' (of '{header.Path}') leads out of the root filesystem.", file);
        if (path.Split('/').Any(part => part.StartsWith(EntryPath.WhiteoutPrefix, StringComparison.Ordinal)))
            throw new StageXException(ErrorCode.ForbiddenPath,
                $"'{path}' cannot stand in an image: a name that begins with '{EntryPath.WhiteoutPrefix}' means a removal there. Rename it in the step that makes it.", file);
        return path;
    }

    private static EntryKind? KindOf(TarHeader header, string path, string file) => header.Type switch
    {
        '0' => EntryKind.File,
        '5' => EntryKind.Directory,
        '2' => EntryKind.SymbolicLink,
        '6' => EntryKind.Fifo,
        '3' or '4' when EngineMounts.Contains(path) => null,
        '3' or '4' => throw new StageXException(ErrorCode.ForbiddenEntry,
            $"'{path}' is a device node, which no image may hold; remove it in the step that makes it.", file),
        'S' => throw new StageXException(ErrorCode.ForbiddenEntry, $"'{path}' is stored as a sparse file, which is not supported; export it in full.", file),
        _ => throw new StageXException(ErrorCode.ForbiddenEntry, $"'{path}' is of a kind that no image may hold (tar type '{header.Type}').", file),
    };

    private static int Owner(long id, string path, string file) => id is >= 0 and <= int.MaxValue
        ? (int)id : throw new StageXException(ErrorCode.ForbiddenEntry, $"'{path}' belongs to the user or group {id}, which is out of range.", file);

    private static StageXException Twice(string path, string file) =>
        new(ErrorCode.ContradictoryEntries, $"'{path}' stands in the tar twice, and not the same both times.", file);

    private static Digest Hash(TarReader reader, byte[] buffer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (reader.Read(buffer) is > 0 and var read)
            hash.AppendData(buffer, 0, read);
        return Digest.FromHash(hash.GetHashAndReset());
    }

    private static void AddLinks(FileTree tree, Dictionary<string, string> links, string file)
    {
        foreach (var (path, target) in links)
        {
            var end = target;
            for (var steps = 0; links.TryGetValue(end, out var next) && steps <= links.Count; steps++)
                end = next;
            if (tree.At(end) is not { Kind: not EntryKind.Directory } node || links.ContainsKey(end))
            {
                if (EngineMounts.Contains(path))
                    continue;
                throw new StageXException(ErrorCode.ContradictoryEntries, $"'{path}' is a hard link to '{target}', which is not a file in the tar.", file);
            }
            tree.Set(path, node);
        }
    }

    private static void RefuseChildrenOfFiles(FileTree tree, string file)
    {
        foreach (var path in tree.Nodes.Keys)
            if (tree.At(EntryPath.Parent(path)) is { Kind: not EntryKind.Directory })
                throw new StageXException(ErrorCode.ContradictoryEntries, $"'{path}' lies below '{EntryPath.Parent(path)}', which is not a directory in the tar.", file);
    }
}
