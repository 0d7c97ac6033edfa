using System.Formats.Tar;
using CsCheck;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class RootFilesystemTests
{
    [TestMethod]
    public void An_export_in_any_form_reads_as_sorted_entries_with_their_parents()
    {
        using var work = new Workplace();
        using var root = work.Root(Text("./usr/lib/b", "b"), Folder("./"), Symbolic("./lib", "usr/lib"), Folder("usr/", (UnixFileMode)0b111_000_000),
            Text("usr-x", "x"), Text("/a", "a", (UnixFileMode)0b110_111_101_101), Pipe("p"), Folder("tmp", (UnixFileMode)0b1_111_111_111));
        Assert.AreEqual("a=755 lib->usr/lib p| tmp/1777 usr/700 usr-x usr/lib/ usr/lib/b", root.Entries.Listing());
        Assert.AreEqual(Digest.Of("a"u8), root.Entries[0].Content);
        Assert.AreEqual(1, root.Entries[0].Size);
    }

    [TestMethod]
    public void Names_sort_by_their_bytes_in_UTF_8()
    {
        using var work = new Workplace();
        using var root = work.Root(Text("\U0001F600", ""), Text("\uE000", ""), Text("z", ""), Text("\u00e9", ""));
        Assert.AreEqual("z \u00e9 \uE000 \U0001F600", root.Entries.Listing());
    }

    [TestMethod]
    public void The_first_path_of_a_file_holds_it_whichever_the_engine_wrote_first()
    {
        using var work = new Workplace();
        using var root = work.Root(Hard("a", "c"), Hard("b", "a"), Text("c", "text"), Symbolic("s", "x"), Hard("t", "s"));
        Assert.AreEqual("a b=>a c=>a s->x t->x", root.Entries.Listing());
    }

    [TestMethod]
    public void Extended_attributes_are_dropped_whatever_bytes_they_hold()
    {
        using var work = new Workplace();
        var tar = work.Tar(new PaxTarEntry(TarEntryType.RegularFile, "f", new Dictionary<string, string> { ["SCHILY.xattr.security.capability"] = "\u0001@12 path=x@\u0001" }) { Mode = (UnixFileMode)0b110_100_100 });

        // .NET does not write a line end into an attribute; engines do.
        File.WriteAllBytes(tar, [.. File.ReadAllBytes(tar).Select(b => b == '@' ? (byte)'\n' : b)]);
        using var root = RootFilesystem.Read(tar);
        Assert.AreEqual("f", root.Entries.Listing());
    }

    [TestMethod]
    public void Times_do_not_matter_whatever_they_are()
    {
        using var work = new Workplace();
        var file = Text("f", "x");
        var expected = work.Layer(file);
        foreach (var time in new[] { DateTimeOffset.UnixEpoch.AddYears(-50), DateTimeOffset.UnixEpoch.AddYears(900), DateTimeOffset.UtcNow })
        {
            file.ModificationTime = time;
            Assert.AreEqual(expected, work.Layer(file));
        }
    }

    [TestMethod]
    [DataRow("device", ErrorCode.ForbiddenEntry, "opt/null")]
    [DataRow("outside", ErrorCode.ForbiddenPath, "../x")]
    [DataRow("whiteout", ErrorCode.ForbiddenPath, ".wh.x")]
    [DataRow("twice", ErrorCode.ContradictoryEntries, "'a'")]
    [DataRow("below a file", ErrorCode.ContradictoryEntries, "'a/b'")]
    [DataRow("dangling", ErrorCode.ContradictoryEntries, "'nowhere'")]
    [DataRow("circle", ErrorCode.ContradictoryEntries, "hard link")]
    public void What_no_image_may_hold_is_refused_by_name(string what, string code, string named)
    {
        using var work = new Workplace();
        var error = Assert.ThrowsExactly<StageXException>(() => work.Root(what switch
        {
            "device" => [Device("opt/null")],
            "outside" => [Text("../x", "")],
            "whiteout" => [Text("d/.wh.x", "")],
            "twice" => [Text("a", "1"), Text("a", "2")],
            "below a file" => [Text("a", "1"), Text("a/b", "2")],
            "dangling" => [Hard("a", "nowhere")],
            _ => [Hard("a", "b"), Hard("b", "a")],
        }));
        Assert.AreEqual(code, error.Code);
        Assert.Contains(named, error.Message);
    }

    [TestMethod]
    public void A_name_that_is_not_UTF_8_is_refused()
    {
        using var work = new Workplace();
        var tar = work.NewPath("tar");
        using (var writer = new System.Formats.Tar.TarWriter(File.Create(tar)))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "caf_"));
        File.WriteAllBytes(tar, RawTar.Change(File.ReadAllBytes(tar), 0, header => header[3] = 0xE9));
        var error = Assert.ThrowsExactly<StageXException>(() => RootFilesystem.Read(tar));
        Assert.AreEqual(ErrorCode.ForbiddenPath, error.Code);
        Assert.Contains("caf\u00e9", error.Message);
    }

    [TestMethod]
    public void A_tar_cut_short_anywhere_is_refused()
    {
        using var work = new Workplace();
        var whole = File.ReadAllBytes(work.Tar(Text("a", "some text"), Text(new string('n', 150), "x")));
        Gen.Int[1, whole.Length - 1025].Sample(length =>
        {
            var path = work.NewPath("cut");
            File.WriteAllBytes(path, whole[..length]);
            Assert.AreEqual(ErrorCode.UnreadableTar, Assert.ThrowsExactly<StageXException>(() => RootFilesystem.Read(path)).Code);
        }, iter: 50, threads: 1);
    }

    [TestMethod]
    public void A_copy_takes_what_a_directory_holds_to_another_place()
    {
        using var work = new Workplace();
        using var root = work.Root(Folder("out", (UnixFileMode)0b111_000_000), Text("out/b/f", "1"), Hard("out/a", "out/b/f"), Text("outer", ""), Symbolic("rootfs", "/out"));
        using var moved = root.Copy("out", "usr/x");
        Assert.AreEqual("usr/ usr/x/ usr/x/a usr/x/b/ usr/x/b/f=>usr/x/a", moved.Entries.Listing());
        using var followed = root.Copy("rootfs/b", "");
        Assert.AreEqual("f", followed.Entries.Listing());
        using var single = root.Copy("outer", "etc/inner");
        Assert.AreEqual("etc/ etc/inner", single.Entries.Listing());
        Assert.AreEqual(ErrorCode.NothingToCopy, Assert.ThrowsExactly<StageXException>(() => root.Copy("no/such", "")).Code);
    }

    [TestMethod]
    public void Content_stays_readable_when_the_root_it_came_from_is_gone()
    {
        using var work = new Workplace();
        RootFilesystem copy;
        using (var root = work.Root(Text("a/f", "text")))
            copy = root.Copy("a", "");
        using (copy)
            Assert.IsNotNull(LayerWriter.Write(copy, [], work.Store));
    }

    [TestMethod]
    public void In_an_overlay_later_parts_win_and_implied_directories_change_nothing()
    {
        using var work = new Workplace();
        using var one = work.Root(Folder("tmp", (UnixFileMode)0b1_111_111_111), Text("tmp/a", "1"), Text("d/x", "1"), Text("f", "1"));
        using var two = work.Root(Text("tmp/b", "2"), Text("d", "2"), Text("f", "2"));
        using var overlay = RootFilesystem.Overlay([one, two]);
        Assert.AreEqual("d f tmp/1777 tmp/a tmp/b", overlay.Entries.Listing());
        Assert.AreEqual(Digest.Of("2"u8), overlay.Entries[1].Content);

        using var three = work.Root(Text("f/x", ""));
        Assert.AreEqual(ErrorCode.ContradictoryEntries, Assert.ThrowsExactly<StageXException>(() => RootFilesystem.Overlay([one, three])).Code);
    }

    [TestMethod]
    public void What_an_engine_leaves_behind_is_as_it_was_below()
    {
        using var work = new Workplace();
        TarEntry[] left = [Folder("dev"), Device("dev/null"), Folder("proc"), Folder("run"), Text("run/.containerenv", ""), Folder("sys"), Text("etc/hostname", "h"), Text("bin", "b")];
        using var scratch = work.Root([.. left, Folder("etc")]);
        using var onScratch = scratch.WithoutEngineMounts([]);
        Assert.AreEqual("bin", onScratch.Entries.Listing());

        using var below = work.Root(Folder("etc", (UnixFileMode)0b111_000_000), Text("etc/hosts", "ours"), Folder("proc", (UnixFileMode)0b101_101_101), Text("run/ours", ""));
        using var above = work.Root([.. left, Folder("etc", (UnixFileMode)0b111_000_000), Text("etc/hosts", "theirs")]);
        using var onBase = above.WithoutEngineMounts(below.Entries);
        Assert.AreEqual("bin etc/700 etc/hosts proc/555 run/ run/ours", onBase.Entries.Listing());
        Assert.AreEqual(Digest.Of("ours"u8), onBase.Entries.Single(e => e.Path == "etc/hosts").Content);

        using var filled = work.Root([.. left, Folder("etc"), Text("etc/passwd", "")]);
        using var kept = filled.WithoutEngineMounts([]);
        Assert.AreEqual("bin etc/ etc/passwd", kept.Entries.Listing());
    }

    [TestMethod]
    public void A_file_whose_first_path_is_under_a_mount_survives_under_its_other_path()
    {
        using var work = new Workplace();
        using var root = work.Root(Text("run/f", "text"), Hard("z", "run/f"));
        using var clean = root.WithoutEngineMounts([]);
        Assert.AreEqual("z", clean.Entries.Listing());
        Assert.IsNotNull(LayerWriter.Write(clean, [], work.Store));
    }
}
