using System.Text.Json;
using System.Text.RegularExpressions;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Reads a Containerfile (the format of containerfile(5), also known as Dockerfile) into instructions, with ARG and ENV
/// variables expanded wherever the format expands them. What no engine may do in a reproducible build is refused at its line.
/// </summary>
public sealed partial class ContainerfileParser
{
    private static readonly string[] Keywords =
        ["FROM", "ARG", "RUN", "COPY", "ADD", "ENV", "WORKDIR", "USER", "ENTRYPOINT", "CMD", "LABEL", "EXPOSE", "VOLUME", "STOPSIGNAL", "SHELL"];

    /// <summary>PATH where neither the image nor the Containerfile sets it.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly string _file;
    private readonly Dictionary<string, string> _buildArguments;
    private readonly Func<string, IReadOnlyList<string>> _environmentOf;
    private readonly string? _platform;
    private readonly Dictionary<string, string> _globalArguments;
    private readonly List<(string Name, string From, List<Instruction> Instructions, int Line)> _stages = [];
    private readonly Dictionary<string, (Dictionary<string, string> Environment, Dictionary<string, string> Variables)> _ended = new(StringComparer.Ordinal);
    private Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _shells = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _documents = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _shell = Instruction.DefaultShell;
    private InstructionReader _reader = new("");

    private ContainerfileParser(string file, IReadOnlyDictionary<string, string> buildArguments, Func<string, IReadOnlyList<string>> environmentOf)
    {
        _file = file;
        // The platform is a default for whoever asks without one of his own.
        _globalArguments = buildArguments.Where(argument => Platform().IsMatch(argument.Key)).ToDictionary(StringComparer.Ordinal);
        _buildArguments = buildArguments.Where(argument => !Platform().IsMatch(argument.Key)).ToDictionary(StringComparer.Ordinal);
        _platform = buildArguments.GetValueOrDefault("TARGETPLATFORM");
        _environmentOf = environmentOf;
    }

    /// <param name="text">The Containerfile's text.</param>
    /// <param name="file">Its path, for errors.</param>
    /// <param name="buildArguments">Values for ARG that win over the defaults in the text; those of the platform do not.</param>
    /// <param name="environmentOf">The environment (K=V) of an image that a stage starts from.</param>
    /// <exception cref="StageXException">
    /// <see cref="ErrorCode.ContainerfileSyntax"/>, <see cref="ErrorCode.ContainerfileUnsupported"/>, with the line.
    /// </exception>
    public static Containerfile Parse(
        string text, string file, IReadOnlyDictionary<string, string> buildArguments, Func<string, IReadOnlyList<string>> environmentOf) =>
        new ContainerfileParser(file, buildArguments, environmentOf).Parse(text);

    private Containerfile Parse(string text)
    {
        _reader = new InstructionReader(text);
        if (_reader.BadDirective > 0)
            throw Syntax(_reader.BadDirective, "the escape directive must be \\ or `");
        while (_reader.Next() is var (line, logical))
            Read(logical, line);
        if (_stages.Count == 0)
            throw Syntax(1, "there is no FROM");
        return new Containerfile([.. _stages.Select(stage => new ContainerStage(stage.Name, stage.From, stage.Instructions, stage.Line))], _documents);
    }

    private void Read(string text, int line)
    {
        var end = text.IndexOfAny([' ', '\t']);
        var keyword = (end < 0 ? text : text[..end]).ToUpperInvariant();
        var rest = end < 0 ? "" : text[end..].TrimStart();
        if (keyword is "MAINTAINER" or "HEALTHCHECK" or "ONBUILD")
            throw Unsupported(line, $"{keyword} has no place in an OCI image{(keyword == "MAINTAINER" ? ": write LABEL org.opencontainers.image.authors=…" : "")}");
        if (!Keywords.Contains(keyword))
            throw Syntax(line, $"'{keyword}' is not an instruction");
        if (_stages.Count == 0 && keyword is not ("FROM" or "ARG"))
            throw Syntax(line, $"{keyword} stands before the first FROM");

        var flags = ReadFlags(keyword, ref rest, line);
        if (rest.Length == 0)
            throw Syntax(line, $"{keyword} needs an argument");
        CheckFlags(keyword, flags, line);
        switch (keyword)
        {
            case "FROM":
                ReadFrom(Words(rest, line, lookUp: _globalArguments.GetValueOrDefault), line);
                break;
            case "ARG":
                ReadArguments(rest, line);
                break;
            default:
                Add(ReadInstruction(keyword, flags, rest, line));
                break;
        }
    }

