using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using StageX.Build.Sources;

namespace StageX.Build.Bootstrap;

/// <summary>
/// Looks for code that is no source in a file and in everything packed or encoded in it, however deep. What runs without
/// any header (raw machine code) and what is encoded in a way of its own cannot be found by looking.
/// </summary>
internal sealed class ContentInspector(CancellationToken cancellation)
{
    /// <summary>Nobody reads more.</summary>
    private const int MostFindings = 20;

    // Nested deeper than any honest file, or larger than what is held in memory at once.
    private const int MostDepth = 8;
    private const long LargestFile = 1L << 30;
    private const long LargestUnpacked = 4L << 30;

    // What the header of a zip's member can say: the version of the format, the method of compression.
    private const int NewestZip = 63, LastZipMethod = 99;

    // Packed so that this code cannot unpack it.
    private static readonly (byte[] Mark, string Kind)[] UnknownArchives =
    [
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
        ([.. "Rar!\x1A\x07"u8], "a rar archive"),
        ([.. "MSCF\0\0\0\0"u8], "a cab archive"),
        ([.. "xar!\0"u8], "a xar archive"),
        ([0x04, 0x22, 0x4D, 0x18], "an lz4 file"),
        ([0x89, (byte)'L', (byte)'Z', (byte)'O', 0], "an lzop file"),
        ([.. "LRZI"u8], "an lrzip file"),
        ([.. "hsqs"u8], "a squashfs image"),
        ([0xED, 0xAB, 0xEE, 0xDB], "an rpm package"),
        ([0x1F, 0x9D], "a file packed by compress"),
        ([0x1F, 0xA0], "a file packed by compress"),
        ([0x1F, 0x1E], "a file packed by pack"),
    ];

    private readonly List<Finding> _findings = [];
    private string _file = "";
    private long _unpacked;

    public IReadOnlyList<Finding> Findings => _findings;

    public bool IsFull => _findings.Count >= MostFindings;

