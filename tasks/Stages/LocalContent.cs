using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>
/// <c>COPY folder/ /</c> from the build context without an engine, where every engine comes to the same: a folder that is on
/// both sides has the same mode and owner on both, and nothing else is in the way.
/// </summary>
internal static class LocalContent
{
    private const int UsualFolder = 0b111_101_101;

    /// <summary>Whether the step copies a folder of local files, and nothing that was fetched, to the root.</summary>
    public static bool Copies(Instruction step, BuildContext context) =>
        step is { Keyword: "COPY", Flags.Count: 0, Arguments: [[.., '/'] source, "/"] }
        && source.IndexOfAny(['*', '?', '[']) < 0 && Folder(source) is { Length: > 0 } folder && folder.Split('/').All(part => part is not (".." or "." or ""))
        && context.Match(source) is { Sources.Count: 0, Entries.Count: > 0 } found
        && found.Entries.All(entry => entry.IsKeyed && entry.Kind != ContextKind.Archive && entry.Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>The files of such a step, or null where engines could differ.</summary>
    /// <param name="step">The step.</param>
    /// <param name="context">Where it copies from.</param>
    /// <param name="below">What it copies onto.</param>
    /// <param name="tar">A file to keep the content in, as long as the result is used.</param>
    public static RootFilesystem? Read(Instruction step, BuildContext context, IReadOnlyList<LayerEntry> below, string tar)
    {
        var folder = Folder(step.CopySources[0]);
        var there = below.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var modes = new Dictionary<string, int?>(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(tar)!);
        using (var stream = new FileStream(tar, FileMode.Create, FileAccess.Write))
        {
            var writer = new TarWriter(stream);
            foreach (var entry in context.Match(step.CopySources[0]).Entries)
            {
                var path = entry.Path[(folder.Length + 1)..];
                for (var parent = EntryPath.Parent(path); parent.Length > 0; parent = EntryPath.Parent(parent))
                    modes.TryAdd(parent, UsualFolder);
                modes[path] = entry.Kind == ContextKind.Directory ? entry.Mode : null;
                Write(writer, path, entry);
            }
            writer.Complete();
        }
        foreach (var (path, mode) in modes)
            if (there.TryGetValue(path, out var old) && (mode is null || old is not { Kind: EntryKind.Directory, UserId: 0, GroupId: 0 } || old.Mode != mode))
                return null;
        return RootFilesystem.Read(tar);
    }

    private static void Write(TarWriter writer, string path, ContextEntry entry)
    {
        switch (entry.Kind)
        {
            case ContextKind.Directory:
                writer.WriteHeader(new LayerEntry(path, EntryKind.Directory, entry.Mode, 0, 0, 0, null, null));
                break;
            case ContextKind.SymbolicLink:
                writer.WriteHeader(new LayerEntry(path, EntryKind.SymbolicLink, 0b111_111_111, 0, 0, 0, null, entry.Text));
                break;
            default:
                var bytes = entry.LocalFile is null ? System.Text.Encoding.UTF8.GetBytes(entry.Text!) : File.ReadAllBytes(entry.LocalFile);
                writer.WriteHeader(new LayerEntry(path, EntryKind.File, entry.Mode, 0, 0, bytes.Length, null, null));
                writer.WriteContent(bytes);
                break;
        }
        writer.EndContent();
    }

    private static string Folder(string source) => source.Trim('/');
}