    private Instruction ReadInstruction(string keyword, List<(string Name, string Value)> flags, string rest, int line)
    {
        if (keyword is "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "COPY" or "ADD" or "VOLUME" && ReadJsonArray(rest) is { } array)
        {
            var arguments = keyword is "COPY" or "ADD" or "VOLUME" ? [.. array.Select(word => Expand(word, line))] : array;
            CheckCopy(keyword, arguments, line);
            if (keyword is "RUN" or "SHELL" && arguments.Count == 0)
                throw Syntax(line, $"{keyword} needs a command");
            if (keyword == "SHELL")
                _shell = arguments;
            return new Instruction(keyword, flags, arguments, true, line);
        }
        var documents = keyword is "RUN" or "COPY" or "ADD"
            ? HereDocument.In(rest).Select(document => _reader.Read(document) ?? throw Syntax(line, $"the here-document is not ended by a line {document.Name}")).ToList()
            : [];
        switch (keyword)
        {
            case "SHELL":
                throw Syntax(line, "SHELL takes a JSON array");
            case "RUN" when documents.Count > 0:
                return RunDocuments(flags, rest, documents, line);
            case "RUN" or "CMD" or "ENTRYPOINT":
                return new Instruction(keyword, flags, [rest], false, line) { Shell = _shell };
            case "ENV" or "LABEL":
                var pairs = Pairs(rest, line);
                if (keyword == "ENV")
                    foreach (var pair in pairs.Chunk(2))
                        _environment[pair[0]] = _variables[pair[0]] = pair[1];
                return new Instruction(keyword, flags, pairs, false, line);
            case "COPY" or "ADD":
                var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                CheckCopy(keyword, words, line);
                // Documents come after files, however they are mixed.
                return new Instruction(keyword, flags,
                    [
                        .. words[..^1].Where(word => HereDocument.Parse(word) is null).Select(word => Expand(word, line)),
                        .. documents.Select(document => Deliver(document.Name, document.Expands ? ExpandDocument(document.Text, line) : document.Text, line)),
                        Expand(words[^1], line),
                    ], false, line);
            case "VOLUME":
                return new Instruction(keyword, flags, [.. rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Expand(word, line))], false, line);
            case "EXPOSE":
                return new Instruction(keyword, flags, [.. Words(rest, line).SelectMany(words => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).SelectMany(port => Ports(port, line))], false, line);
            default:
                return new Instruction(keyword, flags, [Expand(rest, line)], false, line);
        }
    }

    // A document that is the whole command is what the shell runs, or with a line #! a program that it runs; of any other
    // the shell makes what shells do.
    private Instruction RunDocuments(List<(string, string)> flags, string command, List<HereDocument> documents, int line)
    {
        if (HereDocument.Parse(command) is null)
            return Shell(string.Concat(documents.Select(document => $"\n{document.Content}{document.Name}").Prepend(command)));
        var (name, text) = (documents[0].Name, documents[0].Text);
        if (!text.StartsWith("#!", StringComparison.Ordinal))
            return Shell(text);
        const string folder = "/dev/pipes";
        var source = Deliver(name, text, line, isProgram: true);
        flags.Add(("mount", $"type=bind,source={source[..source.LastIndexOf('/')]},target={folder}"));
        return Shell($"{folder}/{name}");

        Instruction Shell(string text) => new("RUN", flags, [.. _shell, text], true, line);
    }

