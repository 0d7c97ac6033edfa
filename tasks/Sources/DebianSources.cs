using System.Text;

namespace StageX.Build.Sources;

/// <summary>Reads the files that a Sources index lists.</summary>
internal static class DebianSources
{
    /// <summary>Hash and path below the archive's base of every file but the descriptions (.dsc), which are no sources.</summary>
    public static IEnumerable<(Digest Hash, string Path)> Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        var directory = "";
        var files = new List<(Digest Hash, string Name)>();
        var inChecksums = false;
        while (true)
        {
            var line = reader.ReadLine();
            if (string.IsNullOrEmpty(line))
            {
                foreach (var (hash, name) in files)
                    yield return (hash, $"{directory}/{name}");
                files.Clear();
                inChecksums = false;
                if (line is null)
                    yield break;
            }
            else if (line[0] == ' ')
            {
                if (inChecksums
                    && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var hex, _, var name]
                    && !name.EndsWith(".dsc", StringComparison.Ordinal)
                    && Digest.TryFromHex(hex, out var digest))
                    files.Add((digest, name));
            }
            else
            {
                inChecksums = line.StartsWith("Checksums-Sha256:", StringComparison.Ordinal);
                if (line.StartsWith("Directory:", StringComparison.Ordinal))
                    directory = line["Directory:".Length..].Trim();
            }
        }
    }
}
