using StageX.Build.Images;

namespace StageX.Build.Tests.Distribution;

/// <summary>The everyday case: libraries compiled from upstream's archives by gcc and make, and a program that links them.</summary>
[TestClass]
[TestCategory("System")]
public sealed class CompiledPackagesTests
{
    [TestMethod]
    public void Libraries_are_compiled_and_a_program_that_links_them_runs_in_its_image()
    {
        var images = DefaultSet.Build(Path.Combine(Repository.Root, "tests", "packages", "packages.msbuildproj"));
        var zlib = ImageLayout.Read(images.Single(image => image.Id == "test-zlib").Layout).Image;
        using (var files = RootFilesystem.FromLayers(zlib.Layers, new LayerStore(Path.Combine(DefaultSet.Cache, "layers"))))
            Assert.IsTrue(files.Entries.Any(entry => entry.Path.EndsWith("/zlib.h", StringComparison.Ordinal)));

        using var podman = new Podman();
        var run = podman.Run(images.Single(image => image.Id == "test-program").Layout).MustSucceed();
        Assert.Contains("right", run.Output);
    }
}
