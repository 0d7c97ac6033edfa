using System.Collections;

namespace StageX.Build.Stages;

/// <summary>
/// Everything that evaluation and build of a tree could read: the projects with all that lies beside them, what they import,
/// recorded digests, the SDK, our own code, which global.json rules where, global properties, and those variables of the
/// environment that some project or the SDK names.
/// </summary>
/// <param name="projects">The packages' projects, full paths.</param>
/// <param name="folders">Folders of code: the SDK's and that of the task assembly.</param>
/// <param name="settings">Global properties, settings and versions, as <c>name=value</c>.</param>
internal sealed class TreeInputs(IReadOnlyList<string> projects, IReadOnlyList<string> folders, IReadOnlyList<string> settings)
{
    /// <summary>As they are now; null where a project does more than a definition does, so that nothing can be told.</summary>
    public Digest? Now()
    {
        try
        {
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var extra = new SortedSet<string>(StringComparer.Ordinal);
            var lent = new SortedSet<string>(StringComparer.Ordinal);
            if (Closure(names, extra, lent) is not { } closure)
                return null;
            var stages = closure.Select(project => Path.GetDirectoryName(Path.GetDirectoryName(project))!).Distinct().ToList();
            extra.UnionWith(stages.Select(stage => Path.Combine(stage, "digests.txt")));
            foreach (var stage in stages)
                for (var folder = stage; folder is not null; folder = Path.GetDirectoryName(folder))
                    extra.Add(Path.Combine(folder, "global.json"));
            foreach (var file in folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
                if (Path.GetExtension(file) is ".props" or ".targets")
                    ProjectText.AddNames(File.ReadAllText(file), names);

            using var digest = new InputDigest();
            foreach (var setting in settings)
                digest.Add(setting);
            foreach (var (name, value) in Variables(names))
                digest.Add($"{name}={value}");
            foreach (var folder in folders)
                digest.AddFolder(folder);
            foreach (var file in extra)
                digest.AddFile(file);
            digest.AddLent(lent);
            foreach (var package in closure.AsParallel().AsOrdered().Select(OfPackage))
                digest.Add(package);
            return digest.Finish();
        }
        // Whatever a parallel query throws comes wrapped.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AggregateException { InnerException: IOException or UnauthorizedAccessException })
        {
            return null;
        }
    }

    private SortedSet<string>? Closure(HashSet<string> names, SortedSet<string> imports, SortedSet<string> lent)
    {
        var seen = new SortedSet<string>(projects, StringComparer.Ordinal);
        for (var waiting = seen.ToList(); waiting.Count > 0;)
        {
            var next = new List<string>();
            foreach (var text in waiting.AsParallel().Select(ProjectText.Read).ToList())
            {
                if (!text.IsData || !text.Imports.TrueForAll(import => IsCode(import) || AddImport(import)))
                    return null;
                names.UnionWith(text.Names);
                lent.UnionWith(text.Lent);
                next.AddRange(text.References.Where(seen.Add));
            }
            waiting = next;
        }
        return seen;

        bool AddImport(string import)
        {
            if (!imports.Add(import))
                return true;
            var text = ProjectText.Read(import);
            names.UnionWith(text.Names);
            // What is referred to there is relative to whoever imports it.
            return text.IsData && text.References.Count == 0 && text.Lent.Count == 0 && text.Imports.TrueForAll(other => IsCode(other) || AddImport(other));
        }
    }

    private bool IsCode(string file) => folders.Any(folder => file.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static string OfPackage(string project)
    {
        using var digest = new InputDigest();
        digest.AddFolder(Path.GetDirectoryName(project)!);
        return digest.Finish().ToString();
    }

    private static IEnumerable<(string Name, string Value)> Variables(HashSet<string> names)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (names.Contains((string)variable.Key))
                variables[(string)variable.Key] = (string)variable.Value!;
        return variables.Select(pair => (pair.Key, pair.Value));
    }
}
