using System.Buffers.Binary;
using System.Text;

namespace StageX.Build.Sources;

/// <summary>
/// The files of Debian's Sources indices in one compact file that is searched where it lies: no look-up loads it.
/// </summary>
/// <remarks>
/// A header (magic, identity of what it was made from, number of records, number of suites), the suites as lines of text, the records
/// sorted by hash, then their texts. A record is 44 bytes: SHA-256, offset and length of "base URI directory/file" in the texts, the set
/// of suites as bits. Numbers are little-endian.
/// </remarks>
internal static class DebianIndex
{
    private const int IdentitySize = 64;
    private const int HeaderSize = 8 + IdentitySize + 4 + 4;
    private const int RecordSize = 32 + 4 + 4 + 4;
    private static readonly byte[] Magic = "SXDEBIX1"u8.ToArray();

    public static bool Matches(string path, string identity)
    {
        using var file = Open(path, identity);
        return file is not null;
    }

    /// <summary>Null when there is no index of this identity, empty when it does not know the hash.</summary>
    public static IReadOnlyList<DebianFile>? Find(string path, string identity, Digest digest)
    {
        using var file = Open(path, identity);
        if (file is null)
            return null;
        Span<byte> numbers = stackalloc byte[8];
        Read(file, HeaderSize - 8, numbers);
        var count = BinaryPrimitives.ReadInt32LittleEndian(numbers);
        var suitesSize = BinaryPrimitives.ReadInt32LittleEndian(numbers[4..]);
        var records = HeaderSize + suitesSize;
        var wanted = Convert.FromHexString(digest.Hex);
        Span<byte> record = stackalloc byte[RecordSize];

        int low = 0, high = count;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            Read(file, records + (long)middle * RecordSize, record);
            if (record[..32].SequenceCompareTo(wanted) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        var found = new List<DebianFile>();
        string[]? suites = null;
        for (; low < count; low++)
        {
            Read(file, records + (long)low * RecordSize, record);
            if (!record[..32].SequenceEqual(wanted))
                break;
            suites ??= Text(file, HeaderSize, suitesSize).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(record[32..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(record[36..]);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(record[40..]);
            // "+bookworm" keeps its files, "-sid" drops them.
            var holders = suites.Where((_, index) => (mask & (1u << index)) != 0).ToList();
            found.Add(new DebianFile(
                new Uri(Text(file, records + (long)count * RecordSize + offset, length)),
                holders.ConvertAll(suite => suite[1..]),
                holders.Exists(suite => suite[0] == '+')));
        }

        return [.. found.OrderByDescending(place => place.IsKept)];
    }

    public static void Build(
        string path, string identity, IReadOnlyList<AptSourcesList> lists, AptState state, CancellationToken cancellation)
    {
        var suites = lists.Select(list => (list.IsKept ? "+" : "-") + list.Codename).Distinct().ToList();
        if (suites.Count > 32)
            throw new NotSupportedException("more than 32 suites");
        var files = new Dictionary<(Digest Hash, string Uri), uint>();
        foreach (var list in lists)
        {
            var bit = 1u << suites.IndexOf((list.IsKept ? "+" : "-") + list.Codename);
            state.Read(
                list,
                stream =>
                {
                    foreach (var (hash, name) in DebianSources.Read(stream))
                    {
                        var key = (hash, list.Uri + name);
                        files[key] = files.GetValueOrDefault(key) | bit;
                    }
                },
                cancellation);
        }

        AtomicFile.Write(path, stream => Write(stream, identity, suites, files));
    }

    private static void Write(Stream stream, string identity, List<string> suites, Dictionary<(Digest Hash, string Uri), uint> files)
    {
        using var output = new BufferedStream(stream, 1 << 16);
        var sorted = files.OrderBy(file => file.Key.Hash).ThenBy(file => file.Key.Uri, StringComparer.Ordinal).ToList();
        var suiteText = Encoding.UTF8.GetBytes(string.Join('\n', suites));
        var texts = sorted.ConvertAll(file => Encoding.UTF8.GetBytes(file.Key.Uri));

        output.Write(Magic);
        output.Write(Encoding.ASCII.GetBytes(identity));
        WriteNumber(output, (uint)sorted.Count);
        WriteNumber(output, (uint)suiteText.Length);
        output.Write(suiteText);
        uint offset = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            output.Write(Convert.FromHexString(sorted[i].Key.Hash.Hex));
            WriteNumber(output, offset);
            WriteNumber(output, (uint)texts[i].Length);
            WriteNumber(output, sorted[i].Value);
            offset += (uint)texts[i].Length;
        }

        foreach (var text in texts)
            output.Write(text);
    }

    private static FileStream? Open(string path, string identity)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[8 + IdentitySize];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && head.StartsWith(Magic)
            && Encoding.ASCII.GetString(head[8..]) == identity)
            return file;
        file.Dispose();
        return null;
    }

    private static void Read(FileStream file, long offset, Span<byte> into)
    {
        file.Position = offset;
        file.ReadExactly(into);
    }

    private static string Text(FileStream file, long offset, int length)
    {
        var bytes = new byte[length];
        Read(file, offset, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static void WriteNumber(Stream output, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        output.Write(bytes);
    }
}
