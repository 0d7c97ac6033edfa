using System.Formats.Tar;
using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

/// <summary>A folder of its own for one test, with a layer store, and the tars that engines would send.</summary>
internal sealed class Workplace : IDisposable
{
    private int _count;

    public Workplace()
    {
        // Lower case and short: podman makes an image's name of its folder, and takes 50 characters for its state.
        Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"sx-{Guid.NewGuid():n}"[..15])).FullName;
        Store = new LayerStore(Path.Combine(Folder, "cache"));
    }

    public string Folder { get; }
    public LayerStore Store { get; }

    public string NewPath(string name = "file") => Path.Combine(Folder, $"{name}{_count++}");

    public string Tar(params IEnumerable<TarEntry> entries)
    {
        var path = NewPath("tar");
        using var writer = new System.Formats.Tar.TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var entry in entries.Prepend(Entries.Folder("./")))
        {
            writer.WriteEntry(entry);
            entry.DataStream?.Seek(0, SeekOrigin.Begin);
        }
        return path;
    }

    public RootFilesystem Root(params IEnumerable<TarEntry> entries) => RootFilesystem.Read(Tar(entries));

    public Layer? Layer(IReadOnlyList<Layer> below, params IEnumerable<TarEntry> entries)
    {
        using var root = Root(entries);
        return LayerWriter.Write(root, below, Store);
    }

    public Layer Layer(params IEnumerable<TarEntry> entries) => Layer([], entries)!;

    public IReadOnlyList<LayerEntry> Merged(params IReadOnlyList<Layer> layers)
    {
        using var root = RootFilesystem.FromLayers(layers, Store);
        return root.Entries;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
