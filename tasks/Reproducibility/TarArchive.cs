using System.Formats.Tar;

namespace StageX.Build.Reproducibility;

/// <summary>The members of a tar of any format.</summary>
internal static class TarArchive
{
    public static IReadOnlyList<ArchiveMember> Members(Stream archive)
    {
        var members = new List<ArchiveMember>();
        archive.Position = 0;
        using var tar = new TarReader(archive, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            var (offset, length) = (entry.DataOffset, entry.Length);
            members.Add(new ArchiveMember(entry.Name, [.. Fields(entry)], offset < 0 || length == 0 ? null : () => new SliceStream(archive, offset, length)));
        }
        return members;
    }

    private static IEnumerable<HeaderField> Fields(TarEntry entry)
    {
        yield return new("format", FieldKind.Text, entry.Format.ToString());
        yield return new("type", FieldKind.Text, entry.EntryType.ToString());
        yield return new("mtime", FieldKind.Time, $"{entry.ModificationTime.ToUnixTimeSeconds()}");
        yield return new("uid", FieldKind.Owner, $"{entry.Uid}");
        yield return new("gid", FieldKind.Owner, $"{entry.Gid}");
        yield return new("mode", FieldKind.Mode, Convert.ToString((int)entry.Mode, 8));
        yield return new("linkname", FieldKind.Text, entry.LinkName);
        if (entry is PosixTarEntry posix)
        {
            yield return new("uname", FieldKind.Text, posix.UserName);
            yield return new("gname", FieldKind.Text, posix.GroupName);
        }
        if (entry is GnuTarEntry gnu)
        {
            yield return new("atime", FieldKind.Time, $"{gnu.AccessTime.ToUnixTimeSeconds()}");
            yield return new("ctime", FieldKind.Time, $"{gnu.ChangeTime.ToUnixTimeSeconds()}");
        }
        if (entry is not PaxTarEntry pax)
            yield break;
        foreach (var (key, value) in pax.ExtendedAttributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (key is "atime" or "ctime" || (key == "mtime" && value.Contains('.')))
                yield return new("pax " + key, FieldKind.Time, value);
            else if (key is not ("mtime" or "path" or "linkpath" or "size" or "uid" or "gid" or "uname" or "gname"))
                yield return new("pax " + key, FieldKind.Text, value);
    }
}
