using StageX.Build.Engines;
using StageX.Build.Stages;

namespace StageX.Build.AtWork;

/// <summary>What went, and what is left.</summary>
public sealed record PruneReport(int Stages, int Layers, int Sources, bool Images, int Leftovers, long Freed, long Left);

/// <summary>
/// Brings the cache within its limits: what was not used for longest goes first. A layer goes with the last stage result
/// that refers to it. To be called alone: no build may use the cache.
/// </summary>
/// <param name="cache">StageXCache.</param>
/// <param name="limits">What may stay.</param>
/// <param name="now">What ages count to.</param>
public sealed class CachePruner(string cache, CacheLimits limits, DateTime now)
{
    private readonly EngineStorage _engines = new(Path.Combine(cache, "engines"));
    private long _freed;
    private int _leftovers, _layers;

    private string Blobs => Path.Combine(cache, "layers", "blobs", "sha256");

    private string Indexes => Path.Combine(cache, "layers", "indexes");

    public PruneReport Prune(CancellationToken cancellation)
    {
        RemoveLeftovers(cancellation);
        var stages = Files(Path.Combine(cache, "stages")).Select(StageRecord.Read).ToList();
        var users = stages.SelectMany(stage => stage.Blobs.Keys).GroupBy(digest => digest).ToDictionary(group => group.Key, group => group.Count());
        RemoveUnused(users);

        var imported = _engines.Size;
        var items = stages.Select(stage => (LastUse: stage.File.LastWriteTimeUtc, Stage: (StageRecord?)stage, Source: (FileInfo?)null))
            .Concat(Files(Path.Combine(cache, "sources", "sha256")).Select(file => (LastUse: Latest(file), Stage: (StageRecord?)null, Source: (FileInfo?)file)))
            .Append((_engines.LastUse, null, null))
            .OrderBy(item => item.LastUse).ThenBy(item => (item.Stage?.File ?? item.Source)?.FullName, StringComparer.Ordinal).ToList();
        var left = Files(Blobs).Concat(Files(Indexes)).Concat(Files(Path.Combine(cache, "stages"))).Concat(Files(Path.Combine(cache, "sources", "sha256"))).Sum(file => file.Length) + imported;
        var (removedStages, removedSources, images) = (0, 0, false);
        foreach (var (lastUse, stage, source) in items)
        {
            cancellation.ThrowIfCancellationRequested();
            if (now - lastUse <= limits.Age && left <= limits.Size)
                break;
            var before = _freed;
            if (stage is not null)
            {
                removedStages++;
                Delete(stage.File);
                foreach (var (blob, diffId) in stage.Blobs.Where(blob => --users[blob.Key] == 0))
                    RemoveLayer(blob, diffId);
            }
            else if (source is not null)
            {
                removedSources++;
                Delete(source);
            }
            else if (imported > 0)
            {
                images = true;
                _engines.RemoveImages();
                _freed += imported;
            }
            left -= _freed - before;
        }
        return new PruneReport(removedStages, _layers, removedSources, images, _leftovers, _freed, left);
    }

    // Nobody writes now: what has a temporary name was left by somebody who was killed, and nobody waits for a lock.
    private void RemoveLeftovers(CancellationToken cancellation)
    {
        _engines.RemoveDeadRuns(cancellation);
        foreach (var part in new[] { "sources", "stages", "layers" })
            foreach (var entry in Entries(Path.Combine(cache, part)).Where(entry => IsTemporary(entry.Name)).ToList())
            {
                _leftovers++;
                if (entry is FileInfo file)
                    Delete(file);
                else if (entry.Exists)
                {
                    _freed += Files(entry.FullName).Sum(inner => inner.Length);
                    Directory.Delete(entry.FullName, recursive: true);
                }
            }
        foreach (var partial in Files(Path.Combine(cache, "sources", "partial")).Where(file => now - Latest(file) > limits.Age).ToList())
        {
            _leftovers++;
            Delete(partial);
        }
        foreach (var file in Files(Path.Combine(cache, "locks")).ToList())
            file.Delete();
    }

    // Layers that came from images, and those whose stage was killed before it was recorded.
    private void RemoveUnused(Dictionary<string, int> users)
    {
        foreach (var blob in Files(Blobs).Where(blob => !users.ContainsKey(blob.Name)).ToList())
        {
            _layers++;
            Delete(blob);
        }
    }

    private void RemoveLayer(string blob, string diffId)
    {
        _layers++;
        foreach (var file in new[] { new FileInfo(Path.Combine(Blobs, blob)), new FileInfo(Path.Combine(Indexes, diffId)) })
            if (file.Exists)
                Delete(file);
    }

    private void Delete(FileInfo file)
    {
        _freed += file.Length;
        file.IsReadOnly = false;
        file.Delete();
    }

    // The time of the last reading where the file system keeps it.
    private static DateTime Latest(FileInfo file) => file.LastAccessTimeUtc > file.LastWriteTimeUtc ? file.LastAccessTimeUtc : file.LastWriteTimeUtc;

    private static IEnumerable<FileInfo> Files(string folder) => Entries(folder).OfType<FileInfo>();

    private static IEnumerable<FileSystemInfo> Entries(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        : [];

    private static bool IsTemporary(string name) => name.StartsWith('.') && name.EndsWith(".tmp", StringComparison.Ordinal);

    private sealed record StageRecord(FileInfo File, IReadOnlyDictionary<string, string> Blobs)
    {
        // A torn one refers to nothing, and goes as any other.
        public static StageRecord Read(FileInfo file) => new(file, (StageStore.LayersIn(file.FullName) ?? [])
            .DistinctBy(layer => layer.Digest).ToDictionary(layer => layer.Digest.Hex, layer => layer.DiffId.Hex, StringComparer.Ordinal));
    }
}