    private string Deliver(string name, string text, int line, bool isProgram = false)
    {
        // A file's is a pattern in COPY; a program's is a word of the shell's.
        if (name is "" or "." or ".." || name.AsSpan().ContainsAny("/*?[\\") || (isProgram && name.Any(char.IsWhiteSpace)))
            throw Syntax(line, $"the here-document's name '{name}' cannot be that of a file");
        var path = Containerfile.DocumentPath(name, text, isProgram);
        _documents[path] = text;
        return path;
    }

    private void CheckCopy(string keyword, IReadOnlyList<string> words, int line)
    {
        if (keyword is "COPY" or "ADD" && words.Count < 2)
            throw Syntax(line, $"{keyword} needs a source and a destination");
    }

    // What adds nothing here is taken away, since older engines do not know it: no step has a network, and every layer is linked.
    private void CheckFlags(string keyword, List<(string Name, string Value)> flags, int line)
    {
        flags.RemoveAll(flag => (keyword, flag.Name, flag.Value) is ("RUN", "network", "none") or ("RUN", "security", "sandbox") or ("COPY" or "ADD", "link", _)
            || (keyword == "FROM" && flag.Name == "platform" && flag.Value == _platform));
        string[] known = keyword switch { "COPY" => ["from", "chown", "chmod"], "ADD" => ["chown", "chmod", "checksum"], _ => [] };
        foreach (var (name, value) in flags)
            if (!known.Contains(name))
                throw Unsupported(line, $"{keyword} --{name}{(value.Length > 0 ? "=" + value : "")} cannot be honoured in a reproducible build");
            else if (name == "chmod" && !Mode().IsMatch(value))
                throw Syntax(line, $"--chmod takes an octal mode, not '{value}'");
    }

    private void ReadFrom(List<string> words, int line)
    {
        if (words.Count is not (1 or 3) || (words.Count == 3 && !words[1].Equals("AS", StringComparison.OrdinalIgnoreCase)))
            throw Syntax(line, "FROM takes an image and, after AS, a name");
        var name = words.Count == 3 ? words[2].ToLowerInvariant() : _stages.Count.ToString();
        if (words.Count == 3 && !StageName().IsMatch(name))
            throw Syntax(line, $"the stage name '{name}' must be a letter, then letters, digits, '.', '_' and '-'");
        if (_stages.Any(stage => stage.Name == name))
            throw Syntax(line, $"there is a stage named {name} already");
        if (_stages.Count > 0)
        {
            _ended[_stages[^1].Name] = (_environment, _variables);
            _shells[_stages[^1].Name] = _shell;
        }
        var earlier = words[0].ToLowerInvariant();
        var inherits = _ended.TryGetValue(earlier, out var inherited);
        var from = inherits ? earlier : words[0];
        _environment = inherits
            ? new(inherited.Environment, StringComparer.Ordinal)
            : _environmentOf(from).Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        _variables = new(inherits ? inherited.Variables : _environment, StringComparer.Ordinal);
        _shell = _shells.GetValueOrDefault(earlier, Instruction.DefaultShell);
        _stages.Add((name, from, [], line));
        // Arguments are no part of an image; a stage has those of the stage that it starts from all the same.
        foreach (var (argument, value) in _variables.Where(variable => _environment.GetValueOrDefault(variable.Key) != variable.Value).OrderBy(variable => variable.Key, StringComparer.Ordinal))
            Add(new Instruction("ARG", [], [argument, value], false, line));
    }

    private void ReadArguments(string rest, int line)
    {
        var inStage = _stages.Count > 0;
        foreach (var word in Words(rest, line))
        {
            var at = word.IndexOf('=');
            var name = at < 0 ? word : word[..at];
            if (!VariableName().IsMatch(name))
                throw Syntax(line, "ARG takes names, each with = and a default or without");
            var value = _buildArguments.GetValueOrDefault(name) ?? (at >= 0 ? word[(at + 1)..] : inStage ? _globalArguments.GetValueOrDefault(name) : null);
            if (value is not null)
                (inStage ? _variables : _globalArguments)[name] = value;
            if (inStage)
                Add(new Instruction("ARG", [], value is null ? [name] : [name, value], false, line));
        }
    }

    private void Add(Instruction instruction) => _stages[^1].Instructions.Add(instruction);

