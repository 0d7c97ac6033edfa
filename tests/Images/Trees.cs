using System.Formats.Tar;
using CsCheck;
using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

/// <summary>Random trees over few names, so that two of them have much in common.</summary>
internal static class Trees
{
    private static readonly Gen<string> Name = CsCheck.Gen.Int[0, 3].Select(i => new[] { "a", "b", "a-b", "\u00e9" }[i]);

    private static readonly Gen<string> Place = CsCheck.Gen.Select(Name.Array[1, 3], parts => string.Join('/', parts));

    /// <summary>Entries that contradict one another are left out, the later one.</summary>
    public static readonly Gen<IReadOnlyList<TarEntry>> Gen =
        CsCheck.Gen.Select(Place, CsCheck.Gen.Int[0, 6], Place).List[0, 12].Select(drafts =>
        {
            var entries = new List<TarEntry>();
            var folders = new HashSet<string>();
            var files = new HashSet<string>();
            foreach (var (path, kind, target) in drafts)
            {
                var parents = Enumerable.Range(1, path.Count(c => c == '/')).Select(n => string.Join('/', path.Split('/').Take(n))).ToList();
                if (files.Contains(path) || parents.Any(files.Contains) || (folders.Contains(path) && kind > 1) || entries.Any(e => e.Name == path))
                    continue;
                folders.UnionWith(parents);
                if (kind > 1)
                    files.Add(path);
                else
                    folders.Add(path);
                entries.Add(kind switch
                {
                    0 => Entries.Folder(path),
                    1 => Entries.Folder(path, (UnixFileMode)0b1_111_111_111),
                    2 => Entries.Text(path, "one"),
                    3 => Entries.Text(path, "two", (UnixFileMode)0b111_101_101),
                    4 => Entries.Symbolic(path, target),
                    5 when entries.Any(e => e.Name == target && e.EntryType == TarEntryType.RegularFile) => Entries.Hard(path, target),
                    5 => Entries.Pipe(path),
                    _ => Entries.Text(path, target, user: 1000),
                });
            }
            return (IReadOnlyList<TarEntry>)entries;
        });

    /// <summary>The tree without regard to which paths are links of one another.</summary>
    public static string Content(IReadOnlyList<LayerEntry> entries)
    {
        var byPath = entries.ToDictionary(e => e.Path);
        return string.Join('\n', entries.Select(e => e.Kind == EntryKind.HardLink ? byPath[e.LinkTarget!] with { Path = e.Path } : e));
    }
}
