using System.Text;
using StageX.Build.Packages;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Writes the Containerfile that a definition stands for, and the entries of the build context that it names.
/// The text is plain: any engine can build it by hand and gets the same files.
/// </summary>
public static class ContainerfileGenerator
{
    private const string LentFolder = ".stagex/lent/";
    private const string ContentFolder = ".stagex/content";
    /// <summary>Where a step finds the number of parallel jobs, in the root filesystem.</summary>
    public const string JobsPath = "stagex/" + PackageDefinition.JobsFile;

    private const string JobsFile = ".stagex/" + PackageDefinition.JobsFile;

    /// <summary>Generates the text and adds what it copies to the context.</summary>
    public static string Generate(PackageDefinition package, BuildContext context)
    {
        var text = new StringBuilder();
        TellJobs(context, Environment.ProcessorCount);

        foreach (var stage in package.RunsTests ? package.Stages.Append(package.Test!) : package.Stages)
            WriteStage(text, package, stage, context);

        var content = new StringBuilder();
        WriteContent(content, package, context);
        WriteConfig(content, package);
        foreach (var (_, target) in package.Images)
            WriteImage(text, package, target, target == "package" ? content.ToString() : "");
        if (package.RunsTests)
            text.Append($"\nFROM scratch AS {PackageDefinition.TestResults}\nCOPY --from={package.Test!.Name} {OutputOf("package")}/ /\n");
        return text.ToString();
    }

    /// <summary>Says how many jobs a script may run at once, which is no part of any key.</summary>
    public static void TellJobs(BuildContext context, int jobs) =>
        context.Add(new ContextEntry(JobsFile, ContextKind.File, 0b110_100_100, Text: $"{jobs}\n", IsKeyed: false));

    private static void WriteStage(StringBuilder text, PackageDefinition package, StageDefinition stage, BuildContext context)
    {
        text.Append($"\nFROM {stage.From ?? "scratch"} AS {stage.Name}\n");
        if (stage.From is null)
            foreach (var reference in package.References.Where(reference => IsIn(reference.Stages, stage.Name)))
                text.Append($"COPY --from=stagex/{reference.Id} / /\n");
        foreach (var earlier in stage.CopyFrom)
            text.Append($"COPY --from={earlier} /rootfs/ /\n");
        if (stage.From is null && package.Sources.Count > 0)
            text.Append("COPY fetch/ /src/\n");

        var files = package.FilesOf(stage);
        foreach (var file in files)
            context.AddLocal(InContext(package, file), Path.GetFullPath(file, package.Folder));
        if (files.Count > 0)
            text.Append($"COPY {string.Join(' ', files.Select(file => InContext(package, file)))} /stagex/\n");
        if (stage.Script is not null)
            text.Append($"COPY {JobsFile} /{JobsPath}\n");

        // WORKDIR makes the folder, which a root without a shell has no other way to do.
        foreach (var (_, target) in package.Images)
            text.Append($"WORKDIR {OutputOf(target)}\n");
        foreach (var directory in stage.Directories)
            text.Append(new Instruction("WORKDIR", [], [directory], false, 0)).Append('\n');
        text.Append($"WORKDIR {(package.Sources.Count == 0 ? "/stagex" : package.Sources.FirstOrDefault(source => source.Extract) is { } first ? "/src/" + first.Name : "/src")}\n");
        foreach (var command in stage.Script is null ? stage.Run : [["/bin/sh", "-e", "/stagex/" + Path.GetFileName(stage.Script)]])
            text.Append(new Instruction("RUN", [], command, true, 0)).Append('\n');
    }

    // What another package lends has its path from the tree's root.
    private static string InContext(PackageDefinition package, string file) => !file.StartsWith("../", StringComparison.Ordinal) ? file
        : LentFolder + Path.GetRelativePath(Path.GetFullPath("../..", package.Folder), Path.GetFullPath(file, package.Folder)).Replace(Path.DirectorySeparatorChar, '/');

    private static void WriteImage(StringBuilder text, PackageDefinition package, string target, string content)
    {
        var under = package.References.Where(reference => package.IsBelow(reference, target)).ToList();
        var start = under.Find(reference => reference.Base);
        text.Append($"\nFROM {(start is null ? "scratch" : "stagex/" + start.Id)} AS {target}\n");
        foreach (var reference in under.Where(reference => reference != start))
            text.Append($"COPY --from=stagex/{reference.Id} / /\n");
        if (package.Stages.Count > 0)
            text.Append($"COPY --from={package.Stages[^1].Name} {OutputOf(target)}/ /\n");
        text.Append(content);
    }

