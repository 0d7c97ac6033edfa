using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class ImageLayoutTests
{
    internal static Image Sample(Workplace work)
    {
        var skeleton = work.Layer(Folder("etc"), Text("etc/motd", "hello\n"), Hard("etc/issue", "etc/motd"), Folder("tmp", (UnixFileMode)0b1_111_111_111));
        var more = work.Layer([skeleton], Folder("etc"), Text("etc/motd", "hello\n"), Symbolic("link", "etc/motd"), Folder("tmp", (UnixFileMode)0b1_111_111_111), Pipe("pipe"), Text("\u00e9", "x", user: 1000))!;
        return new Image
        {
            Config = new ImageConfig
            {
                Environment = ["PATH=/usr/bin", "A=b c"],
                Entrypoint = ["/bin/sh", "-c"],
                Command = ["echo"],
                User = "1000",
                WorkingDirectory = "/tmp",
                Labels = new Dictionary<string, string> { ["z"] = "1", ["a"] = "\u00e9\"" },
                ExposedPorts = ["80/tcp"],
                Volumes = ["/data"],
                StopSignal = "SIGTERM",
            },
            Layers = [skeleton, more],
            History = [new("COPY . /", false), new("ENV A=b c", true), new("RUN true", false)],
            Annotations = new Dictionary<string, string> { ["org.opencontainers.image.version"] = "1.0", ["org.opencontainers.image.title"] = "sample" },
        };
    }

    /// <summary>A guard for the format: this digest is promised, a change needs a new version of the canonical format.</summary>
    [TestMethod]
    public void The_digest_of_an_image_is_the_promised_one()
    {
        using var work = new Workplace();
        Assert.AreEqual("sha256:7effb253ff221389774459a7c220b23e1da46ece4c2545768df7bfa8e6d129f1", ImageLayout.Write(work.NewPath("image"), Sample(work), work.Store).Digest.ToString());
    }

    [TestMethod]
    public void An_image_reads_as_what_was_written()
    {
        using var work = new Workplace();
        var image = Sample(work);
        var folder = work.NewPath("image");
        var written = ImageLayout.Write(folder, image, work.Store);
        var (read, manifest) = ImageLayout.Read(folder);
        Assert.AreEqual(written, manifest);
        Assert.AreEqual(image.Config, read.Config);
        CollectionAssert.AreEqual(image.Layers.ToList(), read.Layers.ToList());
        CollectionAssert.AreEqual(image.History.ToList(), read.History.ToList());
        CollectionAssert.AreEquivalent(image.Annotations.ToList(), read.Annotations.ToList());
        Assert.AreEqual(written, ImageLayout.Write(work.NewPath("again"), read, work.Store));
    }

    [TestMethod]
    public void Configs_are_equal_when_they_are_written_alike()
    {
        var one = new ImageConfig { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, Command = [], Volumes = ["x", "y"] };
        var two = new ImageConfig { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }, Command = null, Volumes = ["y", "x"] };
        Assert.AreEqual(one, two);
        Assert.AreEqual(one.GetHashCode(), two.GetHashCode());
        Assert.AreNotEqual(one, one with { User = "0" });
        Assert.AreEqual(one, ImageConfig.FromJson(one.ToJson()));
    }

    [TestMethod]
    public void The_layers_of_a_layout_serve_where_the_store_is_empty()
    {
        using var work = new Workplace();
        var folder = work.NewPath("image");
        ImageLayout.Write(folder, Sample(work), work.Store);
        var expected = work.Merged([.. Sample(work).Layers]);

        var store = new LayerStore(work.NewPath("cache"));
        var (image, _) = ImageLayout.Import(folder, store);
        using var root = RootFilesystem.FromLayers(image.Layers, store);
        CollectionAssert.AreEqual(expected.ToList(), root.Entries.ToList());
    }

    [TestMethod]
    public void A_layout_is_written_whole_or_not_at_all()
    {
        using var work = new Workplace();
        var image = Sample(work);
        File.Delete(work.Store.Blobs.PathOf(image.Layers[1].Digest));
        var folder = work.NewPath("image");
        Assert.AreEqual(ErrorCode.MissingBlob, Assert.ThrowsExactly<StageXException>(() => ImageLayout.Write(folder, image, work.Store)).Code);
        Assert.IsFalse(Directory.Exists(folder));
        Assert.IsEmpty(Directory.GetFileSystemEntries(work.Folder, ".*"));
    }

    [TestMethod]
    [DataRow("no folder")]
    [DataRow("no index")]
    [DataRow("two manifests")]
    [DataRow("no manifest")]
    [DataRow("other manifest")]
    [DataRow("duplicate key")]
    [DataRow("cut config")]
    public void What_is_no_layout_with_one_image_is_refused(string what)
    {
        using var work = new Workplace();
        var folder = work.NewPath("image");
        var manifest = ImageLayout.Write(folder, Sample(work), work.Store);
        var index = Path.Combine(folder, "index.json");
        var text = File.ReadAllText(index);
        string Blob(Digest digest) => Path.Combine(folder, "blobs", "sha256", digest.Hex);
        switch (what)
        {
            case "no folder":
                Directory.Delete(folder, recursive: true);
                break;
            case "no index":
                File.Delete(index);
                break;
            case "two manifests":
                var json = JsonNode.Parse(text)!.AsObject();
                json["manifests"]!.AsArray().Add(json["manifests"]![0]!.DeepClone());
                File.WriteAllText(index, json.ToJsonString());
                break;
            case "no manifest":
                File.Delete(Blob(manifest.Digest));
                break;
            case "other manifest":
                File.AppendAllText(Blob(manifest.Digest), " ");
                break;
            case "duplicate key":
                File.WriteAllText(index, text.Replace("{\"manifests\"", "{\"schemaVersion\":2,\"manifests\"", StringComparison.Ordinal));
                break;
            default:
                var config = Digest.Parse(JsonNode.Parse(File.ReadAllText(Blob(manifest.Digest)))!["config"]!["digest"]!.GetValue<string>());
                File.WriteAllBytes(Blob(config), Encoding.UTF8.GetBytes(File.ReadAllText(Blob(config))[..^1]));
                break;
        }
        Assert.AreEqual(ErrorCode.UnreadableLayout, Assert.ThrowsExactly<StageXException>(() => ImageLayout.Read(folder)).Code);
    }
}
