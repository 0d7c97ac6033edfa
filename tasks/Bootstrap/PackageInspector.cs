using System.Text;
using StageX.Build.Packages;
using StageX.Build.Sources;
using StageX.Build.Stages;

namespace StageX.Build.Bootstrap;

/// <summary>
/// Judges what one package brings into the chain: its sources, its files, its definition. Everything else comes from
/// packages that it references and that are judged themselves: a Containerfile can start from nothing else.
/// </summary>
public sealed class PackageInspector
{
    /// <summary>The one package that may have a seed.</summary>
    public const string SeedPackage = "bootstrap-stage0";

    public const int LargestSeed = 181;

    private readonly PackageDefinition _package;
    private readonly PackagePlan _plan;
    private readonly BuildEnvironment _environment;
    private readonly CancellationToken _cancellation;
    private readonly List<StageXException> _faults = [];
    private readonly List<GeneratedText> _debt = [];
    private long _lines;
    private int _dataFiles;
    private long _dataBytes;

    public PackageInspector(PackageDefinition package, DependencySet dependencies, BuildEnvironment environment, CancellationToken cancellation)
    {
        _package = package;
        _plan = PackagePlan.Create(package, dependencies);
        _environment = environment;
        _cancellation = cancellation;
    }

    /// <param name="definition">The evaluated definition: a command or a variable can carry code too.</param>
    /// <exception cref="AggregateException">Of <see cref="StageXException"/>, everything that is wrong.</exception>
    public PackageRecord Inspect(IReadOnlyList<DefinitionItem> definition)
    {
        var seed = InspectSeed();
        var pages = InspectPages();
        InspectFiles(seed);
        InspectDefinition(definition);
        foreach (var source in _package.Sources)
            InspectSource(source);
        if (_faults.Count > 0)
            throw new AggregateException(_faults);
        return new PackageRecord
        {
            Id = _package.Id.ToString(),
            Project = _package.ProjectFile,
            Folder = PackageRecord.FolderOf(_package.ProjectFile),
            References = [.. _package.References.Select(reference => PackageId.FromProject(Path.GetFullPath(reference.Include.Replace('\\', '/'), _package.Folder)).ToString()).Distinct().Order(StringComparer.Ordinal)],
            SeedBytes = seed is null ? 0 : (int)new FileInfo(Path.Combine(_package.Folder, seed)).Length,
            Steps = _plan.Stages.Sum(stage => stage.Steps.Count(step => step.Keyword == "RUN")),
            Lines = _lines,
            PageLines = pages.Sum(page => page.Lines),
            PageBytes = pages.Sum(page => page.Bytes),
            DataFiles = _dataFiles,
            DataBytes = _dataBytes,
            Debt = _debt,
        };
    }

    private void Fault(string code, string message, string type, string include) =>
        _faults.Add(new StageXException(code, message, _package.ProjectFile) { Item = (type, include) });

    private string? InspectSeed()
    {
        foreach (var (index, seed) in _package.Seeds.Index())
            if (_package.Id.ToString() != SeedPackage)
                Fault(ErrorCode.MisplacedSeed, $"only {SeedPackage} has a seed: {seed} must be built from source", "Seed", seed);
            else if (index > 0)
                Fault(ErrorCode.MisplacedSeed, $"there is one seed, {_package.Seeds[0]}: {seed} must be built from it", "Seed", seed);
            else if (new FileInfo(Path.Combine(_package.Folder, seed)).Length is > LargestSeed and var length)
                Fault(ErrorCode.SeedTooLarge, $"the seed {seed} has {length} bytes; {LargestSeed} are allowed", "Seed", seed);
        return _faults.Count == 0 && _package.Seeds is [var only, ..] ? only : null;
    }

    private List<HexadecimalPage> InspectPages()
    {
        var pages = new List<HexadecimalPage>();
        foreach (var page in _package.Pages)
            try
            {
                pages.Add(HexadecimalPage.Read(Path.Combine(_package.Folder, page)));
            }
            catch (StageXException e)
            {
                _faults.Add(e);
            }
        return pages;
    }

    // Every file that can reach a step or the image, and patches, which are read as what they leave.
    private void InspectFiles(string? seed)
    {
        var inspector = new ContentInspector(_cancellation);
        var count = new FileCount(_package.Generated);
        foreach (var path in LocalFiles().Where(path => path != seed))
        {
            var file = Path.Combine(_package.Folder, path);
            byte[]? bytes;
            if (_package.Pages.Contains(path))
            {
                inspector.Inspect(File.ReadAllBytes(file), path, isPage: true);
                continue;
            }
            bytes = inspector.Inspect(file, path);
            if (bytes is not null && HexadecimalPage.Resembles(bytes))
                Fault(new Finding(path, "", ""), $"{path} is bytes in hexadecimal: declare <Hexadecimal Include=\"{path}\" />, so that they are counted, and explain each line of them.", ErrorCode.UndeclaredPage);
            if (bytes is not null && IsPatch(path))
                inspector.Inspect(Patched(bytes), path, "as what it leaves");
            count.Add(path, bytes, new FileInfo(file).Length);
        }
        var verdict = count.Verdict(inspector.Findings);
        foreach (var finding in verdict.Findings)
            Fault(finding, $"{finding}. {(finding.IsOpaque ? "Nobody can say what it is" : "It was not built in the chain")}: a package brings sources only.");
        foreach (var text in verdict.Generated.Where(text => !text.IsDeclared))
            Fault(new Finding(text.Path, "", ""), $"{text.Path} was generated by {text.Tool}: declare <Generated Include=\"{text.Path}\" />, or make it in a step.", ErrorCode.UndeclaredGenerated);
        foreach (var useless in verdict.Useless)
            Fault(ErrorCode.UselessGenerated, $"no file of the package is {useless}", "Generated", useless);
        Count(verdict, "");
    }

