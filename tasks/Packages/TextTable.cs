using System.Text;

namespace StageX.Build.Packages;

/// <summary>Rows in aligned columns, for terminals and logs alike: plain text, no colours, no width to fit.</summary>
/// <param name="titles">Of the columns; one that begins with '&gt;' is aligned to the right.</param>
internal sealed class TextTable(params IReadOnlyList<string> titles)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var names = titles.Select(title => title.TrimStart('>')).ToArray();
        var widths = names.Select((name, column) => _rows.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        var rule = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+"));
        var text = new StringBuilder().Append(rule).Append('\n');
        void Line(string[] cells)
        {
            for (var column = 0; column < cells.Length; column++)
                text.Append("| ").Append(titles[column].StartsWith('>') ? cells[column].PadLeft(widths[column]) : cells[column].PadRight(widths[column])).Append(' ');
            text.Append("|\n");
        }
        Line(names);
        text.Append(rule).Append('\n');
        _rows.ForEach(Line);
        return text.Append(rule).ToString();
    }
}
