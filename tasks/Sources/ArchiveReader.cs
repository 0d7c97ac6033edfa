using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace StageX.Build.Sources;

/// <summary>The entries of an archive file in order, whatever it is packed with.</summary>
internal static class ArchiveReader
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Reads entry after entry. The file is closed at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, as told by whichever decoder found it.</exception>
    public static IEnumerable<ArchiveEntry> Read(Source source, FileStream file, ExtractionLimits limits, CancellationToken cancellation)
    {
        var format = ArchiveFormats.Detect(file);
        var limit = limits.BytesFor(file.Length);
        return format == ArchiveFormat.Zip ? ReadZip(file, limit, cancellation) : ReadTar(source, format, file, limit, cancellation);
    }

    private static IEnumerable<ArchiveEntry> ReadTar(
        Source source, ArchiveFormat format, FileStream file, long limit, CancellationToken cancellation)
    {
        using var stream = new UnpackedStream(Decode(() => format.Decompress(file)), limit, cancellation);
        if (!IsTarHeader(stream.PeekBlock()))
            throw source.Fault(
                ErrorCode.ArchiveUnknown,
                $"{source.Name} is {(format == ArchiveFormat.Plain ? "no archive" : $"compressed with {format} but holds no tar")} (known: tar with gzip, bzip2, xz, zstd, lzip, lzma; zip). Set Extract=\"false\" to get the file as it is.");
        using var tar = new TarReader(stream);
        while (Decode(() => tar.GetNextEntry()) is { } entry)
            if (entry.EntryType is not (TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume))
                yield return Interpret(entry);
        if (!stream.EndedInZeros)
            throw new InvalidDataException("it ends without the mark that ends a tar");
        // What compressors check, they check at their end.
        stream.CopyTo(Stream.Null);
    }

    private static ArchiveEntry Interpret(TarEntry entry) => entry.EntryType switch
    {
        // Old tars know no type for folders but a slash.
        TarEntryType.V7RegularFile when entry.Name.EndsWith('/') => new(entry.Name, ArchiveEntryKind.Directory),
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile =>
            new(entry.Name, ArchiveEntryKind.File, IsExecutable: (entry.Mode & AnyExecute) != 0, Content: entry.DataStream),
        TarEntryType.Directory => new(entry.Name, ArchiveEntryKind.Directory),
        TarEntryType.SymbolicLink => new(entry.Name, ArchiveEntryKind.SymbolicLink, entry.LinkName),
        TarEntryType.HardLink => new(entry.Name, ArchiveEntryKind.HardLink, entry.LinkName),
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice => Forbid(entry, "a device node"),
        TarEntryType.Fifo => Forbid(entry, "a FIFO"),
        TarEntryType.SparseFile => Forbid(entry, "a sparse file in GNU's old form"),
        _ => Forbid(entry, $"an entry of the type {entry.EntryType}"),
    };

    private static ArchiveEntry Forbid(TarEntry entry, string because) =>
        new(entry.Name, ArchiveEntryKind.Forbidden, ForbiddenBecause: because);

    private static IEnumerable<ArchiveEntry> ReadZip(FileStream file, long limit, CancellationToken cancellation)
    {
        const int TypeMask = 0xF000, SymbolicLink = 0xA000, Directory = 0x4000, Regular = 0x8000;
        using var zip = Decode(() => new ZipArchive(file, ZipArchiveMode.Read));
        foreach (var entry in zip.Entries)
        {
            // The upper half is the mode where the archive was made on Unix, and 0 elsewhere.
            var mode = entry.ExternalAttributes >> 16;
            var type = mode & TypeMask;
            if (entry.IsEncrypted)
            {
                yield return new(entry.FullName, ArchiveEntryKind.Forbidden, ForbiddenBecause: "encrypted");
                continue;
            }

            if (entry.FullName.EndsWith('/') || type == Directory)
            {
                yield return new(entry.FullName, ArchiveEntryKind.Directory);
                continue;
            }

            using var content = new UnpackedStream(Decode(entry.Open), limit, cancellation);
            if (type == SymbolicLink)
                yield return new(entry.FullName, ArchiveEntryKind.SymbolicLink, ReadLinkTarget(content));
            else if (type is 0 or Regular)
                yield return new(entry.FullName, ArchiveEntryKind.File, IsExecutable: ((UnixFileMode)(mode & 0x1FF) & AnyExecute) != 0, Content: content);
            else
                yield return new(entry.FullName, ArchiveEntryKind.Forbidden, ForbiddenBecause: "neither file, folder nor link");
            limit -= content.Count;
        }
    }

    private static string ReadLinkTarget(Stream content)
    {
        var buffer = new byte[4097];
        var length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length < buffer.Length
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw new InvalidDataException("a symbolic link's target is longer than a path can be");
    }

    /// <summary>Whether a file is a tar, or one packed in a way that every engine can unpack.</summary>
    public static bool IsTar(FileStream file)
    {
        var format = ArchiveFormats.Detect(file);
        if (format is ArchiveFormat.Zip or ArchiveFormat.Lzip or ArchiveFormat.Lzma)
            return false;
        try
        {
            using var unpacked = Decode(() => format.Decompress(file));
            var block = new byte[512];
            return Decode(() => unpacked.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) == block.Length && IsTarHeader(block);
        }
        catch (InvalidDataException)
        {
            // Only its first bytes look like what they are not.
            return false;
        }
    }

    /// <summary>A tar header is known by its sum: old tars have no other mark.</summary>
    internal static bool IsTarHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < 512)
            return false;
        var sum = 8 * ' ';
        for (var i = 0; i < 512; i++)
            if (i is < 148 or >= 156)
                sum += block[i];
        var stated = 0;
        foreach (var digit in block[148..156].Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            stated = stated * 8 + digit - '0';
        }

        return stated == sum;
    }

    /// <summary>Decoders throw many kinds of exception at what they do not understand; here it is one.</summary>
    private static T Decode<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception e) when (e is not (OperationCanceledException or StageXException or InvalidDataException or UnpackedStream.LimitExceededException))
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
