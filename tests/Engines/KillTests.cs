using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class KillTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Cancelling_in_the_middle_of_a_step_leaves_nothing(string engine)
    {
        using var workshop = new Workshop(engine);
        using var cancel = new CancellationTokenSource();
        var container = "";
        workshop.OnMilestone = _ =>
        {
            Until(() => workshop.Sleeps);
            container = Container(workshop);
            Assert.IsTrue(engine == "docker" || ControlGroups().Contains(container));
            cancel.Cancel();
        };
        Assert.ThrowsExactly<OperationCanceledException>(() => workshop.Engine.Build(workshop.Request(workshop.Endless), workshop, cancel.Token));
        workshop.AssertNothingIsLeft();
        Assert.AreEqual(0, Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(workshop.Tar)!).Count());
        Assert.IsFalse(ControlGroups().Contains(container));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Cancelling_before_the_first_step_leaves_nothing(string engine)
    {
        using var workshop = new Workshop(engine);
        Assert.ThrowsExactly<OperationCanceledException>(() => workshop.Engine.Build(workshop.Request(workshop.Endless), workshop, new CancellationToken(true)));
        Assert.IsFalse(Runs(workshop).Any());
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Everything_dies_with_a_killed_process_and_the_next_build_removes_what_is_left(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base");
        using (var host = new HostedEngine(workshop, $"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"sleep\", \"{workshop.Mark}\"]\n", images: image))
        {
            StringAssert.Contains(host.ReadLine(), "RUN");
            Until(() => workshop.Sleeps);
            host.Kill();
        }
        Until(() => !workshop.Processes().Any());
        Assert.AreEqual(1, Runs(workshop).Count(), "the folder of the killed run");
        var killed = Container(workshop);

        workshop.Build($"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\n", image);
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
        workshop.AssertNothingIsLeft();
        Assert.IsFalse(ControlGroups().Contains(killed));
    }

    [TestMethod]
    [DataRow("buildah")]
    [DataRow("podman")]
    public void The_same_holds_for_an_ordinary_user(string engine)
    {
        using var workshop = new Workshop(engine);
        using (var host = workshop.AsOrdinaryUser(workshop.Endless))
        {
            StringAssert.Contains(host.ReadLine(), "RUN");
            Until(() => workshop.Sleeps);
            host.Kill();
        }
        Until(() => !workshop.Processes().Any());
        Assert.AreEqual(1, Runs(workshop).Count());
        using (var host = workshop.AsOrdinaryUser(Workshop.FromBusybox + Workshop.RunScript("busybox mkdir /made")))
            host.AssertSucceeds();
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_build_leaves_the_folder_of_a_living_one_alone(string engine)
    {
        using var workshop = new Workshop(engine);
        using var host = new HostedEngine(workshop, workshop.Endless);
        StringAssert.Contains(host.ReadLine(), "RUN");
        workshop.Build(Workshop.FromBusybox);
        Assert.IsTrue(workshop.Entries().ContainsKey("bin/busybox"));
        Assert.AreEqual(1, Runs(workshop).Count());
        Until(() => workshop.Sleeps);
        host.Kill();
        Until(() => !workshop.Processes().Any());
        workshop.Build(Workshop.FromBusybox);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow("buildah")]
    [DataRow("podman")]
    public void A_killed_import_does_no_harm(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base", layers: 30);
        var containerfile = $"FROM {image.Reference}\nCOPY busybox /copy\n";
        var layers = Path.Combine(workshop.State, "images", "overlay");
        using (var host = new HostedEngine(workshop, containerfile, images: image))
        {
            Until(() => Directory.Exists(layers) && Directory.EnumerateDirectories(layers).Count() > 5);
            host.Kill();
        }
        Until(() => !workshop.Processes().Any());
        workshop.Build(containerfile, image);
        Assert.AreEqual(29, workshop.Entries().Keys.Count(name => name.StartsWith("files/", StringComparison.Ordinal)));
        workshop.AssertNothingIsLeft();
    }

    private static IEnumerable<string> Runs(Workshop workshop) =>
        Directory.Exists(workshop.RunsFolder) ? Directory.EnumerateDirectories(workshop.RunsFolder) : [];

    // The name of the container that runs now, which is also that of its control groups.
    private static string Container(Workshop workshop) => workshop.EngineName == "docker" ? ""
        : "buildah-" + Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(Runs(workshop).Single(), "tmp"), "buildah*").Single());

    private static HashSet<string?> ControlGroups() =>
        [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "buildah-buildah*", SearchOption.AllDirectories).Select(Path.GetFileName)];

    // Waits for what another process does; the deadline only keeps a broken test from hanging.
    private static void Until(Func<bool> condition) =>
        Assert.IsTrue(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "it never came to pass");
}
