using System.Text.Json.Nodes;
using StageX.Build.AtWork;

namespace StageX.Build.Tests.Distribution;

/// <summary>StageXSet says how much of the distribution a tree's build is: the chain, what is built unasked, or all.</summary>
[TestClass]
public sealed class SetTests
{
    [TestMethod]
    public void Each_set_is_part_of_the_next_and_the_last_has_every_package()
    {
        var (chain, unasked, all) = (Packages("chain"), Packages(""), Packages("all"));
        Assert.IsTrue(chain.IsProperSubsetOf(unasked) && unasked.IsProperSubsetOf(all));
        Assert.IsTrue(all.SetEquals(Directory.EnumerateFiles(Path.Combine(Repository.Root, "packages"), "*.msbuildproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .Where(file => Path.GetFileName(file) != "packages.msbuildproj")));
    }

    [TestMethod]
    [DataRow("chain")]
    [DataRow("")]
    public void A_set_has_all_that_its_packages_are_built_with(string set)
    {
        var packages = Packages(set);
        var graph = PackageGraph.Read(packages);
        CollectionAssert.AreEquivalent(packages.ToList(), graph.Packages.Select(id => graph.ProjectOf(id)).ToList());
    }

    internal static HashSet<string> Packages(string set) =>
        [.. JsonNode.Parse(Command.Run("dotnet", ["msbuild", DefaultSet.TreeProject(Repository.Root), "-nologo", "-getItem:ProjectReference", $"-p:StageXSet={set}"], Repository.Root).MustSucceed().Output)!
            ["Items"]!["ProjectReference"]!.AsArray().Select(item => (string)item!["FullPath"]!)];
}
