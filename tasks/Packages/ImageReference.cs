using StageX.Build.Registries;

namespace StageX.Build.Packages;

/// <summary>An image that another tree published, as an ImageReference item names it.</summary>
/// <param name="Repository">Where it is; its last part is the package's id.</param>
/// <param name="Tag">What somebody wrote behind the repository: a tag, which may mean another image tomorrow; empty for a digest; null for nothing.</param>
/// <param name="Digest">Which image; null where nobody says.</param>
public sealed record ImageReference(RepositoryName Repository, string? Tag, Digest? Digest)
{
    public string Id => Repository.Path[(Repository.Path.LastIndexOf('/') + 1)..];

    /// <summary>The item as it is to be written.</summary>
    public string Line => LineFor(Digest?.ToString() ?? "sha256:…");

    /// <param name="digest">The digest to write.</param>
    /// <param name="metadata">What the item says besides.</param>
    public string LineFor(string digest, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        $"<ImageReference Include=\"{Repository}\" Digest=\"{digest}\"{string.Concat((metadata ?? []).Select(pair => $" {pair.Key}=\"{pair.Value}\""))} />";

    /// <param name="include">The repository; perhaps, as in a Containerfile, with a tag or digest.</param>
    /// <param name="digest">The metadata Digest, or null.</param>
    /// <exception cref="StageXException">It names no repository of a package, or no digest.</exception>
    public static ImageReference Parse(string include, string? digest)
    {
        var (name, pin) = include.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (include[..at], include[(at + 1)..]) : (include, null);
        var (path, tag) = name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, null);
        var reference = new ImageReference(RepositoryName.Parse(path), tag, (digest ?? pin) is { } text
            ? Build.Digest.TryParse(text, out var parsed) ? parsed : throw new StageXException(ErrorCode.InvalidMetadata, $"Digest must be sha256: and 64 hexadecimal digits, not '{text}'") : null);
        if (reference.Id.Split('-', 2) is not [var stage, var package])
            throw new StageXException(ErrorCode.InvalidName, $"{reference.Repository} is no package: its last part is <stage>-<name>");
        PackageId.Create(stage, package);
        return reference with { Tag = tag ?? (pin is null ? null : "") };
    }

    /// <summary>Null where nothing can be told, as where MSBuild must evaluate it first.</summary>
    public static ImageReference? TryParse(string include)
    {
        try
        {
            return Parse(include, null);
        }
        catch (StageXException)
        {
            return null;
        }
    }

    /// <summary>Refuses what names no digest, or a tag beside it, which would say the same twice.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.ReferenceNotPinned"/>, with the line to write.</exception>
    public ImageReference MustBePinned() => Digest is not null && Tag is null ? this
        : throw new StageXException(ErrorCode.ReferenceNotPinned, $"{Repository} is to be named by its digest alone: {Line}");
}
