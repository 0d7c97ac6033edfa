using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class FailureTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_failing_step_is_named_with_its_last_lines_its_status_and_the_log(string engine)
    {
        using var workshop = new Workshop(engine);
        var error = workshop.Fails(Workshop.FromBusybox + Workshop.RunScript("for i in $(busybox seq 100); do echo line $i; done; exit 7"));
        Assert.AreEqual(ErrorCode.StepFailed, error.Code);
        StringAssert.StartsWith(error.Message, $"core-test build: STEP {(engine == "docker" ? "2/2" : "4/4")}: RUN ");
        StringAssert.Contains(error.Message, "exit status 7");
        StringAssert.Contains(error.Message, "\nline 100\n");
        Assert.IsFalse(error.Message.Contains("line 80\n", StringComparison.Ordinal), "only the last lines");
        StringAssert.Contains(error.Message, workshop.Log);
        StringAssert.Contains(File.ReadAllText(workshop.Log), "\nline 1\nline 2\n");
        Assert.IsFalse(File.Exists(workshop.Tar));
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow("buildah", "FROM scratch\nCOPY missing /\n", "missing")]
    [DataRow("buildah", "FROM scratch\nFOO bar\n", "FOO")]
    [DataRow("buildah", "FROM scratch\nCOPY busybox /busybox\nRUN [\"/nothing\"]\n", "/nothing")]
    [DataRow("podman", "FROM scratch\nCOPY missing /\n", "missing")]
    [DataRow("podman", "FROM scratch\nFOO bar\n", "FOO")]
    [DataRow("podman", "FROM scratch\nCOPY busybox /busybox\nRUN [\"/nothing\"]\n", "/nothing")]
    [DataRow("docker", "FROM scratch\nCOPY missing /\n", "missing")]
    [DataRow("docker", "FROM scratch\nFOO bar\n", "FOO")]
    [DataRow("docker", "FROM scratch\nCOPY busybox /busybox\nRUN [\"/nothing\"]\n", "/nothing")]
    public void What_the_engine_refuses_is_an_error_that_says_what(string engine, string containerfile, string what)
    {
        using var workshop = new Workshop(engine);
        var error = workshop.Fails(containerfile);
        Assert.AreEqual(ErrorCode.StepFailed, error.Code);
        StringAssert.Contains(error.Message, what);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_full_disk_has_its_own_code(string engine)
    {
        using var workshop = new Workshop(engine);
        var error = workshop.Fails(Workshop.FromBusybox + Workshop.RunScript("echo x > /dev/full"));
        Assert.AreEqual(ErrorCode.DiskFull, error.Code);
    }

    [TestMethod]
    public void A_full_disk_under_the_log_stops_the_build()
    {
        using var workshop = new Workshop();
        var request = workshop.Request(Workshop.FromBusybox + Workshop.RunScript("echo x")) with { LogFile = "/dev/full" };
        var error = Assert.ThrowsExactly<StageXException>(() => workshop.Engine.Build(request, workshop, CancellationToken.None));
        Assert.AreEqual(ErrorCode.DiskFull, error.Code);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void An_image_of_another_build_is_not_known_to_one_that_was_not_given_it(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base");
        workshop.Build($"FROM {image.Reference}\nCOPY busybox /copy\n", image);
        Assert.AreEqual(ErrorCode.ImageNotKnown, workshop.Fails($"FROM {image.Reference}\nCOPY busybox /copy\n").Code);
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Nothing_is_fetched_even_by_the_engine_itself(string engine)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var asked = server.AcceptTcpClientAsync();
        using var workshop = new Workshop(engine);
        Assert.AreEqual(ErrorCode.StepFailed, workshop.Fails($"FROM scratch\nADD http://{server.LocalEndpoint}/file /file\n").Code);
        Assert.IsFalse(asked.IsCompleted, "the server was asked");
    }
}
