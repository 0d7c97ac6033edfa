using System.Globalization;

namespace StageX.Build.Reproducibility;

/// <summary>
/// One of as many places as the machine has processors, shared by all processes that verify packages with one folder of results.
/// MSBuild hands all packages of a tree that wait for one dependency to the same node, one after the other: so they leave it to the others
/// while they work, and are kept from working all at once by this.
/// </summary>
internal static class VerifyPlace
{
    /// <summary>Waits until one is free.</summary>
    public static FileLock Take(string artifacts, CancellationToken cancellation)
    {
        while (true)
        {
            for (var number = 0; number < Environment.ProcessorCount; number++)
                if (FileLock.TryTake(Path.Combine(artifacts, "locks", string.Create(CultureInfo.InvariantCulture, $"verify-place-{number}"))) is { } taken)
                    return taken;
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
