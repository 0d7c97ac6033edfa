using System.Text;

namespace StageX.Build.Sources;

/// <summary>A Sources index that apt fetched and verified.</summary>
/// <param name="Path">As apt keeps it, perhaps compressed.</param>
/// <param name="Uri">The archive's base, ending in a slash.</param>
/// <param name="Codename">The suite's name.</param>
/// <param name="IsKept">False for suites that drop a file when its next version comes.</param>
internal sealed record AptSourcesList(string Path, string Uri, string Codename, bool IsKept);

/// <summary>
/// An apt of our own: its lists and caches lie in a folder of ours, its sources are ours, and the machine's configuration (proxy,
/// certificates, validity) holds otherwise. The system's state is neither read nor changed.
/// </summary>
internal sealed class AptState(string folder)
{
    private const string Helper = "/usr/lib/apt/apt-helper";

    /// <summary>Brings the lists up to date; those are returned that are there, whatever became of the others.</summary>
    public IReadOnlyList<AptSourcesList> Update(
        IReadOnlyList<AptArchive> archives, IReadOnlyList<string> suites, IBuildLog log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(folder, "state", "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(folder, "cache", "archives", "partial"));
        AtomicFile.Write(Path.Combine(folder, "status"), "");
        AtomicFile.Write(Path.Combine(folder, "sources.sources"), SourcesOf(archives, suites));
        AtomicFile.Write(ConfigurationPath, Configuration);

        // A suite that the archive does not have makes apt fail, after it brought the others.
        var update = ChildProcess.Run("apt-get", ["update", "-q", .. Options], null, cancellation);
        foreach (var line in (update?.Errors ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            log.Detail($"apt: {line}");

        var targets = ChildProcess.Run(
            "apt-get",
            ["indextargets", "--format", "$(FILENAME)\t$(REPO_URI)\t$(CODENAME)\t$(SUITE)", .. Options, "Created-By: Sources"],
            null,
            cancellation);
        return Encoding.UTF8.GetString(targets?.Output ?? []).Split('\n')
            .Select(line => line.Split('\t'))
            .Where(fields => fields.Length == 4 && File.Exists(fields[0]))
            .Select(fields => new AptSourcesList(
                fields[0], fields[1].TrimEnd('/') + "/", fields[2], fields[3] is not ("testing" or "unstable" or "experimental")))
            .OrderBy(list => list.Path, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>Reads a list in whatever form apt keeps it.</summary>
    public void Read(AptSourcesList list, Action<Stream> read, CancellationToken cancellation)
    {
        using var child = ChildProcess.Start(Helper, ["cat-file", .. Options, list.Path], null, cancellation)
            ?? throw new FileNotFoundException("apt's helper is missing", Helper);
        child.Input.Close();
        read(child.Output);
        var (exitCode, errors) = child.Wait(cancellation);
        if (exitCode != 0)
            throw new IOException($"apt-helper cat-file: {errors.Trim()}");
    }

    private string ConfigurationPath => Path.Combine(folder, "apt.conf");

    // Options on the command line come after every file, and so win.
    private string[] Options =>
    [
        "-c", ConfigurationPath,
        "-o", $"Dir::State={Path.Combine(folder, "state")}",
        "-o", $"Dir::State::status={Path.Combine(folder, "status")}",
        "-o", $"Dir::Cache={Path.Combine(folder, "cache")}",
        "-o", $"Dir::Etc::sourcelist={Path.Combine(folder, "sources.sources")}",
        "-o", "Dir::Etc::sourceparts=/dev/null",
        "-o", "Dir::Cache::pkgcache=",
        "-o", "Dir::Cache::srcpkgcache=",
        "-o", "Acquire::GzipIndexes=true",
        "-o", "Acquire::Languages=none",
    ];

    /// <summary>The system's hooks belong to the system's state.</summary>
    private const string Configuration =
        """
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;

        """;

    private static string SourcesOf(IReadOnlyList<AptArchive> archives, IReadOnlyList<string> suites)
    {
        var text = new StringBuilder();
        foreach (var archive in archives)
        {
            foreach (var suite in suites)
            {
                text.Append($"Types: deb-src\nURIs: {archive.Uri}\nSuites: {suite}\nComponents: main\n");
                if (archive.SignedBy is { } key)
                    text.Append($"Signed-By: {key}\n");
                text.Append('\n');
            }
        }

        return text.ToString();
    }
}
