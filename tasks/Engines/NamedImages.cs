using System.Text;

namespace StageX.Build.Engines;

/// <summary>
/// Images under our names in storages that are not below StageXCache: a docker daemon's, into which builds load what they start
/// from, and the user's own of podman and buildah, into which he copies images to build by hand.
/// </summary>
/// <param name="settings">The user's environment, which says where his storages are.</param>
public sealed class NamedImages(EngineSettings settings)
{
    /// <summary>What all our names match, and no other.</summary>
    internal const string Pattern = "stagex.invalid/*";

    private static readonly (string Program, string[] List, string[] Remove)[] Clients =
    [
        ("docker", ["image", "ls", "--filter", "reference=" + Pattern, "--format", "{{.Repository}}:{{.Tag}}"], ["image", "rm"]),
        ("podman", ["image", "ls", "--filter", "reference=" + Pattern, "--format", "{{.Repository}}:{{.Tag}}"], ["image", "rm"]),
        ("buildah", ["images", "--filter", "reference=" + Pattern, "--format", "{{.Name}}:{{.Tag}}"], ["rmi"]),
    ];

    private readonly Programs _programs = new(settings.SearchPath);

    /// <summary>Removes them all, but for those that a container uses; builds load them again.</summary>
    /// <returns>How many were removed.</returns>
    public int Remove(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var (program, list, remove) in Clients)
            if (_programs.FindOrNull(program) is { } found && Names(found, list, cancellation) is { Count: > 0 } names)
            {
                // One by one: a client ends at the first that it cannot remove.
                foreach (var name in names)
                    Ask(found, [.. remove, name], cancellation);
                removed += names.Except(Names(found, list, cancellation), StringComparer.Ordinal).Count();
            }
        return removed;
    }

    // None where no daemon answers.
    private List<string> Names(string program, string[] list, CancellationToken cancellation) =>
        [.. Ask(program, list, cancellation).Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(Pattern[..^1], StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];

    private string Ask(string program, string[] arguments, CancellationToken cancellation)
    {
        var printed = new StringBuilder();
        new ChildProcess { Program = program, Arguments = arguments, Environment = settings.Environment, WorkingDirectory = Path.GetTempPath() }
            .Run(bytes => printed.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        return printed.ToString();
    }
}
