using System.Diagnostics;
using StageX.Build.Sources;

namespace StageX.Build.Tests.Sources;

/// <summary>The real archive, through this machine's apt.</summary>
[TestClass]
[TestCategory("System")]
public sealed class DebianMirrorTests : IDisposable
{
    private const string Hwdata = "b7c3fd7214a3b7c49d2661db127a712dc11cffd1799f793947aa1cb20aaf3298";
    private const string Gzip = "7454eb6935db17c6655576c2e1b0fabefd38b4d0936e0f87f48cd062ce91a057";

    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task A_source_whose_own_address_is_dead_comes_from_debian()
    {
        var cache = new SourceCache(_folder["cache"]);
        var mirror = new DebianMirror(_folder["cache"], [.. DebianMirror.DefaultSuites, "no-such-suite"]);
        var options = new FetchOptions { Debian = mirror, Attempts = 1, ConnectTimeout = TimeSpan.FromSeconds(5) };
        Digest.TryFromHex(Hwdata, out var hash);
        var source = new Source
        {
            Include = "hwdata", Name = "hwdata", Sha256 = hash, Urls = [new Uri("http://127.0.0.1:9/hwdata-0.394.tar.gz")],
        };
        await new SourceFetcher(cache, options, _log).FetchAsync([source], TestContext.CancellationToken);
        SourceTree.Extract(source, cache, _folder["out"], TestContext.CancellationToken);
        Assert.IsTrue(File.Exists(Path.Combine(_folder["out"], "hwdata", "pci.ids")));

        // Another digest, known or not, reads nothing again.
        var index = File.GetLastWriteTimeUtc(Path.Combine(_folder["cache"], "debian", "sources.index"));
        var other = new DebianMirror(_folder["cache"], [.. DebianMirror.DefaultSuites, "no-such-suite"]);
        Digest.TryFromHex(Gzip, out var gzip);
        Assert.IsNotEmpty(other.Lookup(gzip, _log, TestContext.CancellationToken));
        Assert.IsEmpty(other.Lookup(Digest.Of("nobody has this"u8), _log, TestContext.CancellationToken));
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++)
            other.Lookup(gzip, _log, TestContext.CancellationToken);
        TestContext.WriteLine($"1000 look-ups: {clock.ElapsedMilliseconds} ms, index: {new FileInfo(Path.Combine(_folder["cache"], "debian", "sources.index")).Length} bytes");
        Assert.AreEqual(index, File.GetLastWriteTimeUtc(Path.Combine(_folder["cache"], "debian", "sources.index")));
        Assert.HasCount(1, _log.Milestones.Where(line => line.StartsWith("reading Debian's source indices", StringComparison.Ordinal)));
    }
}
