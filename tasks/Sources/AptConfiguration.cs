using System.Text;

namespace StageX.Build.Sources;

/// <summary>An archive that apt is configured for.</summary>
/// <param name="Uri">Its base, ending in a slash.</param>
/// <param name="SignedBy">The value of its Signed-By, lines and all; null where any trusted key counts.</param>
internal sealed record AptArchive(string Uri, string? SignedBy);

/// <summary>Reads from this machine's apt configuration where Debian's archive is.</summary>
internal static class AptConfiguration
{
    private static readonly string[] DebianSuites = ["stable", "oldstable", "oldoldstable", "testing", "unstable", "sid"];

    /// <summary>
    /// The archives whose entries name one of the suites, or one that only Debian has, with the component main. None without apt.
    /// </summary>
    public static IReadOnlyList<AptArchive> Archives(IReadOnlyList<string> suites, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || ChildProcess.Run("apt-config", ["shell", "F", "Dir::Etc::sourcelist/f", "D", "Dir::Etc::sourceparts/d"], null, cancellation)
            is not { ExitCode: 0 } shell)
            return [];
        var paths = Encoding.UTF8.GetString(shell.Output).Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''), StringComparer.Ordinal);
        var known = suites.Concat(DebianSuites).ToHashSet(StringComparer.Ordinal);
        return Files(paths.GetValueOrDefault("F"), paths.GetValueOrDefault("D"))
            .SelectMany(file => file.EndsWith(".sources", StringComparison.Ordinal) ? ReadStanzas(file) : ReadLines(file))
            .Where(entry => entry.Components.Contains("main") && entry.Suites.Any(known.Contains))
            .SelectMany(entry => entry.Uris.Select(uri => new AptArchive(uri.TrimEnd('/') + "/", entry.SignedBy)))
            .Where(archive => archive.Uri.StartsWith("http://", StringComparison.Ordinal) || archive.Uri.StartsWith("https://", StringComparison.Ordinal))
            .DistinctBy(archive => archive.Uri)
            .ToList();
    }

    private sealed record Entry(string[] Uris, string[] Suites, string[] Components, string? SignedBy);

    private static IEnumerable<string> Files(string? list, string? folder)
    {
        if (list is not null && IsReadable(list))
            yield return list;
        if (folder is null || !Directory.Exists(folder))
            yield break;
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            // An entry with a password may be for root alone.
            if (IsReadable(file) && (file.EndsWith(".list", StringComparison.Ordinal) || file.EndsWith(".sources", StringComparison.Ordinal)))
                yield return file;
    }

    private static bool IsReadable(string file)
    {
        try
        {
            File.OpenRead(file).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // "deb [signed-by=/path arch=amd64] uri suite component…"
    private static IEnumerable<Entry> ReadLines(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var text = line.Split('#')[0].Trim();
            var options = "";
            if (text.IndexOf('[') is >= 0 and var open && text.IndexOf(']') is var close && close > open)
                (options, text) = (text[(open + 1)..close], text[..open] + text[(close + 1)..]);
            var signedBy = Words(options)
                .Where(option => option.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase))
                .Select(option => option["signed-by=".Length..])
                .FirstOrDefault();
            if (Words(text) is ["deb" or "deb-src", var uri, var suite, .. var components])
                yield return new([uri], [suite], components, signedBy);
        }
    }

    // deb822: fields of stanzas, a line that begins with a blank going on with the field before.
    private static IEnumerable<Entry> ReadStanzas(string file)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var field = "";
        foreach (var line in File.ReadLines(file).Append(""))
        {
            if (line.StartsWith('#'))
                continue;
            if (line.Trim().Length == 0)
            {
                if (fields.TryGetValue("URIs", out var uris) && !fields.GetValueOrDefault("Enabled", "yes").Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
                    yield return new(
                        Words(uris),
                        Words(fields.GetValueOrDefault("Suites", "")),
                        Words(fields.GetValueOrDefault("Components", "")),
                        fields.GetValueOrDefault("Signed-By"));
                fields.Clear();
                field = "";
            }
            else if (line[0] is ' ' or '\t')
            {
                if (field.Length > 0)
                    fields[field] += "\n" + line;
            }
            else if (line.IndexOf(':') is > 0 and var colon)
            {
                field = line[..colon];
                fields[field] = line[(colon + 1)..].Trim();
            }
        }
    }

    private static string[] Words(string text) => text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
