using System.Diagnostics;
using System.Formats.Tar;
using StageX.Build.Images;
using StageX.Build.Tests.Registries;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

/// <summary>Our images in the hands of tools that are not ours. A tool that is missing fails the test: <c>eng/setup</c> installs them.</summary>
[TestClass]
[TestCategory("System")]
public sealed class OtherToolsTests
{
    [TestMethod]
    public void Gzip_finds_nothing_wrong_with_a_layer()
    {
        using var work = new Workplace();
        using var tree = BusyboxTree(work);
        var layer = LayerWriter.Write(tree, [], work.Store)!;
        var archive = Path.Combine(work.Folder, "layer.tar.gz");
        File.Copy(work.Store.Blobs.PathOf(layer.Digest), archive);
        Run("gzip", "-t", archive);
        Assert.Contains("bin/busybox", Run("tar", "-tzvf", archive));
    }

    [TestMethod]
    public void Skopeo_inspects_a_layout_by_its_folder()
    {
        using var work = new Workplace();
        var (folder, manifest) = BusyboxImage(work);
        var text = Run("skopeo", "inspect", $"oci:{folder}");
        Assert.Contains(manifest.Digest.ToString(), text);
        Assert.Contains("\"Architecture\": \"amd64\"", text);
        Assert.Contains("/bin/busybox", Run("skopeo", "inspect", "--config", $"oci:{folder}"));
    }

    [TestMethod]
    public void An_image_goes_to_a_registry_and_back_unchanged()
    {
        using var work = new Workplace();
        var (folder, manifest) = BusyboxImage(work);
        using var registry = new LocalRegistry();
        var policy = Policy(work);
        Run("skopeo", "--policy", policy, "copy", "--dest-tls-verify=false", $"oci:{folder}", $"docker://{registry.Address}/busybox:1");
        Assert.Contains(manifest.Digest.ToString(), Run("skopeo", "inspect", "--tls-verify=false", $"docker://{registry.Address}/busybox:1"));

        var back = work.NewPath("back");
        Run("skopeo", "--policy", policy, "copy", "--src-tls-verify=false", $"docker://{registry.Address}/busybox@{manifest.Digest}", $"oci:{back}");
        Assert.AreEqual(manifest.Digest, ImageLayout.Read(back).Manifest.Digest);
        foreach (var blob in Directory.GetFiles(Path.Combine(folder, "blobs", "sha256")))
            CollectionAssert.AreEqual(File.ReadAllBytes(blob), File.ReadAllBytes(Path.Combine(back, "blobs", "sha256", Path.GetFileName(blob))));
    }

    [TestMethod]
    public void Umoci_unpacks_the_tree()
    {
        using var work = new Workplace();
        var skeleton = work.Layer(Folder("etc"), Text("etc/gone", "1"), Text("etc/kept", "2"), Folder("tmp", (UnixFileMode)0b1_111_111_111), Text("dir/x", "3"));
        var more = work.Layer([skeleton], Folder("etc"), Text("etc/kept", "2"), Hard("etc/link", "etc/kept"), Symbolic("dir", "etc"), Folder("tmp", (UnixFileMode)0b1_111_111_111), Text("\u00e9t\u00e9", "4", user: 1000))!;
        var folder = work.NewPath("image");
        ImageLayout.Write(folder, new Image { Layers = [skeleton, more] }, work.Store);

        // umoci finds an image by a tag only, which a layout of ours does not have: in a copy.
        var tagged = work.NewPath("tagged");
        Run("skopeo", "--policy", Policy(work), "copy", $"oci:{folder}", $"oci:{tagged}:latest");
        var bundle = work.NewPath("bundle");
        Run("umoci", "raw", "unpack", "--image", $"{tagged}:latest", bundle);
        var tar = work.NewPath("unpacked");
        Run("tar", "-C", bundle, "--numeric-owner", "--format=pax", "-cf", tar, ".");
        using var root = RootFilesystem.Read(tar);
        CollectionAssert.AreEqual(work.Merged(skeleton, more).ToList(), root.Entries.ToList());
    }

