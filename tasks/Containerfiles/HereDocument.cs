using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Containerfiles;

/// <summary>
/// A here-document of RUN, COPY or ADD: <c>&lt;&lt;NAME</c> announces it, the lines that follow up to the one that is NAME are
/// its content. As BuildKit reads it: <c>&lt;&lt;-</c> takes leading tabs away, quotes around the name keep variables as they are.
/// </summary>
/// <param name="Name">What ends it.</param>
/// <param name="Expands">Whether variables in it are expanded, by COPY and ADD; RUN leaves that to the shell.</param>
/// <param name="StripsTabs">Written with a dash.</param>
/// <param name="Content">Its lines as written.</param>
internal sealed partial record HereDocument(string Name, bool Expands, bool StripsTabs, string Content = "")
{
    public string Text => StripsTabs ? LeadingTabs().Replace(Content, "") : Content;

    /// <summary>Those that the words of an instruction announce, in order.</summary>
    public static IEnumerable<HereDocument> In(string text) => RawWords(text).Select(Parse).OfType<HereDocument>();

    /// <summary>The one that a text announces which is nothing else, or null.</summary>
    public static HereDocument? Parse(string text)
    {
        if (Announcement().Match(text) is not { Success: true } match || RawWords(match.Groups["name"].Value).ToList() is not [var raw])
            return null;
        var name = Unquote(raw, quotes: true);
        return new HereDocument(name, Expands: name == Unquote(raw, quotes: false), StripsTabs: match.Groups["dash"].Length > 0);
    }

    public bool EndsAt(string line) => (StripsTabs ? line.TrimStart('\t') : line).TrimEnd('\r') == Name;

    // Quotes and backslashes stay in the words, so that they can be told from words without.
    private static IEnumerable<string> RawWords(string text)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word.Length > 0)
                    yield return word.ToString();
                word.Clear();
                continue;
            }
            word.Append(c);
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
                word.Append(text[++i]);
            else if (quote == '\0' && c is '\'' or '"')
                quote = c;
            else if (c == quote)
                quote = '\0';
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static string Unquote(string raw, bool quotes) =>
        string.Concat(new WordLexer(raw, '\\', name => "$" + name, quotes).Read(split: false, out _));

    [GeneratedRegex(@"^\d*<<(?<dash>-?)(?<name>[^<]+)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Announcement();

    [GeneratedRegex(@"^\t+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LeadingTabs();
}
