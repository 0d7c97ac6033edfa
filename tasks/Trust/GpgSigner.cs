using StageX.Build.Sources;

namespace StageX.Build.Trust;

/// <summary>
/// Signs through gpg and its agent, which may ask a smart card: no private key comes into this process. podman and skopeo of
/// Debian 12 refuse signatures by subkeys, so the primary key signs where it can.
/// </summary>
internal sealed class GpgSigner
{
    private readonly CancellationToken _cancellation;

    private GpgSigner(Maintainer maintainer, SecretKey key, CancellationToken cancellation) => (Maintainer, Key, _cancellation) = (maintainer, key, cancellation);

    public Maintainer Maintainer { get; }

    public SecretKey Key { get; }

    /// <param name="maintainers">Who may sign.</param>
    /// <param name="wanted">The fingerprint of one's primary key, or an id; empty for the only maintainer whose key is here.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.CannotSign"/>.</exception>
    public static GpgSigner Find(MaintainerSet maintainers, string wanted, CancellationToken cancellation)
    {
        var all = SecretKey.Parse(System.Text.Encoding.UTF8.GetString(Run(["--with-colons", "--fixed-list-mode", "--list-secret-keys"], [], cancellation)));
        var here = maintainers.All.Where(maintainer => wanted.Length == 0 || wanted == maintainer.Id || wanted.Replace(" ", "", StringComparison.Ordinal).Equals(maintainer.Fingerprint, StringComparison.OrdinalIgnoreCase))
            .Select(maintainer => (maintainer, Keys: all.Where(key => key.Primary == maintainer.Fingerprint && maintainer.Key.SigningFingerprints.Contains(key.Fingerprint)).ToList()))
            .Where(found => found.Keys.Count > 0).ToList();
        if (here is not [var (who, keys)])
            throw new StageXException(ErrorCode.CannotSign, here.Count > 1
                ? $"gpg has secret keys of {string.Join(" and ", here.Select(found => found.maintainer.Id))}; say which with StageXSigningKey"
                : $"gpg has no secret key with which {(wanted.Length > 0 ? $"'{wanted}'" : "a maintainer")} could sign; maintainers are {string.Join(", ", maintainers.All.Select(maintainer => maintainer.Id))}");
        if (maintainers.Policy.SmartCard)
            keys = keys.Where(key => key.OnCard).ToList() is { Count: > 0 } cards ? cards
                : throw new StageXException(ErrorCode.CannotSign, $"the policy asks for a key on a smart card, and none of {who.Id}'s is on one");
        return new GpgSigner(who, keys.FirstOrDefault(key => key.Fingerprint == key.Primary) ?? keys[0], cancellation);
    }

    public byte[] Sign(byte[] content) => Run(["--local-user", Key.Fingerprint + "!", "--digest-algo", "SHA512", "--output", "-", "--sign"], content, _cancellation);

    private static byte[] Run(string[] arguments, byte[] input, CancellationToken cancellation)
    {
        var (exitCode, output, errors) = ChildProcess.Run("gpg", ["--batch", "--no-tty", .. arguments], null, cancellation, input)
            ?? throw new StageXException(ErrorCode.CannotSign, "gpg is not installed. Install gnupg.");
        return exitCode == 0 ? output : throw new StageXException(ErrorCode.CannotSign, $"gpg: {errors.Trim()}");
    }
}

/// <summary>A secret key that gpg can use.</summary>
internal sealed record SecretKey(string Fingerprint, string Primary, bool OnCard)
{
    /// <summary>Reads <c>--list-secret-keys --with-colons</c> (doc/DETAILS of GnuPG); those that are elsewhere (offline) or cannot sign are left out.</summary>
    public static IReadOnlyList<SecretKey> Parse(string listing)
    {
        var keys = new List<SecretKey>();
        string[]? pending = null;
        var primary = "";
        foreach (var line in listing.Split('\n'))
        {
            var fields = line.Split(':');
            if (fields[0] is "sec" or "ssb")
                pending = fields;
            else if (fields[0] == "fpr" && pending is not null && fields.Length > 9)
            {
                if (pending[0] == "sec")
                    primary = fields[9];
                // Field 12: what it can do, in lower case itself; field 15: '#' for a key that is not here, a card's number.
                if (pending.Length > 14 && pending[11].Contains('s', StringComparison.Ordinal) && pending[14] != "#" && pending[1] is not ("r" or "e"))
                    keys.Add(new SecretKey(fields[9], primary, pending[14].Length > 1));
                pending = null;
            }
        }
        return keys;
    }
}
