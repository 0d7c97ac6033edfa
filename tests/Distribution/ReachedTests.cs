namespace StageX.Build.Tests.Distribution;

/// <summary>eng/reached.sh says what has to be built again after a change, in the order in which that can be done.</summary>
[TestClass]
public sealed class ReachedTests
{
    [TestMethod]
    public void A_change_reaches_what_is_built_with_it_in_order_and_nothing_else()
    {
        var reached = ReachedSince("packages/core/m4/check.sh");
        Assert.AreEqual("packages/core/m4", reached[0]);
        foreach (var (first, then) in new[] { ("core/m4", "core/bison"), ("core/bison", "bootstrap/gcc3"), ("bootstrap/gcc3", "bootstrap/gcc10-gcc3") })
            Assert.IsTrue(reached.IndexOf("packages/" + first) is var at and >= 0 && at < reached.IndexOf("packages/" + then), $"{first} before {then}");
        Assert.DoesNotContain("packages/bootstrap/tcc", reached);
    }

    [TestMethod]
    public void It_reaches_those_to_whom_a_file_is_lent()
    {
        var reached = ReachedSince("packages/bootstrap/gcc10-gcc3/torture.sh");
        Assert.Contains("packages/bootstrap/tcc-torture", reached);
        Assert.DoesNotContain("packages/bootstrap/gcc3", reached);
    }

    [TestMethod]
    public void What_is_no_commit_is_an_error()
    {
        var result = Command.Run(Path.Combine(Repository.Root, "eng", "reached.sh"), ["elsewhere"], Repository.Root);
        Assert.AreNotEqual(0, result.ExitCode);
        Assert.Contains("there is no commit elsewhere", result.Output);
    }

    // Since a state of the tree that is today's without one file. It is written apart from the repository.
    private static List<string> ReachedSince(string missing)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["objects"]);
        var apart = new Dictionary<string, string?>
        {
            ["GIT_OBJECT_DIRECTORY"] = folder["objects"],
            ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Path.GetFullPath(Git([], "rev-parse", "--git-path", "objects"), Repository.Root),
        };
        var index = new Dictionary<string, string?>(apart) { ["GIT_INDEX_FILE"] = folder["index"] };
        Git(index, "read-tree", "HEAD");
        Git(index, "rm", "--quiet", "--cached", missing);
        var tree = Git(index, "write-tree");
        return [.. Command.Run(Path.Combine(Repository.Root, "eng", "reached.sh"), [tree], Repository.Root, apart).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Git(Dictionary<string, string?> environment, params string[] arguments) =>
        Command.Run("git", arguments, Repository.Root, environment).MustSucceed().Output.Trim();
}
