namespace StageX.Build.Tests;

/// <summary>A folder for one test, removed with it.</summary>
public sealed class TemporaryFolder(string prefix = "stagex-test-") : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
