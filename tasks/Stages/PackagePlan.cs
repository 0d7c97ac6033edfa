using System.Text.RegularExpressions;
using StageX.Build.Containerfiles;
using StageX.Build.Packages;
using StageX.Build.Sources;

namespace StageX.Build.Stages;

/// <summary>A package's Containerfile, generated or hand-written, with its context and its plan.</summary>
public sealed record PackagePlan(PackageDefinition Package, string File, BuildContext Context, IReadOnlyList<StagePlan> Stages)
{
    /// <summary>Generates or reads, parses, plans, and checks the references against what is used.</summary>
    public static PackagePlan Create(PackageDefinition package, DependencySet dependencies)
    {
        var context = new BuildContext(package.Sources);
        var file = package.Containerfile ?? package.ProjectFile;
        var text = package.Containerfile is null ? ContainerfileGenerator.Generate(package, context) : System.IO.File.ReadAllText(file);
        if (package.Containerfile is not null)
            AddFolder(context, package, IgnoreFile.In(package.Folder), new DirectoryInfo(package.Folder), "");
        var parsed = Parse(package, text, image => StagePlan.PackageOf(image) is { } id ? dependencies.Find(id)?.Image.Config.Environment ?? [] : []);
        var containerfile = ContextCopies.Resolve(parsed, context, file);
        var stages = StagePlan.Plan(containerfile, [.. package.Targets.Select(image => image.Target)], file);
        var plan = new PackagePlan(package, file, context, stages);
        plan.CheckReferences(containerfile);
        plan.CheckPins(containerfile, dependencies);
        plan.CheckOverrides(dependencies);
        plan.CheckContext();
        plan.CheckSources(containerfile);
        return plan;
    }

    /// <summary>Reads the package's Containerfile with the build arguments that the definition sets.</summary>
    /// <param name="package">The package.</param>
    /// <param name="text">Its Containerfile's text.</param>
    /// <param name="environmentOf">The environment (K=V) of an image that a stage starts from.</param>
    public static Containerfile Parse(PackageDefinition package, string text, Func<string, IReadOnlyList<string>> environmentOf) =>
        ContainerfileParser.Parse(text, package.Containerfile ?? package.ProjectFile, Arguments(package), environmentOf);

    /// <summary>The line of a step, where people wrote the file; 0 where it was generated.</summary>
    public int LineOf(Instruction step) => Package.Containerfile is null ? 0 : step.Line;

    /// <summary>Every package that the Containerfile names, with the first line that does.</summary>
    public static IReadOnlyList<(string Id, int Line)> PackagesIn(Containerfile containerfile) =>
        [.. ImagesIn(containerfile)
            .Select(use => (Id: StagePlan.PackageOf(use.Image), use.Line))
            .Where(use => use.Id is not null).Select(use => (Id: use.Id!, use.Line)).DistinctBy(use => use.Id)];

    private void CheckReferences(Containerfile containerfile)
    {
        if (Package.Containerfile is null)
            return;
        var used = PackagesIn(containerfile);
        foreach (var (id, line) in used.Where(use => Package.References.All(reference => reference.Id != use.Id)))
            throw new StageXException(ErrorCode.MissingProjectReference,
                $"the project does not reference {id}; add {ReferenceUpdater.LineFor(Package, id)}, or run -t:UpdateReferences", File, line);
        foreach (var reference in Package.References.Where(reference => !reference.Runtime && used.All(use => use.Id != reference.Id)))
            throw new StageXException(ErrorCode.UnusedProjectReference,
                $"the Containerfile does not use {reference.Id}; remove <{reference.ItemType} Include=\"{reference.Include}\" />, or run -t:UpdateReferences", Package.ProjectFile)
            {
                Item = (reference.ItemType, reference.Include),
            };
    }

    // stagex/<id>@sha256:… is a promise about what the package came out as.
    private void CheckPins(Containerfile containerfile, DependencySet dependencies)
    {
        foreach (var (image, line) in ImagesIn(containerfile))
            if (StagePlan.PackageOf(image) is { } id && image!.Split('@') is [_, var pin] && dependencies.Find(id) is { } dependency && dependency.Digest.ToString() != pin)
                throw new StageXException(ErrorCode.UnknownImage, $"{id} is {dependency.Digest} here, not {pin}; name it without a digest, or look for the change", File, line);
    }

    private static IEnumerable<(string? Image, int Line)> ImagesIn(Containerfile containerfile) =>
        containerfile.Stages.SelectMany(stage => stage.Instructions.Select(step => (Image: step.CopyFrom, step.Line)).Prepend((Image: stage.From, stage.Line)));

