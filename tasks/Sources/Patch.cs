namespace StageX.Build.Sources;

/// <summary>
/// A unified diff, plain or from git, applied to the letter: its context must be there exactly (no fuzz), though it may have
/// moved. The first name of each path is left out, as with <c>patch -p1</c>.
/// </summary>
public sealed class Patch
{
    private readonly Source _source;
    private readonly string _path;
    private readonly IReadOnlyList<PatchFile> _files;

    private Patch(Source source, string path, IReadOnlyList<PatchFile> files)
    {
        _source = source;
        _path = path;
        _files = files;
    }

    /// <summary>Reads a patch file of a source.</summary>
    public static Patch Parse(Source source, string path)
    {
        var files = new PatchParser(source, path, source.ReadPatch(path)).Parse();
        return new Patch(source, path, files);
    }

    /// <summary>Changes the tree. After an error it may be half patched: the caller throws it away.</summary>
    public void Apply(string root)
    {
        foreach (var file in _files)
            Apply(root, file);
    }

    private void Apply(string root, PatchFile file)
    {
        var (from, to) = Paths(root, file);
        RefuseLinks(root, from ?? to!, file);
        RefuseLinks(root, to ?? from!, file);
        var source = from is null ? null : EntryPath.Under(root, from);
        var target = to is null ? null : EntryPath.Under(root, to);

        if (source is not null && !File.Exists(source))
            throw Fails(file.Line, $"'{from}' does not exist");
        if (target is not null && target != source && Path.Exists(target))
            throw Fails(file.Line, $"'{to}' exists already");

        var before = source is null ? [] : File.ReadAllBytes(source);
        var executable = source is not null && CanonicalMode.IsExecutable(source);
        var after = file.Hunks.Count == 0 ? before : Change(before, file, from ?? to!);
        if (target is null)
        {
            // "deleted file mode" without hunks is how git writes the deletion of an empty file.
            if (after.Length > 0)
                throw Fails(file.Line, $"'{from}' is to be deleted but holds more than the patch takes away");
            File.Delete(source!);
            DeleteEmptyFolders(root, Path.GetDirectoryName(source)!);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, after);
        CanonicalMode.SetExecutable(target, file.Executable ?? executable);
        if (file.Renames && !file.Copies)
        {
            File.Delete(source!);
            DeleteEmptyFolders(root, Path.GetDirectoryName(source)!);
        }
    }

    private static (string? From, string? To) Paths(string root, PatchFile file)
    {
        if (file.Renames)
            return (file.OldPath, file.NewPath);
        if (file.Creates)
            return (null, file.NewPath);
        if (file.Deletes)
            return (file.OldPath, null);

        // "--- a/x.orig +++ a/x": the new name counts, the old only where there is no file of the new.
        var path = file.NewPath is { } name && File.Exists(EntryPath.Under(root, name)) ? name
            : file.OldPath is { } old && File.Exists(EntryPath.Under(root, old)) ? old
            : file.NewPath ?? file.OldPath;

        // What takes nothing from a file that is not there makes it: diff -N without /dev/null.
        var makes = file.Hunks is [{ OldStart: 0, Old.Count: 0 }] && !Path.Exists(EntryPath.Under(root, path!));
        return (makes ? null : path, path);
    }

    private void RefuseLinks(string root, string path, PatchFile file)
    {
        var at = root;
        foreach (var name in path.Split('/'))
        {
            at = Path.Combine(at, name);
            if (new FileInfo(at).LinkTarget is not null)
                throw Fault(ErrorCode.PatchPathUnsafe, file.Line, $"patches '{path}', which is or passes through a symbolic link");
        }
    }

    private byte[] Change(byte[] before, PatchFile file, string path)
    {
        var lines = SplitLines(before);
        using var after = new MemoryStream(before.Length + 1024);
        var taken = 0;
        var drift = 0;
        foreach (var hunk in file.Hunks)
        {
            var at = Locate(lines, hunk, taken, drift);
            if (at < 0)
                throw Fails(hunk.Line, $"the lines that this hunk expects near line {Math.Max(1, hunk.OldStart)} are not in '{path}'");
            foreach (var line in lines[taken..at])
                after.Write(line.Span);
            foreach (var line in hunk.New)
                after.Write(line.Span);
            drift = at - Expected(hunk);
            taken = at + hunk.Old.Count;
        }

        foreach (var line in lines[taken..])
            after.Write(line.Span);
        return after.ToArray();
    }

    // "-5,0" means after line 5, everything else names the first line it takes.
    private static int Expected(PatchHunk hunk) => hunk.Old.Count == 0 ? hunk.OldStart : hunk.OldStart - 1;

    /// <summary>The place nearest to where the hunk says, after the hunk before; -1 where there is none.</summary>
    private static int Locate(ReadOnlyMemory<byte>[] lines, PatchHunk hunk, int from, int drift)
    {
        var last = lines.Length - hunk.Old.Count;
        if (hunk.Old.Count == 0)
            return Expected(hunk) + drift is var place && place >= from && place <= last ? place : -1;
        // Fewer lines of context on one side than on the other: that side is an end of the file.
        if (hunk.LeadingContext < hunk.TrailingContext && hunk.OldStart <= 1)
            last = Math.Min(last, 0);
        if (hunk.TrailingContext < hunk.LeadingContext)
            from = Math.Max(from, last);

        var expected = Expected(hunk) + drift;
        for (var distance = 0; distance <= lines.Length + Math.Abs(expected); distance++)
        {
            if (IsAt(expected + distance))
                return expected + distance;
            if (IsAt(expected - distance))
                return expected - distance;
        }

        return -1;

        bool IsAt(int start)
        {
            if (start < from || start > last)
                return false;
            for (var i = 0; i < hunk.Old.Count; i++)
                if (!lines[start + i].Span.SequenceEqual(hunk.Old[i].Span))
                    return false;
            return true;
        }
    }

    /// <summary>Lines with their ends; only the last may lack one.</summary>
    internal static ReadOnlyMemory<byte>[] SplitLines(byte[] bytes)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = bytes.AsSpan(start).IndexOf((byte)'\n');
            var length = end < 0 ? bytes.Length - start : end + 1;
            lines.Add(bytes.AsMemory(start, length));
            start += length;
        }

        return [.. lines];
    }

    // As patch and git do: a folder that a deletion empties goes, too.
    private static void DeleteEmptyFolders(string root, string folder)
    {
        for (; folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            Directory.Delete(folder);
    }

    private StageXException Fails(int line, string because) =>
        _source.Fault(ErrorCode.PatchDoesNotApply, $"The patch {Path.GetFileName(_path)} does not apply to {_source.Name}: {because}.", _path, line);

    private StageXException Fault(string code, int line, string what) =>
        _source.Fault(code, $"The patch {Path.GetFileName(_path)} {what}.", _path, line);
}
