using StageX.Build.Registries;

namespace StageX.Build.Trust;

/// <summary>Signs images under each reference by which they are published; what one signed already is not signed again.</summary>
internal sealed class ImageSigner(GpgSigner gpg, MaintainerSet maintainers, SignatureStore store, DateTimeOffset now)
{
    /// <returns>The files that were written.</returns>
    public IReadOnlyList<string> Sign(RepositoryName name, Digest digest, string version, string release, BuildFacts facts, byte[] record)
    {
        var quorum = new Quorum(maintainers, [store], now);
        var signed = store.Read(name, digest).Select(file => quorum.Judge(file.File, file.Content, file.Refusal, name, digest, version))
            .Where(signature => signature.Refusal.Length == 0 && signature.Signer!.Fingerprint == gpg.Maintainer.Fingerprint && signature.Says!.Facts == facts)
            .Select(signature => signature.Says!.Reference).ToHashSet(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (var reference in new[] { $"{name}@{digest}", $"{name}:{version}", release.Length > 0 ? $"{name}:sx{release}" : null }.OfType<string>().Where(reference => !signed.Contains(reference)))
        {
            // Before the signature that names it.
            store.AddRecord(name, digest, record);
            var signature = gpg.Sign(new ContainerSignature { Reference = reference, Manifest = digest, Facts = facts, Record = Digest.Of(record), Timestamp = now.ToUnixTimeSeconds() }.Serialize());
            if (quorum.Judge("", signature, "", name, digest, version).Refusal is { Length: > 0 } refusal)
                throw new StageXException(ErrorCode.CannotSign, $"what gpg made would not count: {refusal}");
            files.Add(store.Add(name, digest, signature));
        }
        return files;
    }
}
