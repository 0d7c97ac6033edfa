using System.Diagnostics;
using StageX.Build.Sources;
using static StageX.Build.Tests.Sources.Archives;

namespace StageX.Build.Tests.Sources;

[TestClass]
public sealed class PatchTests : IDisposable
{
    // "one" to "ten", a line each.
    private const string Numbers = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

    private readonly SourceRoom _room = new();

    public void Dispose() => _room.Dispose();

    /// <summary>Each with the tree it makes; GNU patch, where there is one, must make the same.</summary>
    public static IEnumerable<object[]> Corpus =>
    [
        ["a change", "--- a/n\n+++ b/n\n@@ -1,4 +1,4 @@\n one\n-two\n+TWO\n three\n four\n", new[] { N(("two", "TWO")) }],
        ["timestamps and commentary", "Why: so.\n\nIndex: n\n===\n--- a/n\t2020-01-01 00:00:00 +0000\n+++ b/n\t2020-01-01 00:00:00 +0000\n@@ -1,4 +1,4 @@ in one()\n one\n-two\n+TWO\n three\n four\n-- \n2.39\n", new[] { N(("two", "TWO")) }],
        ["a hunk that moved down", "--- a/n\n+++ b/n\n@@ -3,3 +3,3 @@\n five\n-six\n+SIX\n seven\n", new[] { N(("six", "SIX")) }],
        ["a hunk that moved up", "--- a/n\n+++ b/n\n@@ -80,3 +80,3 @@\n five\n-six\n+SIX\n seven\n", new[] { N(("six", "SIX")) }],
        ["two hunks", "--- a/n\n+++ b/n\n@@ -1,3 +1,4 @@\n one\n+one and a half\n two\n three\n@@ -8,3 +9,2 @@\n eight\n-nine\n ten\n", new[] { N(("one\n", "one\none and a half\n"), ("nine\n", "")) }],
        ["two files", "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-one\n+ONE\n--- a/d/m\n+++ b/d/m\n@@ -1 +1 @@\n-x\n+y\n", new[] { "d/m 644 y\\n", N(("one", "ONE")) }],
        ["inserted without context", "--- a/n\n+++ b/n\n@@ -5,0 +6 @@\n+five and a half\n", new[] { N(("five\n", "five\nfive and a half\n")) }],
        ["the end without a newline", "--- a/n\n+++ b/n\n@@ -8,3 +8,3 @@\n eight\n nine\n-ten\n+ten\n\\ No newline at end of file\n", new[] { N(("ten\n", "ten")) }],
        ["the end with a newline again", "--- a/bare\n+++ b/bare\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n", new[] { "bare 644 a\\nb\\n" }],
        ["a new file", "--- /dev/null\n+++ b/new/deep/f\n@@ -0,0 +1,2 @@\n+1\n+2\n", new[] { "new/deep/f 644 1\\n2\\n" }],
        ["a new file by time", "--- a/new\t1970-01-01 01:00:00.000000000 +0100\n+++ b/new\t2020-01-01 00:00:00 +0000\n@@ -0,0 +1 @@\n+1\n", new[] { "new 644 1\\n" }],
        ["a deleted file and its folder", "--- a/d/m\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", new[] { "!d/" }],
        ["a deleted file by time", "--- a/d/m\t2020-01-01 00:00:00 +0000\n+++ b/d/m\t1970-01-01 00:00:00 +0000\n@@ -1 +0,0 @@\n-x\n", new[] { "!d/" }],
        ["git: a new executable", "diff --git a/run2 b/run2\nnew file mode 100755\nindex 0000000..1269488\n--- /dev/null\n+++ b/run2\n@@ -0,0 +1 @@\n+data\n", new[] { "run2 755 data\\n" }],
        ["git: an empty new file", "diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\ndiff --git a/n b/n\nindex 1..2 100644\n--- a/n\n+++ b/n\n@@ -1 +1 @@\n-one\n+ONE\n", new[] { "e 644 ", N(("one", "ONE")) }],
        ["git: a mode", "diff --git a/n b/n\nold mode 100644\nnew mode 100755\n", new[] { N().Replace("644", "755", StringComparison.Ordinal) }],
        ["git: a rename", "diff --git a/d/m b/e/m2\nsimilarity index 100%\nrename from d/m\nrename to e/m2\n", new[] { "!d/", "e/m2 644 x\\n" }],
        ["git: a rename with a change", "diff --git a/run b/ran\nsimilarity index 50%\nrename from run\nrename to ran\nindex 1..2 100755\n--- a/run\n+++ b/ran\n@@ -1 +1 @@\n-r\n+R\n", new[] { "!run", "ran 755 R\\n" }],
        ["git: a copy", "diff --git a/run b/ran\nsimilarity index 100%\ncopy from run\ncopy to ran\n", new[] { "run 755 r\\n", "ran 755 r\\n" }],
        ["git: deleted", "diff --git a/d/m b/d/m\ndeleted file mode 100644\nindex 1..0\n--- a/d/m\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", new[] { "!d/" }],
        ["git: quoted names", "diff --git \"a/\\303\\244\" \"b/\\303\\244\"\n--- \"a/\\303\\244\"\n+++ \"b/\\303\\244\"\n@@ -1 +1 @@\n-x\n+y\n", new[] { "ä 644 y\\n" }],
        ["CRLF as bytes", "--- a/crlf\n+++ b/crlf\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n", new[] { "crlf 644 a\r\\nc\r\\n" }],
        ["an executable stays one", "--- a/run\n+++ b/run\n@@ -1 +1 @@\n-r\n+s\n", new[] { "run 755 s\\n" }],
        ["the old name where there is no new", "--- a/n\n+++ b/n.new\n@@ -1 +1 @@\n-one\n+ONE\n", new[] { N(("one", "ONE")) }],
        ["an empty line of context without its blank", "--- a/gap\n+++ b/gap\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", new[] { "gap 644 a\\n\\nc\\n" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Corpus), DynamicDataDisplayName = nameof(ExtractTests.NameOf), DynamicDataDisplayNameDeclaringType = typeof(ExtractTests))]
    public void A_patch_applies_as_gnu_patch_applies_it(string what, string patch, string[] expected)
    {
        _room.Extract(Patched(patch));
        var listing = _room.Listing();
        foreach (var line in expected)
        {
            if (line[0] == '!')
                Assert.IsFalse(listing.Any(other => other.StartsWith(line[1..], StringComparison.Ordinal)), what);
            else
                Assert.Contains(line, listing, what);
        }

        if (GnuPatch(patch) is { } theirs)
            Assert.AreSequenceEqual(theirs, listing, what);
    }

