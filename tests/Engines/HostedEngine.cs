using System.Diagnostics;
using System.Runtime.Versioning;
using StageX.Build.Engines;

namespace StageX.Build.Tests.Engines;

/// <summary>The engine in a process of its own, started by a shell script that ends in <c>exec "$@"</c>.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HostedEngine : IDisposable
{
    private readonly Process _process;

    public HostedEngine(Workshop workshop, string containerfile, string surroundings = "", string? program = null, params IReadOnlyList<EngineImage> images)
    {
        var file = Path.Combine(workshop.Folder, "Containerfile");
        File.WriteAllText(file, containerfile);
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", surroundings + "\nexec \"$@\"", "sh", program ?? Path.Combine(AppContext.BaseDirectory, "EngineHost"),
             workshop.EngineName, workshop.State, file, workshop.Context, workshop.Tar, workshop.Log, .. images.Select(image => $"{image.Reference}={image.LayoutFolder}")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in workshop.Surroundings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public string? ReadLine() => _process.StandardOutput.ReadLine();

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void AssertSucceeds()
    {
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        Assert.AreEqual(0, _process.ExitCode, output);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
