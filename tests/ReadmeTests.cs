using System.Text.RegularExpressions;
using StageX.Build.Tests.Distribution;

namespace StageX.Build.Tests;

/// <summary>What the README tells a new user to type, typed in a new clone.</summary>
[TestClass]
[TestCategory("System")]
public sealed partial class ReadmeTests
{
    [TestMethod]
    public void Its_commands_work_in_a_new_clone()
    {
        using var folder = new TemporaryFolder();
        var clone = folder["clone"];
        Command.Run("git", ["clone", "--quiet", "--no-local", Repository.Root, clone]).MustSucceed();
        File.WriteAllText(folder["storage.conf"], $"[storage]\ndriver = \"vfs\"\ngraphroot = \"{folder["graph"]}\"\nrunroot = \"{folder["run"]}\"\n");
        var environment = new Dictionary<string, string?>
        {
            ["StageXCache"] = DefaultSet.CacheWithSources(folder["cache"]),
            ["CONTAINERS_STORAGE_CONF"] = folder["storage.conf"],
        };
        var blocks = ShellBlock().Matches(File.ReadAllText(Path.Combine(clone, "README.md"))).Select(match => match.Groups[1].Value).ToList();
        Assert.HasCount(4, blocks);
        // The two commands are how this test came to run.
        foreach (var block in blocks.Skip(1))
            Command.Run("bash", ["-euc", block.Replace("/var/tmp/", folder.Path + "/", StringComparison.Ordinal)], clone, environment).MustSucceed();
        Assert.IsTrue(File.Exists(Path.Combine(clone, "artifacts", "images", "user-greeting", "index.json")));
        Assert.Contains("user-greeting", File.ReadAllText(Path.Combine(clone, "packages", "user", "digests.txt")));

        var images = Command.Run("dotnet", ["msbuild", "packages/user/hwdata", "-getTargetResult:Build"], clone, environment).MustSucceed().Output;
        Assert.StartsWith("{", images);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
