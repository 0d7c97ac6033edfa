using System.Formats.Tar;
using System.IO.Compression;
using CsCheck;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class LayerTests
{
    [TestMethod]
    public void Any_order_of_the_engine_s_entries_gives_the_same_bytes()
    {
        using var work = new Workplace();
        TarEntry[] entries =
        [
            Folder("a"), Text("a/f", "f"), Text("a-b", "x"), Hard("a/g", "a/f"), Hard("h", "a/g"), Symbolic("s", "a"), Pipe("p"),
            Text("deep/er/and/deeper", "d"), Text(new string('x', 120), "long"), Text("\u00e9t\u00e9", "accents"), Symbolic("ls", new string('y', 130)),
        ];
        var expected = work.Layer(entries);
        Gen.Shuffle(entries).Sample(shuffled => Assert.AreEqual(expected, work.Layer(shuffled)), iter: 100, threads: 1);
    }

    [TestMethod]
    public void A_layer_reads_back_as_the_root_it_was_written_from() => Trees.Gen.Sample(entries =>
    {
        using var work = new Workplace();
        using var root = work.Root(entries);
        if (LayerWriter.Write(root, [], work.Store) is not { } layer)
            Assert.IsEmpty(root.Entries);
        else
            CollectionAssert.AreEqual(root.Entries.ToList(), work.Merged(layer).ToList());
    }, iter: 100, threads: 1);

    [TestMethod]
    public void A_layer_on_any_other_gives_the_root_it_was_written_from() => Gen.Select(Trees.Gen, Trees.Gen, Trees.Gen).Sample((one, two, three) =>
    {
        using var work = new Workplace();
        var layers = new List<Layer>();
        foreach (var entries in new[] { one, two, three })
        {
            using var root = work.Root(entries);
            if (LayerWriter.Write(root, layers, work.Store) is { } layer)
                layers.Add(layer);
            Assert.AreEqual(Trees.Content(root.Entries), Trees.Content(work.Merged(layers)));
            Assert.IsNull(LayerWriter.Write(root, layers, work.Store));
        }
    }, iter: 200, threads: 1);

    [TestMethod]
    public void An_index_made_from_the_blob_is_the_one_written_with_it() => Trees.Gen.Where(entries => entries.Count > 0).Sample(entries =>
    {
        using var work = new Workplace();
        var layer = work.Layer(entries);
        var index = Path.Combine(work.Folder, "cache", "indexes", layer.DiffId.Hex);
        var written = File.ReadAllBytes(index);
        File.Delete(index);
        work.Store.EntriesOf(layer);
        CollectionAssert.AreEqual(written, File.ReadAllBytes(index));
    }, iter: 50, threads: 1);

    [TestMethod]
    public void A_damaged_index_is_made_anew_and_a_damaged_blob_is_refused()
    {
        using var work = new Workplace();
        var layer = work.Layer(Text("a/f", "text"));
        var index = Path.Combine(work.Folder, "cache", "indexes", layer.DiffId.Hex);
        var bytes = File.ReadAllBytes(index);
        foreach (var damaged in new[] { [], bytes[..^1], bytes.Select((b, i) => i == 40 ? (byte)(b ^ 1) : b).ToArray() })
        {
            File.WriteAllBytes(index, damaged);
            Assert.AreEqual("a/ a/f", work.Store.EntriesOf(layer).Listing());
        }
        File.Delete(index);
        var blob = work.Store.Blobs.PathOf(layer.Digest);
        File.WriteAllBytes(blob, [.. File.ReadAllBytes(blob).SkipLast(1), 9]);
        Assert.AreEqual(ErrorCode.DamagedBlob, Assert.ThrowsExactly<StageXException>(() => work.Store.EntriesOf(layer)).Code);
        File.Delete(blob);
        Assert.AreEqual(ErrorCode.MissingBlob, Assert.ThrowsExactly<StageXException>(() => work.Store.EntriesOf(layer)).Code);
    }

    [TestMethod]
    public void Only_what_differs_from_the_layers_below_is_written()
    {
        using var work = new Workplace();
        TarEntry[] below = [Folder("d", (UnixFileMode)0b111_101_000), Text("d/same", "1"), Text("d/changed", "1"), Text("d/gone", "1"), Text("e/x/y", "1"), Text("was/dir", "1"), Text("was-file", "1"), Text("mode", "1")];
        var layer = work.Layer(below);
        Assert.IsNull(work.Layer([layer], below));
        var above = work.Layer([layer], Folder("d", (UnixFileMode)0b111_101_000), Text("d/same", "1"), Text("d/changed", "2"), Folder("e"), Symbolic("was", "e"), Text("was-file/x", "1"), Text("mode", "1", (UnixFileMode)0b111_101_101));
        Assert.AreEqual("d/750 -d/gone d/changed e/ -e/x mode=755 was->e was-file/ was-file/x", work.Store.EntriesOf(above!).Listing());
        Assert.AreEqual("d/750 d/changed d/same e/ mode=755 was->e was-file/ was-file/x", work.Merged(layer, above!).Listing());
    }

    [TestMethod]
    public void A_layer_is_compared_with_its_base_without_the_base_s_blob()
    {
        using var work = new Workplace();
        var below = work.Layer(Text("a", "1"));
        File.Delete(work.Store.Blobs.PathOf(below.Digest));
        Assert.AreEqual("b", work.Store.EntriesOf(work.Layer([below], Text("a", "1"), Text("b", "1"))!).Listing());
    }

    [TestMethod]
    public void Hard_links_never_reach_into_another_layer()
    {
        using var work = new Workplace();
        var below = work.Layer(Text("a", "1"), Hard("b", "a"), Text("c", "2"));
        Assert.AreEqual("a b=>a d=>a", work.Store.EntriesOf(work.Layer([below], Text("a", "1"), Hard("b", "a"), Hard("d", "a"), Text("c", "2"))!).Listing());
        Assert.AreEqual("c d=>c", work.Store.EntriesOf(work.Layer([below], Text("a", "1"), Hard("b", "a"), Text("c", "2"), Hard("d", "c"))!).Listing());
        var withoutFirst = work.Layer([below], Text("b", "1"), Text("c", "2"))!;
        Assert.AreEqual("-a", work.Store.EntriesOf(withoutFirst).Listing());
        Assert.AreEqual("b c", work.Merged(below, withoutFirst).Listing());
    }

    [TestMethod]
    public void A_root_made_of_layers_gives_its_content_to_new_layers()
    {
        using var work = new Workplace();
        var big = new string('x', 3_000_000);
        var one = work.Layer(Text("a/big", big), Text("a/small", "s"));
        var two = work.Layer([one], Text("a/big", big), Text("a/more", "m"))!;
        using var merged = RootFilesystem.FromLayers([one, two], work.Store);
        using var copy = merged.Copy("a", "b");
        var written = LayerWriter.Write(copy, [], work.Store)!;
        Assert.AreEqual(work.Layer(Text("b/big", big), Text("b/more", "m")), written);
    }

    [TestMethod]
    public void The_tar_is_ustar_that_other_readers_understand()
    {
        using var work = new Workplace();
        var longName = string.Join('/', Enumerable.Repeat("folder", 30)) + "/f";
        var layer = work.Layer(Text("a/f", "text", user: 3_000_000), Hard("b", "a/f"), Symbolic("s", "\u00e9"), Text(longName, "long"), Folder("tmp", (UnixFileMode)0b1_111_111_111));
        using var blob = new GZipStream(File.OpenRead(work.Store.Blobs.PathOf(layer.Digest)), CompressionMode.Decompress);
        using var reader = new System.Formats.Tar.TarReader(blob);
        var seen = new List<string>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            Assert.AreEqual(DateTimeOffset.UnixEpoch.AddSeconds(1), entry.ModificationTime);
            var text = entry.DataStream is null ? "" : new StreamReader(entry.DataStream).ReadToEnd();
            if (!entry.Name.StartsWith("folder/", StringComparison.Ordinal) || text != "")
                seen.Add($"{entry.Name} {entry.EntryType} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid} {entry.LinkName} {text}".TrimEnd());
        }
        CollectionAssert.AreEqual(new[]
        {
            "a/ Directory 755 0", "a/f RegularFile 644 3000000  text", "b HardLink 644 3000000 a/f", longName + " RegularFile 644 0  long",
            "s SymbolicLink 777 0 \u00e9", "tmp/ Directory 1777 0",
        }, seen);
    }

    /// <summary>A guard for the format: these bytes are promised, a change needs a new version of the canonical format.</summary>
    [TestMethod]
    public void The_bytes_of_a_layer_are_the_promised_ones()
    {
        using var work = new Workplace();
        var layer = work.Layer(Folder("etc"), Text("etc/motd", "hello\n"), Hard("etc/issue", "etc/motd"), Symbolic("bin", "usr/bin"), Text(new string('n', 101), "x", user: 1000));
        Assert.AreEqual("sha256:258035e591dfba94de1bf98f97d9ffb4e08d881b773777687903989a698b01a3", layer.DiffId.ToString());
        Assert.AreEqual("sha256:5fb17cfc51f28fba91ee7a0b29ba5d37dca60a77a88c950b89f8e363633efd41", layer.Digest.ToString());
    }
}
