using System.Diagnostics;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace StageX.Build.Tests.Trust;

/// <summary>A gpg with a home of its own, and keys without passphrases that are gone with it.</summary>
internal sealed class Gpg : IDisposable
{
    private readonly TemporaryFolder _folder = new("sx-gpg-");

    public string Home => _folder.Path;

    public Gpg() => File.WriteAllText(_folder["gpg.conf"], "batch\nno-tty\nyes\ntrust-model always\npinentry-mode loopback\npassphrase \"\"\nallow-weak-digest-algos\n");

    /// <summary>Makes a key and returns the fingerprint of the primary key.</summary>
    public string Create(string name, string algorithm = "ed25519", string usage = "sign,cert", string expires = "never", string? at = null)
    {
        Run([.. Time(at), "--quick-generate-key", $"{name} <{name.ToLowerInvariant()}@example.org>", algorithm, usage, expires]);
        return Fingerprint(name);
    }

    public string Fingerprint(string name) => Lines("--with-colons", "--list-keys", $"{name.ToLowerInvariant()}@example.org").First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];

    /// <summary>Of the last subkey.</summary>
    public string SubkeyFingerprint(string key) => Lines("--with-colons", "--list-keys", key).Last(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];

    public byte[] Export(string key) => Run(["--armor", "--export", key]);

    public byte[] Sign(string key, byte[] content, params string[] options) => Run([.. options, "--local-user", key, "--sign"], content);

    public void Revoke(string key, int reason, string? at = null)
    {
        // The command asks: to be sure, why, a comment's end, sure of that.
        var revocation = Run([.. Time(at), "--no-batch", "--command-fd", "0", "--gen-revoke", key], System.Text.Encoding.ASCII.GetBytes($"y\n{reason}\n\ny\n"));
        Run(["--import"], revocation);
    }

    public PgpPrivateKey PrivateKey(string key) => new PgpSecretKeyRing(Run(["--export-secret-keys", key])).GetSecretKey().ExtractPrivateKey([]);

    public static string[] Time(string? at) => at is null ? [] : ["--faked-system-time", $"{at}T120000!"];

    public byte[] Run(IEnumerable<string> arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo("gpg", ["--homedir", Home, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input ?? []);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output.ToArray();
    }

    private string[] Lines(params string[] arguments) => System.Text.Encoding.UTF8.GetString(Run(arguments)).Split('\n');

    public void Dispose()
    {
        Command.Run("gpgconf", ["--homedir", Home, "--kill", "all"]);
        _folder.Dispose();
    }
}
