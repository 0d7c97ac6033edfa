using System.Formats.Tar;
using StageX.Build.Sources;
using static StageX.Build.Tests.Sources.Archives;

namespace StageX.Build.Tests.Sources;

[TestClass]
public sealed class ExtractTests : IDisposable
{
    private readonly SourceRoom _room = new();

    public void Dispose() => _room.Dispose();

    public static IEnumerable<object[]> Packings =>
    [
        ["tar", Sample],
        ["gzip", Gzip(Sample)],
        ["gzip in two members", (byte[])[.. Gzip(Sample[..700]), .. Gzip(Sample[700..])]],
        ["bzip2", Bzip2(Sample)],
        ["bzip2 in two streams", (byte[])[.. Bzip2(Sample[..700]), .. Bzip2(Sample[700..])]],
        ["lzip", Lzip(Sample)],
        ["lzip in two members", (byte[])[.. Lzip(Sample[..700]), .. Lzip(Sample[700..])]],
        ["xz", Convert.FromBase64String(Xz)],
        ["xz in two streams", Convert.FromBase64String(XzTwice)],
        ["zstd", Convert.FromBase64String(Zstd)],
        ["zstd in two frames", Convert.FromBase64String(ZstdTwice)],
        ["lzma", Convert.FromBase64String(Lzma)],
        ["zip", Zip(("pkg-1.0/", "", 0x41ED), ("pkg-1.0/a.txt", "hello\n", 0), ("pkg-1.0/run", "#!/bin/sh\n", 0x81C9), ("pkg-1.0/link", "a.txt", 0xA1FF))],
    ];

    /// <summary>The first argument: the others are archives.</summary>
    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => $"{method.Name} ({data[0]})";

    [TestMethod]
    [DynamicData(nameof(Packings), DynamicDataDisplayName = nameof(NameOf))]
    public void Every_packing_gives_the_same_tree(string packing, byte[] archive)
    {
        Assert.IsNotNull(packing);
        _room.Extract(_room.Add(archive));
        Assert.AreSequenceEqual(["a.txt 644 hello\\n", "link -> a.txt", "run 755 #!/bin/sh\\n"], _room.Listing());
    }

    [TestMethod]
    [DataRow("inner.tar.gz")]
    [DataRow("outer/inner.tar.gz")]
    public void An_archive_in_an_archive_is_extracted_in_its_place(string path)
    {
        _room.Extract(_room.Add(Gzip(Tar(Folder("outer/"), File("outer/readme"), File("outer/inner.tar.gz", Gzip(Sample)), File("outer/other"))))
            with { Archive = path, Remove = ["run"] });
        Assert.AreSequenceEqual(["a.txt 644 hello\\n", "link -> a.txt"], _room.Listing());
        Assert.HasCount(1, Directory.EnumerateFileSystemEntries(_room.Out));
    }

    [TestMethod]
    public void An_archive_that_is_not_in_the_archive_is_refused() =>
        Assert.AreEqual(ErrorCode.ArchiveMissing, _room.Refused(_room.Add(Sample) with { Archive = "inner.tar.gz" }).Code);

    [TestMethod]
    public void An_archive_in_an_archive_must_be_one() =>
        Assert.AreEqual(ErrorCode.ArchiveUnknown, _room.Refused(_room.Add(Sample) with { Archive = "a.txt" }).Code);

    [TestMethod]
    public void Modes_and_times_are_canonical()
    {
        _room.Extract(_room.Add(Tar(Folder("p/"), Folder("p/d/"), File("p/d/f"), Link("p/l", "d"))));
        Assert.AreEqual((UnixFileMode)0b111_101_101, new DirectoryInfo(_room.Tree).UnixFileMode);
        Assert.AreEqual((UnixFileMode)0b111_101_101, new DirectoryInfo(Path.Combine(_room.Tree, "d")).UnixFileMode);
        foreach (var path in (string[])["", "d", "d/f", "l"])
            Assert.AreEqual(DateTime.UnixEpoch.AddSeconds(1), System.IO.File.GetLastWriteTimeUtc(Path.Combine(_room.Tree, path)), path);
    }

    [TestMethod]
    public void A_top_folder_may_hold_an_entry_of_its_own_name()
    {
        _room.Extract(_room.Add(Tar(File("a/a/b"), File("a/c"))));
        Assert.AreSequenceEqual(["a/", "a/b 644 x\\n", "c 644 x\\n"], _room.Listing());
    }

