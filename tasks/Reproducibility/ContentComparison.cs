using StageX.Build.Sources;

namespace StageX.Build.Reproducibility;

/// <summary>
/// Looks for what differs in the contents of two files, through archives, compression and ELF sections down to a line or to bytes.
/// Holds windows of the files, never a whole one; what has to be unpacked lies in a temporary folder meanwhile.
/// </summary>
internal sealed class ContentComparison(CauseRules rules, Action<Difference> report, CancellationToken cancellation) : IDisposable
{
    // Nested deeper than any honest file, or unpacking to more than anybody waits for.
    private const int MostDepth = 8;
    private const long LargestUnpacked = 4L << 30;

    // Of one file nobody reads more; the causes of the rest are the same.
    private const int MostOfOneFile = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("stagex-compare-").FullName;
    private int _spooled;
    private int _reported;

    public CauseRules Rules => rules;

    public bool IsFull => _reported >= MostOfOneFile;

    /// <summary>Compares two files whose contents are known to differ.</summary>
    public void CompareFile(string path, Stream first, Stream second)
    {
        _reported = 0;
        Compare(new Place(path, []), first, second);
    }

    /// <summary>Whatever it is that the two streams hold. They can be read from any place.</summary>
    internal void Compare(Place place, Stream first, Stream second)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsFull)
            return;
        var (startA, startB) = (StartOf(first), StartOf(second));
        if (place.Depth <= MostDepth)
            try
            {
                var before = _reported;
                if (TryArchive(place, startA, first, startB, second) && _reported > before)
                    return;
                if (ElfFile.TryRead(first) is { } elfA && ElfFile.TryRead(second) is { } elfB)
                {
                    new ElfComparison(this, place).Compare(elfA, elfB);
                    if (_reported > before)
                        return;
                }
            }
            // It only looked like one.
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or UnpackedStream.LimitExceededException or OverflowException) { }
        if (TextComparison.IsText(startA) && TextComparison.IsText(startB))
            new TextComparison(this, place, (byte)'\n', "line").Compare(first, second);
        else
            new BinaryComparison(this, place).Compare(first, second);
    }

    internal void Report(Place place, DifferenceKind kind, string what, string? first, string? second, IReadOnlyList<Cause> causes, params IReadOnlyList<string> detail)
    {
        _reported++;
        report(new Difference(place.Path, place.Inside, kind, what, first is null ? null : Printable.Of(first), second is null ? null : Printable.Of(second), detail, causes));
    }

    /// <summary>The offset of the first byte that differs, or -1. Where one ends before the other, that is its length.</summary>
    internal long FirstDifference(Stream first, Stream second, long from = 0)
    {
        first.Position = second.Position = from;
        var (bufferA, bufferB) = (new byte[1 << 16], new byte[1 << 16]);
        for (var offset = from; ; offset += bufferA.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var (countA, countB) = (first.ReadAtLeast(bufferA, bufferA.Length, false), second.ReadAtLeast(bufferB, bufferB.Length, false));
            var same = bufferA.AsSpan(0, countA).CommonPrefixLength(bufferB.AsSpan(0, countB));
            if (same < countA || same < countB)
                return offset + same;
            if (countA < bufferA.Length)
                return -1;
        }
    }

    /// <summary>What comes out of a decompressor, in a file that is gone once it is closed.</summary>
    internal Stream Spool(Stream unpacking)
    {
        var file = new FileStream(Path.Combine(_folder, $"{_spooled++}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using var limited = new UnpackedStream(unpacking, LargestUnpacked, cancellation);
            limited.CopyTo(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] StartOf(Stream stream) => stream.Window(0, 1 << 14);

    // Whether both are archives of one format.
    private bool TryArchive(Place place, byte[] startA, Stream first, byte[] startB, Stream second)
    {
        var archives = new ArchiveComparison(this, place);
        if (ArArchive.IsOne(startA) && ArArchive.IsOne(startB))
            archives.Compare(ArArchive.Members(first), ArArchive.Members(second));
        else if (ArchiveReader.IsTarHeader(startA.AsSpan(0, Math.Min(startA.Length, 512))) && ArchiveReader.IsTarHeader(startB.AsSpan(0, Math.Min(startB.Length, 512))))
            archives.Compare(TarArchive.Members(first), TarArchive.Members(second));
        else
        {
            var (formatA, formatB) = (Detect(startA), Detect(startB));
            if (formatA != formatB || formatA is ArchiveFormat.Plain or ArchiveFormat.Lzma)
                return false;
            if (formatA == ArchiveFormat.Zip)
            {
                using var zipA = new ZipMembers(first, this);
                using var zipB = new ZipMembers(second, this);
                archives.Compare(zipA.Members, zipB.Members);
            }
            else
                ComparePacked(place, formatA, startA, first, startB, second);
        }
        return true;
    }

    private void ComparePacked(Place place, ArchiveFormat format, byte[] startA, Stream first, byte[] startB, Stream second)
    {
        var name = format.ToString().ToLowerInvariant();
        var before = _reported;
        if (format == ArchiveFormat.Gzip)
            new ArchiveComparison(this, place).CompareFields(GzipHeader.Fields(startA), GzipHeader.Fields(startB));
        first.Position = second.Position = 0;
        // Decompressors close what they read.
        using var unpackedA = Spool(format.Decompress(new SliceStream(first, 0, first.Length)));
        using var unpackedB = Spool(format.Decompress(new SliceStream(second, 0, second.Length)));
        if (FirstDifference(unpackedA, unpackedB) >= 0)
            Compare(place.In($"unpacked from {name}"), unpackedA, unpackedB);
        else if (_reported == before)
            Report(place, DifferenceKind.Compression, $"the same content, packed otherwise by {name}", $"{first.Length} bytes", $"{second.Length} bytes",
                [new(Variations.Processors, 35, "a compressor may cut its input by the number of its threads"), new(Variations.Jobs, 30, "a compressor may cut its input by the number of its threads")]);
    }

    private static ArchiveFormat Detect(byte[] start)
    {
        using var stream = new MemoryStream(start, writable: false);
        return ArchiveFormats.Detect(stream);
    }
}

/// <summary>Where in an image: a file, and the way further in.</summary>
internal sealed record Place(string Path, IReadOnlyList<string> Inside)
{
    public int Depth => Inside.Count;

    public Place In(string part) => this with { Inside = [.. Inside, Printable.Of(part)] };
}
