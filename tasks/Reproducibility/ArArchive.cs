using System.Buffers.Text;
using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>
/// Archives of ar(1), as GNU and BSD write them: "!&lt;arch&gt;\n", then for each member a header of sixty characters and its
/// content, padded to an even length. GNU keeps long names in a member "//", BSD before the content.
/// </summary>
internal static class ArArchive
{
    private const int HeaderSize = 60;

    private static ReadOnlySpan<byte> Magic => "!<arch>\n"u8;

    public static bool IsOne(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IReadOnlyList<ArchiveMember> Members(Stream archive)
    {
        var members = new List<ArchiveMember>();
        var longNames = "";
        for (long at = Magic.Length; at + HeaderSize <= archive.Length;)
        {
            var header = archive.Window(at, HeaderSize);
            if (header.Length < HeaderSize || header[58] != '`' || header[59] != '\n')
                throw new InvalidDataException("no header where one should be");
            string Field(int offset, int length) => Encoding.Latin1.GetString(header, offset, length).TrimEnd();
            if (!Utf8Parser.TryParse(header.AsSpan(48, 10), out long size, out _) || size < 0)
                throw new InvalidDataException("a member without a size");
            var (name, start) = (Field(0, 16), at + HeaderSize);
            at = start + size + (size & 1);
            if (name == "//")
                longNames = Encoding.UTF8.GetString(archive.Window(start, (int)Math.Min(size, 1 << 24)));
            else if (name.StartsWith("#1/", StringComparison.Ordinal) && int.TryParse(name[3..], out var length) && length <= Math.Min(size, 4096))
            {
                name = Encoding.UTF8.GetString(archive.Window(start, length)).TrimEnd('\0');
                (start, size) = (start + length, size - length);
            }
            else if (name.Length > 1 && name[0] == '/' && int.TryParse(name[1..], out var offset) && offset < longNames.Length)
                name = longNames[offset..].Split('\n')[0];
            // GNU ends names with a slash; "/" itself is the table of symbols.
            name = name is "/" or "/SYM64/" or "//" ? name : name.TrimEnd('/');
            members.Add(new ArchiveMember(name,
            [
                new("mtime", FieldKind.Time, Field(16, 12)),
                new("uid", FieldKind.Owner, Field(28, 6)),
                new("gid", FieldKind.Owner, Field(34, 6)),
                .. OfMode(Field(40, 8)),
            ],
            // Tables follow from the members.
            name is "/" or "/SYM64/" or "//" ? null : () => new SliceStream(archive, start, size)));
        }
        return members;
    }

    private static IEnumerable<HeaderField> OfMode(string mode) =>
        mode.Length > 0 && mode.All(c => c is >= '0' and <= '7') ? [new("mode", FieldKind.Mode, mode)] : [];
}