    [TestMethod]
    public void Without_an_only_top_folder_the_tree_stays_as_it_is()
    {
        _room.Extract(_room.Add(Tar(File("./a/b"), File("c"))));
        Assert.AreSequenceEqual(["a/", "a/b 644 x\\n", "c 644 x\\n"], _room.Listing());
        _room.Extract(_room.Add(Tar(File("only"))));
        Assert.AreSequenceEqual(["only 644 x\\n"], _room.Listing());
    }

    [TestMethod]
    public void A_file_that_is_not_to_be_extracted_arrives_as_it_is()
    {
        var source = _room.Add(Sample) with { Extract = false };
        _room.Extract(source);
        Assert.AreEqual(source.Sha256, Digest.OfFile(_room.Tree));
        Assert.AreEqual(DateTime.UnixEpoch.AddSeconds(1), System.IO.File.GetLastWriteTimeUtc(_room.Tree));

        // And back.
        _room.Extract(source with { Extract = true });
        Assert.HasCount(3, _room.Listing());
        _room.Extract(source);
        Assert.AreEqual(source.Sha256, Digest.OfFile(_room.Tree));
    }

    [TestMethod]
    public void Links_that_stay_inside_are_kept_and_hard_links_become_files()
    {
        _room.Extract(_room.Add(Tar(
            File("p/d/f", "text\n", executable: true), Link("p/d/up", "../d/f"), Link("p/dangling", "not/there"), Link("p/here", "d"), HardLink("p/hard", "p/d/f"), Link("p/loop", "loop"))));
        Assert.AreSequenceEqual(
            ["d/", "d/f 755 text\\n", "d/up -> ../d/f", "dangling -> not/there", "hard 755 text\\n", "here -> d", "loop -> loop"],
            _room.Listing());
    }

