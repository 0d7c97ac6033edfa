using System.Runtime.Versioning;
using StageX.Build.Engines;

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
        // With its layers gone it can only come from the engine's storage.
        RemoveLayers(image);
        workshop.NewEngine().Build(workshop.Request(containerfile, image), workshop, CancellationToken.None);
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
        Assert.IsTrue(workshop.Entries().ContainsKey("files/core-base-1"));
    }

    [TestMethod]
    [DataRow("buildah", false)]
    [DataRow("podman", false)]
    [DataRow("buildah", true)]
    [DataRow("podman", true)]
    public void Another_combination_of_layers_unpacks_none_again(string engine, bool rootless)
    {
        using var workshop = new Workshop(engine);
        var first = workshop.Image("core-first", layers: 4);
        var second = workshop.Image("core-second", layers: 4, like: "core-first");
        const string look = "RUN [\"/bin/busybox\", \"ls\", \"/files\"]\n";
        void Build(string containerfile, params EngineImage[] images)
        {
            if (!rootless)
                workshop.Build(containerfile, images);
            else
                using (var host = workshop.AsOrdinaryUser(containerfile, images: images))
                    host.AssertSucceeds();
        }
        Build($"FROM {first.Reference}\n{look}", first);
        RemoveLayers(second);
        var before = UnpackedLayers(workshop);
        Assert.HasCount(4, before);
        Build($"FROM {second.Reference}\n{look}COPY --from={first.Reference} /bin/busybox /copy\n", first, second);
        CollectionAssert.AreEqual(before, UnpackedLayers(workshop));
        CollectionAssert.IsSubsetOf((string[])["copy", "files/core-first-1", "files/core-first-3"], workshop.Entries().Keys);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void Where_the_form_of_the_storage_is_not_known_images_are_imported_whole()
    {
        using var workshop = new Workshop();
        var first = workshop.Image("core-first", layers: 3);
        var second = workshop.Image("core-second", layers: 3, like: "core-first");
        var bin = Directory.CreateDirectory(Path.Combine(workshop.Folder, "bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "buildah"), """
            #!/bin/sh
            /usr/bin/buildah "$@" || exit
            for word; do
                [ "$word" != pull ] || sed -i 's/"unheard-of":1,//g; s/"created":/"unheard-of":1,&/g' "$2/overlay-layers/layers.json"
            done
            """);
        File.SetUnixFileMode(Path.Combine(bin, "buildah"), (UnixFileMode)0b111_101_101);
        foreach (var image in (EngineImage[])[first, second, first])
        {
            using (var host = new HostedEngine(workshop, $"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\n", $"PATH={bin}:$PATH", images: image))
                host.AssertSucceeds();
            CollectionAssert.IsSubsetOf((string[])["made", "files/core-first-1", "files/core-first-2"], workshop.Entries().Keys);
        }
        Assert.HasCount(6, UnpackedLayers(workshop));
    }

    private static void RemoveLayers(EngineImage image)
    {
        foreach (var blob in new DirectoryInfo(Path.Combine(image.LayoutFolder, "blobs", "sha256")).EnumerateFiles())
            if (!File.ReadAllText(blob.FullName).StartsWith('{'))
                blob.Delete();
    }

    private static List<string> UnpackedLayers(Workshop workshop) =>
        [.. Directory.EnumerateDirectories(Path.Combine(workshop.State, "images", "overlay")).Where(folder => Path.GetFileName(folder) != "l").Order(StringComparer.Ordinal)];

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
        var image = workshop.Image("core-refused");
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
        var image = workshop.Image("core-damaged");
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

    [TestMethod]
    public void Images_that_no_build_has_used_for_long_are_removed_from_the_daemon()
    {
        using var daemon = new DockerDaemon();
        using var workshop = new Workshop("docker", daemon.Address);
        var images = new[] { "core-first", "core-second" }.Select(id => workshop.Image(id)).ToList();
        var engine = EngineSelection.Create("docker", new EngineSettings
        {
            StateFolder = workshop.State,
            SearchPath = workshop.Surroundings["PATH"],
            Environment = workshop.Surroundings,
            KeepUnusedImages = TimeSpan.Zero,
        });
        foreach (var image in images)
        {
            engine.Build(workshop.Request($"FROM {image.Reference}\nCOPY busybox /copy\n", image), workshop, CancellationToken.None);
            Assert.AreEqual(image.Reference, daemon.Ask("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").MustSucceed().Output.Trim());
        }
    }
}
