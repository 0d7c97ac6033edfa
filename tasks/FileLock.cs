namespace StageX.Build;

/// <summary>
/// A lock between processes on a file. The operating system drops it when its holder dies, however it dies.
/// Shared holders exclude exclusive ones and the other way round.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is had. <paramref name="onWait"/> is called once if somebody else holds it.</summary>
    public static FileLock Take(string path, bool shared = false, Action? onWait = null, CancellationToken cancellation = default)
    {
        for (var waited = false; ; waited = true)
        {
            if (TryTake(path, shared) is { } taken)
                return taken;
            if (!waited)
                onWait?.Invoke();
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Null when somebody else holds it.</summary>
    public static FileLock? TryTake(string path, bool shared = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            if (shared && !File.Exists(path))
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return new FileLock(shared
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
                : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            if (DiskFull.Is(e))
                throw;
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