    /// <summary>Looks into a file on disk; one that is too large for memory must be a tar, which is read entry by entry.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What findings call it.</param>
    /// <returns>Its bytes, or null where it was not read as a whole.</returns>
    public byte[]? Inspect(string file, string name)
    {
        _file = name;
        _unpacked = 0;
        var length = new FileInfo(file).Length;
        if (length > LargestFile / 8)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (!TryTar(stream, "", 0) && length > LargestFile)
                Report("", "larger than can be looked into", isOpaque: true);
            if (IsFull || length > LargestFile)
                return null;
        }
        var bytes = File.ReadAllBytes(file);
        InspectBytes(bytes, "", 0, isFile: true);
        return bytes;
    }

    /// <summary>Looks into bytes under the name of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">What findings call it.</param>
    /// <param name="inside">How it was come by.</param>
    /// <param name="isPage">What it says in hexadecimal is accounted for already.</param>
    public void Inspect(ReadOnlySpan<byte> bytes, string name, string inside = "", bool isPage = false)
    {
        _file = name;
        _unpacked = 0;
        InspectBytes(bytes.ToArray(), inside, 0, isFile: true, isPage);
    }

    private void Report(string inside, string kind, bool isOpaque = false)
    {
        if (!IsFull && !_findings.Any(finding => finding.File == _file && finding.Kind == kind && finding.Inside.Split(" from ")[0] == inside.Split(" from ")[0]))
            _findings.Add(new Finding(_file, inside, kind, isOpaque));
    }

    private void InspectBytes(byte[] bytes, string inside, int depth, bool isFile, bool isPage = false)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsFull || bytes.Length < 4)
            return;
        if (depth > MostDepth)
        {
            Report(inside, "nested deeper than can be looked into", isOpaque: true);
            return;
        }
        var found = _findings.Count;
        var code = CodeFormat.Find(bytes, isFile);
        // An archive tells the name of what is in it.
        if (isFile && code?.Offset != 0)
            InspectStart(bytes, inside, depth);
        if (_findings.Count == found && code is var (kind, offset))
            Report(offset == 0 ? inside : Join(inside, $"from byte {offset} on"), kind);
        if (_findings.Count > found)
            return;
        InspectPackedInside(bytes, inside, depth, isFile);
        InspectText(bytes, inside, depth, isPage);
    }

    // What the whole file is packed as. It is an archive by its mark: one that cannot be unpacked may hide anything.
    private void InspectStart(byte[] bytes, string inside, int depth)
    {
        foreach (var (mark, kind) in UnknownArchives)
            if (bytes.AsSpan().StartsWith(mark))
                Report(inside, kind, isOpaque: true);
        using var stream = new MemoryStream(bytes, writable: false);
        if (TryTar(stream, inside, depth))
            return;
        stream.Position = 0;
        var format = ArchiveFormats.Detect(stream);
        // Behind the mark a stream of xz has flags of which most bits are zero; a text that names the mark goes on as it likes.
        if (format == ArchiveFormat.Xz && !(bytes.Length > 8 && bytes[6] == 0 && bytes[7] < 16))
            return;
        if (format == ArchiveFormat.Zip)
            InspectZip(bytes, inside, depth, isSure: true);
        else if (format is not ArchiveFormat.Plain)
            InspectPacked(format, bytes, 0, inside, depth, isSure: format != ArchiveFormat.Lzma);
        else if (bytes.Length > 6 && bytes[0] == 0x78 && ((bytes[0] << 8) | bytes[1]) % 31 == 0)
            Unpack(() => new ZLibStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress), "zlib", inside, depth, isSure: false);
    }

    // Scripts that unpack themselves carry an archive behind their text.
    private void InspectPackedInside(byte[] bytes, string inside, int depth, bool isFile)
    {
        foreach (var (mark, format) in (ReadOnlySpan<(byte[], ArchiveFormat)>)[
            ([0x1F, 0x8B, 8], ArchiveFormat.Gzip), ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], ArchiveFormat.Xz),
            ([0x28, 0xB5, 0x2F, 0xFD], ArchiveFormat.Zstandard), ([(byte)'L', (byte)'Z', (byte)'I', (byte)'P', 1], ArchiveFormat.Lzip), ([.. "1AY&SY"u8], ArchiveFormat.Bzip2)])
        {
            // bzip2's own mark is three letters and a digit.
            var before = format == ArchiveFormat.Bzip2 ? 4 : 0;
            for (var at = 1 + before; at < bytes.Length && !IsFull;)
            {
                var next = bytes.AsSpan(at).IndexOf(mark);
                if (next < 0)
                    break;
                at += next;
                if (before == 0 || bytes.AsSpan(at - before).StartsWith("BZh"u8))
                    InspectPacked(format, bytes, at - before, inside, depth, isSure: false);
                at += mark.Length;
            }
        }
        // Its directory may count from the start of the file or from its own.
        if (bytes.AsSpan().IndexOf("PK\x3\x4"u8) is var zip and >= 0 && !(isFile && bytes.AsSpan().StartsWith("PK"u8)))
        {
            InspectZip(bytes, Join(inside, $"from byte {zip} on"), depth, isSure: false);
            if (zip > 0)
                InspectZip(bytes[zip..], Join(inside, $"from byte {zip} on"), depth, isSure: false);
        }
    }

    private void InspectPacked(ArchiveFormat format, byte[] bytes, int offset, string inside, int depth, bool isSure)
    {
        var place = offset == 0 ? inside : Join(inside, $"from byte {offset} on");
        Unpack(() => format.Decompress(new MemoryStream(bytes, offset, bytes.Length - offset, writable: false)), format.ToString().ToLowerInvariant(), place, depth, isSure);
    }

    private void Unpack(Func<Stream> open, string? format, string inside, int depth, bool isSure)
    {
        var unpacked = new MemoryStream();
        try
        {
            using var stream = new UnpackedStream(open(), LargestFile, cancellation);
            stream.CopyTo(unpacked);
        }
        catch (UnpackedStream.LimitExceededException)
        {
            if (isSure)
                Report(inside, $"{format ?? "a member"} that unpacks to more than can be looked into", isOpaque: true);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            // What did come out is looked at all the same.
            if (isSure)
                Report(inside, $"{format ?? "a member"} that cannot be unpacked", isOpaque: true);
        }
        Descend(unpacked.ToArray(), format is null ? inside : Join(inside, $"unpacked from {format}"), depth);
    }

    private bool TryTar(Stream file, string inside, int depth)
    {
        var format = ArchiveFormats.Detect(file);
        if (format == ArchiveFormat.Zip)
            return false;
        var isTar = false;
        try
        {
            // The file stays open for whoever reads it next.
            using var stream = new UnpackedStream(format.Decompress(new SliceStream(file, 0, file.Length)), LargestUnpacked, cancellation);
            isTar = ArchiveReader.IsTarHeader(stream.PeekBlock());
            if (!isTar)
                return false;
            using var tar = new TarReader(stream);
            while (!IsFull && tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is null)
                    continue;
                if (entry.Length > LargestFile)
                {
                    Report(Join(inside, Printable(entry.Name)), "larger than can be looked into", isOpaque: true);
                    continue;
                }
                var content = new MemoryStream();
                entry.DataStream.CopyTo(content);
                Descend(content.ToArray(), Join(inside, Printable(entry.Name)), depth);
            }
        }
        catch (Exception e) when (isTar && e is not (OperationCanceledException or OutOfMemoryException))
        {
            Report(inside, "a tar that cannot be read to its end", isOpaque: true);
        }
        catch (Exception e) when (!isTar && e is not (OperationCanceledException or OutOfMemoryException))
        {
            return false;
        }
        return isTar;
    }

    private void InspectZip(byte[] bytes, string inside, int depth, bool isSure)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                if (IsFull)
                    return;
                var place = Join(inside, Printable(entry.FullName));
                if (entry.IsEncrypted)
                    Report(place, "encrypted", isOpaque: true);
                else
                    // Whatever length and kind its directory claims.
                    Unpack(entry.Open, null, place, depth, isSure: true);
            }
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            if (isSure)
                Report(inside, "a zip that cannot be read", isOpaque: true);
        }
    }

    private void Descend(byte[] bytes, string inside, int depth)
    {
        _unpacked += bytes.Length;
        if (_unpacked > LargestUnpacked)
            Report(inside, "part of more than can be looked into", isOpaque: true);
        else
            InspectBytes(bytes, inside, depth + 1, isFile: true);
    }

    private void InspectText(byte[] bytes, string inside, int depth, bool isPage)
    {
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            var encoding = bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode;
            InspectBytes(Encoding.UTF8.GetBytes(encoding.GetString(bytes, 2, bytes.Length - 2)), Join(inside, "read as UTF-16"), depth + 1, isFile: true);
            return;
        }
        InspectMarkedText(bytes, inside);
        TextDecoder.Decode(bytes, (encoding, line, decoded) =>
        {
            // A page of hexadecimal is accounted for by itself.
            if (isPage && encoding is not ("base64" or "uuencoded"))
                return;
            if (LooksPacked(decoded) || CodeFormat.Find(decoded, isFile: false) is not null)
                InspectBytes(decoded.ToArray(), Join(inside, $"{encoding} from line {line} on"), depth + 1, isFile: LooksPacked(decoded, atStart: true) && !IsNumbersOfZip(decoded));
        });
    }

    // Decoding again what is only text would never end.
    private static bool LooksPacked(ReadOnlySpan<byte> bytes, bool atStart = false)
    {
        foreach (var mark in (ReadOnlySpan<byte[]>)[[0x1F, 0x8B, 8], [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], [0x28, 0xB5, 0x2F, 0xFD], [.. "1AY&SY"u8], [.. "PK\x3\x4"u8], [.. "LZIP"u8], [.. "ustar"u8]])
            if (bytes.IndexOf(mark) is var at and >= 0 && (!atStart || at == 0))
                return true;
        return false;
    }

    // Programs that read zip files have its marks as numbers, one after the other: a member's header says what no number does.
    private static bool IsNumbersOfZip(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\x3\x4"u8) && !(bytes.Length > 30 && BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) <= NewestZip && BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) <= LastZipMethod);

    // Forms that carry nothing but binaries.
    private void InspectMarkedText(ReadOnlySpan<byte> bytes, string inside)
    {
        var at = bytes.IndexOf("GIT binary patch\n"u8);
        if (at == 0 || (at > 0 && bytes[at - 1] == '\n'))
            Report(Join(inside, $"from byte {at} on"), "a binary patch", isOpaque: true);
        if (bytes.Length > 11 && bytes[0] is (byte)':' or (byte)'S' && IsFirmware(bytes))
            Report(inside, "firmware in Intel's or Motorola's hexadecimal");
    }

    private static bool IsFirmware(ReadOnlySpan<byte> text)
    {
        var lines = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd("\r "u8);
            if (line.Length == 0)
                continue;
            var digits = line[0] == ':' ? line[1..] : line[0] == 'S' && line.Length > 2 ? line[2..] : [];
            if (digits.Length < 8 || digits.Length % 2 != 0 || !Encoding.ASCII.GetString(digits).All(char.IsAsciiHexDigit))
                return false;
            var sum = Convert.FromHexString(Encoding.ASCII.GetString(digits)).Sum(value => value) & 0xFF;
            if (sum != (line[0] == ':' ? 0 : 0xFF))
                return false;
            if (++lines == 4)
                return true;
        }
        return lines > 1;
    }

    private static string Join(string inside, string more) => inside.Length == 0 ? more : $"{inside}, {more}";

    private static string Printable(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));
}
