using System.Text;

namespace StageX.Build.Sources;

/// <summary>A file of Debian's source archive.</summary>
/// <param name="Uri">Where it is, at the archive that this machine's apt uses.</param>
/// <param name="Suites">The suites that list it.</param>
/// <param name="IsKept">Whether one of them keeps its files: testing and unstable do not.</param>
public sealed record DebianFile(Uri Uri, IReadOnlyList<string> Suites, bool IsKept);

/// <summary>
/// Debian's source archive as a mirror that is asked by hash. Where it is, how it is reached and whose signatures count is what this
/// machine's apt is configured to; apt itself fetches and verifies the indices, in a state folder of our own.
/// </summary>
public sealed class DebianMirror(string cacheFolder, IReadOnlyList<string> suites)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private bool _refreshed;
    private IReadOnlyList<AptArchive>? _archives;

    /// <summary>The main component of these suites, where the archive has them.</summary>
    public static IReadOnlyList<string> DefaultSuites { get; } = ["bullseye", "bookworm", "trixie", "forky", "sid"];

    private string IndexPath => Path.Combine(cacheFolder, "debian", "sources.index");

    /// <summary>
    /// The places of the file with this hash, those that stay first; none where there is no apt. The first call ever reads the
    /// indices, which takes a while; another takes milliseconds. A hash that is not found renews an index older than a day.
    /// </summary>
    public IReadOnlyList<DebianFile> Lookup(Digest digest, IBuildLog log, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var archives = Archives(log, cancellation);
            if (archives.Count == 0)
                return [];

            var identity = Identity(archives);
            var files = DebianIndex.Find(IndexPath, identity, digest);
            if (files is null or [] && !_refreshed && (files is null || IsOld()))
            {
                Refresh(archives, identity, force: false, log, cancellation);
                files = DebianIndex.Find(IndexPath, identity, digest);
            }

            return files ?? [];
        }
    }

    /// <summary>Fetches what changed of the suites' indices and builds the index again.</summary>
    public void Refresh(IBuildLog log, CancellationToken cancellation = default)
    {
        lock (_gate)
            if (Archives(log, cancellation) is { Count: > 0 } archives)
                Refresh(archives, Identity(archives), force: true, log, cancellation);
    }

    private IReadOnlyList<AptArchive> Archives(IBuildLog log, CancellationToken cancellation)
    {
        if (_archives is null)
        {
            _archives = AptConfiguration.Archives(suites, cancellation);
            if (_archives.Count == 0)
                log.Milestone("Debian's source archive is left out as a mirror: no apt that knows it on this machine.");
        }

        return _archives;
    }

    private void Refresh(IReadOnlyList<AptArchive> archives, string identity, bool force, IBuildLog log, CancellationToken cancellation)
    {
        _refreshed = true;
        using var held = FileLock.Take(
            Path.Combine(cacheFolder, "debian", "lock"),
            onWait: () => log.Milestone("waiting for another build that reads Debian's source indices"),
            cancellation: cancellation);
        // Whoever held the lock before may have done it.
        if (!force && DebianIndex.Matches(IndexPath, identity) && !IsOld())
            return;

        log.Milestone($"reading Debian's source indices ({string.Join(", ", suites)})");
        var state = new AptState(Path.Combine(cacheFolder, "debian", "apt"));
        var lists = state.Update(archives, suites, log, cancellation);
        if (lists.Count == 0)
            log.Warning(ErrorCode.DebianIndexStale, "apt brought none of Debian's source indices; that mirror is left out, or as old as it was.");
        else
            try
            {
                DebianIndex.Build(IndexPath, identity, lists, state, cancellation);
            }
            catch (IOException e) when (!DiskSpace.IsExhausted(e))
            {
                log.Warning(ErrorCode.DebianIndexStale, $"Debian's source indices cannot be read: {e.Message}");
            }
    }

    private bool IsOld() => DateTime.UtcNow - File.GetLastWriteTimeUtc(IndexPath) > FreshFor;

    private string Identity(IReadOnlyList<AptArchive> archives) =>
        Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', [.. suites, .. archives.Select(archive => archive.Uri)]))).Hex;
}
