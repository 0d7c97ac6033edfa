using StageX.Build.Bootstrap;

namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed class GateChainTests
{
    private static readonly PackageRecord[] Records =
    [
        new() { Id = "bootstrap-stage0", Project = "stage0", SeedBytes = 180, Steps = 1, Lines = 10 },
        new() { Id = "bootstrap-cc", Project = "cc", References = ["bootstrap-stage0"], Steps = 2, Lines = 100 },
        new() { Id = "core-lib", Project = "lib", References = ["bootstrap-cc"], Steps = 3, Lines = 1000 },
        new() { Id = "user-tool", Project = "tool", References = ["core-lib", "bootstrap-cc"], Steps = 4, Lines = 10000 },
        new() { Id = "user-strange", Project = "strange", Steps = 1 },
        new() { Id = "other-seed", Project = "other", SeedBytes = 100 },
        new() { Id = "user-both", Project = "both", References = ["user-tool", "other-seed"] },
    ];

    private static ChainReport Report(string id) => new BootstrapChain(name => Records.Single(record => record.Id == name)).Report(id);

    [TestMethod]
    public void The_shortest_way_to_the_seed_is_told_and_each_package_counts_once()
    {
        var report = Report("user-tool");
        CollectionAssert.AreEqual(new[] { "user-tool", "bootstrap-cc", "bootstrap-stage0" }, report.Path.ToArray());
        Assert.AreEqual((4, 10, 11110L, 180), (report.Members.Count, report.Steps, report.Lines, report.OpaqueBytes));
    }

    [TestMethod]
    public void Steps_that_lead_to_no_seed_are_refused() =>
        Assert.AreEqual(ErrorCode.NoSeed, Assert.ThrowsExactly<StageXException>(() => Report("user-strange")).Code);

    [TestMethod]
    public void Two_seeds_in_one_closure_are_refused() =>
        Assert.AreEqual(ErrorCode.MisplacedSeed, Assert.ThrowsExactly<StageXException>(() => Report("user-both")).Code);
}
