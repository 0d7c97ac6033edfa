namespace StageX.Build.Tests.Bootstrap;

[TestClass]
[TestCategory("System")]
public sealed class GateOfTheDistributionTests
{
    [TestMethod]
    public void The_default_set_passes_with_nothing_opaque_but_the_seed()
    {
        var reports = Reports(Path.Combine(Repository.Root, "packages", "packages.msbuildproj"));
        var seed = new FileInfo(Path.Combine(Repository.Root, "packages", "bootstrap", "stage0", "seed")).Length;
        foreach (var (id, report) in reports)
            Assert.IsTrue((long)report["OpaqueBytes"]! <= seed, id);
        Assert.AreEqual("bootstrap-stage0", (string)reports["bootstrap-stage0"]["Path"]!);
        Assert.AreEqual("bootstrap-stage0;core-true-false;pallet-base", (string)reports["pallet-base"]["Path"]!);
        Assert.AreEqual(seed, (long)reports["pallet-base"]["OpaqueBytes"]!);
        Assert.AreEqual("", (string)reports["user-hwdata"]["Path"]!);
    }

    [TestMethod]
    public void The_build_root_of_the_tests_is_refused()
    {
        var folder = Path.Combine(Repository.Root, "tests", "packages", "test", "debian-gcc");
        var result = Command.Run("dotnet", ["build", folder, "-nologo", "-tl:off", "-t:VerifyBootstrap"], Repository.Root);
        Assert.AreNotEqual(0, result.ExitCode);
        Assert.Contains(error => error.Contains(Path.Combine(folder, "Containerfile") + "(2)", StringComparison.Ordinal) && error.Contains("rootfs.tar", StringComparison.Ordinal)
            && error.Contains("an ELF file", StringComparison.Ordinal), result.Coded(ErrorCode.ForeignCode), result.Output);
    }

    private static Dictionary<string, System.Text.Json.Nodes.JsonNode> Reports(string project) =>
        System.Text.Json.Nodes.JsonNode.Parse(Command.Run("dotnet", ["msbuild", project, "-nologo", "-getTargetResult:VerifyBootstrap"], Repository.Root).MustSucceed().Output)!
            ["TargetResults"]!["VerifyBootstrap"]!["Items"]!.AsArray().ToDictionary(item => (string)item!["Identity"]!, item => item!);
}
