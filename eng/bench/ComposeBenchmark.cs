using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using StageX.Build.Engines;
using StageX.Build.Images;

namespace StageX.Build.Benchmarks;

/// <summary>
/// What it costs to start a step in a root of a toolchain and many packages: composed of their layers, against
/// <c>COPY --from</c> for each of them.
/// </summary>
internal sealed class ComposeBenchmark : IBuildLog
{
    private static readonly int[] Counts = [1, 10, 40];
    private const int ToolchainFiles = 6000, FileSize = 100_000, PackageFiles = 40;
    private const string Busybox = "/bin/busybox", Step = "RUN [\"/busybox\", \"touch\", \"/made\"]\n";

    private readonly string _folder;
    private readonly LayerStore _store;
    private readonly List<Layer> _packages = [];
    private int _images;

    private ComposeBenchmark(string folder) => (_folder, _store) = (folder, new LayerStore(Path.Combine(folder, "layers")));

    public static Measured Run()
    {
        var folder = Directory.CreateTempSubdirectory("stagex-compose-").FullName;
        try
        {
            return new ComposeBenchmark(folder).Measure();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Measured Measure()
    {
        var toolchain = Layer("toolchain", ToolchainFiles, File.ReadAllBytes(Busybox));
        // For each number of packages as many that are new, and for another combination half as many more.
        for (var number = 0; number < Counts.Sum(count => count + count / 2); number++)
            _packages.Add(Layer($"package{number:00}", PackageFiles));

        Console.WriteLine($"| engine | packages | `COPY --from` | composed, all new | another, half of it new | again |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var worst = (Ratio: 0.0, What: "");
        foreach (var name in EngineSelection.Names)
        {
            var engine = EngineSelection.Create(name, new EngineSettings { StateFolder = Path.Combine(_folder, name) });
            try
            {
                engine.Probe(CancellationToken.None);
            }
            catch (StageXException e)
            {
                Console.WriteLine($"| {name} | {e.Code}: it does not work here |");
                continue;
            }
            var copying = EngineSelection.Create(name, new EngineSettings { StateFolder = Path.Combine(_folder, name + "-copy") });
            var root = Image([toolchain]);
            Seconds(engine, root.Reference, Step, root);
            var next = 0;
            foreach (var count in Counts)
            {
                var first = _packages.Slice(next, count);
                var half = count / 2;
                // In between, where engines that key a layer by those below it find nothing that they know.
                var other = first.Take(half).Zip(_packages.Slice(next + count, half), (known, unknown) => new[] { unknown, known }).SelectMany(pair => pair).ToList();
                next += count + half;

                var composed = Compose(engine, [toolchain, .. first]);
                var another = half == 0 ? (double?)null : Compose(engine, [toolchain, .. other]);
                var again = Compose(engine, [toolchain, .. half == 0 ? first : other]);
                var copied = Copy(copying, [toolchain, .. first]);
                Console.WriteLine(Text($"| {name} | {count} | {copied:0.0} s | {composed:0.0} s | {(another is null ? "" : Text($"{another:0.0} s"))} | {again:0.0} s |"));
                if (count == Counts[^1] && composed / copied > worst.Ratio)
                    worst = (composed / copied, Text($"{name}: {composed:0.0} s, another combination {another:0.0} s, `COPY --from` {copied:0.0} s"));
            }
        }
        return new Measured("compose", worst.Ratio, "1",
            $"a step in a root of a toolchain of 600 MB and {Counts[^1]} packages that the engine never saw, composed, against `COPY --from` of images that it has; the worst engine, {worst.What}");
    }

    private double Compose(IEngine engine, IReadOnlyList<Layer> layers)
    {
        var root = Image(layers);
        return Seconds(engine, root.Reference, Step, root);
    }

    private double Copy(IEngine engine, IReadOnlyList<Layer> layers)
    {
        var images = layers.Select(layer => Image([layer])).ToArray();
        string All(string path, string to) => string.Concat(images.Select(image => $"COPY --from={image.Reference} {path} {to}\n"));
        Seconds(engine, "scratch", All("/first", "/made"), images);
        return Seconds(engine, "scratch", All("/", "/") + Step, images);
    }

    private double Seconds(IEngine engine, string root, string steps, params EngineImage[] images)
    {
        var build = new EngineBuild
        {
            // As packages do it: only what the step made is handed over.
            Containerfile = $"FROM {root} AS root\n{steps}" + "FROM scratch\nCOPY --from=root /made /\n",
            ContextFolder = Directory.CreateDirectory(Path.Combine(_folder, "context")).FullName,
            RootFilesystemTar = Path.Combine(_folder, "root.tar"),
            LogFile = Path.Combine(_folder, "log"),
            Label = "compose",
            Images = images,
        };
        var watch = Stopwatch.StartNew();
        engine.Build(build, this, CancellationToken.None);
        return watch.Elapsed.TotalSeconds;
    }

    private EngineImage Image(IReadOnlyList<Layer> layers)
    {
        var layout = Path.Combine(_folder, $"image{_images++}");
        var digest = ImageLayout.WriteLinked(layout, new Image { Layers = layers }, _store).Digest;
        return new EngineImage($"stagex.invalid/input:{digest.Hex}", layout);
    }

    // Half noise, half text, as programs are.
    private Layer Layer(string name, int files, byte[]? busybox = null)
    {
        var random = new Random(1);
        var tar = Path.Combine(_folder, "layer.tar");
        using (var writer = new TarWriter(File.Create(tar), TarEntryFormat.Pax))
        {
            void Add(string path, byte[] content, UnixFileMode mode = (UnixFileMode)0b110_100_100) =>
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = new MemoryStream(content) });
            var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, FileSize / 20).Select(line => Text($"{name} line {line}\n"))));
            Add("first", []);
            if (busybox is not null)
                Add("busybox", busybox, (UnixFileMode)0b111_101_101);
            for (var number = 0; number < files; number++)
            {
                var content = new byte[FileSize];
                text.AsSpan(0, FileSize / 2).CopyTo(content);
                random.NextBytes(content.AsSpan(FileSize / 2));
                Add($"usr/{name}/{number}", content);
            }
        }
        using var root = RootFilesystem.Read(tar);
        return LayerWriter.Write(root, [], _store)!;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    void IBuildLog.Milestone(string message)
    {
    }

    void IBuildLog.Detail(string message)
    {
    }

    void IBuildLog.Warning(string code, string message, string? file, int line) => Console.WriteLine($"{code}: {message}");
}
