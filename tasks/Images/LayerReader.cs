using System.Security.Cryptography;

namespace StageX.Build.Images;

/// <summary>Reads the tar of a layer into entries, refusing every one that is not in the canonical form.</summary>
internal static class LayerReader
{
    /// <param name="tar">The tar.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <param name="begin">Told each entry, but for the digest of a file's content, before its content.</param>
    /// <param name="content">Told a file's content piece by piece.</param>
    public static LayerIndex Read(Stream tar, string file, Action<LayerEntry>? begin = null, Action<ReadOnlySpan<byte>>? content = null)
    {
        var entries = new List<LayerEntry>();
        var offsets = new List<long>();
        var files = new HashSet<string>();
        var directories = new HashSet<string> { "" };
        var reader = new TarReader(tar, file);
        var buffer = new byte[1 << 18];
        var last = "";
        while (reader.Next() is { } header)
        {
            var entry = EntryOf(header, file);
            var tarPath = entry.TarPath;
            if (EntryPath.ByteOrder.Compare(last, tarPath) >= 0)
                throw Broken(file, header, last == tarPath ? "each path stands in a layer once" : $"entries are sorted by path bytes, and it comes after '{last}'");
            last = tarPath;
            if (!directories.Contains(EntryPath.Parent(tarPath)))
                throw Broken(file, header, "the directory above each entry is listed before it");
            if (entry.Kind == EntryKind.Directory)
                directories.Add(entry.Path);
            if (entry.Kind == EntryKind.HardLink && !files.Contains(entry.LinkTarget!))
                throw Broken(file, header, $"a hard link names a file that stands before it in the same layer, not '{entry.LinkTarget}'");
            begin?.Invoke(entry);
            if (entry.Kind == EntryKind.File)
            {
                files.Add(entry.Path);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                while (reader.Read(buffer) is > 0 and var read)
                {
                    hash.AppendData(buffer, 0, read);
                    content?.Invoke(buffer.AsSpan(0, read));
                }
                entry = entry with { Content = Digest.FromHash(hash.GetHashAndReset()) };
            }
            entries.Add(entry);
            offsets.Add(entry.Kind == EntryKind.File ? header.DataOffset : 0);
        }
        return new LayerIndex(entries, offsets);
    }

    private static LayerEntry EntryOf(TarHeader header, string file)
    {
        var path = EntryPath.Normalize(header.Path);
        if (string.IsNullOrEmpty(path) || path != (header.Type == '5' ? header.Path.TrimEnd('/') : header.Path))
            throw Broken(file, header, "paths are relative, without '.', '..' or empty parts");
        if (header.ExtendedKeys.FirstOrDefault(key => key is not ("path" or "linkpath" or "size" or "uid" or "gid")) is { } key)
            throw Broken(file, header, $"no extended attributes and no other extended headers, and it has '{key}'");
        if (header.ModificationTime != 1)
            throw Broken(file, header, $"the modification time is 1, not {header.ModificationTime}");
        if (header.UserName.Length + header.GroupName.Length > 0)
            throw Broken(file, header, "owners are numbers, without names");
        if (header.UserId > int.MaxValue || header.GroupId > int.MaxValue)
            throw Broken(file, header, "owners fit into 31 bits");
        if ((header.Mode & 0xC00) != 0)
            throw Broken(file, header, "no setuid and no setgid bit");
        var kind = header.Type switch
        {
            '0' => EntryKind.File,
            '1' => EntryKind.HardLink,
            '2' => EntryKind.SymbolicLink,
            '5' => EntryKind.Directory,
            '6' => EntryKind.Fifo,
            _ => throw Broken(file, header, $"only files, directories, links and FIFOs, not tar type '{header.Type}'"),
        };
        if (kind == EntryKind.SymbolicLink && header.Mode != 0x1FF)
            throw Broken(file, header, "a symbolic link has the mode 0777");
        var name = EntryPath.Name(path);
        if (name.StartsWith(EntryPath.WhiteoutPrefix, StringComparison.Ordinal))
        {
            if (name == EntryPath.OpaqueName || name.StartsWith(EntryPath.WhiteoutPrefix + EntryPath.WhiteoutPrefix, StringComparison.Ordinal) || name == EntryPath.WhiteoutPrefix)
                throw Broken(file, header, "a removal is a whiteout of its own, not an opaque directory");
            var whiteout = LayerEntry.Whiteout(EntryPath.Join(EntryPath.Parent(path), name[EntryPath.WhiteoutPrefix.Length..]));
            if (kind != EntryKind.File || header is not { Size: 0, Mode: 0, UserId: 0, GroupId: 0 })
                throw Broken(file, header, "a whiteout is an empty file without mode and owner");
            return whiteout;
        }
        var target = kind is EntryKind.SymbolicLink or EntryKind.HardLink ? header.LinkTarget : null;
        return new LayerEntry(path, kind, header.Mode, (int)header.UserId, (int)header.GroupId, header.Size, null, target);
    }

    private static StageXException Broken(string file, TarHeader header, string rule) =>
        new(ErrorCode.NotCanonical, $"The layer is not canonical at '{header.Path}': {rule}.", file);
}
