using System.Text.RegularExpressions;

namespace StageX.Build.Tests.Sdk;

[TestClass]
[TestCategory("System")]
public sealed partial class DigestFileTests
{
    [TestMethod]
    public void Digests_are_recorded_sorted_checked_and_a_difference_is_an_error_that_names_both()
    {
        using var tree = new TestTree();
        tree.Add("core", "b", """    <Directory Include="/b" />""");
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        var digests = Path.Combine(tree.Root, "core", "digests.txt");
        tree.Build(tree.Tree(), "-t:UpdateDigests").MustSucceed();
        var lines = File.ReadAllLines(digests);
        Assert.HasCount(2, lines);
        Assert.MatchesRegex(Line(), lines[0]);
        Assert.EndsWith(" core-a", lines[0]);
        Assert.EndsWith(" core-b", lines[1]);
        tree.Build(tree.Tree()).MustSucceed();

        var other = new string('0', 64);
        File.WriteAllText(digests, $"{lines[0]}\n{other} core-b\n");
        tree.Build(tree.Tree()).MustFailWith(ErrorCode.DigestMismatch, digests, 2, other, lines[1][..64], "-t:UpdateDigests");

        File.WriteAllText(digests, "rubbish\n");
        tree.Build(tree.Project("core", "a")).MustFailWith(ErrorCode.DigestFileSyntax, digests, 1);
        File.WriteAllText(digests, lines[1] + "\n");
        var warned = tree.Build(tree.Project("core", "a")).MustSucceed();
        Assert.HasCount(1, warned.Coded(ErrorCode.DigestMissing));
    }

    [GeneratedRegex("^[0-9a-f]{64} core-a$")]
    private static partial Regex Line();
}
