using StageX.Build.Tests.Distribution;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>What the README of the chain says of it, by the targets themselves.</summary>
[TestClass]
[TestCategory("System")]
public sealed class ChainTests
{
    private static readonly string TinyC = Path.Combine(Repository.Root, "packages", "bootstrap", "tcc", "tcc.msbuildproj");

    [TestMethod]
    public void The_picture_in_the_readme_is_what_Graph_draws()
    {
        Command.Run("dotnet", ["build", TinyC, "-nologo", "-tl:off", "-t:Graph"], Repository.Root).MustSucceed();
        Assert.AreEqual(
            File.ReadAllText(Path.Combine(Repository.Root, "artifacts", "graph", "bootstrap-tcc.svg")),
            File.ReadAllText(Path.Combine(Repository.Root, "packages", "bootstrap", "chain.svg")));
    }

    [TestMethod]
    public void TinyCC_is_the_same_when_an_unrelated_gcc_begins()
    {
        var gcc = DefaultSet.Build(Path.Combine(Repository.Root, "tests", "packages", "test", "debian-gcc", "debian-gcc.msbuildproj")).Single();
        var result = Command.Run("dotnet", ["build", TinyC, "-nologo", "-tl:off", "-t:VerifyDiverse", "-p:StageXDiverseRoot=" + gcc.Layout], Repository.Root).MustSucceed();
        Assert.Contains("bootstrap-tcc: the same by way of test-debian-gcc", result.Output);
    }

    [TestMethod]
    [TestCategory("Nightly")]
    public void Gcc_is_the_same_when_an_unrelated_gcc_begins()
    {
        var gcc = DefaultSet.Build(Path.Combine(Repository.Root, "tests", "packages", "test", "debian-gxx", "debian-gxx.msbuildproj")).Single();
        var project = Path.Combine(Repository.Root, "packages", "bootstrap", "gcc10", "gcc10.msbuildproj");
        var result = Command.Run("dotnet", ["build", project, "-nologo", "-tl:off", "-t:VerifyDiverse", "-p:StageXDiverseRoot=" + gcc.Layout], Repository.Root).MustSucceed();
        Assert.Contains("bootstrap-gcc10: the same by way of test-debian-gxx", result.Output);
    }
}
