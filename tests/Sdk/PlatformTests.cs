using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

/// <summary>Images for another machine than the one that builds.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PlatformTests
{
    [TestMethod]
    public void A_package_without_steps_is_built_for_any_platform_and_steps_only_where_they_can_run()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var files = tree.Add("core", "files", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        var steps = tree.Add("core", "steps", TestTree.Busybox, ("Containerfile", "FROM stagex/core-busybox AS package\n\nRUN [\"/bin/echo\"]\n"));
        const string other = "-p:StageXPlatform=linux/riscv64";
        tree.Build(files, other).MustSucceed();
        Assert.AreEqual("linux/riscv64", ImageLayout.Read(Path.Combine(tree.Artifacts, "images", "core-files")).Image.Platform);
        tree.Build(steps, other).MustFailWith(ErrorCode.PlatformNotRunnable, tree.File("core", "steps", "Containerfile"), 3, "linux/riscv64", "linux/amd64");
        Assert.AreNotEqual(0, tree.Build(files, "-p:StageXPlatform=Linux/x86 64").ExitCode);
        tree.Build(files, "-p:StageXPlatform=riscv64").MustFailWith(ErrorCode.InvalidMetadata, files, 0, "linux/arm/v7");
    }
}
