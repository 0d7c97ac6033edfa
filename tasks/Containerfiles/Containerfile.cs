namespace StageX.Build.Containerfiles;

/// <summary>A parsed Containerfile: stages in order, variables expanded, comments gone.</summary>
/// <param name="Stages">In order.</param>
/// <param name="Documents">
/// The here-documents that instructions take as files of the build context: path and content.
/// </param>
public sealed record Containerfile(IReadOnlyList<ContainerStage> Stages, IReadOnlyDictionary<string, string> Documents)
{
    /// <summary>Where documents are in the build context.</summary>
    internal const string DocumentsFolder = ".stagex/documents";

    // In the name of its folder.
    private const string ProgramMark = "x";

    /// <summary>Where a document of that content is: neither its place in the file nor the others play a role.</summary>
    internal static string DocumentPath(string name, string text, bool isProgram) =>
        $"{DocumentsFolder}/{Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)).Hex}{(isProgram ? ProgramMark : "")}/{name}";

    internal static bool IsProgram(string documentPath) => documentPath.Split('/')[^2].EndsWith(ProgramMark, StringComparison.Ordinal);

    public ContainerStage? Find(string name) => Stages.LastOrDefault(stage => stage.Name == name);
}

/// <summary>From one FROM to the next.</summary>
/// <param name="Name">Its name, or its number where it has none.</param>
/// <param name="From">"scratch", the name of an earlier stage, or an image.</param>
/// <param name="Instructions">What follows the FROM line.</param>
/// <param name="Line">1-based line of the FROM.</param>
public sealed record ContainerStage(string Name, string From, IReadOnlyList<Instruction> Instructions, int Line);

/// <summary>One instruction.</summary>
/// <param name="Keyword">In upper case.</param>
/// <param name="Flags">The <c>--name=value</c> before the arguments, in the order written.</param>
/// <param name="Arguments">The words; for a shell form the whole command as one.</param>
/// <param name="IsExec">Whether the arguments were written as a JSON array.</param>
/// <param name="Line">1-based line of the keyword.</param>
public sealed record Instruction(
    string Keyword, IReadOnlyList<(string Name, string Value)> Flags, IReadOnlyList<string> Arguments, bool IsExec, int Line)
{
    internal static readonly IReadOnlyList<string> DefaultShell = ["/bin/sh", "-c"];

    /// <summary>What a shell form is run by.</summary>
    public IReadOnlyList<string> Shell { get; init; } = DefaultShell;

    /// <summary>A command as it is started, whichever form it has.</summary>
    public IReadOnlyList<string> CommandLine => IsExec ? Arguments : [.. Shell, .. Arguments];

    public string? Flag(string name) => Flags.FirstOrDefault(flag => flag.Name == name) is { Name: not null } flag ? flag.Value : null;

    /// <summary>The stage or image that COPY takes from, or null where it is the build context.</summary>
    public string? CopyFrom => Keyword == "COPY" ? Flag("from") : null;

    public IReadOnlyList<string> CopySources => Arguments.Take(Arguments.Count - 1).ToList();

    public string CopyDestination => Arguments[^1];

    /// <summary>Changes the root filesystem or how later steps run; the others only describe the image.</summary>
    /// <remarks>
    /// VOLUME is not among them: some engines throw away what later steps write there, others keep it, and a volume
    /// says something about running the image, not about building it.
    /// </remarks>
    public bool AffectsFilesystem => Keyword is "RUN" or "COPY" or "ADD" or "WORKDIR" or "ENV" or "ARG" or "USER";

    public override string ToString()
    {
        var flags = string.Concat(Flags.Select(flag => flag.Value.Length > 0 ? $"--{flag.Name}={flag.Value} " : $"--{flag.Name} "));
        return $"{Keyword} {flags}{ArgumentText()}";
    }

    // Engines expand the words of every instruction but the commands, whichever form they have.
    private string ArgumentText() => Keyword switch
    {
        "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" => IsExec ? JsonText.Array(Arguments) : Arguments[0],
        "ENV" or "LABEL" => string.Join(' ', Arguments.Chunk(2).Select(pair => $"{JsonText.Quote(pair[0])}={JsonText.Quote(pair[1])}")),
        "ARG" => Arguments.Count == 1 ? Arguments[0] : $"{Arguments[0]}={JsonText.Quote(Arguments[1])}",
        "COPY" or "ADD" or "VOLUME" when IsExec || Arguments.Any(word => word.Any(char.IsWhiteSpace)) => JsonText.Array(Arguments.Select(JsonText.Escape)),
        _ => string.Join(' ', Arguments.Select(JsonText.Quote)),
    };
}

internal static class JsonText
{
    private static readonly System.Text.Json.JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Array(IEnumerable<string> words) => System.Text.Json.JsonSerializer.Serialize(words, Options);

    /// <summary>A word that needs no quotes stays bare; in quotes, what the shell-like lexer of engines would expand is escaped.</summary>
    internal static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "._-/:+@%,=*?[]^".Contains(c))
            ? value
            : "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$") + "\"";

    /// <summary>The same outside quotes.</summary>
    internal static string Escape(string value) =>
        string.Concat(value.Select(c => c is '\\' or '"' or '\'' or '$' ? "\\" + c : c.ToString()));
}
