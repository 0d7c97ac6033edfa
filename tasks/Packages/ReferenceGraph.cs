using System.Xml;
using System.Xml.Linq;

namespace StageX.Build.Packages;

/// <summary>
/// Walks ProjectReferences in the text of project files, before MSBuild follows them: MSBuild reports a circle as one of
/// targets, and a missing file without the line. Each file is read once for the life of the graph.
/// </summary>
public sealed class ReferenceGraph
{
    private readonly Dictionary<string, string> _idToFile = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    // What is wrong is said in the same words from wherever it is reached: a circle is one.
    private readonly Dictionary<string, StageXException> _faults = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Checks everything that the project reaches.</summary>
    /// <exception cref="StageXException">
    /// <see cref="ErrorCode.MissingReference"/>, <see cref="ErrorCode.ReferenceCycle"/> or <see cref="ErrorCode.DuplicateId"/>.
    /// </exception>
    public void Check(string projectFile)
    {
        lock (_lock)
            Visit(Path.GetFullPath(projectFile), []);
    }

    /// <summary>The projects that a project refers to, full paths, as far as its text alone tells.</summary>
    public static IEnumerable<string> ReferencesOf(string projectFile) =>
        Includes(Load(projectFile), "ProjectReference").Select(reference => Path.GetFullPath(reference.Include.Replace('\\', '/'), Path.GetDirectoryName(projectFile)!));

    private void Visit(string file, List<string> path)
    {
        if (_done.Contains(file))
            return;
        if (_faults.TryGetValue(file, out var known))
            throw known;
        try
        {
            VisitNew(file, path);
            _done.Add(file);
        }
        catch (StageXException e)
        {
            _faults.Add(file, e);
            throw;
        }
    }

    private void VisitNew(string file, List<string> path)
    {
        path.Add(file);
        var project = Load(file);
        foreach (var (include, line) in Includes(project, "ProjectReference"))
        {
            var target = Path.GetFullPath(include.Replace('\\', '/'), Path.GetDirectoryName(file)!);
            if (!File.Exists(target))
                throw new StageXException(ErrorCode.MissingReference, $"the project {include} does not exist", file, line);
            var at = path.IndexOf(target);
            if (at >= 0)
                throw new StageXException(ErrorCode.ReferenceCycle,
                    "packages depend on each other in a circle: " + string.Join(" -> ", path.Skip(at).Append(target).Select(Describe)), file, line);
            Visit(target, path);
        }
        path.RemoveAt(path.Count - 1);
        foreach (var id in Includes(project, "Subpackage").Select(subpackage => $"{Describe(file)}-{subpackage.Include}").Prepend(Describe(file)))
            if (!_idToFile.TryAdd(id, file))
                throw new StageXException(ErrorCode.DuplicateId, $"the package id {id} belongs to {_idToFile[id]} already", file);
    }

    private static string Describe(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        return Path.GetFileName(Path.GetDirectoryName(folder)) + "-" + Path.GetFileName(folder);
    }

    private static XDocument? Load(string file)
    {
        try
        {
            return XDocument.Load(file, LoadOptions.SetLineInfo);
        }
        catch (XmlException)
        {
            return null; // MSBuild says better what is wrong with the file.
        }
    }

    // What MSBuild must evaluate first (properties, wildcards, conditions) is left to it.
    private static IEnumerable<(string Include, int Line)> Includes(XDocument? project, string type) =>
        from element in project?.Descendants() ?? []
        where element.Name.LocalName == type && element.AncestorsAndSelf().All(above => above.Attribute("Condition") is null)
        from include in element.Attribute("Include")?.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []
        where include.IndexOfAny(['$', '@', '%', '*', '?']) < 0
        select (include, ((IXmlLineInfo)element).LineNumber);
}
