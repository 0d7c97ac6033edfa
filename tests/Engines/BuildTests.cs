using System.Formats.Tar;
using System.Runtime.Versioning;
using StageX.Build.Engines;
using StageX.Build.Images;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class BuildTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_build_hands_over_the_root_filesystem_of_its_last_stage_and_keeps_nothing(string engine)
    {
        using var workshop = new Workshop(engine);
        workshop.Build(Workshop.FromBusybox.Replace("scratch", "scratch AS build", StringComparison.Ordinal)
            + Workshop.RunScript("busybox mkdir -p /out/etc; echo hello > /out/etc/greeting; busybox ln -s greeting /out/etc/link")
            + "FROM scratch AS package\nCOPY --from=build /out /\n");

        var entries = workshop.Entries();
        Assert.AreEqual("etc etc/greeting etc/link", string.Join(' ', entries.Keys.Order(StringComparer.Ordinal)));
        Assert.AreEqual("hello\n", workshop.Text("etc/greeting"));
        Assert.AreEqual(TarEntryType.SymbolicLink, entries["etc/link"].EntryType);
        Assert.IsTrue(entries.Values.All(entry => entry is { Uid: 0, Gid: 0 }));
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void The_terminal_sees_steps_begin_and_the_log_holds_all_output_in_order(string engine)
    {
        using var workshop = new Workshop(engine);
        workshop.Build(Workshop.FromBusybox + Workshop.RunScript(engine == "docker" ? "echo one; echo two; echo three; echo four" : "echo one; echo two >&2; echo three; echo four >&2"));

        Assert.AreEqual(1, workshop.Milestones.Count);
        // BuildKit counts neither FROM nor ENV.
        StringAssert.StartsWith(workshop.Milestones.Single(), $"core-test build: step {(engine == "docker" ? "2/2" : "4/4")}: RUN ");
        StringAssert.Contains(File.ReadAllText(workshop.Log), "\none\ntwo\nthree\nfour\n");
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Every_file_of_the_context_arrives_whatever_an_ignore_file_says(string engine)
    {
        using var workshop = new Workshop(engine);
        File.WriteAllText(Path.Combine(workshop.Context, ".dockerignore"), "*");
        File.WriteAllText(Path.Combine(workshop.Context, ".containerignore"), "*");
        workshop.Build("FROM scratch\nCOPY . /\n");
        Assert.AreEqual(".containerignore .dockerignore busybox", string.Join(' ', workshop.Entries().Keys.Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_stage_starts_from_another_stage_that_starts_from_an_image(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base");
        workshop.Build($"FROM {image.Reference} AS one\n"
            + "RUN [\"/bin/busybox\", \"touch\", \"/one\"]\nFROM one AS two\nRUN [\"/bin/busybox\", \"touch\", \"/two\"]\nFROM scratch\nCOPY --from=two /one /two /\n", image);
        Assert.AreEqual("one two", string.Join(' ', workshop.Entries().Keys.Order(StringComparer.Ordinal)));
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void Builds_run_side_by_side(string engine)
    {
        using var workshop = new Workshop(engine);
        var image = workshop.Image("core-base", layers: 3);
        Parallel.For(0, 4, number => workshop.NewEngine().Build(workshop.Request(
            $"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/number-{number}\"]\n", image) with
        {
            RootFilesystemTar = workshop.Tar + number,
            LogFile = workshop.Log + number,
        }, workshop, CancellationToken.None));
        for (var number = 0; number < 4; number++)
            Assert.IsTrue(workshop.Entries(workshop.Tar + number).ContainsKey($"number-{number}"));
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_path_with_spaces_and_commas_works_for_everything_but_the_engines_own_storage(string engine)
    {
        using var workshop = new Workshop(engine);
        var odd = Directory.CreateDirectory(Path.Combine(workshop.Folder, "a b,c=d:e \u00fc")).FullName;
        var context = Directory.CreateDirectory(Path.Combine(odd, "context")).FullName;
        File.WriteAllText(Path.Combine(context, "file"), "x");
        var image = workshop.Image("core-base");
        var layout = Path.Combine(odd, "layout");
        Directory.Move(image.LayoutFolder, layout);
        image = image with { LayoutFolder = layout };
        workshop.Engine.Build(workshop.Request($"FROM {image.Reference}\nCOPY file /\n", image) with
        {
            ContextFolder = context,
            RootFilesystemTar = Path.Combine(odd, "out", "root,fs.tar"),
            LogFile = Path.Combine(odd, "log", "l:og"),
        }, workshop, CancellationToken.None);
        Assert.IsTrue(workshop.Entries(Path.Combine(odd, "out", "root,fs.tar")).ContainsKey("file"));

        if (engine == "docker")
            return;
        var elsewhere = EngineSelection.Create(engine, new EngineSettings { StateFolder = Path.Combine(odd, "state") });
        Assert.AreEqual(ErrorCode.StatePathUnusable, Assert.ThrowsExactly<StageXException>(() => elsewhere.Probe(CancellationToken.None)).Code);
    }

    [TestMethod]
    public void Where_overlay_mounts_do_not_work_layers_are_copied_and_a_warning_says_so()
    {
        using var workshop = new Workshop();
        var image = workshop.Image("core-base", layers: 2);
        var bin = Directory.CreateDirectory(Path.Combine(workshop.Folder, "bin")).FullName;
        var buildah = Path.Combine(bin, "buildah");
        File.WriteAllText(buildah, """
            #!/bin/sh
            case "$*" in *'--storage-driver overlay'*) echo "Error: kernel does not support overlay fs" >&2; exit 125;; esac
            exec /usr/bin/buildah "$@"
            """);
        File.SetUnixFileMode(buildah, (UnixFileMode)0b111_101_101);
        using (var host = new HostedEngine(workshop, $"FROM {image.Reference} AS one\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\nFROM one\nCOPY busybox /copy\n",
            $"PATH={bin}:$PATH", images: image))
        {
            StringAssert.StartsWith(host.ReadLine(), ErrorCode.SlowStorage);
            host.AssertSucceeds();
        }
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
        Assert.IsTrue(workshop.Entries().ContainsKey("files/core-base-1"));
    }

    [TestMethod]
    [DataRow("podman")]
    [DataRow("docker")]
    public void Every_engine_hands_over_the_same_root_filesystem(string engine)
    {
        var containerfile = "FROM {0} AS build\n"
            + Workshop.RunScript("""
                export PATH=/bin
                busybox --install /bin
                mkdir -p /out/etc /out/empty /out/tmp/a/b
                cd /out
                echo file > file; ln file hard; ln -s file soft; ln -s /nowhere dangling; mkfifo fifo
                chmod 640 file; chmod 1777 tmp; chmod 700 tmp/a; chown 12:34 tmp/a/b
                truncate -s 1048576 sparse; echo end >> sparse
                touch -d @86400 old; echo > "odd name \"quoted\" ü"
                echo machine > etc/hostname
                """)
            + "FROM {0} AS package\nCOPY --from=build /out /\n"
            + Workshop.RunScript("busybox rm /files/core-base-1; busybox rm -r /tmp/a; busybox mkdir -p /etc/kept /run/gone; busybox echo changed > /files/core-base-2");
        string[] Entries(string name)
        {
            using var workshop = new Workshop(name);
            var image = workshop.Image("core-base", layers: 3);
            workshop.Build(string.Format(null, containerfile, image.Reference), image);
            using var read = RootFilesystem.Read(workshop.Tar);
            using var bare = read.WithoutEngineMounts([]);
            return [.. bare.Entries.Select(entry => entry.ToString())];
        }
        Assert.AreEqual(string.Join('\n', Entries("buildah")), string.Join('\n', Entries(engine)));
    }

    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void A_file_that_changed_arrives_though_its_size_and_times_are_the_same(string engine)
    {
        using var workshop = new Workshop(engine);
        foreach (var text in (string[])["one", "two"])
        {
            var file = Path.Combine(workshop.Context, "file");
            File.WriteAllText(file, text);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1));
            workshop.Build("FROM scratch\nCOPY file /\n");
            Assert.AreEqual(text, workshop.Text("file"));
        }
    }
}
