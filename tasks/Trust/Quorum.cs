using System.Text.RegularExpressions;
using StageX.Build.Registries;

namespace StageX.Build.Trust;

/// <summary>One signature of a store, and what became of it.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Says">What it says; null where nothing may be read.</param>
/// <param name="Signer">Who made it; null where that is nobody who counts.</param>
/// <param name="Time">When.</param>
/// <param name="Refusal">Why it does not count; empty if it does.</param>
public sealed record JudgedSignature(string File, ContainerSignature? Says, Maintainer? Signer, DateTimeOffset? Time, string Refusal);

/// <summary>Who stands behind an image.</summary>
public sealed record QuorumReport
{
    public required string Id { get; init; }

    public required Digest Digest { get; init; }

    public required IReadOnlyList<JudgedSignature> Signatures { get; init; }

    /// <summary>Different maintainers, by name.</summary>
    public required IReadOnlyList<Maintainer> Signers { get; init; }

    /// <summary>Different vendors of the processors on which they built it.</summary>
    public required IReadOnlyList<string> Vendors { get; init; }

    /// <summary>The records by which they signed, as files of the stores; of those that are there.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>What the policy demands beyond that; empty where the quorum is reached.</summary>
    public required string Missing { get; init; }

    /// <summary>Maintainers who say that the same reference means another image: the alarm.</summary>
    public required IReadOnlyList<JudgedSignature> Others { get; init; }
}

/// <summary>
/// Judges the signatures in some stores. A signature counts for an image when it covers the manifest's digest and a reference
/// under which the image is published: by digest, <c>&lt;version&gt;</c>, or <c>sx&lt;release&gt;</c>; and when a maintainer's key made it, both of whom are good now and
/// were when it was signed. Files in a store have no date that anybody vouches for, so a key or a maintainer that has ended since counts for nothing here.
/// </summary>
public sealed partial class Quorum(MaintainerSet maintainers, IReadOnlyList<SignatureStore> stores, DateTimeOffset now)
{
    /// <param name="name">The name of the image.</param>
    /// <param name="id">The package's id.</param>
    /// <param name="digest">The digest that the image has by verified history.</param>
    /// <param name="version">The package's version, which is a tag; null where any tag will do, since the digest is what is asked for.</param>
    /// <param name="release">The release whose tag is asked for; empty for none.</param>
    /// <param name="wasRecorded">Tells digests that verified history recorded before: a version may be built anew, a release may not.</param>
    public QuorumReport Judge(RepositoryName name, string id, Digest digest, string? version, string release, Func<Digest, bool>? wasRecorded = null)
    {
        var judged = stores.SelectMany(store => store.Read(name, digest)).Select(file => Judge(file.File, file.Content, file.Refusal, name, digest, version)).ToList();
        var good = judged.Where(signature => signature.Refusal.Length == 0).ToList();
        var signers = good.Select(signature => signature.Signer!).DistinctBy(signer => signer.Fingerprint).OrderBy(signer => signer.Id, StringComparer.Ordinal).ToList();
        var vendors = good.Select(signature => signature.Says!.Facts?.Vendor).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = new List<string>();
        if (maintainers.Policy.ArtifactSigners - signers.Count is > 0 and var people)
            missing.Add($"{people} more of {maintainers.Policy.ArtifactSigners} signers");
        if (maintainers.Policy.ProcessorVendors - vendors.Count is > 0 and var processors)
            missing.Add($"{processors} more of {maintainers.Policy.ProcessorVendors} processor vendors");
        var asked = release.Length > 0 ? $"{name}:sx{release}" : $"{name}:{version}";
        return new QuorumReport
        {
            Id = id,
            Digest = digest,
            Signatures = judged,
            Signers = signers,
            Vendors = vendors,
            Records = [.. good.Select(signature => signature.Says!.Record).OfType<Digest>().Distinct()
                .Select(record => stores.Select(store => store.FindRecord(name, digest, record)).FirstOrDefault(file => file is not null)).OfType<string>()],
            Missing = string.Join(", ", missing),
            Others = [.. stores.SelectMany(store => store.Digests(name).Where(other => other != digest).SelectMany(other => store.Read(name, other)
                .Select(file => Judge(file.File, file.Content, file.Refusal, name, other, version))))
                .Where(other => other.Refusal.Length == 0 && other.Says!.Reference == asked && !(release.Length == 0 && wasRecorded?.Invoke(other.Says.Manifest) == true))],
        };
    }

    /// <summary>Demands the quorum for an image and for each of its tags, which podman asks for exactly.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.QuorumMissing"/>, <see cref="ErrorCode.OtherDigestSigned"/>.</exception>
    public void Demand(RepositoryName name, string id, Digest digest, string? version, string release, IReadOnlyList<string> tags, Func<Digest, bool>? wasRecorded = null)
    {
        var report = Judge(name, id, digest, version, release, wasRecorded);
        if (report.Missing.Length > 0)
            throw new StageXException(ErrorCode.QuorumMissing, $"{id} {digest} lacks {report.Missing}");
        foreach (var tag in tags)
            if (report.Signatures.Where(signature => signature.Refusal.Length == 0 && signature.Says!.Reference == $"{name}:{tag}").DistinctBy(signature => signature.Signer!.Fingerprint).Count() is var signers
                && signers < maintainers.Policy.ArtifactSigners)
                throw new StageXException(ErrorCode.QuorumMissing, $"{name}:{tag} lacks {maintainers.Policy.ArtifactSigners - signers} more of {maintainers.Policy.ArtifactSigners} signers; the image has them, but this tag would be refused");
        if (report.Others.Count > 0)
            throw new StageXException(ErrorCode.OtherDigestSigned, Alarm(report.Others[0], digest), report.Others[0].File);
    }

    internal static string Alarm(JudgedSignature other, Digest digest) =>
        $"{other.Signer} says that {other.Says!.Reference} is {other.Says.Manifest}, and not {digest}: one of two builds was not what it should be. Compare the images before anybody uses either.";

    /// <summary>Judges one signature; never throws because of what is in it.</summary>
    public JudgedSignature Judge(string file, byte[]? content, string refusal, RepositoryName name, Digest digest, string? version)
    {
        ContainerSignature? says = null;
        Maintainer? signer = null;
        DateTimeOffset? time = null;
        try
        {
            if (content is null)
                throw new RefusedException(refusal);
            var message = OpenPgpMessage.Read(content);
            time = message.Signature.Created;
            (var found, var key) = maintainers.Find(message.Signature, message.Content.Span, now);
            key.CheckAt(now);
            found.CheckAt(now, "today is");
            says = ContainerSignature.Parse(message.Content.Span);
            if (says.Manifest != digest)
                throw new RefusedException($"it is for the image {says.Manifest}");
            if (!IsPublished(says.Reference, name, digest, version))
                throw new RefusedException($"it is for {says.Reference}");
            signer = found;
            return new JudgedSignature(file, says, signer, time, "");
        }
        catch (RefusedException e)
        {
            return new JudgedSignature(file, says, signer, time, e.Message);
        }
    }

    private static bool IsPublished(string reference, RepositoryName name, Digest digest, string? version) =>
        reference == $"{name}@{digest}" || (version is null ? reference.StartsWith($"{name}:", StringComparison.Ordinal) : reference == $"{name}:{version}")
        || reference.StartsWith($"{name}:sx", StringComparison.Ordinal) && ReleasePattern().IsMatch(reference[$"{name}:sx".Length..]);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.CultureInvariant)]
    internal static partial Regex ReleasePattern();
}
