using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;
using CompressionMode = SharpCompress.Compressors.CompressionMode;

namespace StageX.Build.Tests.Sources;

/// <summary>Archives made for a test, as honest or hostile as it says.</summary>
internal static class Archives
{
    // pkg-1.0 with a.txt, run (755) and the link "link", packed by xz, xz in two streams, zstd, zstd in two frames, and lzma.
    public const string Xz =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/ALFdADgayRV3cRwtFCbpK9R3qk9nlSZcf7nxZQjbB6+N+TkGvVjuvbra4zhXeVfhi1piVwfesuYva4mqcqkZ7J3v3bZ0eF/vxe6YQ19Qu1gqp0TRWxD5To5RIaJ/eDA2q4F67p9Lkj59gHCXl4p+aLOBueuVzL3rtiZwKbc33gvLzU3mHeQOAJtXuYbpKu8yWUyjBF9sb+AtFNfsx5BTRF0WtgXPQocuGQ9tuSYk73m2OcdpAAAAAAAiKwk/KEj3bgABzQGAUAAAjGim0rHEZ/sCAAAAAARZWg==";

    public const string XzTwice =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AP/AFJdADgayRV3cRwtFCbpK9R3qk9nlSZcf7nxZQjbB6+N+TkGvVjuvbra4zhXeVfhi1piVwfesuYva4mqcqkZ7J3v3bZ0eF/vxe6YQ19Qu1gqpyQnUgAAAAAMQLQnyl1QkwABboAIAAAAiiL5hbHEZ/sCAAAAAARZWv03elhaAAABaSLeNgIAIQEcAAAAEM9YzOAj/wCQXQA0GUnujdz1bM0NbVVssF+mhBpHbJEhlHm7gMi3SUsE6Xw3hyiA3Awfsey78g0EfRcQu/106MM6Ua2rHw31oD33pMezlwduyKoaqcnEJmVHbbgik5Ymc1k92o6bUqijiSSCb5U4mW9ERE5JFwDs4Y29EN0mnEO9YiqHZAYR8gCP2MmlV08Aw4/2kw6N1nYiDHsAT7gsSQABqAGASAAArQSqmD4wDYsCAAAAAAFZWg==";

    public const string Zstd =
        "KLUv/QRotQQA4gUTEZB9AGx0EvzMPB2Hbjzuz1YKUhs7nxEjoYMSsjyn8CuhdFprT+2sD26tUJ7wSiXElGK77+L+nM9ua/6/wjeWDjq/zq/VzptTEIkUBxsgIEuKCvP5yz3AP9DqGRuwSlSH7wAyzQAvbKUAJgXb3eHATx2ARLBXNWBU665wIE4dkAhSpgB8BrN0fDb9hQQdHBTAcIJy3nD1WQ==";

    public const string ZstdTwice =
        "KLUv/QRonQIAcoMLEcDrAJUEG6+iI1I4kbDvb0AKB0Ykp4i6bYXxb2V2MSdwUfK7884s/+9xceGgFA0gMC0wMg5gqumucKCmDkgEaSgAm8GQDqhpHh444HBwokeSqMRNKLUv/QRYJQQAAoURGJCnGgMA1oVPLROCanevxgUpobd3XH9fMsgVlgglIBioeWruIivaYzvPFS/xyNGBq6k57v8bY/5RsbTKJAcGhUDAYa0CChYA+ZvrAf6BWT0QUIEvl1RAh4GNFUwaIAgIIAgwQa4QYE0H5UwAKIMWzsXM+EkGggBwrFwGgenbq8AIClURqA==";

    public const string Lzma =
        "XQAAgAD//////////wA4GskVd3EcLRQm6SvUd6pPZ5UmXH+58WUI2wevjfk5Br1Y7r262uM4V3lX4YtaYlcH3rLmL2uJqnKpGeyd7922dHhf78XumENfULtYKqdE0VsQ+U6OUSGif3gwNquBeu6fS5I+fYBwl5eKfmizgbnrlcy967YmcCm3N94Ly81N5h3kDgCbV7mG6SrvMllMowRfbG/gLRTX7MeQU0RdFrYFz0KHLhkPbbkmJO95tld24i//9Br0qQ==";

    /// <summary>The same tree as in the constants.</summary>
    public static byte[] Sample { get; } = Tar(
        Folder("pkg-1.0/"), File("pkg-1.0/a.txt", "hello\n"), File("pkg-1.0/run", "#!/bin/sh\n", executable: true), Link("pkg-1.0/link", "a.txt"));

    public static byte[] Tar(params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        return stream.ToArray();
    }

    public static TarEntry File(string path, string text = "x\n", bool executable = false) =>
        new PaxTarEntry(TarEntryType.RegularFile, path)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            Mode = executable ? UnixFileMode.UserRead | UnixFileMode.GroupExecute | UnixFileMode.SetUser : UnixFileMode.UserRead,
        };

    public static TarEntry File(string path, byte[] content) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content), Mode = UnixFileMode.UserRead };

    public static TarEntry Folder(string path) => new PaxTarEntry(TarEntryType.Directory, path) { Mode = UnixFileMode.None };

    public static TarEntry Link(string path, string target) => new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target };

    public static TarEntry HardLink(string path, string target) => new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = target };

    public static byte[] Gzip(byte[] bytes) => Pack(bytes, to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true));

    public static byte[] Bzip2(byte[] bytes) => Pack(bytes, to => BZip2Stream.Create(to, CompressionMode.Compress, false, true, false));

    public static byte[] Lzip(byte[] bytes) => Pack(bytes, to => LZipStream.Create(to, CompressionMode.Compress, true));

    /// <summary>A zip with Unix modes; a target makes a link of an entry.</summary>
    public static byte[] Zip(params (string Path, string Content, int Mode)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content, mode) in entries)
            {
                var entry = zip.CreateEntry(path);
                entry.ExternalAttributes = mode << 16;
                using var writer = entry.Open();
                writer.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return stream.ToArray();
    }

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> pack)
    {
        using var stream = new MemoryStream();
        using (var packed = pack(stream))
            packed.Write(bytes);
        return stream.ToArray();
    }
}
