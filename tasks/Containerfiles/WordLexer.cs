using System.Text;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Splits the arguments of an instruction as engines do: blanks separate, quotes group, the escape character takes the next
/// one literally (quotes may be switched off, as in here-documents), <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:+other}</c> and <c>${NAME:?error}</c> expand except in single quotes.
/// </summary>
internal sealed class WordLexer(string text, char escape, Func<string, string?> variable, bool quotes = true)
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
            if (quotes && c == '\'')
                word.Append(SingleQuoted());
            else if (quotes && c == '"')
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
            // With a colon an empty value counts as none.
            var colon = _at < text.Length && text[_at] == ':' ? 1 : 0;
            if (_at + colon < text.Length && text[_at + colon] is '-' or '+' or '?')
            {
                var modifier = text[_at + colon];
                _at += colon + 1;
                var other = Word(c => c == '}');
                Close();
                var value = variable(name);
                var isSet = colon > 0 ? !string.IsNullOrEmpty(value) : value is not null;
                if (modifier == '?' && !isSet)
                    _problem = $"{name}: {(other.Length > 0 ? other : "is not set")}";
                return isSet == (modifier == '+') ? other : value ?? "";
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
            _problem = "${ is not closed, or has a modifier other than - + ? with or without a colon";
    }

    // Parameters of a shell's have names too, of digits or of one character, and never a value.
    private string Name()
    {
        var start = _at;
        if (_at < text.Length && "@*#?-$!".Contains(text[_at]))
            _at++;
        else if (_at < text.Length && char.IsAsciiDigit(text[_at]))
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
        else
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
                _at++;
        return text[start.._at];
    }
}