    private IEnumerable<string> LocalFiles()
    {
        var files = _plan.Context.Entries.Where(entry => entry.LocalFile is not null).Select(entry => entry.LocalFile!)
            .Concat(_package.Inputs.Select(input => Path.Combine(_package.Folder, input.Path)))
            .Concat(_package.Sources.SelectMany(source => source.Patches));
        if (_package.Containerfile is not null)
            files = files.Append(_package.Containerfile);
        return files.Select(file => Path.GetRelativePath(_package.Folder, file).Replace(Path.DirectorySeparatorChar, '/')).Distinct().Order(StringComparer.Ordinal);
    }

    private bool IsPatch(string path) => _package.Sources.Any(source => source.Patches.Contains(Path.GetFullPath(path, _package.Folder)));

    private static byte[] Patched(byte[] patch)
    {
        var result = new StringBuilder();
        foreach (var line in Encoding.Latin1.GetString(patch).Split('\n').Where(line => line is ['+' or ' ', ..] && !line.StartsWith("+++ ", StringComparison.Ordinal)))
            result.Append(line.AsSpan(1)).Append('\n');
        return Encoding.Latin1.GetBytes(result.ToString());
    }

    // At the item that names the file; what lies in the folder of a hand-written Containerfile stands at the step that copies it.
    private void Fault(Finding finding, string message, string? code = null)
    {
        code ??= finding.IsOpaque ? ErrorCode.OpaqueArchive : ErrorCode.ForeignCode;
        if (_package.Sources.FirstOrDefault(source => source.Patches.Contains(Path.GetFullPath(finding.File, _package.Folder))) is { } patched)
            Fault(code, message, "Source", patched.Include);
        else if (_package.Containerfile is { } containerfile)
            _faults.Add(new StageXException(code, message, containerfile, LineThatCopies(finding.File)));
        else if (_package.Content.Any(entry => entry.From == finding.File))
            Fault(code, message, "File", finding.File);
        else if (_package.Stages.FirstOrDefault(stage => stage.Script == finding.File) is { } stage)
            Fault(code, message, "Stage", stage.Name);
        else
            Fault(code, message, "Input", finding.File);
    }

    private int LineThatCopies(string path)
    {
        foreach (var step in _plan.Stages.SelectMany(stage => stage.Steps).Where(step => step.Keyword is "COPY" or "ADD" && step.CopyFrom is null))
            if (step.CopySources.Any(pattern => _plan.Context.Match(pattern).Entries.Any(entry => entry.Path == path || entry.LocalFile == Path.Combine(_package.Folder, path))))
                return step.Line;
        return 1;
    }

    private void InspectDefinition(IReadOnlyList<DefinitionItem> definition)
    {
        foreach (var item in definition)
        {
            var inspector = new ContentInspector(_cancellation);
            inspector.Inspect(Encoding.UTF8.GetBytes(string.Join('\n', item.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value).Prepend(item.Include))), $"the {item.Type} {item.Include.Split('\n')[0]}");
            if (inspector.Findings is [var finding, ..])
                Fault(finding.IsOpaque ? ErrorCode.OpaqueArchive : ErrorCode.ForeignCode, $"{finding}. It was not built in the chain: a definition holds text only.", item.Type, item.Include);
        }
    }

    private void InspectSource(Source source)
    {
        var inspector = new SourceInspector(_environment.Cache, _environment.Sources, Path.Combine(_environment.Artifacts, "tmp", $"{_package.Id}.gate"), _cancellation);
        var verdict = inspector.Inspect(source, () =>
            new SourceFetcher(_environment.Sources, _environment.Fetch, _environment.Log).FetchAsync([source], _cancellation).GetAwaiter().GetResult());
        foreach (var finding in verdict.Findings)
            _faults.Add(source.Fault(finding.IsOpaque ? ErrorCode.OpaqueArchive : ErrorCode.ForeignCode,
                $"{source.Name}: {finding}. {(source.Extract ? $"Name it for removal (<Remove>{finding.File}</Remove> inside the Source), or do without it" : "Take a source that can be read")}: only what was built in the chain may run."));
        var undeclared = verdict.Generated.Where(text => !text.IsDeclared).ToList();
        if (undeclared.Count > 0)
            _faults.Add(source.Fault(ErrorCode.UndeclaredGenerated,
                $"{source.Name}: {undeclared[0].Path} was generated by {undeclared[0].Tool}{(undeclared.Count > 1 ? $", and {undeclared.Count - 1} more by such tools" : "")}. "
                + $"Declare what you keep (Generated=\"{string.Join(';', undeclared.Select(text => text.Path))}\"), or name it for removal and make it in a step."));
        foreach (var useless in verdict.Useless)
            _faults.Add(source.Fault(ErrorCode.UselessGenerated, $"Generated '{useless}' matches nothing in {source.Name}."));
        Count(verdict, $"fetch/{source.Name}/");
    }

    private void Count(Verdict verdict, string prefix)
    {
        _lines += verdict.Lines;
        _dataFiles += verdict.DataFiles;
        _dataBytes += verdict.DataBytes;
        _debt.AddRange(verdict.Generated.Select(text => text with { Path = prefix + text.Path }));
    }
}
