namespace StageX.Build.Tests.Distribution;

[TestClass]
[TestCategory("System")]
public sealed class AuditOfTheDistributionTests
{
    [TestMethod]
    public void Every_image_is_as_the_policy_of_the_tree_demands() =>
        Command.Run("dotnet", ["build", DefaultSet.TreeProject(Repository.Root), "-nologo", "-tl:off", "-t:Audit", DefaultSet.ChainOnly], Repository.Root).MustSucceed();

    [TestMethod]
    public void A_program_with_another_C_library_is_refused()
    {
        var folder = Path.Combine(Repository.Root, "tests", "packages", "test", "program");
        var result = Command.Run("dotnet", ["build", folder, "-nologo", "-tl:off", "-t:Audit"], Repository.Root);
        Assert.Contains(error => error.Contains("c-library is glibc", StringComparison.Ordinal) && error.Contains("/usr/bin/program", StringComparison.Ordinal), result.Coded(ErrorCode.PolicyViolated), result.Output);
    }
}
