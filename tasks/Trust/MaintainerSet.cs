using StageX.Build.Packages;

namespace StageX.Build.Trust;

/// <summary>
/// <c>eng/maintainers/</c> at one commit: an entry <c>&lt;id&gt;.txt</c> per maintainer, their keys, and <c>policy.txt</c>. A README may
/// stand beside them, nothing else.
/// </summary>
public sealed class MaintainerSet
{
    public const string Folder = "eng/maintainers";

    private MaintainerSet(TrustPolicy policy, IReadOnlyList<Maintainer> all) => (Policy, All) = (policy, all);

    public TrustPolicy Policy { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<Maintainer> All { get; }

    /// <summary>The set that whoever builds on the distribution keeps beside his own projects.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.MaintainersUnreadable"/>, at the file and line.</exception>
    public static MaintainerSet ReadFolder(string folder) => Directory.Exists(folder)
        ? Read(Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal), folder)
        : throw new StageXException(ErrorCode.MaintainersUnreadable, $"StageXMaintainers names the folder {folder}, which is not there");

    /// <param name="files">Names and contents of the folder's files.</param>
    /// <param name="folder">The folder, for errors.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.MaintainersUnreadable"/>, at the file and line.</exception>
    public static MaintainerSet Read(IReadOnlyDictionary<string, byte[]> files, string folder = Folder)
    {
        string PathOf(string name) => $"{folder}/{name}";
        var read = new HashSet<string>(StringComparer.Ordinal) { TrustPolicy.FileName, "README.md" };
        if (!files.TryGetValue(TrustPolicy.FileName, out var policyFile))
            throw new StageXException(ErrorCode.MaintainersUnreadable, "the file with the thresholds is missing", PathOf(TrustPolicy.FileName));
        var policy = TrustPolicy.Read(new NamedValues(PathOf(TrustPolicy.FileName), policyFile, ErrorCode.MaintainersUnreadable));
        var all = new List<Maintainer>();
        foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal).Where(file => file.Key.EndsWith(".txt", StringComparison.Ordinal) && !read.Contains(file.Key)).ToList())
        {
            var id = name[..^".txt".Length];
            PackageId.CheckName(id, "maintainer", PathOf(name));
            read.Add(name);
            all.Add(Maintainer.Read(id, new NamedValues(PathOf(name), content, ErrorCode.MaintainersUnreadable), key => read.Add(key) ? files.GetValueOrDefault(key) : null));
        }
        if (files.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !read.Contains(name)) is { } stray)
            throw new StageXException(ErrorCode.MaintainersUnreadable, "no maintainer's entry names this file", PathOf(stray));
        // One person, one signer: no key may speak for two.
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var maintainer in all)
            foreach (var key in maintainer.Key.Fingerprints.Append(maintainer.Ssh?.ToString()).OfType<string>().Distinct())
                if (!owners.TryAdd(key, maintainer.Id))
                    throw new StageXException(ErrorCode.MaintainersUnreadable, $"has a key in common with {owners[key]}", PathOf(maintainer.Id + ".txt"));
        return new MaintainerSet(policy, all);
    }

    /// <exception cref="StageXException"><see cref="ErrorCode.NoMaintainers"/>.</exception>
    public MaintainerSet MustNotBeEmpty() => All.Count > 0 ? this : throw NoMaintainers("");

    internal static StageXException NoMaintainers(string where) => new(ErrorCode.NoMaintainers,
        $"there are no maintainers{where}, so that nobody's signature counts. Add entries to {Folder}/ as its README.md says, and pin a commit that has them.");

    /// <summary>Who signed.</summary>
    /// <param name="signature">A signature.</param>
    /// <param name="content">What it is to cover.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="RefusedException">Nobody did whose signature counts.</exception>
    internal (Maintainer Maintainer, SigningKey Key) Find(OpenPgpSignature signature, ReadOnlySpan<byte> content, DateTimeOffset now)
    {
        foreach (var maintainer in All)
            if (maintainer.Key.Find(signature, content, now) is { } key)
            {
                maintainer.CheckAt(signature.Created);
                return (maintainer, key);
            }
        throw new RefusedException($"no maintainer's key made it (it names the key {signature.KeyId:X16})");
    }

    /// <summary>Who signed, with an SSH key; the signature has no time of its own.</summary>
    internal Maintainer Find(SshSignature signature, ReadOnlySpan<byte> content)
    {
        foreach (var maintainer in All)
            if (maintainer.Ssh is { } key && signature.IsMadeBy(key, content))
                return maintainer;
        throw new RefusedException("no maintainer's SSH key made it");
    }
}
