using System.Text;

namespace StageX.Build.Sources;

/// <summary>
/// The one tar of a tree of files: what a git source's SHA-256 is taken of.
/// </summary>
/// <remarks>
/// Files and symbolic links only, folders being implied, in the order of their paths' bytes. Headers are POSIX ustar: mode 0644, or 0755
/// for executables and links, owner and group 0 without names, time 1, device numbers 0. A path that ustar cannot hold is preceded by a pax
/// header of the name <c>pax</c> with <c>path</c>, and a long target by one with <c>linkpath</c>. Two blocks of zeros end it. GNU tar
/// makes the same of a checkout:
/// <c>git ls-files -z | LC_ALL=C sort -z | tar -c -b 1 --format=ustar --mtime=@1 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --no-recursion --null -T -</c>.
/// </remarks>
internal sealed class CanonicalTar(Stream output)
{
    private const int BlockSize = 512;
    private const int NameSize = 100;
    private const int PrefixSize = 155;
    private const long LargestSize = 1L << 33;

    /// <summary>Writes a file of exactly <paramref name="size"/> bytes.</summary>
    public void AddFile(byte[] path, bool executable, long size, Action<Stream> write)
    {
        if (size >= LargestSize)
            throw new NotSupportedException("a file of 8 GiB or more has no place in a source tree");
        AddHeader(path, executable ? 0b111_101_101 : 0b110_100_100, size, '0', []);
        write(output);
        Pad(size);
    }

    public void AddLink(byte[] path, byte[] target) => AddHeader(path, 0b111_101_101, 0, '2', target);

    public void End() => output.Write(new byte[2 * BlockSize]);

    private void AddHeader(byte[] path, int mode, long size, char type, byte[] target)
    {
        var (prefix, name) = Split(path);
        using var records = new MemoryStream();
        if (name is null)
            AddRecord(records, "path", path);
        if (target.Length > NameSize)
            AddRecord(records, "linkpath", target);
        if (records.Length > 0)
        {
            WriteHeader([], "pax"u8.ToArray(), 0b110_100_100, records.Length, 'x', []);
            records.WriteTo(output);
            Pad(records.Length);
        }

        WriteHeader(prefix, name ?? path[..NameSize], mode, size, type, target[..Math.Min(target.Length, NameSize)]);
    }

    /// <summary>ustar cuts a long path at a slash, here at the last that leaves a prefix it can hold. No name: it cannot be cut.</summary>
    private static (byte[] Prefix, byte[]? Name) Split(byte[] path)
    {
        if (path.Length <= NameSize)
            return ([], path);
        var slash = Array.LastIndexOf(path, (byte)'/', Math.Min(path.Length - 2, PrefixSize));
        return slash > 0 && path.Length - slash - 1 <= NameSize ? (path[..slash], path[(slash + 1)..]) : ([], null);
    }

    // "<length> <key>=<value>\n", where the length counts its own digits.
    private static void AddRecord(MemoryStream records, string key, byte[] value)
    {
        var rest = key.Length + value.Length + 3;
        var length = rest + Digits(rest);
        length = rest + Digits(length);
        records.Write(Encoding.ASCII.GetBytes($"{length} {key}="));
        records.Write(value);
        records.WriteByte((byte)'\n');

        static int Digits(int number) => number < 10 ? 1 : 1 + Digits(number / 10);
    }

    private void WriteHeader(byte[] prefix, byte[] name, int mode, long size, char type, byte[] target)
    {
        var block = new byte[BlockSize];
        void Put(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(block.AsSpan(offset));
        void Octal(int offset, int digits, long value) =>
            Put(offset, Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(digits, '0')));

        Put(0, name);
        Octal(100, 7, mode);
        Octal(108, 7, 0);
        Octal(116, 7, 0);
        Octal(124, 11, size);
        Octal(136, 11, 1);
        block.AsSpan(148, 8).Fill((byte)' ');
        block[156] = (byte)type;
        Put(157, target);
        Put(257, "ustar\000"u8);
        Octal(329, 7, 0);
        Octal(337, 7, 0);
        Put(345, prefix);

        var sum = 0;
        foreach (var value in block)
            sum += value;
        Octal(148, 6, sum);
        block[154] = 0;
        output.Write(block);
    }

    private void Pad(long size)
    {
        if (size % BlockSize is > 0 and var rest)
            output.Write(new byte[BlockSize - rest]);
    }
}
