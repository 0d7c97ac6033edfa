using StageX.Build.Registries;
using StageX.Build.Trust;

namespace StageX.Build.Reproducibility;

/// <summary>Finds the provenance of an image in the registry, from the image's digest.</summary>
public sealed class FetchProvenance : PackageTask
{
    /// <summary>Where images are published (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>The image (StageXDigest).</summary>
    public string Digest { get; set; } = "";

    /// <summary>The file that it was written to.</summary>
    [Microsoft.Build.Framework.Output]
    public string ProvenancePath { get; private set; } = "";

    private protected override IDisposable? Hold() => null;

    protected override void Run()
    {
        var package = ReadDefinition();
        if (!Build.Digest.TryParse(Digest, out var digest))
            throw new StageXException(ErrorCode.NoProvenance, $"StageXDigest is '{Digest}', which is no digest", Project);
        var partial = Directory.CreateTempSubdirectory("stagex-provenance-").FullName;
        try
        {
            foreach (var id in package.Images.Select(image => image.Id))
            {
                using var repository = new RemoteRepository(TrustSettings.NameOf(Registry, id), new RegistryOptions(), BuildLog);
                foreach (var content in RemoteReferrers.PullAsync(repository, digest, Provenance.MediaType, partial, Cancellation).GetAwaiter().GetResult())
                {
                    // Whether it says the truth is what reproducing shows.
                    if (!IsAbout(content, id, digest))
                        continue;
                    ProvenancePath = Path.Combine(Path.GetFullPath(Artifacts), "reproduce", id + ".json");
                    AtomicFile.Write(ProvenancePath, content);
                    return;
                }
            }
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
        throw new StageXException(ErrorCode.NoProvenance, $"{Registry} has no provenance of {digest} as an image of {package.Id}", Project);
    }

    private static bool IsAbout(byte[] content, string id, Digest digest)
    {
        try
        {
            return Provenance.Parse(content) is var provenance && provenance.Id == id && provenance.Digest == digest;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
