using System.Text;

namespace StageX.Build.Engines;

/// <summary>
/// Mounts that make BuildKit's container what the contract of a step says: in place of the daemon's resolv.conf and hosts, which
/// are those of its machine, empty files, and nothing where the machine's control groups would be.
/// </summary>
internal static class StepMounts
{
    /// <summary>The build context that has the empty file.</summary>
    public const string ContextName = "stagex-step";

    private const string EmptyFile = "empty";

    private const string Options =
        $"--mount=type=tmpfs,target=/sys/fs/cgroup --mount=type=bind,from={ContextName},source={EmptyFile},target=/etc/hosts --mount=type=bind,from={ContextName},source={EmptyFile},target=/etc/resolv.conf";

    public static void WriteContext(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, EmptyFile), "");
    }

    /// <summary>Adds the mounts to each RUN.</summary>
    public static string Into(string containerfile)
    {
        var text = new StringBuilder();
        var continues = false;
        foreach (var line in containerfile.Split('\n'))
        {
            var word = line.TrimStart();
            if (!continues && word.StartsWith("RUN", StringComparison.OrdinalIgnoreCase) && word.Length > 3 && char.IsWhiteSpace(word[3]))
                text.Append("RUN ").Append(Options).Append(word.AsSpan(3));
            else
                text.Append(line);
            text.Append('\n');
            // A comment does not end an instruction that goes on.
            continues = word.StartsWith('#') ? continues : line.TrimEnd().EndsWith('\\');
        }
        text.Length--;
        return text.ToString();
    }
}
