using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class KillTests
{
    private static readonly string Endless = Workshop.FromBusybox + Workshop.RunScript("busybox sleep 1000000");

    [TestMethod]
    public void Cancelling_in_the_middle_of_a_step_leaves_nothing()
    {
        using var workshop = new Workshop();
        using var cancel = new CancellationTokenSource();
        var container = "";
        workshop.OnMilestone = _ =>
        {
            Until(() => workshop.Processes().Any(line => line.StartsWith("busybox sleep", StringComparison.Ordinal)));
            container = Container(workshop);
            Assert.IsTrue(ControlGroups().Contains(container));
            cancel.Cancel();
        };
        Assert.ThrowsExactly<OperationCanceledException>(() => workshop.Engine.Build(workshop.Request(Endless), workshop, cancel.Token));
        workshop.AssertNothingIsLeft();
        Assert.AreEqual(0, Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(workshop.Tar)!).Count());
        Assert.IsFalse(ControlGroups().Contains(container));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Cancelling_before_the_first_step_leaves_nothing(string engine)
    {
        using var workshop = new Workshop(engine);
        Assert.ThrowsExactly<OperationCanceledException>(() => workshop.Engine.Build(workshop.Request(Endless), workshop, new CancellationToken(true)));
        Assert.IsFalse(Runs(workshop).Any());
    }

    [TestMethod]
    public void Everything_dies_with_a_killed_process_and_the_next_build_removes_what_is_left()
    {
        using var workshop = new Workshop();
        var image = workshop.Image("core-base");
        using (var host = new HostedEngine(workshop, $"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"sleep\", \"1000000\"]\n", images: image))
        {
            StringAssert.Contains(host.ReadLine(), "RUN");
            Until(() => workshop.Processes().Any(line => line.StartsWith("/bin/busybox sleep", StringComparison.Ordinal)));
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
    public void The_same_holds_for_an_ordinary_user()
    {
        using var workshop = new Workshop();
        using (var host = workshop.AsOrdinaryUser(Endless))
        {
            StringAssert.Contains(host.ReadLine(), "RUN");
            Until(() => workshop.Processes().Any(line => line.StartsWith("busybox sleep", StringComparison.Ordinal)));
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
    public void A_build_leaves_the_folder_of_a_living_one_alone()
    {
        using var workshop = new Workshop();
        using var host = new HostedEngine(workshop, Endless);
        StringAssert.Contains(host.ReadLine(), "RUN");
        workshop.Build(Workshop.FromBusybox);
        Assert.IsTrue(workshop.Entries().ContainsKey("bin/busybox"));
        Assert.AreEqual(1, Runs(workshop).Count());
        Until(() => workshop.Processes().Any(line => line.StartsWith("busybox sleep", StringComparison.Ordinal)));
        host.Kill();
        Until(() => !workshop.Processes().Any());
        workshop.Build(Workshop.FromBusybox);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void A_killed_import_does_no_harm()
    {
        using var workshop = new Workshop();
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
        Directory.Exists(Path.Combine(workshop.State, "runs")) ? Directory.EnumerateDirectories(Path.Combine(workshop.State, "runs")) : [];

    // The name of the container that runs now, which is also that of its control groups.
    private static string Container(Workshop workshop) =>
        "buildah-" + Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(Runs(workshop).Single(), "tmp"), "buildah*").Single());

    private static HashSet<string?> ControlGroups() =>
        [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "buildah-buildah*", SearchOption.AllDirectories).Select(Path.GetFileName)];

    // Waits for what another process does; the deadline only keeps a broken test from hanging.
    private static void Until(Func<bool> condition) =>
        Assert.IsTrue(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "it never came to pass");
}
