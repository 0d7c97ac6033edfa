namespace StageX.Build.Registries;

/// <summary>A manifest or index as a registry has it.</summary>
/// <param name="Bytes">Exactly what its digest is of.</param>
/// <param name="MediaType">As the registry names it; the same as the document's own where that says it.</param>
public sealed record RemoteManifest(byte[] Bytes, string MediaType)
{
    public Digest Digest { get; } = Digest.Of(Bytes);
}
