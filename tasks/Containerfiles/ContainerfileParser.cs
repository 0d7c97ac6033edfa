using System.Text;
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

    private readonly string _file;
    private readonly IReadOnlyDictionary<string, string> _buildArguments;
    private readonly Func<string, IReadOnlyList<string>> _environmentOf;
    private readonly Dictionary<string, string> _globalArguments = new(StringComparer.Ordinal);
    private readonly List<(string Name, string From, List<Instruction> Instructions, int Line)> _stages = [];
    private readonly Dictionary<string, Dictionary<string, string>> _environments = new(StringComparer.Ordinal);
    private Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private char _escape = '\\';

    private ContainerfileParser(string file, IReadOnlyDictionary<string, string> buildArguments, Func<string, IReadOnlyList<string>> environmentOf)
    {
        _file = file;
        _buildArguments = buildArguments;
        _environmentOf = environmentOf;
    }

    /// <param name="text">The Containerfile's text.</param>
    /// <param name="file">Its path, for errors.</param>
    /// <param name="buildArguments">Values for ARG that win over the defaults in the text.</param>
    /// <param name="environmentOf">The environment (K=V) of an image that a stage starts from.</param>
    /// <exception cref="StageXException">
    /// <see cref="ErrorCode.ContainerfileSyntax"/>, <see cref="ErrorCode.ContainerfileUnsupported"/>, with the line.
    /// </exception>
    public static Containerfile Parse(
        string text, string file, IReadOnlyDictionary<string, string> buildArguments, Func<string, IReadOnlyList<string>> environmentOf) =>
        new ContainerfileParser(file, buildArguments, environmentOf).Parse(text);

    private Containerfile Parse(string text)
    {
        foreach (var (line, logical) in LogicalLines(text))
            Read(logical, line);
        if (_stages.Count == 0)
            throw Syntax(1, "there is no FROM");
        return new Containerfile([.. _stages.Select(stage => new ContainerStage(stage.Name, stage.From, stage.Instructions, stage.Line))]);
    }

    // Lines joined at the escape character; comment lines and, inside a continued instruction, empty lines are dropped.
    private IEnumerable<(int Line, string Text)> LogicalLines(string text)
    {
        var lines = text.Replace("\r\n", "\n").Split('\n');
        var directives = true;
        var current = new StringBuilder();
        var start = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var trimmed = lines[i].Trim();
            if (directives && ReadDirective(trimmed))
                continue;
            directives = false;
            if (trimmed.StartsWith('#') || (trimmed.Length == 0 && current.Length > 0))
                continue;
            if (current.Length == 0)
                start = i + 1;
            var content = lines[i].TrimEnd();
            if (content.EndsWith(_escape))
            {
                current.Append(content, 0, content.Length - 1);
                continue;
            }
            current.Append(content);
            if (current.ToString().Trim() is { Length: > 0 } logical)
                yield return (start, logical);
            current.Clear();
        }
        if (current.ToString().Trim() is { Length: > 0 } last)
            yield return (start, last);
    }

    private bool ReadDirective(string line)
    {
        if (!line.StartsWith('#') || line.IndexOf('=') is var at && at < 0)
            return false;
        switch (line[1..at].Trim().ToLowerInvariant())
        {
            case "escape":
                _escape = line[(at + 1)..].Trim() is ['\\' or '`'] value ? value[0] : throw Syntax(1, "the escape directive must be \\ or `");
                return true;
            case "syntax" or "check":
                return true;
            default:
                return false;
        }
    }

    private void Read(string text, int line)
    {
        var end = text.IndexOfAny([' ', '\t']);
        var keyword = (end < 0 ? text : text[..end]).ToUpperInvariant();
        var rest = end < 0 ? "" : text[end..].TrimStart();
        if (keyword is "MAINTAINER" or "HEALTHCHECK" or "ONBUILD")
            throw new StageXException(ErrorCode.ContainerfileUnsupported, $"{keyword} has no place in an OCI image", _file, line);
        if (!Keywords.Contains(keyword))
            throw Syntax(line, $"'{keyword}' is not an instruction");
        if (_stages.Count == 0 && keyword is not ("FROM" or "ARG"))
            throw Syntax(line, $"{keyword} stands before the first FROM");

        var flags = ReadFlags(keyword, ref rest, line);
        if (rest.Length == 0)
            throw Syntax(line, $"{keyword} needs an argument");
        CheckSupported(keyword, flags, rest, line);
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

    private Instruction ReadInstruction(string keyword, List<(string, string)> flags, string rest, int line)
    {
        if (keyword is "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "COPY" or "ADD" or "VOLUME" && ReadJsonArray(rest) is { } array)
        {
            var arguments = keyword is "COPY" or "ADD" or "VOLUME" ? [.. array.Select(word => Expand(word, line))] : array;
            CheckCopy(keyword, arguments, line);
            if (keyword is "RUN" or "SHELL" && arguments.Count == 0)
                throw Syntax(line, $"{keyword} needs a command");
            return new Instruction(keyword, flags, arguments, true, line);
        }
        switch (keyword)
        {
            case "SHELL":
                throw Syntax(line, "SHELL takes a JSON array");
            case "RUN" or "CMD" or "ENTRYPOINT":
                return new Instruction(keyword, flags, [rest], false, line);
            case "ENV" or "LABEL":
                var pairs = Pairs(rest, line);
                if (keyword == "ENV")
                    foreach (var pair in pairs.Chunk(2))
                        _environment[pair[0]] = pair[1];
                return new Instruction(keyword, flags, pairs, false, line);
            default:
                var words = Words(rest, line);
                CheckCopy(keyword, words, line);
                if (keyword is "WORKDIR" or "USER" or "STOPSIGNAL" && words.Count != 1)
                    throw Syntax(line, $"{keyword} takes one argument");
                return new Instruction(keyword, flags, words, false, line);
        }
    }

    private void CheckCopy(string keyword, IReadOnlyList<string> words, int line)
    {
        if (keyword is "COPY" or "ADD" && words.Count < 2)
            throw Syntax(line, $"{keyword} needs a source and a destination");
    }

    private void CheckSupported(string keyword, List<(string Name, string Value)> flags, string rest, int line)
    {
        string[] known = keyword switch { "COPY" => ["from", "chown", "chmod", "link"], "ADD" => ["chown", "chmod", "link"], _ => [] };
        foreach (var (name, value) in flags)
            if (keyword == "RUN" && name == "network" && value == "none")
                continue;
            else if (!known.Contains(name))
                throw new StageXException(ErrorCode.ContainerfileUnsupported, $"{keyword} --{name} cannot be honoured in a reproducible build", _file, line);
        // The network is off for every step: the flag adds nothing, and older engines do not know it.
        flags.RemoveAll(flag => flag.Name is "network" or "link");
        if (keyword == "ADD" && (rest.Contains("://", StringComparison.Ordinal) || rest.StartsWith("git@", StringComparison.Ordinal)))
            throw new StageXException(ErrorCode.ContainerfileUnsupported, "ADD of a URL: declare a Source with its Sha256 and COPY it from fetch/", _file, line);
        if (keyword is "RUN" or "COPY" or "ADD" && rest.StartsWith("<<", StringComparison.Ordinal))
            throw new StageXException(ErrorCode.ContainerfileUnsupported, "here-documents are not supported yet: put the text into a file of the package and COPY it", _file, line);
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
            _environments[_stages[^1].Name] = _environment;
        var earlier = words[0].ToLowerInvariant();
        var from = _environments.ContainsKey(earlier) ? earlier : words[0];
        _environment = _environments.TryGetValue(earlier, out var inherited)
            ? new(inherited, StringComparer.Ordinal)
            : _environmentOf(from).Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        _variables = new(StringComparer.Ordinal);
        _stages.Add((name, from, [], line));
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

    // Before the first FROM there are only the global arguments; a stage sees its own, and its environment before them.
    private string? Variable(string name) =>
        _stages.Count == 0 ? _globalArguments.GetValueOrDefault(name) : _environment.GetValueOrDefault(name) ?? _variables.GetValueOrDefault(name);

    private string Expand(string text, int line) => string.Concat(Words(text, line, split: false, allowEmpty: true));

    private List<string> Words(string text, int line, bool split = true, bool allowEmpty = false, Func<string, string?>? lookUp = null)
    {
        var words = new WordLexer(text, _escape, lookUp ?? Variable).Read(split, out var problem);
        if (problem is not null)
            throw Syntax(line, problem);
        if (words.Count == 0 && !allowEmpty)
            throw Syntax(line, "an argument is missing");
        return words;
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

    private StageXException Syntax(int line, string what) => new(ErrorCode.ContainerfileSyntax, what, _file, line);
}
