using StageX.Build.Images;

namespace StageX.Build.Audit;

/// <summary>Looks at every file of an image: counts, reads executables, and finds what should not be there.</summary>
public sealed class ImageAudit
{
    // Below /usr and /usr/local alike: what nobody needs to run or to link.
    private static readonly string[] DocumentationFolders =
    [
        .. from prefix in new[] { "usr/", "usr/local/" }
           from folder in new[] { "share/doc", "share/gtk-doc", "share/help", "share/info", "share/locale", "share/man", "doc", "info", "man" }
           select prefix + folder,
    ];

    private readonly AuditPolicy _policy;
    private readonly Dictionary<Mark, string> _buildPaths;

    /// <param name="policy">What is demanded of executables.</param>
    /// <param name="buildPaths">Absolute paths of the build that no file may name.</param>
    public ImageAudit(AuditPolicy policy, IEnumerable<string> buildPaths)
    {
        _policy = policy;
        _buildPaths = buildPaths.Distinct(StringComparer.Ordinal).ToDictionary(Mark.Path, path => path);
    }

    /// <param name="image">Its id.</param>
    /// <param name="files">What it holds.</param>
    /// <param name="others">Files of other packages, which answer for them.</param>
    /// <param name="runtime">Files of the packages that it needs when it runs.</param>
    /// <param name="cancellation">Ends it early.</param>
    public (Inventory Inventory, IReadOnlyList<Violation> Violations) Look(string image, RootFilesystem files, IReadOnlySet<LayerEntry> others, IEnumerable<LayerEntry> runtime, CancellationToken cancellation)
    {
        var (executables, violations) = (new List<Executable>(), new List<Violation>());
        var libraries = new LibrarySearch(files.Entries.Concat(runtime));
        foreach (var entry in files.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var isOwn = !others.Contains(entry);
            if (isOwn && entry.Kind != EntryKind.Directory && DocumentationFolders.FirstOrDefault(folder => entry.Path.StartsWith(folder + "/", StringComparison.Ordinal)) is { } docs)
                violations.Add(new Violation(ErrorCode.DocumentationInImage, AuditRule.Documentation, entry.Path, $"below /{docs}"));
            if (entry.Kind != EntryKind.File)
                continue;
            if (isOwn && entry.Path.EndsWith(".la", StringComparison.Ordinal))
                violations.Add(new Violation(ErrorCode.LibtoolArchive, AuditRule.LibtoolArchive, entry.Path, "which names folders, where pkg-config does not"));
            using var content = files.Open(entry);
            if (isOwn)
                violations.AddRange(MarkSearch.Find(content, _buildPaths.Keys).Select(mark => _buildPaths[mark]).Order(StringComparer.Ordinal)
                    .Select(path => new Violation(ErrorCode.BuildPathInImage, AuditRule.BuildPath, entry.Path, $"naming {path}")));
            try
            {
                if (Executable.TryRead(entry.Path, content) is not { } executable)
                    continue;
                executables.Add(executable);
                if (isOwn)
                    violations.AddRange([.. _policy.Judge(executable), .. libraries.Missing(executable).Select(what => new Violation(ErrorCode.MissingLibrary, AuditRule.MissingLibrary, entry.Path, what))]);
            }
            catch (InvalidDataException e)
            {
                if (isOwn)
                    violations.Add(new Violation(ErrorCode.DamagedExecutable, AuditRule.Damaged, entry.Path, e.Message));
            }
        }
        var all = files.Entries.Where(entry => entry.Kind == EntryKind.File).ToList();
        return (new Inventory(image, all.Count, all.Sum(entry => entry.Size), executables), violations);
    }
}
