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

    /// <summary>The compressed bytes are promised: an update of SharpCompress that changes one of them changes every digest.</summary>
    [TestMethod]
    [DataRow(0, 1024, "sha256:75ca1acfab561db5d354f69ee520a6660b618a08be43b0414608bd0999aa961e")]
    [DataRow(1, 100_000, "sha256:eb44d48a389657f06f5aa762ce7cefbce803e71a429d644aa1e342e0fe16e7cb")]
    [DataRow(2, 100_000, "sha256:79edbb548e290d0f7c94f2437e6b02058cb47c597fcbf24904838fbb6d260667")]
    [DataRow(3, 3_000_000, "sha256:60e9d3814cb4e37cc18a2b05b6fb5e21770d1d6e1f1bddb58ea842a472f5ac59")]
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
