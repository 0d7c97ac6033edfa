using System.Globalization;
using System.Text;

namespace StageX.Build.Trust;

/// <summary>
/// A commit object, read strictly: the headers that git writes in the order in which it writes them, each once, and text. Nothing
/// else can be in it, so that there is no place for the binary rubble that a collision of hashes needs, and no two readers see
/// different things.
/// </summary>
public sealed class GitCommit
{
    private readonly byte[] _content;
    private readonly (int Start, int End) _signature;

    private GitCommit(string id, byte[] content)
    {
        Id = id;
        _content = content;
        if (content.Length > 1 << 20)
            throw new RefusedException("it is larger than 1 MiB");
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new RefusedException("it holds bytes that are no text", e);
        }
        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            throw new RefusedException("it holds bytes that are no text");

        var reader = new HeaderReader(content);
        Tree = ObjectId(reader.Required("tree"), id.Length);
        var parents = new List<string>();
        while (reader.Optional("parent") is { } parent)
            parents.Add(ObjectId(parent, id.Length));
        Parents = parents;
        reader.Required("author");
        Committed = TimeOf(reader.Required("committer"));
        var before = reader.Position;
        SignatureText = reader.Optional("gpgsig");
        _signature = (before, reader.Position);
        reader.End();
    }

    public string Id { get; }

    public string Tree { get; }

    public IReadOnlyList<string> Parents { get; }

    /// <summary>When, as the committer says.</summary>
    public DateTimeOffset Committed { get; }

    /// <summary>The signature in its armor; null for none.</summary>
    public string? SignatureText { get; }

    /// <summary>What the signature covers: everything but itself.</summary>
    public byte[] SignedContent => [.. _content.AsSpan(0, _signature.Start), .. _content.AsSpan(_signature.End)];

    /// <exception cref="RefusedException">It is not in the form that git writes.</exception>
    public static GitCommit Read(string id, byte[] content) => new(id, content);

    private static string ObjectId(string text, int length) =>
        text.Length == length && text.All(char.IsAsciiHexDigitLower) ? text : throw new RefusedException($"'{text}' is no object id");

    // "Name <mail> seconds zone"
    private static DateTimeOffset TimeOf(string person) =>
        person.Split(' ') is [.., var seconds, { Length: 5 }] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time < 1L << 36
            ? DateTimeOffset.FromUnixTimeSeconds(time) : throw new RefusedException("its committer has no time");

    private ref struct HeaderReader(ReadOnlySpan<byte> content)
    {
        private readonly ReadOnlySpan<byte> _content = content;

        public int Position { get; private set; }

        public string Required(string name) => Optional(name) ?? throw new RefusedException($"it has no '{name}' where git writes it");

        /// <summary>The value of the next header if that is its name; lines that begin with a blank go on with the one before.</summary>
        public string? Optional(string name)
        {
            var rest = _content[Position..];
            var start = Encoding.ASCII.GetBytes(name + " ");
            if (!rest.StartsWith(start))
                return null;
            var end = 0;
            do
            {
                var line = rest[end..].IndexOf((byte)'\n');
                if (line < 0)
                    throw new RefusedException("it ends in its headers");
                end += line + 1;
            }
            while (end < rest.Length && rest[end] == ' ');
            Position += end;
            return Encoding.UTF8.GetString(rest[start.Length..(end - 1)]).Replace("\n ", "\n", StringComparison.Ordinal);
        }

        public readonly void End()
        {
            var rest = _content[Position..];
            if (rest.Length == 0 || rest[0] != '\n')
            {
                var line = Encoding.UTF8.GetString(rest[..Math.Max(0, rest.IndexOf((byte)'\n'))]);
                throw new RefusedException($"it has the header '{line.Split(' ')[0]}', which nothing here understands");
            }
        }
    }
}
