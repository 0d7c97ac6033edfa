using StageX.Build.Containerfiles;
using StageX.Build.Tests.Sources;

namespace StageX.Build.Tests.Containerfiles;

[TestClass]
public sealed class BuildContextTests
{
    [TestMethod]
    [DataRow("fetch/")]
    [DataRow("fetch/src/a")]
    [DataRow(".")]
    [DataRow("*")]
    [DataRow("f?tch")]
    [DataRow("[e-g]etch/*")]
    public void What_reaches_into_the_folder_of_sources_matches_its_sources(string pattern)
    {
        using var room = new SourceRoom();
        Assert.HasCount(1, new BuildContext([room.Add("a"u8.ToArray())]).Match(pattern).Sources);
    }

    [TestMethod]
    public void The_folder_of_sources_is_as_canonical_as_what_is_in_it()
    {
        using var room = new SourceRoom();
        new BuildContext([room.Add("a"u8.ToArray()) with { Extract = false }]).Write(Directory.CreateDirectory(room.Out).FullName, room.Cache, CancellationToken.None);
        Assert.AreEqual(DateTime.UnixEpoch.AddSeconds(1), Directory.GetLastWriteTimeUtc(Path.Combine(room.Out, "fetch")));
    }

    [TestMethod]
    public void A_file_that_changes_between_its_key_and_its_delivery_is_refused()
    {
        using var room = new SourceRoom();
        var file = room.Folder["file"];
        File.WriteAllText(file, "before");
        var context = new BuildContext([]);
        context.AddLocal("file", file);
        Assert.AreEqual(Digest.Of("before"u8), context.DigestOf(context.Entries.Single()));
        File.WriteAllText(file, "after");
        var e = Assert.ThrowsExactly<StageXException>(() => context.Write(Directory.CreateDirectory(room.Out).FullName, room.Cache, CancellationToken.None));
        Assert.AreEqual(ErrorCode.ChangedInput, e.Code);
        Assert.AreEqual(file, e.File);
    }

    [TestMethod]
    public void A_patch_that_changes_between_its_key_and_its_delivery_is_refused()
    {
        using var room = new SourceRoom();
        var patch = room.Folder["patch"];
        File.WriteAllText(patch, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n");
        var source = room.Add(Archives.Tar(Archives.File("x", "a\n"))) with { Patches = [patch] };
        var context = new BuildContext([source]);
        _ = context.KeyOf(source);
        File.WriteAllText(patch, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+c\n");
        var e = Assert.ThrowsExactly<StageXException>(() => context.Write(Directory.CreateDirectory(room.Out).FullName, room.Cache, CancellationToken.None));
        Assert.AreEqual(ErrorCode.ChangedInput, e.Code);
    }
}
