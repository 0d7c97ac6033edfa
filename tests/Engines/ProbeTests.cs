using System.Runtime.Versioning;
using StageX.Build.Engines;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ProbeTests
{
    [TestMethod]
    public void The_engine_says_what_it_is()
    {
        using var workshop = new Workshop();
        var info = workshop.Engine.Probe(CancellationToken.None);
        Assert.AreEqual("buildah", info.Name);
        Assert.IsTrue(Version.Parse(info.Version) >= new Version(1, 28));
        Assert.AreEqual(!Environment.IsPrivilegedProcess, info.Rootless);
        Assert.AreEqual("overlay", info.StorageDriver);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void An_unknown_engine_is_refused_with_those_that_exist()
    {
        var error = Assert.ThrowsExactly<StageXException>(() => EngineSelection.Create("kaniko", new EngineSettings { StateFolder = "/nowhere" }));
        Assert.AreEqual(ErrorCode.EngineUnknown, error.Code);
        StringAssert.Contains(error.Message, "auto, buildah");
    }

    [TestMethod]
    public void A_missing_engine_is_named_with_its_package()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, null);
        Assert.AreEqual(ErrorCode.EngineMissing, error.Code);
        StringAssert.Contains(error.Message, "apt-get install --no-install-recommends buildah");
    }

    [TestMethod]
    public void An_old_engine_is_refused_with_the_oldest_that_works()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, "echo 'buildah version 1.19.6 (image-spec 1.0.1-dev, runtime-spec 1.0.2-dev)'");
        Assert.AreEqual(ErrorCode.EngineTooOld, error.Code);
        StringAssert.Contains(error.Message, "1.19.6");
        StringAssert.Contains(error.Message, "1.28");
    }

    [TestMethod]
    public void An_engine_that_cannot_run_says_what_it_said()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, "[ \"$1\" = --version ] && { echo 'buildah version 1.28.2'; exit; }; echo 'Error: no namespaces today' >&2; exit 125");
        Assert.AreEqual(ErrorCode.EngineUnusable, error.Code);
        StringAssert.Contains(error.Message, "no namespaces today");
        workshop.AssertNothingIsLeft();
    }

    // A search path with everything that the engine needs but buildah, for which a script may stand.
    private static StageXException Refused(Workshop workshop, string? buildah)
    {
        var bin = Directory.CreateDirectory(Path.Combine(workshop.Folder, "bin")).FullName;
        if (buildah is not null)
        {
            File.WriteAllText(Path.Combine(bin, "buildah"), $"#!/bin/sh\n{buildah}\n");
            File.SetUnixFileMode(Path.Combine(bin, "buildah"), (UnixFileMode)0b111_101_101);
            bin += ":/usr/bin:/bin";
        }
        var engine = EngineSelection.Create("buildah", new EngineSettings { StateFolder = workshop.State, SearchPath = bin });
        return Assert.ThrowsExactly<StageXException>(() => engine.Probe(CancellationToken.None));
    }
}