    private static void WriteContent(StringBuilder text, PackageDefinition package, BuildContext context)
    {
        var usual = package.Content.Where(entry => entry.Owner is null && !IsFetched(entry)).ToList();
        foreach (var entry in usual)
            AddContent(context, ContentFolder + entry.Path, entry, package);
        // COPY would give a folder that it makes on the way the owner of what it brings.
        var folders = package.Content.Where(entry => entry.Owner is not null).Select(entry => Folder(entry.Path)).Where(folder => folder.Length > 0 && package.Content.All(entry => entry.Path != folder)).ToList();
        foreach (var folder in folders)
            AddContent(context, ContentFolder + folder, new ContentEntry(ContentKind.Directory, folder, "", null, null), package);
        if (usual.Count > 0 || folders.Count > 0)
            text.Append($"COPY {ContentFolder}/ /\n");

        // --chown reaches everything that one COPY brings, so that each folder with owned entries has its own.
        var owned = package.Content.Where(entry => entry.Owner is not null && !IsFetched(entry)).GroupBy(entry => (Folder: Folder(entry.Path), entry.Owner)).OrderBy(group => group.Key.Folder, StringComparer.Ordinal);
        foreach (var (number, group) in owned.Index())
        {
            var folder = $".stagex/owned/{number}";
            foreach (var entry in group)
                AddContent(context, $"{folder}/{Path.GetFileName(entry.Path)}", entry, package);
            WriteCopy(text, null, group.Key.Owner, [folder + "/"], group.Key.Folder + "/");
        }

        foreach (var group in package.Content.Where(IsFetched).GroupBy(entry => (Folder: Folder(entry.Path), entry.Mode, entry.Owner)))
        {
            var same = group.Where(entry => Path.GetFileName(entry.From) == Path.GetFileName(entry.Path)).ToList();
            if (same.Count > 0)
                WriteCopy(text, group.Key.Mode, group.Key.Owner, same.Select(entry => entry.From), group.Key.Folder + "/");
            foreach (var entry in group.Except(same))
                WriteCopy(text, entry.Mode, entry.Owner, [entry.From], entry.Path);
        }
    }

    private static void WriteCopy(StringBuilder text, int? mode, string? owner, IEnumerable<string> from, string to)
    {
        var flags = new List<(string, string)>();
        if (mode is { } bits)
            flags.Add(("chmod", Convert.ToString(bits, 8)));
        if (owner is not null)
            flags.Add(("chown", owner));
        text.Append(new Instruction("COPY", flags, [.. from, to], false, 0)).Append('\n');
    }

    private static void AddContent(BuildContext context, string path, ContentEntry entry, PackageDefinition package)
    {
        switch (entry.Kind)
        {
            case ContentKind.File:
                context.AddLocal(path, Path.Combine(package.Folder, entry.From), entry.Mode);
                break;
            case ContentKind.Directory:
                context.Add(new ContextEntry(path, ContextKind.Directory, entry.Mode ?? 0b111_101_101));
                break;
            default:
                context.Add(new ContextEntry(path, ContextKind.SymbolicLink, 0b111_111_111, Text: entry.From));
                break;
        }
    }

    private static void WriteConfig(StringBuilder text, PackageDefinition package)
    {
        var config = package.Config;
        void Line(string keyword, IReadOnlyList<string>? arguments, bool exec)
        {
            if (arguments is { Count: > 0 })
                text.Append(new Instruction(keyword, [], arguments, exec, 0)).Append('\n');
        }
        foreach (var variable in config.Environment)
            Line("ENV", variable.Split('=', 2), false);
        foreach (var (name, value) in config.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            Line("LABEL", [name, value], false);
        Line("WORKDIR", string.IsNullOrEmpty(config.WorkingDirectory) ? null : [config.WorkingDirectory], false);
        Line("USER", string.IsNullOrEmpty(config.User) ? null : [config.User], false);
        Line("ENTRYPOINT", config.Entrypoint, true);
        Line("CMD", config.Command, true);
    }

    private static string OutputOf(string target) => "/rootfs" + target["package".Length..];

    private static bool IsFetched(ContentEntry entry) => entry.Kind == ContentKind.File && entry.From.StartsWith("fetch/", StringComparison.Ordinal);

    private static bool IsIn(IReadOnlyList<string> names, string name) => names.Count == 0 || names.Contains(name);

    private static string Folder(string path) => path[..path.LastIndexOf('/')];
}
