using System.Text;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Splits the arguments of an instruction as engines do: blanks separate, quotes group, the escape character takes the next
/// one literally, <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c> and <c>${NAME:+other}</c> expand except in single quotes.
/// </summary>
internal sealed class WordLexer(string text, char escape, Func<string, string?> variable)
{
    private int _at;
    private string? _problem;

    internal List<string> Read(bool split, out string? problem)
    {
        var words = new List<string>();
        while (_at < text.Length)
        {
            if (split && char.IsWhiteSpace(text[_at]))
            {
                _at++;
                continue;
            }
            words.Add(Word(c => split && char.IsWhiteSpace(c)));
        }
        problem = _problem;
        return words;
    }

    private string Word(Func<char, bool> ends)
    {
        var word = new StringBuilder();
        while (_at < text.Length && !ends(text[_at]))
        {
            var c = text[_at++];
            if (c == '\'')
                word.Append(SingleQuoted());
            else if (c == '"')
                DoubleQuoted(word);
            else if (c == escape && _at < text.Length)
                word.Append(text[_at++]);
            else if (c == '$')
                word.Append(Expansion());
            else
                word.Append(c);
        }
        return word.ToString();
    }

    private string SingleQuoted()
    {
        var end = text.IndexOf('\'', _at);
        if (end < 0)
        {
            _problem = "a single quote is not closed";
            end = text.Length;
        }
        var content = text[_at..end];
        _at = Math.Min(end + 1, text.Length);
        return content;
    }

    private void DoubleQuoted(StringBuilder word)
    {
        while (_at < text.Length)
        {
            var c = text[_at++];
            if (c == '"')
                return;
            if (c == escape && _at < text.Length && (text[_at] == '"' || text[_at] == '$' || text[_at] == escape))
                word.Append(text[_at++]);
            else if (c == '$')
                word.Append(Expansion());
            else
                word.Append(c);
        }
        _problem = "a double quote is not closed";
    }

    private string Expansion()
    {
        if (_at < text.Length && text[_at] == '{')
        {
            _at++;
            var name = Name();
            if (_at < text.Length && text[_at] == ':' && _at + 1 < text.Length && text[_at + 1] is '-' or '+')
            {
                var isDefault = text[_at + 1] == '-';
                _at += 2;
                var other = Word(c => c == '}');
                Close();
                var value = variable(name);
                return string.IsNullOrEmpty(value) == isDefault ? other : value ?? "";
            }
            Close();
            return variable(name) ?? "";
        }
        var plain = Name();
        return plain.Length == 0 ? "$" : variable(plain) ?? "";
    }

    private void Close()
    {
        if (_at < text.Length && text[_at] == '}')
            _at++;
        else
            _problem = "${ is not closed, or has a modifier other than :- and :+";
    }

    private string Name()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return text[start.._at];
    }
}
