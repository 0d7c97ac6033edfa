using Microsoft.Build.Framework;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Trust;

/// <summary>
/// Fetches what ImageReference items name: by digest, and only with the quorum of the maintainers that the project's own
/// configuration names. Signatures are judged in each build, since a key may have been revoked since the last.
/// </summary>
public sealed class FetchReferences : TrustTask
{
    /// <summary>The project file of the package.</summary>
    [Required]
    public required string Project { get; set; }

    /// <summary>The ImageReference items.</summary>
    [Required]
    public required ITaskItem[] References { get; set; }

    /// <summary>The projects that the package references besides.</summary>
    public string[] Projects { get; set; } = [];

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>The folder of maintainers and policy (StageXMaintainers); empty for those of verified history.</summary>
    public string Maintainers { get; set; } = "";

    /// <summary>Where signatures are (StageXSignatureStore): folders, separated by semicolons.</summary>
    public string Stores { get; set; } = "";

    /// <summary>Never touch the network (StageXOffline).</summary>
    public bool Offline { get; set; }

    protected override string ProjectFile => Project;

    protected override void Run()
    {
        var references = References.Select(item => At(item.ItemSpec, () => ImageReference.Parse(item.ItemSpec, item.GetMetadata("Digest") is { Length: > 0 } digest ? digest : null))).ToList();
        var stores = TrustSettings.StoresOf(Stores, Root);
        var quorum = new Quorum(ReadMaintainers().MustNotBeEmpty(), stores, TimeProvider.System.GetUtcNow());
        var open = References.Zip(references).Where(pair => pair.Second.Digest is null).ToList();
        if (open.Count > 0)
            throw new AggregateException(open.Select(pair => Fault(pair.First.ItemSpec, new StageXException(ErrorCode.ReferenceNotPinned,
                $"{pair.First.ItemSpec} may be another image tomorrow; name it by its digest:{Lines(pair.Second, stores, quorum, Said(pair.First))}"))));
        var fetcher = new ImageFetcher(quorum, Path.GetFullPath(Artifacts), new StageStore(Path.GetFullPath(Cache)).Layers, Offline, BuildLog, Cancellation);
        var known = references.Select(reference => reference.Id).Concat(Projects.Select(project => PackageId.FromProject(project).ToString())).ToHashSet(StringComparer.Ordinal);
        foreach (var (item, reference) in References.Zip(references))
            At(item.ItemSpec, () =>
            {
                var layout = BuildEnvironment.LayoutOf(Path.GetFullPath(Artifacts), reference.Id, reference.MustBePinned().Digest!.Value);
                fetcher.Fetch(reference.Repository, reference.Digest!.Value, "", layout);
                if (Dependency.RuntimeOf(ImageLayout.Read(layout).Image).FirstOrDefault(id => !known.Contains(id)) is { } needed)
                    throw new StageXException(ErrorCode.ReferenceNotPinned, $"{reference.Id} needs {needed} when it runs; reference that too:" +
                        Lines(ImageReference.Parse($"{reference.Repository.ToString()[..^reference.Id.Length]}{needed}", null), stores, quorum));
                return layout;
            });
    }

    private MaintainerSet ReadMaintainers()
    {
        if (Maintainers.Length > 0)
            return MaintainerSet.ReadFolder(Path.GetFullPath(Maintainers, Root));
        using var history = VerifyHistory();
        return history.Maintainers;
    }

    // Only what the signatures say: a registry could name an older image.
    private static string Lines(ImageReference reference, IReadOnlyList<SignatureStore> stores, Quorum quorum, params IReadOnlyList<KeyValuePair<string, string>> said)
    {
        var lines = new List<string>();
        foreach (var digest in stores.SelectMany(store => store.Digests(reference.Repository)).Distinct())
        {
            var report = quorum.Judge(reference.Repository, reference.Id, digest, null, "");
            var prefix = $"{reference.Repository}:";
            var tags = report.Signatures.Where(signature => signature.Refusal.Length == 0 && signature.Says!.Reference.StartsWith(prefix, StringComparison.Ordinal))
                .Select(signature => signature.Says!.Reference[prefix.Length..]).Distinct().Order(StringComparer.Ordinal).ToList();
            if (report.Missing.Length == 0 && (reference.Tag is null || tags.Contains(reference.Tag)))
                lines.Add($"\n{reference.LineFor(digest.ToString(), said)}{(tags.Count > 0 ? $" (signed as {string.Join(", ", tags)})" : "")}");
        }
        return lines.Count > 0 ? string.Concat(lines) : $"\n{reference.LineFor("sha256:…", said)}\nwith the digest of one that enough maintainers signed; StageXSignatureStore has none.";
    }

    private static KeyValuePair<string, string>[] Said(ITaskItem item) =>
        [.. new[] { "Stages", "Runtime", "Base", "Overrides" }.Select(name => KeyValuePair.Create(name, item.GetMetadata(name))).Where(pair => pair.Value.Length > 0)];

    private T At<T>(string include, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (StageXException e) when (e.File is null)
        {
            throw Fault(include, e);
        }
    }

    private StageXException Fault(string include, StageXException e) => new(e.Code, e.Message, Project, inner: e) { Item = ("ImageReference", include) };
}
