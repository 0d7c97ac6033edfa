namespace StageX.Build.Sources;

/// <summary>
/// Writes an archive's entries into an empty folder, believing none of them. What exists is known from a map of our own, and links
/// are made last, so that nothing is ever written through one.
/// </summary>
internal sealed class ArchiveExtractor
{
    private readonly Source _source;
    private readonly string _root;
    private readonly ExtractionLimits _limits;
    private readonly Dictionary<string, ArchiveEntryKind> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _links = new(StringComparer.Ordinal);

    private ArchiveExtractor(Source source, string root, ExtractionLimits limits)
    {
        _source = source;
        _root = root;
        _limits = limits;
    }

    /// <summary>Extracts, leaves out an only top folder unless it is to be kept, removes what the source says, makes the links.</summary>
    public static void Extract(
        Source source, FileStream archive, string root, ExtractionLimits limits, CancellationToken cancellation, bool keepTopFolder = false)
    {
        var extractor = new ArchiveExtractor(source, root, limits);
        var current = "";
        try
        {
            using var inner = source.Archive is null ? null : TakeOut(source, archive, root, limits, cancellation);
            foreach (var entry in ArchiveReader.Read(source, inner ?? archive, limits, cancellation))
            {
                current = entry.Path;
                extractor.Write(entry);
            }
        }
        catch (InvalidDataException e)
        {
            throw source.Fault(ErrorCode.ArchiveCorrupt, $"{source.Name}: the archive is damaged{After(current)}: {e.Message}.", inner: e);
        }
        catch (UnpackedStream.LimitExceededException e)
        {
            throw source.Fault(ErrorCode.ArchiveTooLarge, $"{source.Name}: the archive is taken for a bomb{After(current)}: {e.Message}.", inner: e);
        }

        if (extractor._kinds.Count == 0)
            throw source.Fault(ErrorCode.ArchiveCorrupt, $"{source.Name}: the archive is empty.");
        if (source.Commit is null && !keepTopFolder)
            extractor.LeaveOutTopFolder();
        extractor.Remove();
        extractor.MakeLinks();
    }

