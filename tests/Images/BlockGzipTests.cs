using System.IO.Compression;
using CsCheck;
using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class BlockGzipTests
{
    [TestMethod]
    public void Any_reader_of_gzip_gets_back_what_was_written() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[-2, 2], Gen.Int[0, 3]).Sample((quarters, more, kind) =>
        {
            var content = Sample(Math.Max(0, (quarters * BlockGzip.BlockSize / 2) + more), kind);
            using var gzip = new GZipStream(new MemoryStream(Compress(content)), CompressionMode.Decompress);
            var back = new MemoryStream();
            gzip.CopyTo(back);
            Assert.IsTrue(content.AsSpan().SequenceEqual(back.GetBuffer().AsSpan(0, (int)back.Length)));
        }, iter: 40, threads: 1);

    /// <summary>What the compressor has to tell apart: how far back, how long, how often, and where blocks end.</summary>
    [TestMethod]
    public void Every_corner_of_deflate_comes_back_as_it_was()
    {
        var noise = Sample(BlockGzip.BlockSize, 2);
        var assembly = File.ReadAllBytes(typeof(BlockGzip).Assembly.Location);
        List<byte[]> corners = [assembly, [.. assembly, .. noise, .. assembly]];
        for (var length = 1; length < 20; length++)
            corners.AddRange([noise[..length], new byte[length]]);
        // The window's end, and one byte beyond it.
        foreach (var distance in new[] { 32766, 32767, 32768, 32769 })
            corners.Add([.. noise[..300], .. noise[1000..(700 + distance)], .. noise[..300]]);
        // Runs around the longest match, and around a block that is full.
        foreach (var length in new[] { 257, 258, 259, 260, 516, 517, 65534, 65535, 65536, 65537 })
            corners.AddRange([new byte[length], noise[..length], [.. noise[..7], .. new byte[length], .. noise[..length]]]);
        // So unequal that the shortest code for it is longer than deflate's longest word.
        corners.Add([.. Enumerable.Range(0, 20).SelectMany(symbol => Enumerable.Range(0, Fibonacci(symbol)).Select(i => (Rank: unchecked((uint)((i * 7919) + symbol) * 2654435761), symbol)))
            .OrderBy(pair => pair.Rank).Select(pair => (byte)pair.symbol)]);
        // Every length and every magnitude of distance.
        var mixture = new List<byte>(noise[..40_000]);
        for (var i = 0; mixture.Count < 900_000; i++)
        {
            var start = Math.Max(0, mixture.Count - 1 - (1 << (i % 16)) - (i % 7));
            for (var j = 0; j < 3 + (i % 300); j++)
                mixture.Add(mixture[start + j]);
            mixture.Add(noise[i]);
        }
        corners.Add([.. mixture]);

        using var work = new Workplace();
        var (compressed, whole) = (work.NewPath("whole.gz"), work.NewPath("whole"));
        using (var file = File.Create(compressed))
            foreach (var content in corners)
            {
                var bytes = Compress(content);
                file.Write(bytes);
                Assert.IsLessThan(content.Length + (content.Length / 1000) + 100, bytes.Length);
                using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
                AssertSame(content, gzip);
            }
        // An inflater that has nothing in common with .NET's.
        Command.Run("sh", ["-c", "gzip -dc $0 > $1", compressed, whole]).MustSucceed();
        using var all = File.OpenRead(whole);
        AssertSame([.. corners.SelectMany(content => content)], all);

        static int Fibonacci(int n) => n < 2 ? 1 : Fibonacci(n - 1) + Fibonacci(n - 2);
    }

    private static void AssertSame(byte[] content, Stream stream)
    {
        var back = new MemoryStream();
        stream.CopyTo(back);
        Assert.IsTrue(content.AsSpan().SequenceEqual(back.GetBuffer().AsSpan(0, (int)back.Length)));
    }

    /// <summary>The compressed bytes are promised: what changes one of them changes every digest.</summary>
    [TestMethod]
    [DataRow(0, 1024, "sha256:33b184c6fb68b5e0c357d69c86f07e9a8e7afe8a9bf2fbe21a41f436df4f0384")]
    [DataRow(1, 100_000, "sha256:b26d1e1bb89d75399c4a8657d859f3628637a10e08675017cb928f28e587cf9e")]
    [DataRow(2, 100_000, "sha256:7f337440daa93913cf4b0b8d731cd3a3be75b61101078d1fd4c247ede009ee19")]
    [DataRow(3, 3_000_000, "sha256:a6990670889fc040c7fc408dfd7982fa4cbeaf9965d5f8a374e408c6c18adc05")]
    public void The_compressed_bytes_are_the_promised_ones(int kind, int length, string digest) =>
        Assert.AreEqual(digest, Digest.Of(Compress(Sample(length, kind))).ToString());

    [TestMethod]
    public void The_size_of_the_pieces_that_are_written_does_not_matter()
    {
        var content = Sample(2_500_000, 3);
        var whole = Compress(content);
        foreach (var piece in new[] { 1000, 65536, BlockGzip.BlockSize, BlockGzip.BlockSize + 1 })
            CollectionAssert.AreEqual(whole, Compress(content, piece));
    }

    [TestMethod]
    public void What_was_compressed_before_does_not_matter()
    {
        var (one, other) = (Sample(BlockGzip.BlockSize, 3), Sample(BlockGzip.BlockSize, 1));
        byte[] turns = [.. one, .. other, .. one, .. other, .. other, .. one, .. one, .. one, .. other];
        CollectionAssert.AreEqual(Enumerable.Range(0, 9).SelectMany(i => Compress(turns[(i * BlockGzip.BlockSize)..((i + 1) * BlockGzip.BlockSize)])).ToArray(), Compress(turns));
    }

    [TestMethod]
    public void Every_place_can_be_read_without_what_stands_before_it()
    {
        using var work = new Workplace();
        var content = Sample(2_500_000, 3);
        var blob = work.Store.Blobs.Add(Compress(content));
        using var reader = new BlockGzipContent(work.Store.Blobs, blob);
        Gen.Select(Gen.Int[0, content.Length], Gen.Int[0, 1_200_000]).Sample((offset, length) =>
        {
            var buffer = new byte[length];
            var read = reader.Read(buffer, offset);
            Assert.AreEqual(Math.Min(length, content.Length - offset), read);
            Assert.IsTrue(content.AsSpan(offset, read).SequenceEqual(buffer.AsSpan(0, read)));
        }, iter: 100, threads: 1);
    }

    private static byte[] Compress(byte[] content, int piece = int.MaxValue)
    {
        var output = new MemoryStream();
        using var gzip = new BlockGzipStream(output);
        for (var offset = 0; offset < content.Length; offset += Math.Min(piece, content.Length - offset))
            gzip.Write(content.AsSpan(offset, Math.Min(piece, content.Length - offset)));
        gzip.Complete();
        return output.ToArray();
    }

    // Zeros, text, noise, and a mixture: made by arithmetic of our own, the same for ever.
    private static byte[] Sample(int length, int kind)
    {
        var bytes = new byte[length];
        var state = 12345u;
        for (var i = 0; i < length; i++)
        {
            state = (state * 1664525) + 1013904223;
            bytes[i] = kind switch
            {
                0 => 0,
                1 => (byte)"the quick brown fox jumps over the lazy dog "[(int)(i + (state >> 29)) % 44],
                2 => (byte)(state >> 24),
                _ => (i >> 15) % 3 == 0 ? (byte)(state >> 24) : (byte)((i * i) >> 7),
            };
        }
        return bytes;
    }
}
