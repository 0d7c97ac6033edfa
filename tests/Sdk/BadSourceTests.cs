using System.Formats.Tar;
using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

/// <summary>Sources that are not what they should be, through the whole build: one coded error, and nothing of them kept.</summary>
[TestClass]
[TestCategory("System")]
public sealed class BadSourceTests
{
    [TestMethod]
    public void A_wrong_hash_is_refused_with_both_hashes_and_never_enters_the_cache()
    {
        using var tree = new TestTree();
        var file = Write(tree, "a.txt", "right"u8.ToArray());
        var wanted = Digest.Of("wrong"u8).Hex;
        var project = AddSource(tree, file, wanted, """Extract="false" """);
        tree.Build(project).MustFailWith(ErrorCode.SourceHashMismatch, project, 7, wanted, Digest.Of("right"u8).Hex);
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Cache, "sources", "sha256")) && Directory.EnumerateFiles(Path.Combine(tree.Cache, "sources", "sha256")).Any());
    }

    [TestMethod]
    public void No_answer_from_any_mirror_is_an_error_that_lists_them()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "bad", $"""
                <Source Include="file:///nowhere/a" Mirrors="file:///nowhere/b" Sha256="{new string('a', 64)}" Extract="false" />
                <File Include="fetch/bad" Path="/x" />
            """);
        tree.Build(project).MustFailWith(ErrorCode.NoMirrorAnswers, project, 7, "/nowhere/a", "/nowhere/b");
    }

    [TestMethod]
    public void Offline_is_an_error_that_names_the_source_and_what_was_fetched_before_still_builds()
    {
        using var tree = new TestTree();
        var file = Write(tree, "a.txt", "right"u8.ToArray());
        string Add(string url) => tree.Add("core", "bad", $"""
                <Source Include="{url}" Sha256="{Digest.Of("right"u8).Hex}" Extract="false" />
                <File Include="fetch/bad" Path="/x" />
            """);
        var project = Add("http://127.0.0.1:1/a.txt");
        tree.Build(project, "-p:StageXOffline=true").MustFailWith(ErrorCode.SourceOffline, project, 7, "bad", "Fetch");
        tree.Build(Add("file://" + file), "-t:Fetch").MustSucceed();
        tree.Build(Add("http://127.0.0.1:1/a.txt"), "-p:StageXOffline=true").MustSucceed();
    }

    [TestMethod]
    [DataRow("../evil", ErrorCode.ArchivePathUnsafe)]
    [DataRow("/evil", ErrorCode.ArchivePathUnsafe)]
    public void An_archive_whose_entries_lead_outside_is_refused(string name, string code)
    {
        using var tree = new TestTree();
        Refused(tree, code, "evil", new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) });
    }

    [TestMethod]
    public void An_archive_with_a_link_that_leads_outside_is_refused()
    {
        using var tree = new TestTree();
        Refused(tree, ErrorCode.ArchiveLinkUnsafe, "evil", new UstarTarEntry(TarEntryType.SymbolicLink, "top/evil") { LinkName = "../../etc" });
    }

    [TestMethod]
    public void An_archive_with_a_device_is_refused()
    {
        using var tree = new TestTree();
        Refused(tree, ErrorCode.ArchiveEntryForbidden, "evil", new UstarTarEntry(TarEntryType.CharacterDevice, "top/evil") { DeviceMajor = 1, DeviceMinor = 3 });
    }

    [TestMethod]
    public void A_patch_that_does_not_apply_is_an_error_at_its_hunk()
    {
        using var tree = new TestTree();
        var archive = Archive(tree, new UstarTarEntry(TarEntryType.RegularFile, "top/a.txt") { DataStream = new MemoryStream("one\ntwo\n"u8.ToArray()) });
        tree.Write("core", "bad", "fix.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-three\n+four\n");
        var project = AddSource(tree, archive, Digest.OfFile(archive).Hex, """Patches="fix.patch" """, "fetch/bad/a.txt");
        tree.Build(project).MustFailWith(ErrorCode.PatchDoesNotApply, tree.File("core", "bad", "fix.patch"), 3);
    }

    [TestMethod]
    public void A_patch_that_applies_changes_the_image()
    {
        using var tree = new TestTree();
        var archive = Archive(tree, new UstarTarEntry(TarEntryType.RegularFile, "top/a.txt") { DataStream = new MemoryStream("one\ntwo\n"u8.ToArray()) });
        tree.Write("core", "bad", "fix.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
        var project = AddSource(tree, archive, Digest.OfFile(archive).Hex, """Patches="fix.patch" """, "fetch/bad/a.txt");
        var image = ImageLayout.Read((string)tree.Items(project)[0]["Layout"]!).Image;
        using var files = RootFilesystem.FromLayers(image.Layers, new LayerStore(Path.Combine(tree.Cache, "layers")));
        Assert.AreEqual(Digest.Of("one\n2\n"u8), files.Entries.Single(entry => entry.Path == "x").Content);
    }

    private static void Refused(TestTree tree, string code, string word, TarEntry entry)
    {
        var archive = Archive(tree, entry);
        var project = AddSource(tree, archive, Digest.OfFile(archive).Hex, "", "fetch/bad/x");
        tree.Build(project).MustFailWith(code, project, 7, word);
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-bad")));
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "containerfiles", "core-bad", "context")));
    }

    private static string AddSource(TestTree tree, string file, string hash, string metadata, string fetched = "fetch/bad") => tree.Add("core", "bad", $"""
            <Source Include="file://{file}" Sha256="{hash}" {metadata}/>
            <File Include="{fetched}" Path="/x" />
        """);

    private static string Archive(TestTree tree, TarEntry entry)
    {
        var bytes = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(entry);
        return Write(tree, "archive.tar", bytes.ToArray());
    }

    private static string Write(TestTree tree, string name, byte[] bytes)
    {
        var path = Path.Combine(tree.Root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
