using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>The stage that makes a tool runs in a foreign root; the tool then makes the package.</summary>
[TestClass]
[TestCategory("System")]
public sealed class GateDiverseTests
{
    private const string Package = TestTree.Busybox + """

            <Stage Include="first" Script="first.sh" />
            <Stage Include="build" CopyFrom="first"><Run>/bin/sh /usr/tool</Run></Stage>
            <Diverse Include="first" Script="foreign.sh" />
        """;

    [TestMethod]
    public void The_same_image_by_another_way_passes_and_returns_its_digest()
    {
        using var tree = new TestTree();
        var project = Add(tree, "echo 'echo made > /rootfs/out' > /rootfs/usr/tool");
        var same = tree.Items(project, "VerifyDiverse", Root(tree));
        Assert.AreEqual(tree.Digest(project), (string)same.Single()["Digest"]!);
    }

    [TestMethod]
    public void Another_image_is_an_error_that_names_the_files()
    {
        using var tree = new TestTree();
        var project = Add(tree, "echo 'echo other > /rootfs/out' > /rootfs/usr/tool");
        tree.Build(project, "-t:VerifyDiverse", Root(tree)).MustFailWith(ErrorCode.DiverseDiffers, project, 10, "/out", "core-foreign");
        tree.Build(project, "-t:VerifyDiverse").MustFailWith(ErrorCode.NoDiverseRoot, project, 0, "StageXDiverseRoot");
    }

    private static string Root(TestTree tree) => $"-p:StageXDiverseRoot={tree.Artifacts}/images/core-foreign/";

    // Another root with another shell in it would be more diverse; that it is another root is what counts here.
    private static string Add(TestTree tree, string foreign)
    {
        tree.AddBusybox();
        tree.Build(tree.Add("core", "foreign", TestTree.Busybox.Replace(" />", " Stages=\"package\" />", StringComparison.Ordinal) + "\n    <Directory Include=\"/foreign\" />")).MustSucceed();
        return tree.Add("user", "tool", Package,
            ("first.sh", "mkdir -p /rootfs/usr\necho '# by the chain' > /rootfs/usr/tool\necho 'echo made > /rootfs/out' >> /rootfs/usr/tool\n"),
            ("foreign.sh", $"test -d /foreign\nmkdir -p /rootfs/usr\n{foreign}\n"));
    }
}
