using System.Globalization;

namespace StageX.Build.Trust;

/// <summary>Somebody whose signature counts: <c>eng/maintainers/&lt;id&gt;.txt</c>, and beside it the key.</summary>
public sealed record Maintainer
{
    /// <summary>Of the entry's file, without extension.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required OpenPgpKey Key { get; init; }

    public SshKey? Ssh { get; init; }

    /// <summary>The first day (UTC) whose signatures count.</summary>
    public required DateOnly Since { get; init; }

    /// <summary>The last; null for no end.</summary>
    public DateOnly? Until { get; init; }

    public string Fingerprint => Key.Fingerprint;

    public override string ToString() => $"{Name} ({Fingerprint})";

    /// <summary>Whether what the key signs now counts.</summary>
    internal bool CountsAt(DateTimeOffset time)
    {
        try
        {
            CheckAt(time);
            Key.CheckAt(time);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    /// <param name="time">When.</param>
    /// <param name="what">What happens then.</param>
    /// <exception cref="RefusedException">It is before or after.</exception>
    internal void CheckAt(DateTimeOffset time, string what = "it was made on")
    {
        var day = DateOnly.FromDateTime(time.UtcDateTime);
        if (day < Since || day > Until)
            throw new RefusedException($"{Name} is a maintainer {(day < Since ? $"since {Since:yyyy-MM-dd}" : $"until {Until:yyyy-MM-dd}")}, and {what} {day:yyyy-MM-dd}");
    }

    /// <param name="id">The maintainer's id.</param>
    /// <param name="file">The entry.</param>
    /// <param name="read">Gives a file of the same folder, null where there is none.</param>
    internal static Maintainer Read(string id, NamedValues file, Func<string, byte[]?> read)
    {
        var name = file.Required("name");
        var keyName = file.Required("key");
        var keyFile = read(keyName) ?? throw file.Fault("key", $"there is no file '{keyName}' beside the entry");
        var key = Readable("key", () => OpenPgpKey.Read(keyFile));
        var fingerprint = file.Required("fingerprint").Replace(" ", "", StringComparison.Ordinal);
        if (!fingerprint.Equals(key.Fingerprint, StringComparison.OrdinalIgnoreCase))
            throw file.Fault("fingerprint", $"the primary key in '{keyName}' has the fingerprint {key.Fingerprint}");
        var maintainer = new Maintainer
        {
            Id = id,
            Name = name,
            Key = key,
            Ssh = file.Optional("ssh") is { } ssh ? Readable("ssh", () => SshKey.Parse(ssh)) : null,
            Since = Day("since", file.Required("since")),
            Until = file.Optional("until") is { } until ? Day("until", until) : null,
        };
        file.RefuseOthers();
        return maintainer;

        DateOnly Day(string field, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw file.Fault(field, $"{field} must be a day, as 2026-01-31");

        T Readable<T>(string field, Func<T> parse)
        {
            try
            {
                return parse();
            }
            catch (RefusedException e)
            {
                throw file.Fault(field, $"{field}: {e.Message}", e);
            }
        }
    }
}