    [TestMethod]
    public void Patches_apply_in_their_order_after_the_removals()
    {
        var source = _room.Add(Archive()) with
        {
            Remove = ["n"],
            Patches =
            [
                _room.Folder.Write("1.patch", "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+first\n"),
                _room.Folder.Write("2.patch", "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-first\n+second\n"),
            ],
        };
        _room.Extract(source);
        Assert.Contains("n 644 second\\n", _room.Listing());
    }

    [TestMethod]
    [DataRow("other context", 6, "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-one\n+ONE\n@@ -5,3 +5,3 @@\n five\n-SIX\n+6\n seven\n")]
    [DataRow("fuzz would do", 3, "--- a/n\n+++ b/n\n@@ -4,3 +4,3 @@\n FOUR\n-five\n+5\n six\n")]
    [DataRow("no such file", 1, "--- a/none\n+++ b/none\n@@ -1 +1 @@\n-one\n+ONE\n")]
    [DataRow("new file that is there", 1, "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+1\n")]
    [DataRow("deletion that leaves something", 1, "--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n")]
    [DataRow("hunks in the wrong order", 6, "--- a/n\n+++ b/n\n@@ -9 +9 @@\n-nine\n+9\n@@ -1 +1 @@\n-one\n+1\n")]
    [DataRow("the end is elsewhere", 3, "--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n one\n two\n-three\n+3\n")]
    [DataRow("applied already", 3, "--- a/n\n+++ b/n\n@@ -1,2 +1,3 @@\n zero\n+half\n one\n")]
    [DataRow("a line end too few", 3, "--- a/bare\n+++ b/bare\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n")]
    public void A_patch_that_does_not_apply_names_the_hunk(string what, int line, string patch)
    {
        var source = Patched(patch);
        var error = _room.Refused(source);
        Assert.AreEqual(ErrorCode.PatchDoesNotApply, error.Code, what);
        Assert.AreEqual(source.Patches[0], error.File);
        Assert.AreEqual(line, error.Line, error.Message);
    }

