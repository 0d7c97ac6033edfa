using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ImageTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void An_image_is_imported_once_and_found_again(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base", layers: 2);
        var containerfile = $"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\n";
        workshop.Build(containerfile, image);
        // With its blobs gone it can only come from the engine's storage.
        Directory.Delete(Path.Combine(image.LayoutFolder, "blobs"), recursive: true);
        workshop.NewEngine().Build(workshop.Request(containerfile, image), workshop, CancellationToken.None);
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
        Assert.IsTrue(workshop.Entries().ContainsKey("files/core-base-1"));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Two_processes_import_one_image_at_once(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base", layers: 20);
        Parallel.For(0, 3, number => workshop.NewEngine().Build(
            workshop.Request($"FROM {image.Reference}\nCOPY busybox /copy\n", image) with { RootFilesystemTar = workshop.Tar + number, LogFile = workshop.Log + number },
            workshop, CancellationToken.None));
        Assert.AreEqual(19, workshop.Entries(workshop.Tar + 2).Keys.Count(name => name.StartsWith("files/", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_hundred_layers_can_be_a_root(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base", layers: 100);
        workshop.Build($"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\n", image);
        Assert.AreEqual(99, workshop.Entries().Keys.Count(name => name.StartsWith("files/", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_layout_that_is_not_the_named_image_is_refused(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base");
        var other = image with { LayoutFolder = workshop.Image("core-other").LayoutFolder };
        var error = workshop.Fails($"FROM {image.Reference}\n", other);
        Assert.AreEqual(ErrorCode.ImageRefused, error.Code);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_damaged_layer_is_refused(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base");
        var largest = new DirectoryInfo(Path.Combine(image.LayoutFolder, "blobs", "sha256")).EnumerateFiles().MaxBy(file => file.Length)!;
        using (var file = largest.OpenWrite())
        {
            file.Position = 5000;
            file.Write("damage"u8);
        }
        var error = workshop.Fails($"FROM {image.Reference}\nCOPY busybox /copy\n", image);
        Assert.AreEqual(ErrorCode.ImageRefused, error.Code);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void A_builder_without_access_to_the_daemons_images_is_sent_them()
    {
        using var daemon = new DockerDaemon("""{"features":{"containerd-snapshotter":true}}""");
        using var workshop = new Workshop("docker", daemon.Address);
        Assert.AreEqual("overlayfs", workshop.Engine.Probe(CancellationToken.None).StorageDriver);
        var image = workshop.Image("core-base", layers: 3);
        workshop.Build($"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\nCOPY --from={image.Reference} /bin/busybox /copy\n", image);
        CollectionAssert.IsSubsetOf((string[])["made", "copy", "files/core-base-2"], workshop.Entries().Keys);
        Assert.AreEqual(ErrorCode.ImageNotKnown, workshop.Fails($"FROM {image.Reference}\nCOPY busybox /copy\n").Code);
        workshop.AssertNothingIsLeft();
    }
}
