using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using StageX.Build.Images;

namespace StageX.Build.Benchmarks;

/// <summary>From a finished root filesystem of 1 GiB to a finished image, against <c>buildah push</c> of the same content.</summary>
internal static class PackBenchmark
{
    private const int Files = 8192, FileSize = 128 * 1024, LongestPeak = 300;

    public static Measured Run()
    {
        var folder = Directory.CreateTempSubdirectory("stagex-pack-").FullName;
        try
        {
            var tar = Path.Combine(folder, "root.tar");
            WriteTar(tar);
            string[] storage = ["--root", Path.Combine(folder, "storage"), "--runroot", Path.Combine(folder, "run")];
            var container = Tool.Run("buildah", [.. storage, "from", "scratch"]).Output.Trim();
            Tool.Run("buildah", [.. storage, "add", "--quiet", container, tar, "/"]);
            Tool.Run("buildah", [.. storage, "commit", "--quiet", container, "content"]);
            var peaks = new List<int>();
            var (ratio, ours, theirs) = Timing.Pairs(3, () =>
            {
                Remove(Path.Combine(folder, "ours"));
                var (seconds, output) = Tool.Run(Environment.ProcessPath!, "--pack", tar, Path.Combine(folder, "ours"));
                peaks.Add(int.Parse(output, CultureInfo.InvariantCulture));
                return seconds;
            }, () =>
            {
                Remove(Path.Combine(folder, "theirs"));
                return Tool.Run("buildah", [.. storage, "push", "--quiet", "content", $"oci:{folder}/theirs"]).Seconds;
            });
            Tool.Run("buildah", [.. storage, "rm", "--all"]);
            Tool.Run("buildah", [.. storage, "rmi", "--all"]);
            if (peaks.Max() >= LongestPeak)
                throw new InvalidOperationException($"the peak of memory was {peaks.Max()} MiB");
            return new Measured("pack", ratio, "1", string.Create(CultureInfo.InvariantCulture,
                $"an image from a root filesystem of 1 GiB: {ours:0.0} s and at most {peaks.Max()} MiB of memory, `buildah push` {theirs:0.0} s"));
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>What is measured, in a process of its own; prints the most memory that it had, in MiB.</summary>
    public static void Pack(string tar, string folder)
    {
        var store = new LayerStore(Path.Combine(folder, "store"));
        using (var root = RootFilesystem.Read(tar))
        {
            var layer = LayerWriter.Write(root, [], store)!;
            ImageLayout.Write(Path.Combine(folder, "image"), new Image
            {
                Config = ImageConfig.Empty,
                Layers = [layer],
                History = [new HistoryStep("RUN", false)],
                Annotations = new Dictionary<string, string>(),
                Platform = "linux/amd64",
            }, store);
        }
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(process.PeakWorkingSet64 >> 20);
    }

    // Half noise, half text, as programs are.
    private static void WriteTar(string path)
    {
        var random = new Random(1);
        var noise = new byte[FileSize / 2];
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "usr/") { Mode = (UnixFileMode)0b111_101_101 });
        for (var i = 0; i < Files; i++)
        {
            random.NextBytes(noise);
            var content = new MemoryStream(FileSize);
            content.Write(noise);
            while (content.Length < FileSize)
                content.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {random.Next(1000)} of a text\n")));
            content.Position = 0;
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"usr/file{i}") { Mode = (UnixFileMode)0b110_100_100, DataStream = content });
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
