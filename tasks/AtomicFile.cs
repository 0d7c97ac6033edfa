namespace StageX.Build;

/// <summary>
/// Files and folders that appear whole or not at all: written beside their place under a name that nobody reads,
/// then renamed. What a killed process leaves behind is a temporary name, never a half-written result.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file, replacing what was there.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = TemporaryBeside(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes UTF-8 without a byte order mark, lines as they are.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes only where the content differs, so that an unchanged file keeps its time.</summary>
    public static void WriteIfChanged(string path, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            Write(path, bytes);
    }

    /// <summary>
    /// Fills a new folder and puts it in its place. A folder already there is replaced;
    /// the caller holds a lock where others may be reading it.
    /// </summary>
    public static void WriteDirectory(string path, Action<string> fill)
    {
        var temporary = TemporaryBeside(path);
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            if (Directory.Exists(path))
            {
                var old = TemporaryBeside(path);
                Directory.Move(path, old);
                Directory.Move(temporary, path);
                Directory.Delete(old, recursive: true);
            }
            else
                Directory.Move(temporary, path);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Removes what killed processes left in a folder; the caller knows that nobody is writing there now.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Of one file or folder in it, or of any.</param>
    public static void RemoveLeftovers(string folder, string name = "*")
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, $".{name}.????????????????????????????????.tmp"))
            File.Delete(file);
        foreach (var left in Directory.EnumerateDirectories(folder, $".{name}.????????????????????????????????.tmp"))
            Directory.Delete(left, recursive: true);
    }

    /// <summary>
    /// Removes temporary files that killed processes left in a folder where others may be writing now: those that nobody
    /// has open, and nobody has written to for <paramref name="age"/>. The age covers the moments in which a writer
    /// has its file but not open.
    /// </summary>
    public static void RemoveAbandoned(string folder, TimeSpan age)
    {
        if (!Directory.Exists(folder))
            return;
        var before = DateTime.UtcNow - age;
        foreach (var file in Directory.EnumerateFiles(folder, ".*.????????????????????????????????.tmp"))
            if (File.GetLastWriteTimeUtc(file) < before)
                RemoveUnlessOpen(file);
    }

    private static void RemoveUnlessOpen(string file)
    {
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody writes it, or has just removed it.
        }
    }

    /// <summary>A name in the same folder that no reader takes for a result, unique to this call.</summary>
    public static string TemporaryBeside(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():n}.tmp");
    }
}