    /// <summary>The archive that lies in another, as a file that is gone when it is closed.</summary>
    private static FileStream TakeOut(
        Source source, FileStream archive, string root, ExtractionLimits limits, CancellationToken cancellation)
    {
        foreach (var entry in ArchiveReader.Read(source, archive, limits, cancellation))
        {
            if (entry.Kind != ArchiveEntryKind.File || EntryPath.Split(entry.Path) is not { Length: > 0 } names)
                continue;
            if (EntryPath.Join(names) != source.Archive && EntryPath.Join(names.Skip(1)) != source.Archive)
                continue;
            var file = new FileStream(
                AtomicFile.TemporaryBeside(root), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
            try
            {
                CopyContent(entry, file);
                file.Position = 0;
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        throw source.Fault(ErrorCode.ArchiveMissing, $"{source.Name}: there is no file '{source.Archive}' in the archive. Its path starts below an only top folder.");
    }

    private static string After(string entry) => entry.Length == 0 ? "" : $" at or after '{Printable(entry)}'";

    private static string Printable(string path) => string.Concat(path.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));

    private StageXException Fault(string code, string entry, string what) =>
        _source.Fault(code, $"{_source.Name}: the archive's entry '{Printable(entry)}' {what}.");

    private void Write(ArchiveEntry entry)
    {
        if (entry.Kind == ArchiveEntryKind.Forbidden)
            throw Fault(ErrorCode.ArchiveEntryForbidden, entry.Path, $"is {entry.ForbiddenBecause}");
        var names = EntryPath.Split(entry.Path)
            ?? throw Fault(ErrorCode.ArchivePathUnsafe, entry.Path, "has a path that is absolute, climbs with '..', is too long, or holds bytes that no name should");
        if (names.Length == 0)
        {
            if (entry.Kind != ArchiveEntryKind.Directory)
                throw Fault(ErrorCode.ArchivePathUnsafe, entry.Path, "stands for the root and is no folder");
            return;
        }

        MakeParents(entry, names);
        var path = EntryPath.Join(names);
        switch (entry.Kind)
        {
            case ArchiveEntryKind.Directory:
                if (Record(entry, path, ArchiveEntryKind.Directory))
                    Directory.CreateDirectory(EntryPath.Under(_root, path));
                break;
            case ArchiveEntryKind.File:
                Record(entry, path, ArchiveEntryKind.File);
                WriteFile(entry, path);
                break;
            case ArchiveEntryKind.SymbolicLink:
                Record(entry, path, ArchiveEntryKind.SymbolicLink);
                _links[path] = entry.LinkTarget;
                break;
            case ArchiveEntryKind.HardLink:
                CopyLinked(entry, path);
                break;
        }
    }

    private void MakeParents(ArchiveEntry entry, string[] names)
    {
        for (var depth = 1; depth < names.Length; depth++)
        {
            var parent = EntryPath.Join(names.Take(depth));
            if (!_kinds.TryGetValue(parent, out var kind))
            {
                Record(entry, parent, ArchiveEntryKind.Directory);
                Directory.CreateDirectory(EntryPath.Under(_root, parent));
            }
            else if (kind == ArchiveEntryKind.SymbolicLink)
                throw Fault(ErrorCode.ArchiveLinkUnsafe, entry.Path, $"would be written through the link '{parent}'");
            else if (kind != ArchiveEntryKind.Directory)
                throw Fault(ErrorCode.ArchiveEntryConflict, entry.Path, $"lies below '{parent}', which is a file");
        }
    }

    /// <summary>False when the path was there already, as the same kind of thing.</summary>
    private bool Record(ArchiveEntry entry, string path, ArchiveEntryKind kind)
    {
        if (!_kinds.TryAdd(path, kind))
            return _kinds[path] == kind
                ? false
                : throw Fault(ErrorCode.ArchiveEntryConflict, entry.Path, "comes twice, as different things");
        if (_kinds.Count > _limits.Entries)
            throw _source.Fault(ErrorCode.ArchiveTooLarge, $"{_source.Name}: the archive holds more than {_limits.Entries} entries (at '{Printable(entry.Path)}').");
        return true;
    }

    private void WriteFile(ArchiveEntry entry, string path)
    {
        var file = EntryPath.Under(_root, path);
        // A later entry of the same name replaces the earlier, as in every tar.
        using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 0))
            CopyContent(entry, stream);
        CanonicalMode.SetExecutable(file, entry.IsExecutable);
    }

    private static void CopyContent(ArchiveEntry entry, FileStream to)
    {
        if (entry.Content is null)
            return;
        var buffer = new byte[1 << 16];
        while (true)
        {
            int count;
            try
            {
                count = entry.Content.Read(buffer);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException("it ends in the middle of a file", e);
            }

            if (count == 0)
                return;
            to.Write(buffer, 0, count);
        }
    }

    private void CopyLinked(ArchiveEntry entry, string path)
    {
        // A hard link's target is a path from the archive's root, unlike a symbolic link's.
        var original = EntryPath.Split(entry.LinkTarget) is { Length: > 0 } names ? EntryPath.Join(names) : null;
        if (original is null)
            throw Fault(ErrorCode.ArchiveLinkUnsafe, entry.Path, $"is a hard link to '{Printable(entry.LinkTarget)}', outside the archive");
        switch (_kinds.GetValueOrDefault(original, ArchiveEntryKind.Forbidden))
        {
            case ArchiveEntryKind.File:
                Record(entry, path, ArchiveEntryKind.File);
                if (path != original)
                    File.Copy(EntryPath.Under(_root, original), EntryPath.Under(_root, path), overwrite: true);
                break;
            case ArchiveEntryKind.SymbolicLink:
                Record(entry, path, ArchiveEntryKind.SymbolicLink);
                _links[path] = _links[original];
                break;
            default:
                throw Fault(ErrorCode.ArchiveLinkUnsafe, entry.Path, $"is a hard link to '{Printable(entry.LinkTarget)}', which is no earlier file of the archive");
        }
    }

