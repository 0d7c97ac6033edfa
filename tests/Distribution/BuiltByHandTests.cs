using StageX.Build.Images;

namespace StageX.Build.Tests.Distribution;

/// <summary>The Containerfiles of the chain and of a few packages, built with nothing but buildah, give the files that our images have.</summary>
[TestClass]
[TestCategory("System")]
public sealed class BuiltByHandTests
{
    [TestMethod]
    public void Buildah_alone_makes_the_same_root_filesystem()
    {
        using var folder = new TemporaryFolder();
        string[] Buildah(params string[] arguments) =>
            ["--root", folder["storage"], "--runroot", folder["run"], .. arguments];
        foreach (var image in DefaultSet.ChainImages)
        {
            var pulled = Command.Run("buildah", Buildah("pull", "--quiet", "oci:" + image.Layout)).MustSucceed().Output.Trim();
            Command.Run("buildah", Buildah("tag", pulled, "stagex.invalid/" + image.Id)).MustSucceed();
        }
        Command.Run("dotnet", ["build", DefaultSet.TreeProject(Repository.Root), "-nologo", "-tl:off", "-t:Containerfile", DefaultSet.ChainOnly], Repository.Root).MustSucceed();

        var store = new LayerStore(Path.Combine(DefaultSet.Cache, "layers"));
        foreach (var image in DefaultSet.ChainImages)
        {
            var main = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(image.Project)))! + "-" + Path.GetFileName(Path.GetDirectoryName(image.Project));
            var target = image.Id == main ? "package" : "package-" + image.Id[(main.Length + 1)..];
            var hand = Path.Combine(Repository.Root, "artifacts", "containerfiles", main);
            var tar = folder[image.Id + ".tar"];
            Command.Run("buildah", Buildah("bud", "--runtime", "runc", "--network", "none", "--pull=never", "--target", target,
                "--output", $"type=tar,dest={tar}", "-f", Path.Combine(hand, "Containerfile"), Path.Combine(hand, "context"))).MustSucceed();
            using var byHand = RootFilesystem.Read(tar);
            using var ours = RootFilesystem.FromLayers(ImageLayout.Read(image.Layout).Image.Layers, store);
            CollectionAssert.AreEqual(ours.Entries.ToArray(), byHand.Entries.ToArray(), image.Id);
        }
    }
}
