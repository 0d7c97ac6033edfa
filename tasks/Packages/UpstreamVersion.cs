using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace StageX.Build.Packages;

/// <summary>
/// A version as upstream writes it: SemVer, or <c>2024a</c>, <c>9.9p2</c>, <c>1.1.1w</c>. Gives the forms that upstreams put
/// into their URLs as placeholders: {version}, {major}, {minor}, {major.minor}, {underscore}, {dash}, {no-suffix}.
/// </summary>
public sealed partial class UpstreamVersion
{
    private readonly string _text;
    private readonly string _numbers;

    private UpstreamVersion(string text)
    {
        _text = text;
        // What stands before the suffix: NuGet knows SemVer's rules for it, everything else starts with dotted numbers.
        _numbers = NuGetVersion.TryParseStrict(text, out var version)
            ? version.ToString("x.y.z", VersionFormatter.Instance)
            : LeadingNumbers().Match(text).Value;
    }

    /// <exception cref="StageXException"><see cref="ErrorCode.InvalidVersion"/>.</exception>
    public static UpstreamVersion Parse(string? text, string? file = null) =>
        text is { Length: > 0 and <= 100 } && Allowed().IsMatch(text)
            ? new UpstreamVersion(text)
            : throw new StageXException(ErrorCode.InvalidVersion, string.IsNullOrEmpty(text)
                ? "PackageVersion is missing"
                : $"PackageVersion '{text}' must be letters, digits, '.', '_', '+' and '-', and start with a letter or digit", file) { Item = ("PackageVersion", "") };

    /// <summary>Replaces every placeholder in a text.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.InvalidPlaceholder"/>.</exception>
    public string Expand(string text) => Placeholder().Replace(text, match => Form(match.Groups[1].Value));

    public override string ToString() => _text;

    private string Form(string name) => name switch
    {
        "version" => _text,
        "major" => Number(0, name),
        "minor" => Number(1, name),
        "major.minor" => Number(0, name) + "." + Number(1, name),
        "underscore" => _text.Replace('.', '_'),
        "dash" => _text.Replace('.', '-'),
        "no-suffix" when _numbers.Length > 0 => _numbers,
        "no-suffix" => throw None(name),
        _ => throw new StageXException(ErrorCode.InvalidPlaceholder,
            $"unknown placeholder {{{name}}}; known are {{version}}, {{major}}, {{minor}}, {{major.minor}}, {{underscore}}, {{dash}} and {{no-suffix}}"),
    };

    private string Number(int index, string name) =>
        _numbers.Split('.', StringSplitOptions.RemoveEmptyEntries) is var parts && index < parts.Length ? parts[index] : throw None(name);

    private StageXException None(string name) =>
        new(ErrorCode.InvalidPlaceholder, $"the version {_text} has no {name}, so {{{name}}} cannot be replaced");

    [GeneratedRegex("^[0-9A-Za-z][0-9A-Za-z._+-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();

    [GeneratedRegex("^[0-9]+(\\.[0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingNumbers();

    [GeneratedRegex("\\{([^{}]*)\\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