    private List<(string Name, string Value)> ReadFlags(string keyword, ref string rest, int line)
    {
        var flags = new List<(string, string)>();
        while (keyword is "FROM" or "RUN" or "COPY" or "ADD" && rest.StartsWith("--", StringComparison.Ordinal))
        {
            var end = rest.IndexOfAny([' ', '\t']);
            var flag = end < 0 ? rest[2..] : rest[2..end];
            rest = end < 0 ? "" : rest[end..].TrimStart();
            if (flag.Length == 0)
                break;
            var at = flag.IndexOf('=');
            flags.Add(at < 0 ? (flag, "") : (flag[..at], Expand(flag[(at + 1)..], line)));
        }
        return flags;
    }

    private static List<string>? ReadJsonArray(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            return JsonSerializer.Deserialize<List<string?>>(text)!.ConvertAll(word => word ?? throw new JsonException());
        }
        catch (JsonException)
        {
            return null; // Engines then take the text as a shell form, and so do we.
        }
    }

    // Before the first FROM there are only the global arguments; a stage sees its own and its environment, what was set last
    // of one name, and the PATH that every step has.
    private string? Variable(string name) =>
        _stages.Count == 0 ? _globalArguments.GetValueOrDefault(name) : _variables.GetValueOrDefault(name) ?? (name == "PATH" ? DefaultPath : null);

    private string Expand(string text, int line) => string.Concat(Words(text, line, split: false, allowEmpty: true));

    private List<string> Words(string text, int line, bool split = true, bool allowEmpty = false, Func<string, string?>? lookUp = null)
    {
        var words = new WordLexer(text, _reader.Escape, lookUp ?? Variable).Read(split, out var problem);
        if (problem is not null)
            throw Syntax(line, problem);
        if (words.Count == 0 && !allowEmpty)
            throw Syntax(line, "an argument is missing");
        return words;
    }

    // Quotes mean nothing in a document, and its escape character is the backslash whatever the file's is.
    private string ExpandDocument(string text, int line)
    {
        var expanded = new WordLexer(text, '\\', Variable, quotes: false).Read(split: false, out var problem);
        return problem is null ? string.Concat(expanded) : throw Syntax(line, problem);
    }

    private List<string> Ports(string text, int line)
    {
        if (PortRange().Match(text) is not { Success: true } match)
            throw Syntax(line, $"'{text}' is no port");
        var first = int.Parse(match.Groups["first"].Value);
        var last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value) : first;
        if (first > last || last > ushort.MaxValue)
            throw Syntax(line, $"'{text}' is no range of ports");
        var protocol = match.Groups["protocol"].Success ? match.Groups["protocol"].Value.ToLowerInvariant() : "tcp";
        return [.. Enumerable.Range(first, last - first + 1).Select(port => $"{port}/{protocol}")];
    }

    // K=V K2="V 2", or the old form K V.
    private List<string> Pairs(string text, int line)
    {
        var words = Words(text, line);
        if (!words[0].Contains('='))
            return text.Split([' ', '\t'], 2) is [var name, var value] ? [name, Expand(value.Trim(), line)] : throw Syntax(line, "expected name=value");
        var pairs = new List<string>();
        foreach (var word in words)
        {
            var at = word.IndexOf('=');
            if (at <= 0)
                throw Syntax(line, $"expected name=value, found '{word}'");
            pairs.Add(word[..at]);
            pairs.Add(word[(at + 1)..]);
        }
        return pairs;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex("^[a-z][a-z0-9._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex StageName();

    [GeneratedRegex("^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$", RegexOptions.CultureInvariant)]
    private static partial Regex Platform();

    [GeneratedRegex("^[0-7]{1,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex Mode();

    [GeneratedRegex("^(?<first>[0-9]{1,5})(-(?<last>[0-9]{1,5}))?(/(?<protocol>tcp|udp|sctp))?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PortRange();

    private StageXException Unsupported(int line, string what) => new(ErrorCode.ContainerfileUnsupported, what, _file, line);

    private StageXException Syntax(int line, string what) => new(ErrorCode.ContainerfileSyntax, what, _file, line);
}
