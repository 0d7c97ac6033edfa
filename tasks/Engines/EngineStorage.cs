namespace StageX.Build.Engines;

/// <summary>What engines keep below StageXCache: imported images, which are a copy of what is in the store of layers, and what killed runs left.</summary>
/// <param name="stateFolder">As in <see cref="EngineSettings.StateFolder"/>.</param>
public sealed class EngineStorage(string stateFolder)
{
    private static readonly string[] RunFolders = ["runs", "docker"];

    private string Images => Path.Combine(stateFolder, "images");

    /// <summary>Of the imported images, in bytes.</summary>
    public long Size => Directory.Exists(Images)
        ? new DirectoryInfo(Images).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(file => file.Length)
        : 0;

    /// <summary>When a build ran last: each makes a folder of its own beside the images.</summary>
    public DateTime LastUse => RunFolders.Select(name => Directory.GetLastWriteTimeUtc(Path.Combine(stateFolder, name))).Max();

    /// <summary>Removes the imported images; the next build imports those that it needs. The caller knows that no build runs.</summary>
    public void RemoveImages()
    {
        if (Directory.Exists(Images))
            Remove(Images);
    }

    /// <summary>Removes what is left of runs that were killed.</summary>
    public void RemoveDeadRuns(CancellationToken cancellation)
    {
        // A run that begins does just that.
        foreach (var runs in RunFolders.Select(name => Path.Combine(stateFolder, name)).Where(Directory.Exists))
            BuildFolder.Create(runs, Remove, cancellation).Dispose();
    }

    private void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Confinement.Rootless && !OperatingSystem.IsWindows())
        {
            var settings = new EngineSettings { StateFolder = stateFolder };
            new Confinement(new Programs(settings.SearchPath), StepRuntime.In(Path.Combine(stateFolder, "bin"))).Remove(folder);
        }
    }
}
