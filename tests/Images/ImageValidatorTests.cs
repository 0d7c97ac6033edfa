using System.IO.Compression;
using System.Text;
using CsCheck;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.RawTar;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class ImageValidatorTests
{
    [TestMethod]
    public void What_we_write_is_canonical()
    {
        using var work = new Workplace();
        var folder = work.NewPath("image");
        ImageLayout.Write(folder, ImageLayoutTests.Sample(work), work.Store);
        ImageValidator.Validate(folder);

        var empty = work.NewPath("empty");
        ImageLayout.Write(empty, new Image(), work.Store);
        ImageValidator.Validate(empty);
    }

    [TestMethod]
    public void Random_trees_are_canonical_when_written() => Trees.Gen.Sample(entries =>
    {
        using var work = new Workplace();
        using var root = work.Root(entries);
        if (LayerWriter.Write(root, [], work.Store) is { } layer)
            Validate(work, layer);
    }, iter: 30, threads: 1);

    public static IEnumerable<(string Name, string Rule, Func<byte[]> Tar)> BrokenTars =>
    [
        ("time", "the modification time is 1", () => [.. Entry("a", change: h => Put(h, 136, "00000000002")), .. End]),
        ("user name", "owners are numbers", () => [.. Entry("a", change: h => Put(h, 265, "root")), .. End]),
        ("group name", "owners are numbers", () => [.. Entry("a", change: h => Put(h, 297, "root")), .. End]),
        ("setuid", "no setuid", () => [.. Entry("a", change: h => Put(h, 100, "0004755")), .. End]),
        ("setgid", "no setuid", () => [.. Entry("a/", '5', change: h => Put(h, 100, "0002755")), .. End]),
        ("order", "sorted by path bytes", () => [.. Entry("b"), .. Entry("a"), .. End]),
        ("twice", "once", () => [.. Entry("a"), .. Entry("a"), .. End]),
        ("parent", "the directory above", () => [.. Entry("a/b"), .. End]),
        ("parent is a file", "the directory above", () => [.. Entry("a"), .. Entry("a/b"), .. End]),
        ("dot", "paths are relative", () => [.. Entry("./a"), .. End]),
        ("absolute", "paths are relative", () => [.. Entry("/a"), .. End]),
        ("outside", "paths are relative", () => [.. Entry("../a"), .. End]),
        ("root", "paths are relative", () => [.. Entry("./", '5'), .. End]),
        ("device", "only files, directories", () => [.. Entry("a", '3'), .. End]),
        ("old file", "the tar of a layer has one encoding", () => [.. Entry("a", '\0'), .. End]),
        ("link to nothing", "a hard link names a file", () => [.. Entry("a", '1', link: "b"), .. End]),
        ("link forward", "a hard link names a file", () => [.. Entry("a", '1', link: "b"), .. Entry("b"), .. End]),
        ("link to a link", "a hard link names a file", () => [.. Entry("a"), .. Entry("b", '1', link: "a"), .. Entry("c", '1', link: "b"), .. End]),
        ("mode of a link", "mode 0777", () => [.. Entry("a", '2', link: "b", change: h => Put(h, 100, "0000755")), .. End]),
        ("attribute", "SCHILY.xattr.user.x", () => [.. Entry("././@PaxHeader", 'x', "25 SCHILY.xattr.user.x=1\n"), .. Entry("a"), .. End]),
        ("access time", "atime", () => [.. Entry("././@PaxHeader", 'x', "11 atime=1\n"), .. Entry("a"), .. End]),
        ("directory without slash", "the tar of a layer has one encoding", () => [.. Entry("a", '5'), .. End]),
        ("needless extension", "the tar of a layer has one encoding", () => [.. Entry("././@PaxHeader", 'x', "10 path=a\n"), .. Entry("a"), .. End]),
        ("prefix", "the tar of a layer has one encoding", () => [.. Entry("a/", '5'), .. Entry("b", change: h => Put(h, 345, "a")), .. End]),
        ("GNU magic", "the tar of a layer has one encoding", () => [.. Entry("a", change: h => Put(h, 257, "ustar  ")), .. End]),
        ("padding", "the tar of a layer has one encoding", () => [.. Entry("a", content: "x" + new string('\0', 400) + "y", change: h => Put(h, 124, "00000000001")), .. End]),
        ("long end", "the tar of a layer has one encoding", () => [.. Entry("a"), .. End, .. End]),
        ("short end", "the tar of a layer has one encoding", () => [.. Entry("a"), .. new byte[512]]),
        ("no end", "ends without", () => Entry("a")),
        ("checksum", "checksum", () => { var tar = Entry("a"); tar[0] = (byte)'b'; return [.. tar, .. End]; }),
        ("mode of a whiteout", "a whiteout is an empty file", () => [.. Entry(".wh.a"), .. End]),
        ("content of a whiteout", "a whiteout is an empty file", () => [.. Entry(".wh.a", content: "x", change: h => Put(h, 100, "0000000")), .. End]),
        ("opaque", "not an opaque directory", () => [.. Entry(".wh..wh..opq", change: h => Put(h, 100, "0000000")), .. End]),
        ("high mode bits", "the tar of a layer has one encoding", () => [.. Entry("a", change: h => Put(h, 100, "0100644")), .. End]),
    ];

    [TestMethod]
    public void Each_broken_rule_of_a_layer_is_named()
    {
        foreach (var (name, rule, tar) in BrokenTars)
        {
            using var work = new Workplace();
            var error = Assert.ThrowsExactly<StageXException>(() => Validate(work, Layer(work, tar(), Compressed(tar()))), name);
            Assert.AreEqual(ErrorCode.NotCanonical, error.Code, name);
            Assert.Contains(rule, error.Message, name);
            Assert.Contains("blobs", error.File!, name);
        }
    }

    [TestMethod]
    public void A_layer_of_raw_bytes_passes_when_nothing_is_wrong_with_it()
    {
        using var work = new Workplace();
        byte[] tar = [.. Entry("a/", '5'), .. Entry("a/b", content: "text"), .. Entry("c", '1', link: "a/b"), .. Entry("d", '2', link: "x"), .. End];
        Validate(work, Layer(work, tar, Compressed(tar)));
    }

    [TestMethod]
    [DataRow("system gzip", "no canonical gzip member")]
    [DataRow("small blocks", "another length than the canonical one")]
    [DataRow("level", "the compression has one encoding")]
    [DataRow("tail", "no canonical gzip member")]
    [DataRow("diff ID", "the config names the diff ID")]
    [DataRow("size", "a blob's size")]
    public void Each_broken_rule_of_a_blob_is_named(string what, string rule)
    {
        using var work = new Workplace();
        byte[] tar = [.. Entry("a", content: string.Concat(Enumerable.Range(0, 600_000).Select(i => i % 1000))), .. End];
        var layer = what switch
        {
            "system gzip" => Layer(work, tar, SystemGzip(tar)),
            "small blocks" => Layer(work, tar, [.. Compressed(tar[..1000]), .. Compressed(tar[1000..])]),
            "level" => Layer(work, tar, OtherDeflate(tar)),
            "tail" => Layer(work, tar, [.. Compressed(tar), 0]),
            "diff ID" => Layer(work, tar, Compressed(tar)) with { DiffId = Digest.Of("x"u8) },
            _ => Layer(work, tar, Compressed(tar)) is var good ? good with { Size = good.Size + 1 } : null!,
        };
        var error = Assert.ThrowsExactly<StageXException>(() => Validate(work, layer));
        Assert.AreEqual(ErrorCode.NotCanonical, error.Code);
        Assert.Contains(rule, error.Message);
    }

    public static IEnumerable<(string Name, string Where, Func<string, string> Change)> BrokenDocuments =>
    [
        ("space in the config", "config", text => text + "\n"),
        ("time", "config", text => text.Replace("1970-01-01T00:00:01Z", "1970-01-01T00:00:00Z", StringComparison.Ordinal)),
        ("author", "config", text => text.Replace("{\"architecture\"", "{\"Author\":\"x\",\"architecture\"", StringComparison.Ordinal)),
        ("member of config", "config", text => text.Replace("\"Cmd\"", "\"ArgsEscaped\":true,\"Cmd\"", StringComparison.Ordinal)),
        ("order of keys", "config", text => text.Replace("\"os\":\"linux\",\"rootfs\"", "\"rootfs\"", StringComparison.Ordinal).Replace("{\"architecture\"", "{\"os\":\"linux\",\"architecture\"", StringComparison.Ordinal)),
        ("history", "config", text => text.Replace(",\"empty_layer\":true", "", StringComparison.Ordinal)),
        ("escapes", "config", text => text.Replace("linux", "\\u006cinux", StringComparison.Ordinal)),
        ("space in the manifest", "manifest", text => " " + text),
        ("member of the manifest", "manifest", text => text.Replace("{\"annotations\"", "{\"a\":1,\"annotations\"", StringComparison.Ordinal)),
        ("type of a layer", "manifest", text => text.Replace("layer.v1.tar+gzip", "layer.v1.tar", StringComparison.Ordinal)),
        ("space in the index", "index", text => text + "\n"),
        ("annotation of the index", "index", text => text.Replace("\"size\":", "\"annotations\":{},\"size\":", StringComparison.Ordinal)),
        ("version of the layout", "layout", text => text.Replace("1.0.0", "1.0.1", StringComparison.Ordinal)),
    ];

    [TestMethod]
    public void Each_broken_rule_of_a_document_is_named()
    {
        foreach (var (name, where, change) in BrokenDocuments)
        {
            using var work = new Workplace();
            var folder = work.NewPath("image");
            ImageLayout.Write(folder, ImageLayoutTests.Sample(work), work.Store);
            Change(folder, where, text => change(text) is var changed && changed != text ? changed : throw new InvalidOperationException($"{name} changes nothing"));
            var error = Assert.ThrowsExactly<StageXException>(() => ImageValidator.Validate(folder), name);
            Assert.AreEqual(ErrorCode.NotCanonical, error.Code, name);
        }
    }

    [TestMethod]
    [DataRow("left.txt")]
    [DataRow("blobs/left.txt")]
    [DataRow("blobs/sha256/left.txt")]
    [DataRow("blobs/sha512/")]
    [DataRow(".hidden")]
    public void Nothing_else_lies_in_a_layout(string extra)
    {
        using var work = new Workplace();
        var folder = work.NewPath("image");
        ImageLayout.Write(folder, ImageLayoutTests.Sample(work), work.Store);
        var path = Path.Combine(folder, extra);
        if (extra.EndsWith('/'))
            Directory.CreateDirectory(path);
        else
            File.WriteAllText(path, "");
        var error = Assert.ThrowsExactly<StageXException>(() => ImageValidator.Validate(folder));
        Assert.AreEqual(ErrorCode.NotCanonical, error.Code);
        Assert.Contains("nothing but the one image", error.Message);
    }

    [TestMethod]
    public void A_changed_byte_of_a_layer_is_found()
    {
        using var work = new Workplace();
        var folder = work.NewPath("image");
        var image = ImageLayoutTests.Sample(work);
        ImageLayout.Write(folder, image, work.Store);
        var blob = Path.Combine(folder, "blobs", "sha256", image.Layers[0].Digest.Hex);
        var bytes = File.ReadAllBytes(blob);
        bytes[^20] ^= 1;
        File.WriteAllBytes(blob, bytes);
        Assert.Contains("a blob's name is its digest", Assert.ThrowsExactly<StageXException>(() => ImageValidator.Validate(folder)).Message);
    }

    // Changes a document and everything that names its digest, so that only its form is wrong.
    private static void Change(string folder, string where, Func<string, string> change)
    {
        var index = Path.Combine(folder, "index.json");
        string Blob(string hex) => Path.Combine(folder, "blobs", "sha256", hex);
        if (where is "layout" or "index")
        {
            var path = where == "index" ? index : Path.Combine(folder, "oci-layout");
            File.WriteAllText(path, change(File.ReadAllText(path)));
            return;
        }
        var (_, manifest) = ImageLayout.Read(folder);
        var manifestText = File.ReadAllText(Blob(manifest.Digest.Hex));
        var newManifest = manifestText;
        if (where == "manifest")
            newManifest = change(manifestText);
        else
        {
            var config = ImageDocuments.ConfigOf(Encoding.UTF8.GetBytes(manifestText));
            var bytes = Encoding.UTF8.GetBytes(change(File.ReadAllText(Blob(config.Digest.Hex))));
            File.Delete(Blob(config.Digest.Hex));
            File.WriteAllBytes(Blob(Digest.Of(bytes).Hex), bytes);
            newManifest = manifestText.Replace(config.Digest.ToString(), Digest.Of(bytes).ToString(), StringComparison.Ordinal)
                .Replace($"\"size\":{config.Size}", $"\"size\":{bytes.Length}", StringComparison.Ordinal);
        }
        var newBytes = Encoding.UTF8.GetBytes(newManifest);
        File.Delete(Blob(manifest.Digest.Hex));
        File.WriteAllBytes(Blob(Digest.Of(newBytes).Hex), newBytes);
        File.WriteAllBytes(index, ImageDocuments.Index(manifest with { Digest = Digest.Of(newBytes), Size = newBytes.Length }));
    }

    private static Layer Layer(Workplace work, byte[] tar, byte[] blob) => new(work.Store.Blobs.Add(blob), Digest.Of(tar), blob.Length);

    private static void Validate(Workplace work, Layer layer)
    {
        var folder = work.NewPath("image");
        ImageLayout.Write(folder, new Image { Layers = [layer] }, work.Store);
        ImageValidator.Validate(folder);
    }

    private static byte[] Compressed(byte[] content)
    {
        var output = new MemoryStream();
        using var gzip = new BlockGzipStream(output);
        gzip.Write(content);
        gzip.Complete();
        return output.ToArray();
    }

    private static byte[] SystemGzip(byte[] content)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(content);
        return output.ToArray();
    }

    // Our members, their deflate made by another implementation.
    private static byte[] OtherDeflate(byte[] content)
    {
        var output = new MemoryStream();
        foreach (var block in content.Chunk(BlockGzip.BlockSize))
        {
            var gzip = SystemGzip(block);
            var ours = Compressed(block)[..BlockGzip.HeaderSize];
            BitConverter.GetBytes(gzip.Length - 10 + BlockGzip.HeaderSize).CopyTo(ours, BlockGzip.HeaderSize - 4);
            output.Write(ours);
            output.Write(gzip.AsSpan(10));
        }
        return output.ToArray();
    }
}
