using System.Globalization;
using System.Text.RegularExpressions;
using StageX.Build.Images;
using StageX.Build.Sources;

namespace StageX.Build.Packages;

/// <summary>An item of a project as MSBuild evaluated it, with the metadata that somebody wrote.</summary>
public sealed record DefinitionItem(string Type, string Include, IReadOnlyDictionary<string, string> Metadata)
{
    public string? this[string name] => Metadata.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}

/// <summary>
/// Turns items and properties into a <see cref="PackageDefinition"/>, and refuses what MSBuild would let pass: unknown
/// items and metadata, malformed hashes, files that are not there.
/// </summary>
public sealed partial class DefinitionReader
{
    // What other items may carry by MSBuild's own conventions, and IDEs add, is no business of ours.
    private static readonly Dictionary<string, string[]> KnownMetadata = new(StringComparer.Ordinal)
    {
        ["Source"] = ["Sha256", "Mirrors", "Name", "Extract", "Archive", "Remove", "Patches", "Commit", "Generated"],
        ["Stage"] = ["Script", "Run", "From", "CopyFrom", "Directories"],
        ["Input"] = ["Stages"],
        ["Seed"] = [],
        ["Hexadecimal"] = [],
        ["Generated"] = [],
        ["Diverse"] = ["Script", "Run"],
        ["Test"] = ["Script", "Run", "CopyFrom"],
        ["KnownFailure"] = ["Reason"],
        ["AuditExemption"] = ["Rules", "Reason"],
        ["File"] = ["Path", "Mode", "Owner"],
        ["Directory"] = ["Mode", "Owner"],
        ["SymbolicLink"] = ["To"],
        ["Subpackage"] = ["MaximumSize"],
        ["ProjectReference"] = ["Stages", "Runtime", "Subpackage", "Base", "Overrides", "Name", "Project", "Private", "ReferenceOutputAssembly", "SkipGetTargetFrameworkProperties", "Targets", "OutputItemType"],
        ["ImageReference"] = ["Digest", "Stages", "Runtime", "Base", "Overrides"],
        ["ContainerEntrypoint"] = [],
        ["ContainerDefaultArgs"] = [],
        ["ContainerEnvironmentVariable"] = ["Value"],
        ["ContainerLabel"] = ["Value"],
    };

    // What MSBuild and IDEs read.
    private static readonly string[] KnownElsewhere =
    [
        "None", "Content", "Folder", "AvailableItemName", "ProjectCapability", "ProjectReferenceTargets", "GraphIsolationExemptReference", "UpToDateCheckInput", "UpToDateCheckOutput",
    ];

    // A Containerfile says everything else itself.
    private static readonly string[] KnownBesideContainerfile = ["Source", "ProjectReference", "ImageReference", "Subpackage", "Seed", "Hexadecimal", "Generated", "AuditExemption"];

    private readonly string _projectFile;
    private readonly IReadOnlyList<DefinitionItem> _items;
    private readonly Dictionary<string, string> _properties;
    private readonly UpstreamVersion _version;
    private readonly PackageId _id;

    private DefinitionReader(string projectFile, IReadOnlyList<DefinitionItem> items)
    {
        _projectFile = projectFile;
        _items = items;
        _properties = items.Where(item => item.Type == "Property").ToDictionary(item => item.Include, item => item["Value"] ?? "", StringComparer.Ordinal);
        _id = PackageId.FromProject(projectFile);
        _version = UpstreamVersion.Parse(_properties.GetValueOrDefault("PackageVersion"), projectFile);
    }

    /// <summary>The types of items that a package has.</summary>
    public static IEnumerable<string> ItemTypes => KnownMetadata.Keys;

    private string Folder => Path.GetDirectoryName(_projectFile)!;

    /// <param name="projectFile">The package's project.</param>
    /// <param name="items">Its items; properties come as items of type Property with a Value.</param>
    /// <exception cref="StageXException">With the item at fault.</exception>
    public static PackageDefinition Read(string projectFile, IReadOnlyList<DefinitionItem> items) => new DefinitionReader(projectFile, items).Read();

