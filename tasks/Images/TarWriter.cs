using System.Text;

namespace StageX.Build.Images;

/// <summary>
/// The one form of a tar that a set of entries has: ustar, with a PAX extended header only for what does not fit there;
/// mtime 1, numeric owners, no names, no prefix field.
/// </summary>
internal sealed class TarWriter(Stream output)
{
    private const int BlockSize = 512;
    private const int NameLength = 100;
    private const long LargestSize = (1L << 33) - 1;
    private const int LargestId = (1 << 21) - 1;
    private const int ModificationTime = 1;

    private readonly byte[] _block = new byte[BlockSize];
    private long _written;

    /// <summary>Writes what stands before an entry's content, and returns where the content begins.</summary>
    public long WriteHeader(LayerEntry entry)
    {
        var path = Encoding.UTF8.GetBytes(entry.Kind == EntryKind.Directory ? entry.TarPath + "/" : entry.TarPath);
        var link = Encoding.UTF8.GetBytes(entry.LinkTarget ?? "");
        var extended = new MemoryStream();
        if (entry.GroupId > LargestId)
            AddRecord(extended, "gid", Encoding.ASCII.GetBytes($"{entry.GroupId}"));
        if (!Fits(link))
            AddRecord(extended, "linkpath", link);
        if (!Fits(path))
            AddRecord(extended, "path", path);
        if (entry.Size > LargestSize)
            AddRecord(extended, "size", Encoding.ASCII.GetBytes($"{entry.Size}"));
        if (entry.UserId > LargestId)
            AddRecord(extended, "uid", Encoding.ASCII.GetBytes($"{entry.UserId}"));
        if (extended.Length > 0)
        {
            WriteBlock("././@PaxHeader"u8, 'x', 0, 0, 0, extended.Length, []);
            WriteContent(extended.GetBuffer().AsSpan(0, (int)extended.Length));
            EndContent();
        }
        WriteBlock(path, TypeOf(entry.Kind), entry.Mode, entry.UserId, entry.GroupId, entry.Size, link);
        return _written;
    }

    public void WriteContent(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _written += bytes.Length;
    }

    /// <summary>Fills up to the next block.</summary>
    public void EndContent()
    {
        _block.AsSpan().Clear();
        WriteContent(_block.AsSpan(0, (int)(-_written & (BlockSize - 1))));
    }

    /// <summary>The two empty blocks.</summary>
    public void Complete()
    {
        _block.AsSpan().Clear();
        WriteContent(_block);
        WriteContent(_block);
    }

    private void WriteBlock(ReadOnlySpan<byte> path, char type, int mode, int userId, int groupId, long size, ReadOnlySpan<byte> link)
    {
        _block.AsSpan().Clear();
        path[..Math.Min(path.Length, NameLength)].CopyTo(_block);
        Octal(100, 8, mode);
        Octal(108, 8, userId <= LargestId ? userId : 0);
        Octal(116, 8, groupId <= LargestId ? groupId : 0);
        Octal(124, 12, size <= LargestSize ? size : 0);
        Octal(136, 12, ModificationTime);
        _block[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(_block.AsSpan(157));
        "ustar\000"u8.CopyTo(_block.AsSpan(257));
        Octal(329, 8, 0);
        Octal(337, 8, 0);
        _block.AsSpan(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in _block)
            sum += b;
        Octal(148, 7, sum);
        WriteContent(_block);
    }

    private void Octal(int offset, int length, long number)
    {
        for (var i = offset + length - 2; i >= offset; i--, number >>= 3)
            _block[i] = (byte)('0' + (number & 7));
        _block[offset + length - 1] = 0;
    }

    private static bool Fits(ReadOnlySpan<byte> name) => name.Length <= NameLength && Ascii.IsValid(name);

    private static void AddRecord(MemoryStream records, string key, ReadOnlySpan<byte> value)
    {
        // The length counts its own digits.
        var rest = 1 + key.Length + 1 + value.Length + 1;
        var length = rest + 1;
        while (length != rest + $"{length}".Length)
            length = rest + $"{length}".Length;
        records.Write(Encoding.ASCII.GetBytes($"{length} {key}="));
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static char TypeOf(EntryKind kind) => kind switch
    {
        EntryKind.Directory => '5',
        EntryKind.SymbolicLink => '2',
        EntryKind.HardLink => '1',
        EntryKind.Fifo => '6',
        _ => '0',
    };
}