    private void CheckOverrides(DependencySet dependencies)
    {
        foreach (var reference in Package.References.Where(reference => reference.Overrides.Count > 0))
            if (reference.Overrides.Except(dependencies.RuntimeClosure(Package.References.Select(other => other.Id)).Select(member => member.Id)).FirstOrDefault() is { } unknown)
                throw new StageXException(ErrorCode.UnknownTarget, $"Overrides names {unknown}, which is no dependency of the package", Package.ProjectFile)
                {
                    Item = (reference.ItemType, reference.Include),
                };
    }

    private void CheckSources(Containerfile containerfile)
    {
        var taken = containerfile.Stages.SelectMany(stage => stage.Instructions).Where(step => step.Keyword is "COPY" or "ADD" && step.CopyFrom is null)
            .SelectMany(step => step.CopySources.SelectMany(pattern => Match(step, pattern).Sources)).ToHashSet();
        if (Package.Sources.FirstOrDefault(source => !taken.Contains(source)) is { } unused)
            throw new StageXException(ErrorCode.Meaningless, $"the Source {unused.Include} is taken by nothing: there is no COPY or File of fetch/{unused.Name}", Package.ProjectFile)
            {
                Item = ("Source", unused.Include),
            };
    }

    private void CheckContext()
    {
        foreach (var step in Stages.SelectMany(stage => stage.Steps).Where(step => step.Keyword is "COPY" or "ADD" && step.CopyFrom is null))
            foreach (var pattern in step.CopySources)
                if (Match(step, pattern) is { Entries.Count: 0, Sources.Count: 0 })
                    throw new StageXException(ErrorCode.MissingContextFile, $"{step.Keyword} {pattern}: there is no such file in the package's folder, and no such source", File, LineOf(step));
    }

    private (IReadOnlyList<ContextEntry> Entries, IReadOnlyList<Source> Sources) Match(Instruction step, string pattern)
    {
        try
        {
            return Context.Match(pattern);
        }
        catch (RegexParseException e)
        {
            throw new StageXException(ErrorCode.ContainerfileSyntax, $"'{pattern}' is no pattern", File, LineOf(step), e);
        }
    }

    private static void AddFolder(BuildContext context, PackageDefinition package, IgnoreFile? ignored, DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (path == "fetch" && package.Sources.Count > 0)
                throw new StageXException(ErrorCode.DuplicateItem, "sources arrive below fetch/, where the package has something of its own: rename it", entry.FullName);
            if (entry.FullName == package.ProjectFile || entry.FullName == package.Containerfile || IsLeftover(entry.Name))
                continue;
            if (entry is not DirectoryInfo { LinkTarget: null } && ignored?.Ignores(path) == true)
                continue;
            if (entry.LinkTarget is { } target)
                context.Add(new ContextEntry(path, ContextKind.SymbolicLink, 0b111_111_111, Text: target));
            else if (entry is DirectoryInfo below)
                AddFolder(context, package, ignored, below, path + "/");
            else
                context.AddLocal(path, entry.FullName);
        }
    }

    // Of editors and IDEs: on the machine of whoever works on the package, and nowhere else.
    private static bool IsLeftover(string name) =>
        name.EndsWith('~') || name.StartsWith(".#", StringComparison.Ordinal) || name is ['#', .., '#']
        || Path.GetExtension(name) is ".swp" or ".swo" or ".user";

    // The platform, which engines would take from the machine; and the version's forms that upstreams' file names are made
    // of, without those that this version does not have.
    private static Dictionary<string, string> Arguments(PackageDefinition package)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        var platform = package.Platform.Split('/');
        foreach (var side in new[] { "TARGET", "BUILD" })
            foreach (var (name, value) in new[] { ("PLATFORM", package.Platform), ("OS", platform[0]), ("ARCH", platform.ElementAtOrDefault(1)), ("VARIANT", platform.ElementAtOrDefault(2)) })
                arguments[side + name] = value ?? "";
        foreach (var (name, form) in new[] { ("VERSION", "{version}"), ("VERSION_MAJOR", "{major}"), ("VERSION_MAJOR_MINOR", "{major.minor}"),
            ("VERSION_UNDERSCORE", "{underscore}"), ("VERSION_DASH", "{dash}"), ("VERSION_NO_SUFFIX", "{no-suffix}") })
            try
            {
                arguments[name] = package.Version.Expand(form);
            }
            catch (StageXException e) when (e.Code == ErrorCode.InvalidPlaceholder)
            {
            }
        return arguments;
    }
}