    private PackageDefinition Read()
    {
        CheckItemTypes();
        foreach (var item in _items)
            CheckMetadata(item);
        var containerfile = Path.Combine(Folder, "Containerfile");
        var package = new PackageDefinition
        {
            Id = _id,
            Version = _version,
            ProjectFile = _projectFile,
            Description = Property("Description"),
            License = Property("PackageLicenseExpression"),
            ProjectUrl = Property("PackageProjectUrl"),
            Platform = ReadPlatform(),
            Sources = [.. Of("Source").Select(ReadSource)],
            References = [.. Of("ProjectReference").Select(ReadReference), .. Of("ImageReference").Select(ReadImageReference)],
            Stages = [.. Of("Stage").Select(ReadStage)],
            Inputs = [.. Of("Input").Select(item => new InputFile(LocalFile(item, item.Include), List(item["Stages"])))],
            Seeds = [.. Of("Seed").Select(item => LocalFile(item, item.Include))],
            Pages = [.. Of("Hexadecimal").Select(item => LocalFile(item, item.Include))],
            Generated = [.. Of("Generated").Select(item => LocalFile(item, item.Include))],
            Diverse = Of("Diverse").Select(ReadDiverse).LastOrDefault(),
            Test = Of("Test").Select(ReadTest).LastOrDefault(),
            KnownFailures = [.. Of("KnownFailure").Select(ReadKnownFailure)],
            Exemptions = [.. Of("AuditExemption").Select(ReadExemption)],
            MaximumSizes = ReadMaximumSizes(),
            Content = [.. Of("File").Select(ReadFile), .. Of("Directory").Select(ReadDirectory), .. Of("SymbolicLink").Select(ReadLink)],
            Subpackages = [.. Of("Subpackage").Select(ReadSubpackage)],
            Config = ReadConfig(),
            Containerfile = File.Exists(containerfile) ? containerfile : null,
        };
        Check(package);
        return package;
    }

    // MSBuild takes any name for an item type; those that somebody else reads are declared as they are declared to IDEs.
    private void CheckItemTypes()
    {
        var known = ItemTypes.Concat(KnownElsewhere).Concat(Of("AvailableItemName").Select(item => item.Include)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (type, line) in DefinitionText.ItemTypes(_projectFile))
            if (!known.Contains(type))
                throw new StageXException(ErrorCode.Meaningless,
                    $"nothing reads items of the type {type}; a package has {string.Join(", ", KnownMetadata.Keys)}. Types of your own are declared as AvailableItemName", _projectFile, line);
    }