    private void LeaveOutTopFolder()
    {
        var tops = _kinds.Keys.Where(path => !path.Contains('/')).Take(2).ToList();
        if (tops is not [var top] || _kinds[top] != ArchiveEntryKind.Directory)
            return;

        // Under a name that nothing in it can have, so that it can hold an entry of its own name.
        var aside = $"{EntryPath.Under(_root, top)}.{Guid.NewGuid():n}";
        Directory.Move(EntryPath.Under(_root, top), aside);
        foreach (var entry in new DirectoryInfo(aside).EnumerateFileSystemInfos().ToList())
            Directory.Move(entry.FullName, Path.Combine(_root, entry.Name));
        Directory.Delete(aside);

        Rename(_kinds, top.Length + 1);
        Rename(_links, top.Length + 1);
    }

    private static void Rename<T>(IDictionary<string, T> paths, int prefix)
    {
        var renamed = paths.Where(pair => pair.Key.Length > prefix).Select(pair => (pair.Key[prefix..], pair.Value)).ToList();
        paths.Clear();
        foreach (var (path, value) in renamed)
            paths.Add(path, value);
    }

    private void Remove()
    {
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in _source.Remove)
        {
            var matches = _kinds.Keys.Where(PathPattern.Parse(text).Matches).ToList();
            if (matches.Count == 0)
                throw _source.Fault(ErrorCode.RemoveUseless, $"Remove '{text}' matches nothing in {_source.Name}. Paths start below the archive's only top folder.");
            removed.UnionWith(matches);
        }

        // Folders before what is in them, which is then gone already.
        foreach (var path in removed.Order(StringComparer.Ordinal))
        {
            if (!_kinds.Remove(path, out var kind))
                continue;
            if (kind == ArchiveEntryKind.File)
                File.Delete(EntryPath.Under(_root, path));
            else if (kind == ArchiveEntryKind.SymbolicLink)
                _links.Remove(path);
            else
            {
                Directory.Delete(EntryPath.Under(_root, path), recursive: true);
                foreach (var below in _kinds.Keys.Where(other => other.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
                {
                    _kinds.Remove(below);
                    _links.Remove(below);
                }
            }
        }
    }

    private void MakeLinks()
    {
        foreach (var (path, target) in _links)
            if (!StaysInside(path, target))
                throw Fault(ErrorCode.ArchiveLinkUnsafe, path, $"is a link to '{Printable(target)}', which leads outside the source");
        foreach (var (path, target) in _links)
            File.CreateSymbolicLink(EntryPath.Under(_root, path), target);
    }

    /// <summary>Follows a link as the kernel would, through other links too, and sees whether it ever leaves the root.</summary>
    private bool StaysInside(string link, string target)
    {
        var followed = 0;
        var position = new List<string>(link.Split('/')[..^1]);
        var ahead = new Stack<string>(Names(target));
        if (!IsRelative(target))
            return false;
        while (ahead.TryPop(out var name))
        {
            if (name is "" or ".")
                continue;
            if (name == "..")
            {
                if (position.Count == 0)
                    return false;
                position.RemoveAt(position.Count - 1);
                continue;
            }

            position.Add(name);
            if (!_links.TryGetValue(EntryPath.Join(position), out var further))
                continue;
            // A loop leads nowhere; the kernel gives up at 40, too.
            if (++followed > 40)
                return true;
            if (!IsRelative(further))
                return false;
            position.RemoveAt(position.Count - 1);
            foreach (var next in Names(further))
                ahead.Push(next);
        }

        return true;

        static IEnumerable<string> Names(string path) => path.Split('/').Reverse();
    }

    private static bool IsRelative(string target) =>
        target.Length > 0 && target[0] != '/' && !target.Any(char.IsControl) && !target.Contains('\uFFFD')
        && !(OperatingSystem.IsWindows() && Path.IsPathRooted(target));
}