    [TestMethod]
    public void The_comment_that_git_puts_into_its_archives_is_no_file()
    {
        _room.Extract(_room.Add(Tar(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "x" }), File("p/f"))));
        Assert.AreSequenceEqual(["f 644 x\\n"], _room.Listing());
    }

    [TestMethod]
    public void Long_and_foreign_names_survive()
    {
        var name = string.Concat(Enumerable.Repeat("sehr-länglich-", 12));
        _room.Extract(_room.Add(Tar(File($"p/{name}/{name}\\x2d"))));
        Assert.Contains($"{name}/{name}\\x2d 644 x\\n", _room.Listing());
    }

    [TestMethod]
    public void A_later_entry_of_the_same_name_wins()
    {
        _room.Extract(_room.Add(Tar(File("p/f", "a long first text"), File("p/f", "2\n"), File("p/g"))));
        Assert.AreSequenceEqual(["f 644 2\\n", "g 644 x\\n"], _room.Listing());
    }

    [TestMethod]
    public void Extracting_again_replaces_the_tree()
    {
        _room.Extract(_room.Add(Tar(File("p/old"), File("p/f"))));
        _room.Extract(_room.Add(Tar(File("p/new"), File("p/f"))));
        Assert.AreSequenceEqual(["f 644 x\\n", "new 644 x\\n"], _room.Listing());
        Assert.HasCount(1, Directory.GetFileSystemEntries(_room.Out));
    }

    [TestMethod]
    public void What_the_definition_removes_is_gone()
    {
        var archive = Tar(
            File("p/a/x.o"), File("p/a/b/y.o"), File("p/a/b/z.c"), File("p/bin/tool"), File("p/bin/deep/tool"), Link("p/evil", "/etc/passwd"), File("p/x1"), File("p/x22"));
        _room.Extract(_room.Add(archive) with { Remove = ["**/*.o", "bin/", "evil", "x?"] });
        Assert.AreSequenceEqual(["a/", "a/b/", "a/b/z.c 644 x\\n", "x22 644 x\\n"], _room.Listing());
    }

    [TestMethod]
    [DataRow("no/such")]
    [DataRow("*.o")]
    [DataRow("../p/f")]
    [DataRow("/f")]
    [DataRow("")]
    public void A_removal_that_matches_nothing_is_an_error(string pattern)
    {
        var error = _room.Refused(_room.Add(Tar(File("p/f"), File("p/a/x.o"))) with { Remove = [pattern] });
        Assert.AreEqual(ErrorCode.RemoveUseless, error.Code);
        Assert.Contains($"'{pattern}'", error.Message);
    }

    public static IEnumerable<object[]> Hostile =>
    [
        ["climbs", ErrorCode.ArchivePathUnsafe, "p/../../x", Tar(File("p/../../x"))],
        ["absolute", ErrorCode.ArchivePathUnsafe, "/etc/x", Tar(File("/etc/x"))],
        ["control byte", ErrorCode.ArchivePathUnsafe, "p/\\x1bx", Tar(File("p/\u001bx"))],
        ["not UTF-8", ErrorCode.ArchivePathUnsafe, "p/", Renamed("p/AAAA", "p/\u00ff\u00fe\u00fd\u00fc")],
        ["long name", ErrorCode.ArchivePathUnsafe, "pppp", Tar(File(new string('p', 256)))],
        ["root as a file", ErrorCode.ArchivePathUnsafe, ".", Tar(File("."))],
        ["device", ErrorCode.ArchiveEntryForbidden, "p/null", Tar(new PaxTarEntry(TarEntryType.CharacterDevice, "p/null"))],
        ["disk", ErrorCode.ArchiveEntryForbidden, "p/disk", Tar(new PaxTarEntry(TarEntryType.BlockDevice, "p/disk"))],
        ["fifo", ErrorCode.ArchiveEntryForbidden, "p/fifo", Tar(new PaxTarEntry(TarEntryType.Fifo, "p/fifo"))],
        ["absolute link", ErrorCode.ArchiveLinkUnsafe, "l", Tar(File("p/f"), Link("p/l", "/etc/passwd"))],
        ["climbing link", ErrorCode.ArchiveLinkUnsafe, "l", Tar(File("p/f"), Link("p/l", "../x"))],
        ["link to the folder that is left out", ErrorCode.ArchiveLinkUnsafe, "l", Tar(File("p/f"), Link("p/l", "../p/f"))],
        ["link through a link", ErrorCode.ArchiveLinkUnsafe, "b", Tar(File("p/d/e/f"), Link("p/d/e/a", "../.."), Link("p/b", "d/e/a/.."))],
        ["link through a later link", ErrorCode.ArchiveLinkUnsafe, "a", Tar(File("p/d/e/f"), Link("p/a", "z/../.."), Link("p/z", "d"))],
        ["written through a link", ErrorCode.ArchiveLinkUnsafe, "p/l/x", Tar(Folder("p/d"), Link("p/l", "d"), File("p/l/x"))],
        ["hard link outside", ErrorCode.ArchiveLinkUnsafe, "p/h", Tar(HardLink("p/h", "../../etc/passwd"))],
        ["absolute hard link", ErrorCode.ArchiveLinkUnsafe, "p/h", Tar(HardLink("p/h", "/etc/passwd"))],
        ["hard link to what comes later", ErrorCode.ArchiveLinkUnsafe, "p/h", Tar(HardLink("p/h", "p/f"), File("p/f"))],
        ["file, then folder", ErrorCode.ArchiveEntryConflict, "p/x", Tar(File("p/x"), Folder("p/x"))],
        ["link, then file", ErrorCode.ArchiveEntryConflict, "p/x", Tar(Link("p/x", "y"), File("p/x"))],
        ["folder, then link", ErrorCode.ArchiveEntryConflict, "p/x", Tar(File("p/x/y"), Link("p/x", "y"))],
        ["below a file", ErrorCode.ArchiveEntryConflict, "p/x/y", Tar(File("p/x"), File("p/x/y"))],
        ["zip that climbs", ErrorCode.ArchivePathUnsafe, "../x", Zip(("../x", "", 0))],
        ["zip with an absolute path", ErrorCode.ArchivePathUnsafe, "/x", Zip(("/x", "", 0))],
        ["zip with a link outside", ErrorCode.ArchiveLinkUnsafe, "l", Zip(("l", "../../x", 0xA1FF))],
        ["zip with a device", ErrorCode.ArchiveEntryForbidden, "d", Zip(("d", "", 0x21FF))],
    ];

    [TestMethod]
    [DynamicData(nameof(Hostile), DynamicDataDisplayName = nameof(NameOf))]
    public void A_hostile_archive_is_refused_by_the_name_of_its_entry(string what, string code, string entry, byte[] archive)
    {
        var error = _room.Refused(_room.Add(archive));
        Assert.AreEqual(code, error.Code, what);
        Assert.Contains("src", error.Message);
        Assert.Contains($"'{entry}", error.Message);
    }

    public static IEnumerable<object[]> Damaged =>
    [
        ["tar in a file", Tar(File("p/f", new string('x', 5000)))[..3000]],
        ["tar in a header", Tar(File("p/f"))[..700]],
        ["tar without its end", Tar(File("p/f"))[..^1024]],
        ["gzip", Gzip(Tar(File("p/f", Noise())))[..5000]],
        ["bzip2", Bzip2(Tar(File("p/f", Noise())))[..5000]],
        ["lzip", Lzip(Tar(File("p/f", Noise())))[..5000]],
        ["xz", Convert.FromBase64String(Xz)[..200]],
        ["zstd", Convert.FromBase64String(Zstd)[..120]],
        ["zip", Zip(("p/f", Noise(), 0))[..5000]],
        ["damaged bzip2", Flip(Bzip2(Tar(File("p/f", Noise()))), 3000)],
        ["damaged xz", Flip(Convert.FromBase64String(Xz), 120)],
        ["damaged zstd", Flip(Convert.FromBase64String(Zstd), 100)],
        ["empty", Tar()],
        ["empty zip", Zip()],
    ];

    [TestMethod]
    [DynamicData(nameof(Damaged), DynamicDataDisplayName = nameof(NameOf))]
    public void A_damaged_archive_is_refused(string what, byte[] archive)
    {
        var error = _room.Refused(_room.Add(archive));
        Assert.IsTrue(error.Code is ErrorCode.ArchiveCorrupt or ErrorCode.ArchiveUnknown, $"{what}: {error.Code} {error.Message}");
    }

    [TestMethod]
    public void What_is_no_archive_is_told_so()
    {
        Assert.AreEqual(ErrorCode.ArchiveUnknown, _room.Refused(_room.Add("just text"u8.ToArray())).Code);
        Assert.AreEqual(ErrorCode.ArchiveUnknown, _room.Refused(_room.Add([])).Code);
        var patch = _room.Refused(_room.Add(Gzip("--- a\n+++ b\n"u8.ToArray())));
        Assert.AreEqual(ErrorCode.ArchiveUnknown, patch.Code);
        Assert.Contains("Extract=\"false\"", patch.Message);
    }

    [TestMethod]
    public void Bombs_are_defused()
    {
        var zeros = new string('\0', 5_000_000);
        var limits = new ExtractionLimits { RatioMattersFrom = 1_000_000, Ratio = 50 };
        var tar = _room.Refused(_room.Add(Gzip(Tar(File("p/zeros", zeros)))), limits);
        Assert.AreEqual(ErrorCode.ArchiveTooLarge, tar.Code);
        Assert.Contains("'p/zeros'", tar.Message);
        Assert.AreEqual(ErrorCode.ArchiveTooLarge, _room.Refused(_room.Add(Zip(("p/zeros", zeros, 0))), limits).Code);
        Assert.AreEqual(ErrorCode.ArchiveTooLarge, _room.Refused(_room.Add(Zip(("a", zeros[..900_000], 0), ("b", zeros[..900_000], 0))), limits).Code);
        Assert.AreEqual(ErrorCode.ArchiveTooLarge, _room.Refused(_room.Add(Tar(File("p/f", zeros))), new ExtractionLimits { Bytes = 4_000_000 }).Code);
        Assert.AreEqual(ErrorCode.ArchiveTooLarge, _room.Refused(_room.Add(Tar(File("a/b/c/d/e"), File("f"))), new ExtractionLimits { Entries = 5 }).Code);
    }

    [TestMethod]
    public void A_source_that_was_not_fetched_says_so()
    {
        var source = _room.Add([1]) with { Sha256 = Digest.Of("other"u8) };
        Assert.AreEqual(ErrorCode.SourceNotFetched, _room.Refused(source).Code);
    }

    [TestMethod]
    [DataRow("a/b")]
    [DataRow("..")]
    [DataRow("")]
    [DataRow("./a")]
    public void A_name_is_one_file_name(string name) =>
        Assert.AreEqual(ErrorCode.SourceInvalid, _room.Refused(_room.Add(Sample) with { Name = name }).Code);

    private static string Noise()
    {
        var random = new Random(1);
        return string.Concat(Enumerable.Range(0, 20_000).Select(_ => (char)('a' + random.Next(26))));
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 0x55;
        return bytes;
    }

    // Replaces a name by other bytes of the same length, and repairs the header's sum.
    private static byte[] Renamed(string from, string to)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, from));
        var tar = stream.ToArray();
        System.Text.Encoding.Latin1.GetBytes(to).CopyTo(tar, 0);
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = tar.Take(512).Sum(value => value);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);
        return tar;
    }
}