    private void CheckMetadata(DefinitionItem item)
    {
        if (!KnownMetadata.TryGetValue(item.Type, out var known))
            return;
        if (item.Metadata.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Fault(item, ErrorCode.UnknownMetadata, $"{item.Type} has no metadata '{unknown}'; it knows {(known.Length == 0 ? "none" : string.Join(", ", known))}");
    }

    private Source ReadSource(DefinitionItem item)
    {
        if (!Digest.TryFromHex(item["Sha256"], out var sha256))
            throw Fault(item, ErrorCode.InvalidMetadata, item["Sha256"] is { } given
                ? $"Sha256 must be 64 hexadecimal digits, not '{given}'"
                : $"the source {item.Include} has no Sha256");
        var name = item["Name"] ?? _id.Name;
        if (name is "." or ".." || !name.All(c => char.IsAsciiLetterOrDigit(c) || "._+-".Contains(c)))
            throw Fault(item, ErrorCode.InvalidName, $"the source name '{name}' must be letters, digits, '.', '_', '+' and '-'");
        if (item["Commit"] is { } commit && (commit.Length != 40 || !commit.All(char.IsAsciiHexDigitLower)))
            throw Fault(item, ErrorCode.InvalidMetadata, "Commit must be 40 lower-case hexadecimal digits");
        return new Source
        {
            Include = item.Include,
            Name = name,
            Urls = [.. List(item["Mirrors"]).Prepend(item.Include).Where(url => url.Contains("://", StringComparison.Ordinal)).Select(url => ReadUrl(item, url))],
            Sha256 = sha256,
            Commit = item["Commit"],
            Extract = Flag(item, "Extract", true),
            Archive = item["Archive"] is { } archive ? Expand(item, archive) : null,
            Remove = List(item["Remove"]),
            Generated = List(item["Generated"]),
            Patches = [.. List(item["Patches"]).Select(patch => Path.GetFullPath(LocalFile(item, patch), Folder))],
        };
    }

    private Uri ReadUrl(DefinitionItem item, string text)
    {
        var expanded = Expand(item, text);
        return Uri.TryCreate(expanded, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "file"
            ? url
            : throw Fault(item, ErrorCode.InvalidMetadata, $"'{expanded}' is not an http, https or file URL");
    }

    private string Expand(DefinitionItem item, string text)
    {
        try
        {
            return _version.Expand(text);
        }
        catch (StageXException e)
        {
            throw Fault(item, e.Code, e.Message);
        }
    }

    private Reference ReadReference(DefinitionItem item)
    {
        var project = Path.GetFullPath(item.Include.Replace('\\', '/'), Folder);
        if (item["Subpackage"] is { } subpackage)
            PackageId.CheckName(subpackage, "subpackage", _projectFile, (item.Type, item.Include));
        return new Reference(item.Include, PackageId.FromProject(project).Subpackage(item["Subpackage"]), List(item["Stages"]),
            Flag(item, "Runtime", false), Flag(item, "Base", false), List(item["Overrides"]));
    }

    private Reference ReadImageReference(DefinitionItem item)
    {
        try
        {
            var image = ImageReference.Parse(item.Include, item["Digest"]).MustBePinned();
            return new Reference(item.Include, image.Id, List(item["Stages"]), Flag(item, "Runtime", false), Flag(item, "Base", false), List(item["Overrides"]), image.Digest);
        }
        catch (StageXException e) when (e.Item is null)
        {
            throw Fault(item, e.Code, e.Message);
        }
    }

    private string ReadPlatform()
    {
        var platform = Property("StageXPlatform");
        return PlatformPattern().IsMatch(platform) ? platform
            : throw Fault("StageXPlatform", ErrorCode.InvalidMetadata, $"StageXPlatform must be as linux/amd64 or linux/arm/v7, not '{platform}'");
    }

    private StageDefinition ReadStage(DefinitionItem item)
    {
        PackageId.CheckName(item.Include, "stage", _projectFile, (item.Type, item.Include));
        if (char.IsAsciiDigit(item.Include[0]))
            throw Fault(item, ErrorCode.InvalidName, $"the stage name '{item.Include}' must begin with a letter: a Containerfile counts its stages by number");
        var script = item["Script"] is { } file ? LocalFile(item, file) : null;
        var run = (item["Run"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => (IReadOnlyList<string>)line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        if ((script is null) == (run.Count == 0))
            throw Fault(item, ErrorCode.InvalidMetadata, $"the stage {item.Include} needs either a Script or a Run");
        var directories = List(item["Directories"]);
        foreach (var directory in directories)
            CheckPath(item, directory);
        return new StageDefinition(item.Include, script, run, item["From"], List(item["CopyFrom"]), directories);
    }

    // The stage of that name, with other steps.
    private StageDefinition ReadDiverse(DefinitionItem item)
    {
        CheckTargets(item, [item.Include], [.. Of("Stage").Select(stage => stage.Include)], "stage");
        var (stage, diverse) = (ReadStage(Of("Stage").First(stage => stage.Include == item.Include)), ReadStage(item));
        return stage with { Script = diverse.Script, Run = diverse.Run };
    }

    // A stage that goes on where the last one ended, or takes results like any other.
    private StageDefinition ReadTest(DefinitionItem item)
    {
        if (Of("Stage").LastOrDefault() is not { } last)
            throw Fault(item, ErrorCode.Meaningless, "there is no Stage whose work could be tested");
        if (Of("Stage").Any(stage => stage.Include == item.Include) || Of("Test").Count() > 1)
            throw Fault(item, ErrorCode.DuplicateItem, $"a package has one Test, with a name that no Stage has, not '{item.Include}'");
        var test = ReadStage(item);
        return test.CopyFrom.Count > 0 ? test : test with { From = last.Include };
    }

    private KnownFailure ReadKnownFailure(DefinitionItem item)
    {
        if (!Of("Test").Any())
            throw Fault(item, ErrorCode.Meaningless, "there is no Test that could fail");
        return new KnownFailure(item.Include, item["Reason"] ?? throw Fault(item, ErrorCode.InvalidMetadata, $"the KnownFailure {item.Include} needs a Reason"));
    }

    private AuditExemption ReadExemption(DefinitionItem item)
    {
        CheckPath(item, item.Include);
        return new AuditExemption(item.Include, List(item["Rules"]), item["Reason"] ?? throw Fault(item, ErrorCode.InvalidMetadata, $"the AuditExemption {item.Include} needs a Reason"));
    }

    private Dictionary<string, long> ReadMaximumSizes()
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        void Add(string id, string? text, Func<string, string, StageXException> fault)
        {
            if (text is { Length: > 0 })
                sizes.TryAdd(id, ByteSize.Parse(text) ?? throw fault(ErrorCode.InvalidMetadata, $"MaximumSize must be like {ByteSize.Form}, not '{text}'"));
        }
        Add(_id.ToString(), Property("MaximumSize"), (code, message) => Fault("MaximumSize", code, message));
        foreach (var item in Of("Subpackage"))
            Add(_id.Subpackage(item.Include), item["MaximumSize"], (code, message) => Fault(item, code, message));
        return sizes;
    }

    private ContentEntry ReadFile(DefinitionItem item)
    {
        var path = item["Path"] ?? throw Fault(item, ErrorCode.InvalidMetadata, $"the file {item.Include} has no Path in the image");
        if (path.EndsWith('/'))
            path += Path.GetFileName(item.Include);
        return Content(ContentKind.File, item, path, item.Include.StartsWith("fetch/", StringComparison.Ordinal) ? FetchedFile(item) : LocalFile(item, item.Include));
    }

    private string FetchedFile(DefinitionItem item)
    {
        var path = RelativePath(item, item.Include);
        var names = Of("Source").Select(source => source["Name"] ?? _id.Name).ToList();
        return names.Contains(path.Split('/')[1]) ? path : throw Fault(item, ErrorCode.MissingFile,
            $"{path} is in no source of the package; there is {(names.Count == 0 ? "none" : string.Join(", ", names.Select(name => $"fetch/{name}")))}");
    }

    private ContentEntry ReadDirectory(DefinitionItem item) => Content(ContentKind.Directory, item, item.Include, "");

    private ContentEntry ReadLink(DefinitionItem item) => Content(ContentKind.SymbolicLink, item, item.Include,
        item["To"] ?? throw Fault(item, ErrorCode.InvalidMetadata, $"the link {item.Include} does not say where To"));

    private ContentEntry Content(ContentKind kind, DefinitionItem item, string path, string from)
    {
        CheckPath(item, path);
        int? mode = null;
        if (item["Mode"] is { } text)
            mode = text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7') && Convert.ToInt32(text, 8) is var bits && (bits & 0b110_000_000_000) == 0
                ? bits
                : throw Fault(item, ErrorCode.InvalidMetadata, $"Mode must be three or four octal digits without setuid and setgid, not '{text}'");
        var owner = item["Owner"];
        if (owner is not null && (owner.Split(':') is not [var user, var group] || !int.TryParse(user, NumberStyles.None, null, out _) || !int.TryParse(group, NumberStyles.None, null, out _)))
            throw Fault(item, ErrorCode.InvalidMetadata, $"Owner must be numeric, as in 1000:1000, not '{owner}'");
        return new ContentEntry(kind, path, from, mode, owner);
    }

    private string ReadSubpackage(DefinitionItem item)
    {
        PackageId.CheckName(item.Include, "subpackage", _projectFile, (item.Type, item.Include));
        return item.Include;
    }

    private ImageConfig ReadConfig()
    {
        foreach (var item in _items.Where(item => item.Type is "ContainerEnvironmentVariable" or "ContainerLabel"))
            if ((item.Include + item["Value"]).Any(char.IsControl) || (item.Type == "ContainerEnvironmentVariable" && item.Include.Contains('=')))
                throw Fault(item, ErrorCode.InvalidMetadata, $"{item.Type} {item.Include} must be a name without '=', and a value on one line");
        foreach (var name in new[] { "ContainerUser", "ContainerWorkingDirectory" })
            if (Property(name).Any(char.IsControl))
                throw Fault(name, ErrorCode.InvalidMetadata, $"{name} must be on one line");
        return ConfigOfItems();
    }

    private ImageConfig ConfigOfItems() => ImageConfig.Empty with
    {
        Environment = [.. Of("ContainerEnvironmentVariable").Select(item => $"{item.Include}={item["Value"]}")],
        Labels = Of("ContainerLabel").GroupBy(item => item.Include).ToDictionary(group => group.Key, group => group.Last()["Value"] ?? "", StringComparer.Ordinal),
        Entrypoint = Of("ContainerEntrypoint").Select(item => item.Include).ToList() is { Count: > 0 } entrypoint ? entrypoint : null,
        Command = Of("ContainerDefaultArgs").Select(item => item.Include).ToList() is { Count: > 0 } command ? command : null,
        User = Property("ContainerUser"),
        WorkingDirectory = Property("ContainerWorkingDirectory"),
    };

    private void Check(PackageDefinition package)
    {
        Unique("Source", package.Sources.Select(source => (source.Include, source.Name)), "sources arrive as fetch/{0}: give one a Name of its own");
        Unique("Stage", package.Stages.Select(stage => (stage.Name, stage.Name)), "stages are named {0}");
        Unique("Subpackage", package.Subpackages.Select(name => (name, name)), "subpackages are named {0}");
        Unique(package.References.Select(reference => (reference.ItemType, reference.Include, reference.Id)), "references lead to {0}: one with all its metadata is enough");
        if (package.Containerfile is not null)
        {
            CheckBesideContainerfile();
            return;
        }
        if (package.Stages.Count == 0 && package.Content.Count == 0 && package.References.Count == 0)
            throw new StageXException(ErrorCode.EmptyPackage, "the package has no Stage, no content and no reference", _projectFile);
        CheckStages(package);
        CheckReferences(package);
        CheckInputs(package);
        CheckContent(package);
    }

    private void CheckBesideContainerfile()
    {
        foreach (var item in _items)
            if (KnownMetadata.ContainsKey(item.Type) && !KnownBesideContainerfile.Contains(item.Type))
                throw Fault(item, ErrorCode.Meaningless, $"there is a Containerfile in the folder, beside which {item.Type} items mean nothing: one of them must go");
            else if (item.Type is "ProjectReference" or "ImageReference" && new[] { "Stages", "Base" }.FirstOrDefault(name => item[name] is not null) is { } metadata)
                throw Fault(item, ErrorCode.Meaningless, $"there is a Containerfile in the folder, and it says itself where {item.Include} goes: {metadata} means nothing");
        foreach (var name in new[] { "ContainerUser", "ContainerWorkingDirectory" })
            if (Property(name).Length > 0)
                throw Fault(name, ErrorCode.Meaningless, $"there is a Containerfile in the folder, beside which {name} means nothing: say it there");
    }

    private void CheckStages(PackageDefinition package)
    {
        var targets = package.Images.Select(image => image.Target).ToList();
        foreach (var (stage, item) in package.Stages.Zip(Of("Stage")))
        {
            var (before, after) = (package.Stages.TakeWhile(other => other != stage), package.Stages.SkipWhile(other => other != stage).Skip(1));
            if (targets.Contains(stage.Name))
                throw Fault(item, ErrorCode.InvalidName, $"'{stage.Name}' is the name of the stage that the image is made from");
            CheckTargets(item, stage.CopyFrom.Concat(stage.From is null ? [] : [stage.From]), [.. before.Select(earlier => earlier.Name)], "earlier stage");
            if (stage != package.Stages[^1] && !after.Any(later => later.From == stage.Name || later.CopyFrom.Contains(stage.Name)))
                throw Fault(item, ErrorCode.Meaningless, $"nothing takes what the stage '{stage.Name}' makes: name it in From or CopyFrom of a later one");
        }
        if (package.Test is { } test)
            CheckTargets(Of("Test").Single(), test.CopyFrom, [.. package.Stages.Select(stage => stage.Name)], "stage");
    }

    private void CheckReferences(PackageDefinition package)
    {
        var targets = package.Images.Select(image => image.Target).ToList();
        foreach (var (reference, item) in package.References.Zip([.. Of("ProjectReference"), .. Of("ImageReference")]))
        {
            CheckTargets(item, reference.Stages, [.. package.Stages.Select(stage => stage.Name), .. package.Test is { From: null } test ? [test.Name] : Array.Empty<string>(), .. targets], "stage");
            if (package.Stages.FirstOrDefault(stage => stage.From is not null && reference.Stages.Contains(stage.Name)) is { } whole)
                throw Fault(item, ErrorCode.Meaningless, $"the stage '{whole.Name}' has the root of '{whole.From}': give the reference to that one");
            if (reference.Base && !targets.Any(target => package.IsBelow(reference, target)))
                throw Fault(item, ErrorCode.Meaningless, $"Base says what an image starts from, and Stages names none: add {string.Join(" or ", targets)}");
            if (reference.Base && targets.Any(target => package.IsBelow(reference, target) && package.References.First(other => other.Base && package.IsBelow(other, target)) != reference))
                throw Fault(item, ErrorCode.DuplicateItem, "an image starts from one Base, and there is another before this one");
        }
    }

    // All of them arrive in one folder, under their file names.
    private void CheckInputs(PackageDefinition package)
    {
        foreach (var (input, item) in package.Inputs.Zip(Of("Input")))
        {
            CheckTargets(item, input.Stages, [.. package.Stages.Select(stage => stage.Name), .. package.Test is { } test ? [test.Name] : Array.Empty<string>()], "stage");
            if (package.Stages.Count == 0)
                throw Fault(item, ErrorCode.Meaningless, $"there is no Stage that the Input {input.Path} could be for");
            foreach (var stage in package.Stages)
                if (package.FilesOf(stage).Append(PackageDefinition.JobsFile).FirstOrDefault(other => other != input.Path && Path.GetFileName(other) == Path.GetFileName(input.Path)) is { } twin
                    && package.FilesOf(stage).Contains(input.Path))
                    throw Fault(item, ErrorCode.DuplicateItem, $"{input.Path} and {twin} would both be {Path.GetFileName(twin)} in the folder of the stage '{stage.Name}'");
        }
    }

    private void CheckContent(PackageDefinition package)
    {
        var byPath = new Dictionary<string, ContentKind>(StringComparer.Ordinal);
        var all = package.Content.Zip([.. Of("File"), .. Of("Directory"), .. Of("SymbolicLink")]).ToList();
        foreach (var (entry, item) in all)
            if (!byPath.TryAdd(entry.Path, entry.Kind))
                throw Fault(item, ErrorCode.DuplicateItem, $"there is other content at {entry.Path}");
        foreach (var (entry, item) in all)
            for (var folder = Path.GetDirectoryName(entry.Path)!; folder.Length > 1; folder = Path.GetDirectoryName(folder)!)
                if (byPath.GetValueOrDefault(folder, ContentKind.Directory) != ContentKind.Directory)
                    throw Fault(item, ErrorCode.InvalidMetadata, $"{entry.Path} lies below {folder}, which is no directory; write where that leads");
    }

    private void CheckTargets(DefinitionItem item, IEnumerable<string> wanted, IReadOnlyList<string> known, string what)
    {
        if (wanted.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw Fault(item, ErrorCode.UnknownTarget, $"there is no {what} '{unknown}'; there is {(known.Count == 0 ? "none" : string.Join(", ", known))}");
    }

    private void Unique(string type, IEnumerable<(string Include, string Name)> items, string message) => Unique(items.Select(item => (type, item.Include, item.Name)), message);

    private void Unique(IEnumerable<(string Type, string Include, string Name)> items, string message)
    {
        if (items.GroupBy(item => item.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new StageXException(ErrorCode.DuplicateItem, "two " + string.Format(CultureInfo.InvariantCulture, message, twice.Key), _projectFile) { Item = (twice.Last().Type, twice.Last().Include) };
    }

    private void CheckPath(DefinitionItem item, string path)
    {
        if (!path.StartsWith('/') || path.Length < 2 || path.EndsWith('/') || path[1..].Split('/').Any(part => part is "" or "." or "..") || path.Any(c => char.IsControl(c) || c == ' '))
            throw Fault(item, ErrorCode.InvalidMetadata, $"'{path}' must be an absolute path without blanks, '.', '..' and a trailing '/'");
    }

    // A file of the package's folder, or of one that the package references: what is changed there is seen, and judged, with that
    // package. Nothing else can be named.
    private string LocalFile(DefinitionItem item, string file)
    {
        var lender = Lender(file) ?? "";
        var path = Path.GetFullPath(lender + RelativePath(item, file[lender.Length..]), Folder);
        var relative = Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return File.Exists(path) ? relative
            : throw Fault(item, ErrorCode.MissingFile, $"the file {file} does not exist in {Folder}");
    }

    // The folder of another package of this tree that a path leads to, as it is written there: ../<name>/ or ../../<stage>/<name>/.
    private string? Lender(string file)
    {
        var names = file.Replace('\\', '/').Split('/');
        var depth = names is ["..", "..", not "..", ..] ? 4 : 2;
        if (names.Length <= depth || names[0] != ".." || names[depth - 1] is "" or "." or "..")
            return null;
        var folder = string.Join('/', names[..depth]) + "/";
        return File.Exists(Path.Combine(Folder, folder, names[depth - 1] + ".msbuildproj")) ? folder : null;
    }

    private string RelativePath(DefinitionItem item, string file)
    {
        var relative = file.Replace('\\', '/');
        if (Path.IsPathRooted(relative) || relative.Split('/').Any(part => part is "" or "." or "..") || relative.Any(c => char.IsWhiteSpace(c) || "*?[]\"'$".Contains(c)))
            throw Fault(item, ErrorCode.InvalidMetadata, $"'{file}' must be a path below the package's folder, or that of another package, without blanks and special characters");
        return relative;
    }

    private bool Flag(DefinitionItem item, string name, bool otherwise) => item[name] is not { } text ? otherwise
        : bool.TryParse(text, out var value) ? value : throw Fault(item, ErrorCode.InvalidMetadata, $"{name} must be true or false, not '{text}'");

    private IEnumerable<DefinitionItem> Of(string type) => _items.Where(item => item.Type == type);

    private string Property(string name) => _properties.GetValueOrDefault(name, "");

    private static string[] List(string? text) => (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // A property: its element has no Include.
    private StageXException Fault(string property, string code, string message) => new(code, message, _projectFile) { Item = (property, "") };

    private StageXException Fault(DefinitionItem item, string code, string message) => new(code, message, _projectFile) { Item = (item.Type, item.Include) };

    [GeneratedRegex("^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PlatformPattern();
}
