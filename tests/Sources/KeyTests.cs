using StageX.Build.Sources;

namespace StageX.Build.Tests.Sources;

[TestClass]
public sealed class KeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Where_things_lie_does_not_change_the_key()
    {
        var source = Source();
        Assert.AreEqual(source.Key(), (source with { Urls = [new Uri("https://stagex.invalid/other")], Include = "other" }).Key());
        Assert.AreEqual(
            (source with { Patches = [_folder.Write("here/a.patch", "text")] }).Key(),
            (source with { Patches = [_folder.Write("there/b.patch", "text")] }).Key());
    }

    [TestMethod]
    public void Whatever_changes_the_tree_changes_the_key()
    {
        var source = Source();
        var one = _folder.Write("1.patch", "one");
        var two = _folder.Write("2.patch", "two");
        Source[] all =
        [
            source,
            source with { Name = "b" },
            source with { Sha256 = Digest.Of("b"u8) },
            source with { Extract = false },
            source with { Commit = new string('a', 40) },
            source with { Archive = "a" },
            source with { Remove = ["a"] },
            source with { Remove = ["a", "b"] },
            source with { Remove = ["a\nremove 1\nb"] },
            source with { Patches = [one] },
            source with { Patches = [one, two] },
            source with { Patches = [two, one] },
        ];
        Assert.HasCount(all.Length, all.Select(each => each.Key()).Distinct());
    }

    [TestMethod]
    public void A_missing_patch_is_told()
    {
        var error = Assert.ThrowsExactly<StageXException>(() => (Source() with { Patches = [_folder["no.patch"]] }).Key());
        Assert.AreEqual(ErrorCode.PatchMissing, error.Code);
    }

    private static Source Source() =>
        new() { Include = "i", Name = "a", Urls = [new Uri("https://stagex.invalid/a")], Sha256 = Digest.Of("a"u8) };
}