    [TestMethod]
    public void Podman_runs_an_image()
    {
        using var work = new Workplace();
        var (folder, _) = BusyboxImage(work);
        string[] podman = ["--root", work.NewPath("storage"), "--runroot", work.NewPath("run"), "--tmpdir", work.NewPath("tmp"), "--storage-driver", "overlay",
            "--cgroup-manager", "cgroupfs", "--events-backend", "none", "--runtime", "runc"];
        try
        {
            Run("podman", [.. podman, "pull", "--signature-policy", Policy(work), $"oci:{folder}"]);
            var id = Run("podman", [.. podman, "images", "--quiet", "--no-trunc"]).Trim();
            var output = Run("podman", [.. podman, "run", "--rm", "--network", "none", "--pull", "never", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", id,
                "sh", "-c", "cat /etc/motd; id -u; echo $GREETING; set -- $(ls -ld /tmp); echo $1; date -r /etc/motd +%s; test -e /gone && echo there; ls -li /etc/motd /etc/issue | awk '{print $1}' | uniq | wc -l"]);
            Assert.AreEqual("hello\n0\nhi\ndrwxrwxrwt\n1\n1\n", output);
        }
        finally
        {
            Run("podman", [.. podman, "rmi", "--all", "--force"]);
        }
    }

    [TestMethod]
    public void Every_format_that_GNU_tar_writes_is_read()
    {
        using var work = new Workplace();
        var tar = work.NewPath("gnu");
        var tree = Directory.CreateDirectory(work.NewPath("tree")).FullName;
        File.WriteAllText(Path.Combine(tree, "f"), "text");
        Run("ln", Path.Combine(tree, "f"), Path.Combine(tree, "a"));
        Run("mkdir", "-p", Path.Combine(tree, string.Join('/', Enumerable.Repeat("long-folder-name", 12))));
        foreach (var format in new[] { "gnu", "pax", "ustar", "v7" })
        {
            if (format == "v7")
                Directory.Delete(Path.Combine(tree, "long-folder-name"), recursive: true);
            Run("tar", "-C", tree, "--numeric-owner", $"--format={format}", "-cf", tar, ".");
            using var root = RootFilesystem.Read(tar);
            Assert.StartsWith("a f=>a", root.Entries.Listing());
        }
    }

    private static RootFilesystem BusyboxTree(Workplace work, params TarEntry[] more)
    {
        const string busybox = "/bin/busybox";
        using var content = File.OpenRead(busybox);
        return work.Root([
            new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = content },
            Symbolic("bin/sh", "busybox"), Folder("tmp", (UnixFileMode)0b1_111_111_111), Text("etc/motd", "hello\n"), Hard("etc/issue", "etc/motd"),
            Text("etc/passwd", "root:x:0:0::/:/bin/sh\n"), Folder("proc"), Folder("dev"), Folder("sys"), .. more]);
    }

    private static (string Folder, Descriptor Manifest) BusyboxImage(Workplace work)
    {
        using var first = BusyboxTree(work, Text("gone", ""));
        var below = LayerWriter.Write(first, [], work.Store)!;
        using var second = BusyboxTree(work);
        var removal = LayerWriter.Write(second, [below], work.Store)!;
        var folder = work.NewPath("image");
        var manifest = ImageLayout.Write(folder, new Image
        {
            Config = new ImageConfig { Environment = ["PATH=/bin", "GREETING=hi"], Entrypoint = ["/bin/busybox"], Command = ["sh"] },
            Layers = [below, removal],
            History = [new("COPY . /", false), new("RUN rm /gone", false)],
            Annotations = new Dictionary<string, string> { ["org.opencontainers.image.title"] = "busybox" },
        }, work.Store);
        ImageValidator.Validate(folder);
        return (folder, manifest);
    }

    private static string Policy(Workplace work)
    {
        var path = Path.Combine(work.Folder, "policy.json");
        File.WriteAllText(path, "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
        return path;
    }

    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            Assert.Fail($"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{error.Result}");
        return output;
    }
}
