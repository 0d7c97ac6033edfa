using StageX.Build.Images;
using StageX.Build.Reproducibility;
using StageX.Build.Tests.Images;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>Two images of one package, with a folder for the files that go into them.</summary>
internal sealed class ImagePair : IDisposable
{
    private readonly Workplace _work = new();

    public string Folder => _work.Folder;

    public string Layout(ImageConfig config, params IEnumerable<System.Formats.Tar.TarEntry> entries)
    {
        var layout = _work.NewPath("layout");
        ImageLayout.Write(layout, new Image { Config = config, Layers = [_work.Layer(entries)] }, _work.Store);
        return layout;
    }

    /// <summary>Compares images that hold one file.</summary>
    public ImageDifferences CompareFiles(byte[] first, byte[] second, RunFacts? firstRun = null, RunFacts? secondRun = null, string name = "file") =>
        ImageComparison.Compare(Layout(ImageConfig.Empty, File(name, first)), Layout(ImageConfig.Empty, File(name, second)), firstRun, secondRun);

    public ImageDifferences CompareTexts(string first, string second, RunFacts? firstRun = null, RunFacts? secondRun = null) =>
        CompareFiles(System.Text.Encoding.UTF8.GetBytes(first), System.Text.Encoding.UTF8.GetBytes(second), firstRun, secondRun);

    /// <summary>Runs a script in a folder of its own, and takes the file <c>out</c> that it makes.</summary>
    public byte[] Make(string script, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateDirectory(_work.NewPath("make")).FullName;
        Command.Run("/bin/sh", ["-e", "-c", script], folder, environment.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).MustSucceed();
        return System.IO.File.ReadAllBytes(Path.Combine(folder, "out"));
    }

    /// <summary>Compares what one script makes with two values of a variable X.</summary>
    public ImageDifferences CompareMade(string script, string first, string second) => CompareFiles(Make(script, ("X", first)), Make(script, ("X", second)));

    public static System.Formats.Tar.TarEntry File(string name, byte[] content) =>
        new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b110_100_100, DataStream = new MemoryStream(content) };

    public void Dispose() => _work.Dispose();
}
