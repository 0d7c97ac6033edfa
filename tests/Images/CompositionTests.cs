using System.Formats.Tar;
using CsCheck;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class CompositionTests
{
    [TestMethod]
    public void Layers_stand_once_in_the_order_of_dependencies_then_ids_however_the_members_are_given()
    {
        using var work = new Workplace();
        var skeleton = work.Layer(Folder("usr"), Folder("etc"));
        CompositionMember Package(string id, params string[] needs)
        {
            var own = work.Layer([skeleton], Folder("usr"), Folder("etc"), Text($"usr/{id}", id))!;
            return new(id, new Image { Layers = [skeleton, own] }, needs, []);
        }
        CompositionMember[] members = [Package("a", "z"), Package("b"), Package("m", "b", "a"), Package("z")];
        Gen.Shuffle(members).Sample(shuffled =>
        {
            var layers = Composition.Compose(shuffled, work.Store);
            CollectionAssert.AreEqual(new[] { skeleton, members[1].Image.Layers[1], members[3].Image.Layers[1], members[0].Image.Layers[1], members[2].Image.Layers[1] }, layers.ToList());
        }, iter: 20, threads: 1);
        Assert.AreEqual("etc/ usr/ usr/a usr/b usr/m usr/z", work.Merged([.. Composition.Compose(members, work.Store)]).Listing());
    }

    [TestMethod]
    [DataRow("content", "with different content")]
    [DataRow("type", "as a file and a symbolic link")]
    [DataRow("mode", "with the modes 755 and 700")]
    [DataRow("owner", "owned by 0:0 and by 7:0")]
    [DataRow("link", "leading to '1' and to '2'")]
    [DataRow("whiteout", "as a file and a removal")]
    [DataRow("whiteout above", "as a directory and a removal")]
    public void A_path_that_two_members_bring_differently_is_a_conflict_unless_one_wins(string what, string how)
    {
        using var work = new Workplace();
        var (one, two) = what switch
        {
            "content" => (work.Layer(Text("d/p", "1")), work.Layer(Text("d/p", "2"))),
            "type" => (work.Layer(Text("d/p", "1")), work.Layer(Symbolic("d/p", "1"))),
            "mode" => (work.Layer(Folder("d/p")), work.Layer(Folder("d/p", (UnixFileMode)0b111_000_000))),
            "owner" => (work.Layer(Folder("d/p")), work.Layer(Folder("d/p", user: 7))),
            "link" => (work.Layer(Symbolic("d/p", "1")), work.Layer(Symbolic("d/p", "2"))),
            _ => (work.Layer(Folder("d"), Text("d/p", "1")), null!),
        };
        Layer[] second = what switch
        {
            "whiteout" => [one, work.Layer([one], Folder("d"))!],
            "whiteout above" => [one, work.Layer([one], Text("x", ""))!],
            _ => [two],
        };
        IReadOnlyList<Layer> Compose(string[] aWins, string[] bWins) => Composition.Compose(
            [new("b", new Image { Layers = second }, [], bWins), new("a", new Image { Layers = [one] }, [], aWins)], work.Store);

        var error = Assert.ThrowsExactly<StageXException>(() => Compose([], []));
        Assert.AreEqual(ErrorCode.ConflictingPaths, error.Code);
        Assert.Contains("'a' and 'b' both bring 'd", error.Message);
        Assert.Contains(how, error.Message);

        Assert.AreEqual(work.Merged(second).Listing(), work.Merged([.. Compose([], ["a"])]).Listing());
        if (what.StartsWith("whiteout", StringComparison.Ordinal))
            Assert.AreEqual(ErrorCode.InexpressibleComposition, Assert.ThrowsExactly<StageXException>(() => Compose(["b"], [])).Code);
        else
            CollectionAssert.AreEqual(work.Merged(one).ToList(), work.Merged([.. Compose(["b"], [])]).ToList());
    }

    [TestMethod]
    public void A_third_member_is_not_covered_by_what_the_first_two_agreed_on()
    {
        using var work = new Workplace();
        CompositionMember Member(string id, string text, params string[] wins) => new(id, new Image { Layers = [work.Layer(Text("p", text))] }, [], wins);
        Assert.AreEqual(2, Composition.Compose([Member("a", "1"), Member("b", "2", "a")], work.Store).Count);
        var error = Assert.ThrowsExactly<StageXException>(() => Composition.Compose([Member("a", "1"), Member("b", "2", "a"), Member("c", "1")], work.Store));
        Assert.Contains("'b' and 'c'", error.Message);
    }

    [TestMethod]
    public void Equal_files_and_directories_are_no_conflict()
    {
        using var work = new Workplace();
        CompositionMember Member(string id, params TarEntry[] entries) => new(id, new Image { Layers = [work.Layer(entries)] }, [], []);
        Assert.AreEqual(2, Composition.Compose([Member("a", Folder("d"), Text("d/p", "1")), Member("b", Folder("d"), Text("d/p", "1"), Text("q", ""))], work.Store).Count);
    }

    [TestMethod]
    public void A_cycle_is_named_in_full_and_a_missing_member_by_its_id()
    {
        using var work = new Workplace();
        CompositionMember Member(string id, params string[] needs) => new(id, new Image { Layers = [] }, needs, []);
        var cycle = Assert.ThrowsExactly<StageXException>(() => Composition.Compose([Member("a", "b"), Member("b", "c"), Member("c", "b")], work.Store));
        Assert.AreEqual(ErrorCode.UnorderableComposition, cycle.Code);
        Assert.Contains("b → c → b", cycle.Message);
        Assert.Contains("'nowhere'", Assert.ThrowsExactly<StageXException>(() => Composition.Compose([Member("a", "nowhere")], work.Store)).Message);
    }
}
