using StageX.Build.Sources;

namespace StageX.Build.Tests.Sources;

/// <summary>A cache and a place to extract to.</summary>
internal sealed class SourceRoom : IDisposable
{
    private readonly TempFolder _folder = new();

    public SourceRoom() => Cache = new SourceCache(_folder["cache"]);

    public SourceCache Cache { get; }

    public TempFolder Folder => _folder;

    public string Out => _folder["out"];

    public string Tree => Path.Combine(Out, "src");

    /// <summary>Puts bytes into the cache as a fetch does.</summary>
    public Source Add(byte[] file)
    {
        var source = new Source { Include = "an-include", Name = "src", Urls = [], Sha256 = Digest.Of(file) };
        Directory.CreateDirectory(Path.GetDirectoryName(Cache.PathOf(source.Sha256))!);
        File.WriteAllBytes(Cache.PathOf(source.Sha256), file);
        return source;
    }

    public void Extract(Source source, ExtractionLimits? limits = null) =>
        SourceTree.Extract(source, Cache, Out, limits ?? ExtractionLimits.Default, CancellationToken.None);

    /// <summary>Extracts what must be refused, and sees that nothing stays behind.</summary>
    public StageXException Refused(Source source, ExtractionLimits? limits = null)
    {
        var error = Assert.ThrowsExactly<StageXException>(() => Extract(source, limits));
        Assert.AreEqual(("Source", "an-include"), error.Item);
        if (Directory.Exists(Out))
            Assert.IsEmpty(Directory.EnumerateFileSystemEntries(Out));
        return error;
    }

    /// <summary>Each path with what it is: "644 text", "755 text", "-> target", "/".</summary>
    public IReadOnlyList<string> Listing() => List(Tree);

    public static IReadOnlyList<string> List(string root) =>
        [.. List(new DirectoryInfo(root), "").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> List(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is { } target)
                yield return $"{path} -> {target}";
            else if (entry is DirectoryInfo below)
            {
                yield return $"{path}/";
                foreach (var line in List(below, path + "/"))
                    yield return line;
            }
            else
                yield return $"{path} {Convert.ToString((int)entry.UnixFileMode, 8)} {File.ReadAllText(entry.FullName).Replace("\n", "\\n", StringComparison.Ordinal)}";
        }
    }

    public void Dispose() => _folder.Dispose();
}
