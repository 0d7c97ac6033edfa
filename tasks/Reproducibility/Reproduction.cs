using StageX.Build.Images;
using StageX.Build.Packages;

namespace StageX.Build.Reproducibility;

/// <summary>Holds a checkout and what is built in it against a provenance.</summary>
internal sealed class Reproduction
{
    private const int LargestProvenance = 16 << 20;

    private readonly string _file;

    private Reproduction(string file, Provenance provenance) => (_file, Provenance) = (file, provenance);

    public Provenance Provenance { get; }

    /// <param name="path">A file, or a folder of attestations as Attest fills it.</param>
    /// <param name="ids">The images of the package: the provenance is about one of them.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.NoProvenance"/>.</exception>
    public static Reproduction Read(string path, IReadOnlyList<string> ids)
    {
        if (path.Length == 0)
            throw new StageXException(ErrorCode.NoProvenance, "StageXProvenance is not set: it names the provenance to reproduce, or a folder of attestations");
        try
        {
            if (Directory.Exists(path))
            {
                var folder = Path.Combine(path, ids[0]);
                return new Reproduction(folder, Checked(Provenance.Parse(ReferrerLayout.Read(folder, Provenance.MediaType)), ids));
            }
            using var file = File.OpenRead(path);
            if (file.Length > LargestProvenance)
                throw new FormatException($"it has {file.Length} bytes");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new Reproduction(path, Checked(Provenance.Parse(bytes), ids));
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StageXException(ErrorCode.NoProvenance, $"{path} is not the provenance of {string.Join(" or ", ids)}: {e.Message}", inner: e);
        }
    }

    /// <summary>Refuses another commit, a tree that is not that commit, another definition and other sources.</summary>
    public void CheckInputs(PackageDefinition package, CancellationToken cancellation)
    {
        var checkout = new GitCheckout(package.Folder, cancellation);
        if (checkout.Commit() is var commit && commit != Provenance.Commit)
            throw new StageXException(ErrorCode.OtherCommit,
                $"the checkout is at {commit}, and the provenance is of {Provenance.Commit}. Check that out, or name an empty folder for a clone of it with StageXCheckout.");
        checkout.RequireClean();
        var project = checkout.Prefix() + "/" + Path.GetFileName(package.ProjectFile);
        if (project.TrimStart('/') != Provenance.Project || checkout.Tree() != Provenance.Definition || package.Platform != Provenance.Platform)
            throw Unlike($"it names {Provenance.Project}, tree {Provenance.Definition}, {Provenance.Platform}, and here is {project}, tree {checkout.Tree()}, {package.Platform}");
        var (here, there) = (Provenance.SourcesOf(package), Provenance.Sources);
        if (!here.SequenceEqual(there))
        {
            var differing = here.Except(there).Select(source => $"here {Describe(source)}").Concat(there.Except(here).Select(source => $"there {Describe(source)}"));
            throw Unlike($"its sources are others: {string.Join("; ", differing)}");
        }
    }

    /// <summary>Refuses other images than those that the provenance's was built with.</summary>
    public void CheckImages(IEnumerable<ProvenImage> used)
    {
        var here = used.ToList();
        if (here.Except(Provenance.Images).Concat(Provenance.Images.Except(here)).Select(image => image.Id).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } others)
            throw Unlike($"it was built with other images of {string.Join(", ", others)}, which are not reproduced");
    }

    /// <exception cref="StageXException"><see cref="ErrorCode.NotReproduced"/>.</exception>
    public void CheckResult(Digest built, string layout)
    {
        if (built != Provenance.Digest)
            throw new StageXException(ErrorCode.NotReproduced,
                $"{Provenance.Id} came out as {built}, and the provenance {_file} says {Provenance.Digest}, from the same commit, sources and images. What came out is in {layout}; -t:Verify looks for the cause.");
    }

    private static Provenance Checked(Provenance provenance, IReadOnlyList<string> ids) =>
        ids.Contains(provenance.Id) ? provenance : throw new FormatException($"it is about {provenance.Id}");

    private StageXException Unlike(string how) => new(ErrorCode.OtherInputs, $"the provenance {_file} does not fit its own commit: {how}");

    private static string Describe(ProvenSource source) => $"{source.Name} {source.Sha256}{(source.Uri is null ? "" : " " + source.Uri)}";
}
