using StageX.Build.Sources;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Turns what COPY and ADD take from the build context into what every engine does alike: here-documents become files of the
/// context, <c>COPY --from=fetch</c> its folder of sources, the archives of ADD folders that we extract, and an address that
/// the definition declares its source.
/// </summary>
internal sealed class ContextCopies
{
    private readonly BuildContext _context;
    private readonly string _file;

    private ContextCopies(BuildContext context, string file) => (_context, _file) = (context, file);

    /// <summary>Adds to the context what the result takes from it.</summary>
    /// <param name="containerfile">As parsed.</param>
    /// <param name="context">With the local files and sources.</param>
    /// <param name="file">The Containerfile's path, for errors.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.ContainerfileUnsupported"/>, with the line.</exception>
    public static Containerfile Resolve(Containerfile containerfile, BuildContext context, string file)
    {
        foreach (var (path, text) in containerfile.Documents)
            context.Add(new ContextEntry(path, ContextKind.File, Containerfile.IsProgram(path) ? 0b111_101_101 : 0b110_100_100, Text: text));
        var copies = new ContextCopies(context, file);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var stages = new List<ContainerStage>();
        foreach (var stage in containerfile.Stages)
        {
            stages.Add(stage with { Instructions = [.. stage.Instructions.SelectMany(step => copies.Resolve(step, names))] });
            names.Add(stage.Name);
        }
        return containerfile with { Stages = stages };
    }

    private IEnumerable<Instruction> Resolve(Instruction step, HashSet<string> stages)
    {
        if (step.Keyword == "COPY" && step.CopyFrom == BuildContext.FetchFolder && !stages.Contains(BuildContext.FetchFolder))
            step = step with
            {
                Flags = [.. step.Flags.Where(flag => flag.Name != "from")],
                Arguments = [.. step.CopySources.Select(source => $"{BuildContext.FetchFolder}/{BuildContext.Normalize(source)}"), step.CopyDestination],
            };
        if (step.Keyword is not ("COPY" or "ADD") || step.CopyFrom is not null)
            return [step];
        // Engines differ in what they make of a path that climbs; it cannot leave the context.
        step = step with { Arguments = [.. step.CopySources.Select(source => source.Split('/').Contains("..") && !IsAddress(source) ? BuildContext.Normalize(source) : source), step.CopyDestination] };
        return step.Keyword == "COPY" ? [step] : Add(step);
    }

    private IEnumerable<Instruction> Add(Instruction step)
    {
        if (step.CopySources.FirstOrDefault(IsRepository) is { } repository)
            throw Unsupported(step, $"ADD of {repository}: declare a Source with its Commit and Sha256, and COPY it from fetch/");
        var checksum = step.Flag("checksum");
        if (checksum is not null && step.CopySources.Any(source => !IsAddress(source)))
            throw Unsupported(step, "--checksum is about what is fetched: the files of the package are those of the checkout");
        var flags = step.Flags.Where(flag => flag.Name != "checksum").ToList();
        Instruction Copy(IReadOnlyList<(string, string)> flags, IEnumerable<string> sources, string destination) =>
            new("COPY", flags, [.. sources, destination], step.IsExec, step.Line);

        // What stays together stays one step, in the order written.
        var plain = new List<string>();
        var toFolder = step.CopyDestination.EndsWith('/') || step.CopyDestination == "." ? step.CopyDestination : step.CopyDestination + "/";
        foreach (var source in step.CopySources)
        {
            if (IsAddress(source))
            {
                var fetched = FetchedFrom(source, checksum, step);
                yield return Copy(flags.Any(flag => flag.Name == "chmod") ? flags : [("chmod", "600"), .. flags], [$"{BuildContext.FetchFolder}/{fetched.Name}"],
                    toFolder == step.CopyDestination ? $"{(toFolder == "." ? "" : toFolder)}{Path.GetFileName(new Uri(source).AbsolutePath)}" : step.CopyDestination);
                continue;
            }
            var (entries, sources) = _context.MatchNamed(source);
            if (sources.FirstOrDefault(fetched => !fetched.Extract) is { } packed)
                throw Unsupported(step, $"ADD of {BuildContext.FetchFolder}/{packed.Name}, which is delivered as a file: COPY it, or let the Source be extracted");
            var archives = entries.Where(entry => entry.LocalFile is not null && SourceTree.IsArchive(entry.LocalFile)).ToList();
            if (archives.Count == 0)
            {
                plain.Add(source);
                continue;
            }
            if (flags.Count > 0)
                throw Unsupported(step, $"ADD --{flags[0].Name} means nothing to what the archive {archives[0].Path} brings: change that in a step");
            plain.AddRange(entries.Except(archives).Select(entry => entry.Path));
            foreach (var archive in archives)
                yield return Copy([], [_context.AddArchive(archive) + "/"], toFolder);
        }
        if (plain.Count > 0)
            yield return Copy(flags, plain, step.CopyDestination);
    }

    private Source FetchedFrom(string address, string? checksum, Instruction step)
    {
        var source = _context.Sources.FirstOrDefault(source => source.Urls.Any(url => url.OriginalString == address))
            ?? throw Unsupported(step, $"ADD of {address}: declare a Source with its Sha256 and Extract=\"false\", or without that, and COPY it from fetch/");
        if (source.Extract)
            throw Unsupported(step, $"ADD of {address} puts the file there as it is, and its Source is extracted: set Extract=\"false\", or COPY it from fetch/{source.Name}/");
        if (checksum is not null && checksum != source.Sha256.ToString())
            throw Unsupported(step, $"--checksum={checksum}: the definition says {source.Sha256} of {address}");
        return source;
    }

    private static bool IsAddress(string source) => source.Contains("://", StringComparison.Ordinal);

    private static bool IsRepository(string source) =>
        source.StartsWith("git@", StringComparison.Ordinal) || source.StartsWith("git://", StringComparison.Ordinal) || source.StartsWith("ssh://", StringComparison.Ordinal)
        || (IsAddress(source) && source.Split('#')[0].EndsWith(".git", StringComparison.Ordinal));

    private StageXException Unsupported(Instruction step, string what) => new(ErrorCode.ContainerfileUnsupported, what, _file, step.Line);
}
