using System.Buffers.Text;
using System.Text;

namespace StageX.Build.Images;

/// <summary>
/// Reads tar streams as engines write them: ustar, PAX and the GNU extensions for long names and big numbers.
/// Our own because .NET's replaces bytes that are not UTF-8, and stumbles over a line end in a binary extended attribute.
/// </summary>
internal sealed class TarReader(Stream stream, string file)
{
    private const int BlockSize = 512;

    // Names and attributes, never content: anything longer is an attack on our memory.
    private const int MaximumExtendedHeader = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _block = new byte[BlockSize];
    private readonly byte[] _skip = new byte[1 << 16];
    private long _position;
    private long _left;
    private int _padding;

    /// <summary>The next entry, or null at the end. What was not read of the one before is skipped.</summary>
    public TarHeader? Next()
    {
        Skip(_left + _padding);
        _left = _padding = 0;
        Dictionary<string, byte[]>? extended = null;
        byte[]? longName = null, longLink = null;
        while (ReadBlock())
        {
            var type = (char)_block[156];
            var size = Number(124, 12);
            switch (type)
            {
                case 'x':
                    extended = ReadRecords(size);
                    continue;
                case 'g':
                    // Comments of git archive and the like: nothing that an engine writes says anything in one.
                    ReadExtended(size);
                    continue;
                case 'L':
                    longName = UntilNul(ReadExtended(size));
                    continue;
                case 'K':
                    longLink = UntilNul(ReadExtended(size));
                    continue;
            }
            return Entry(type, size, extended, longName, longLink);
        }
        return null;
    }

    /// <summary>Content of the current entry; 0 at its end.</summary>
    public int Read(Span<byte> buffer)
    {
        if (buffer.Length > _left)
            buffer = buffer[..(int)_left];
        if (buffer.Length == 0)
            return 0;
        var read = stream.Read(buffer);
        if (read == 0)
            throw Unreadable("it ends inside an entry");
        _position += read;
        _left -= read;
        return read;
    }

    private TarHeader Entry(char type, long size, Dictionary<string, byte[]>? extended, byte[]? longName, byte[]? longLink)
    {
        byte[]? Extended(string key) => extended is not null && extended.TryGetValue(key, out var value) ? value : null;
        long ExtendedNumber(string key, long otherwise) => Extended(key) is not { } text ? otherwise
            : Utf8Parser.TryParse(text, out long number, out var used) && (used == text.Length || text[used] == '.') && number >= 0 ? number
            : throw Unreadable($"'{key}' in an extended header is no number");

        if (extended is not null && extended.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
            type = 'S';
        size = ExtendedNumber("size", size);
        var name = Extended("path") ?? longName ?? UstarName();
        var path = Text(name);

        // Before ustar a directory was a file whose name ends in a slash.
        if (type is '\0' or '0' or '7')
            type = path.EndsWith('/') ? '5' : '0';
        if (type is >= '1' and <= '6')
            size = 0;
        _left = size;
        _padding = (int)(-size & (BlockSize - 1));
        return new TarHeader(path, type, (int)(Number(100, 8) & 0xFFF),
            ExtendedNumber("uid", Number(108, 8)), ExtendedNumber("gid", Number(116, 8)), size,
            Text(Extended("linkpath") ?? longLink ?? UntilNul(_block[157..257])), _position)
        {
            ModificationTime = ModificationTime(Extended("mtime")),
            UserName = IsUstar ? Text(UntilNul(_block[265..297])) : "",
            GroupName = IsUstar ? Text(UntilNul(_block[297..329])) : "",
            ExtendedKeys = extended is null ? [] : extended.Keys,
        };
    }

    // Nobody but the validator looks at it, and one before 1970 is no reason to refuse a tar: -1 stands for whatever is no plain number.
    private long ModificationTime(byte[]? extended) =>
        extended is not null ? Utf8Parser.TryParse(extended, out long time, out var used) && used == extended.Length ? time : -1
        : (_block[136] & 0x80) != 0 ? -1 : Number(136, 12);

    private bool IsUstar => _block.AsSpan(257, 5).SequenceEqual("ustar"u8);

    private byte[] UstarName()
    {
        var name = UntilNul(_block[..100]);

        // GNU's own format keeps times where ustar has the prefix; its magic goes on with a blank.
        if (!IsUstar || _block[262] != 0 || _block[345] == 0)
            return name;
        return [.. UntilNul(_block[345..500]), (byte)'/', .. name];
    }

    private bool ReadBlock()
    {
        for (var zeros = 0; zeros < 2; zeros++)
        {
            var read = stream.ReadAtLeast(_block, BlockSize, throwOnEndOfStream: false);
            _position += read;
            if (read == 0 && zeros > 0)
                return false;
            if (read < BlockSize)
                throw Unreadable("it ends without the two empty blocks that end a tar");
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
                continue;
            var sum = 8 * ' ';
            for (var i = 0; i < BlockSize; i++)
                if (i is < 148 or >= 156)
                    sum += _block[i];
            if (Number(148, 8) != sum)
                throw Unreadable($"the header at offset {_position - BlockSize} has a wrong checksum");
            return true;
        }
        return false;
    }

    private long Number(int offset, int length)
    {
        var field = _block.AsSpan(offset, length);
        long number = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field[0] != 0x80 || field[1..^8].ContainsAnyExcept((byte)0))
                throw Unreadable("a number is negative or too big");
            foreach (var digit in field.Length > 8 ? field[^8..] : field[1..])
                number = (number << 8) | digit;
            return number >= 0 ? number : throw Unreadable("a number is negative or too big");
        }
        foreach (var digit in field.Trim(" \0"u8))
            number = digit is >= (byte)'0' and <= (byte)'7' ? (number << 3) | (uint)(digit - '0') : throw Unreadable("a number is not octal");
        return number;
    }

    private Dictionary<string, byte[]> ReadRecords(long size)
    {
        var records = new Dictionary<string, byte[]>();
        var rest = ReadExtended(size).AsSpan();
        while (rest.Length > 0)
        {
            // "<length> <key>=<value>\n", the length counting itself; the value may hold anything.
            if (!Utf8Parser.TryParse(rest, out int length, out var digits) || length <= digits + 1 || length > rest.Length
                || rest[digits] != ' ' || rest[length - 1] != '\n')
                throw Unreadable("an extended header is malformed");
            var record = rest[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Unreadable("an extended header is malformed");
            records[Text(record[..equals])] = record[(equals + 1)..].ToArray();
            rest = rest[length..];
        }
        return records;
    }

    private byte[] ReadExtended(long size)
    {
        if (size > MaximumExtendedHeader)
            throw Unreadable($"an extended header of {size} bytes");
        var bytes = new byte[size];
        _left = size;
        for (var read = 0; read < bytes.Length;)
            read += Read(bytes.AsSpan(read));
        Skip(-size & (BlockSize - 1));
        return bytes;
    }

    private void Skip(long count)
    {
        _left = count;
        while (Read(_skip) > 0) { }
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new StageXException(ErrorCode.ForbiddenPath,
                $"The name '{Encoding.Latin1.GetString(bytes)}' (read as Latin-1) is not UTF-8; rename it in the step that makes it.", file, inner: e);
        }
    }

    private static byte[] UntilNul(byte[] field) => Array.IndexOf(field, (byte)0) is >= 0 and var end ? field[..end] : field;

    private StageXException Unreadable(string how) =>
        new(ErrorCode.UnreadableTar, $"The tar cannot be read: {how}.", file);
}
