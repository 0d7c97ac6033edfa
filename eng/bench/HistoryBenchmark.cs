using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using StageX.Build.Trust;

namespace StageX.Build.Benchmarks;

/// <summary>Three maintainers with keys of gpg, which sign here in process: gpg itself would take minutes.</summary>
internal sealed class Maintainers : IDisposable
{
    private readonly List<PgpPrivateKey> _keys = [];

    public Maintainers(string folder)
    {
        // A socket's path is short.
        Home = Directory.CreateTempSubdirectory("sx-gpg-").FullName;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, TrustPolicy.FileName), "source-signers: 2\nartifact-signers: 2\nprocessor-vendors: 1\nsmart-card: optional\n");
        foreach (var name in new[] { "alice", "bob", "carol" })
        {
            Gpg("--quick-generate-key", name, "ed25519", "sign,cert", "never");
            var fingerprint = Gpg("--with-colons", "--list-keys", name).Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
            Gpg("--armor", "--output", Path.Combine(folder, name + ".asc"), "--export", fingerprint);
            Gpg("--output", Path.Combine(Home, name), "--export-secret-keys", fingerprint);
            File.WriteAllText(Path.Combine(folder, name + ".txt"), $"name: {name}\nfingerprint: {fingerprint}\nkey: {name}.asc\nsince: 2020-01-01\n");
            _keys.Add(new PgpSecretKeyRing(File.ReadAllBytes(Path.Combine(Home, name))).GetSecretKey().ExtractPrivateKey([]));
        }
    }

    public string Home { get; }

    public PgpSignatureGenerator Signer(int maintainer)
    {
        var generator = new PgpSignatureGenerator(PublicKeyAlgorithmTag.EdDsa_Legacy, HashAlgorithmTag.Sha512);
        generator.InitSign(PgpSignature.BinaryDocument, _keys[maintainer]);
        var says = new PgpSignatureSubpacketGenerator();
        says.SetSignatureCreationTime(false, DateTime.UtcNow);
        says.SetIssuerKeyID(false, _keys[maintainer].KeyId);
        generator.SetHashedSubpackets(says.Generate());
        generator.SetUnhashedSubpackets(new PgpSignatureSubpacketGenerator().Generate());
        return generator;
    }

    private string Gpg(params string[] arguments) =>
        Tool.Run("gpg", ["--homedir", Home, "--batch", "--yes", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "", .. arguments]).Output;

    public void Dispose()
    {
        Tool.Run("gpgconf", "--homedir", Home, "--kill", "all");
        Directory.Delete(Home, recursive: true);
    }
}

/// <summary>The verification of a history of 10,000 commits, each fourth a merge: from nothing, and when one change is new.</summary>
internal static class HistoryBenchmark
{
    private const int Commits = 10_000, Allowed = 30;

    public static Measured Run()
    {
        var folder = Directory.CreateTempSubdirectory("stagex-history-").FullName;
        try
        {
            var repository = Path.Combine(folder, "repository");
            Tool.Run("git", "init", "--quiet", "--initial-branch=main", repository);
            using var maintainers = new Maintainers(Path.Combine(repository, MaintainerSet.Folder));
            string[] git = ["-C", repository, "-c", "user.name=x", "-c", "user.email=x"];
            Tool.Run("git", [.. git, "add", "--all"]);
            Tool.Run("git", [.. git, "commit", "--quiet", "-m", "Begin"]);
            var trusted = Tool.Run("git", [.. git, "rev-parse", "HEAD"]).Output.Trim();
            var eng = Tool.Run("git", [.. git, "rev-parse", "HEAD:eng"]).Output.Trim();
            var writer = new Writer(Path.Combine(repository, ".git", "objects"), eng, maintainers);
            var head = trusted;
            for (var i = 0; i < Commits; i += 4)
                head = writer.Change(head, i);
            Tool.Run("git", [.. git, "update-ref", "refs/heads/main", head]);
            Tool.Run("git", [.. git, "repack", "-adq"]);
            var settings = new SourceHistorySettings { Repository = repository, TrustedCommit = trusted, Configuration = Path.Combine(folder, "config"), Cache = Path.Combine(folder, "cache") };
            var whole = Verify(settings, Commits / 4);
            Tool.Run("git", [.. git, "update-ref", "refs/heads/main", writer.Change(head, Commits)]);
            var next = Verify(settings, 1);
            return new Measured("history", whole / Allowed, "1", string.Create(CultureInfo.InvariantCulture,
                $"of the {Allowed} s allowed: a history of {Commits} commits verified in {whole:0.0} s, and one more change in {next:0.00} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Verify(SourceHistorySettings settings, int changes)
    {
        var watch = Stopwatch.StartNew();
        using var history = SourceHistory.Verify(settings, TimeProvider.System.GetUtcNow(), new Silence(), CancellationToken.None);
        return history.Changes == changes ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{history.Changes} changes were verified");
    }

    /// <summary>Writes the objects that git would.</summary>
    private sealed class Writer(string objects, string eng, Maintainers maintainers)
    {
        // No commit is older than what it stands on.
        private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        /// <summary>A branch of three commits, the last signed, and a signed merge.</summary>
        public string Change(string main, int number)
        {
            var blob = Write("blob", Encoding.ASCII.GetBytes($"{number}\n"));
            var tree = Write("tree", [.. "40000 eng\0"u8, .. Convert.FromHexString(eng), .. "100644 file\0"u8, .. Convert.FromHexString(blob)]);
            var first = Commit(tree, [main], null);
            var tip = Commit(tree, [Commit(tree, [first], null)], number / 4 % 3);
            return Commit(tree, [main, tip], (number / 4 + 1) % 3);
        }

        private string Commit(string tree, string[] parents, int? signer)
        {
            var headers = $"tree {tree}\n{string.Concat(parents.Select(parent => $"parent {parent}\n"))}author x <x> {_now} +0000\ncommitter x <x> {_now} +0000\n";
            const string message = "\nChange\n";
            if (signer is { } maintainer)
            {
                var generator = maintainers.Signer(maintainer);
                generator.Update(Encoding.ASCII.GetBytes(headers + message));
                headers += $"gpgsig -----BEGIN PGP SIGNATURE-----\n \n {Convert.ToBase64String(generator.Generate().GetEncoded())}\n -----END PGP SIGNATURE-----\n";
            }
            return Write("commit", Encoding.ASCII.GetBytes(headers + message));
        }

        private string Write(string type, byte[] content)
        {
            byte[] named = [.. Encoding.ASCII.GetBytes($"{type} {content.Length}\0"), .. content];
#pragma warning disable CA5350 // The names of git's objects.
            var id = Convert.ToHexStringLower(SHA1.HashData(named));
#pragma warning restore CA5350
            var path = Path.Combine(objects, id[..2], id[2..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var zlib = new ZLibStream(File.Create(path), CompressionLevel.Fastest);
            zlib.Write(named);
            return id;
        }
    }
}

internal sealed class Silence : IBuildLog
{
    public void Milestone(string message)
    {
    }

    public void Detail(string message)
    {
    }

    public void Warning(string code, string message, string? file = null, int line = 0)
    {
    }
}