    [TestMethod]
    [DataRow("nothing", 1, "just words\n")]
    [DataRow("too few lines", 5, "--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n one\n@@ -5 +5 @@\n")]
    [DataRow("ends early", 3, "--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n one\n")]
    [DataRow("too many lines", 6, "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-one\n+ONE\n two\n")]
    [DataRow("uneven counts", 5, "--- a/n\n+++ b/n\n@@ -1,1 +1,3 @@\n-one\n-two\n+3\n")]
    [DataRow("no hunk", 1, "--- a/n\n+++ b/n\nwords\n")]
    [DataRow("hunk without a file", 1, "@@ -1 +1 @@\n-one\n+ONE\n")]
    [DataRow("no first name", 1, "--- n\n+++ n\n@@ -1 +1 @@\n-one\n+ONE\n")]
    [DataRow("binary", 3, "diff --git a/n b/n\nindex 1..2 100644\nGIT binary patch\nliteral 1\n")]
    [DataRow("a link", 2, "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n")]
    public void A_patch_that_makes_no_sense_names_the_line(string what, int line, string patch)
    {
        var error = _room.Refused(Patched(patch));
        Assert.AreEqual(ErrorCode.PatchMalformed, error.Code, $"{what}: {error.Message}");
        Assert.AreEqual(line, error.Line, error.Message);
    }

    [TestMethod]
    [DataRow("--- /dev/null\n+++ b/../../x\n@@ -0,0 +1 @@\n+1\n")]
    [DataRow("--- a/../../x\n+++ b/n\n@@ -1 +1 @@\n-one\n+ONE\n")]
    [DataRow("--- a/link/m\n+++ b/link/m\n@@ -1 +1 @@\n-x\n+y\n")]
    [DataRow("--- a/flink\n+++ b/flink\n@@ -1 +1 @@\n-one\n+ONE\n")]
    [DataRow("diff --git a/n b/n\nsimilarity index 100%\nrename from n\nrename to ../x\n")]
    [DataRow("diff --git a/n b/link/n\nsimilarity index 100%\nrename from n\nrename to link/n\n")]
    public void A_patch_stays_in_the_tree(string patch) =>
        Assert.AreEqual(ErrorCode.PatchPathUnsafe, _room.Refused(Patched(patch)).Code);

    [TestMethod]
    public void A_patch_that_is_not_there_is_told()
    {
        var source = _room.Add(Archive()) with { Patches = [_room.Folder["none.patch"]] };
        Assert.AreEqual(ErrorCode.PatchMissing, _room.Refused(source).Code);
    }

    private static string N(params (string Old, string New)[] changes) =>
        "n 644 " + changes.Aggregate(Numbers, (text, change) => text.Replace(change.Old, change.New, StringComparison.Ordinal)).Replace("\n", "\\n", StringComparison.Ordinal);

    private static byte[] Archive() => Tar(
        File("p/n", Numbers), File("p/d/m"), File("p/run", "r\n", executable: true), File("p/bare", "a\nb"), File("p/ä"), File("p/crlf", "a\r\nb\r\n"), File("p/gap", "a\n\nb\n"),
        Link("p/link", "d"), Link("p/flink", "n"));

    private Source Patched(string patch) => _room.Add(Archive()) with { Patches = [_room.Folder.Write("a.patch", patch)] };

    private IReadOnlyList<string>? GnuPatch(string patch)
    {
        using var theirs = new SourceRoom();
        theirs.Extract(theirs.Add(Archive()));
        var start = new ProcessStartInfo("patch") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-p1", "-F0", "-f", "-s", "--binary", "--no-backup-if-mismatch", "-d", theirs.Tree, "-i", _room.Folder.Write("theirs.patch", patch)])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        return theirs.Listing();
    }
}
