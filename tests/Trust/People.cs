using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>The people of the tests, with keys that are made once for all of them.</summary>
internal static class People
{
    public static IReadOnlyList<string> Names { get; } = ["Alice", "Bob", "Carol", "Dave", "Erin"];

    private static readonly Lazy<Gpg> Shared = new(() =>
    {
        var gpg = new Gpg();
        foreach (var name in Names)
            gpg.Create(name);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => gpg.Dispose();
        return gpg;
    });

    internal static Gpg Gpg => Shared.Value;

    public static string Alice => Gpg.Fingerprint("Alice");

    public static string Bob => Gpg.Fingerprint("Bob");

    public static string Carol => Gpg.Fingerprint("Carol");

    internal const string Policy = "source-signers: 2\nartifact-signers: 2\nprocessor-vendors: 2\nsmart-card: optional\n";

    /// <summary>The files of eng/maintainers with entries for these keys of a gpg.</summary>
    internal static Dictionary<string, byte[]> Files(Gpg gpg, string policy, params IEnumerable<string> names)
    {
        var files = new Dictionary<string, byte[]> { ["policy.txt"] = System.Text.Encoding.UTF8.GetBytes(policy) };
        foreach (var name in names)
        {
            var id = name.ToLowerInvariant();
            var fingerprint = gpg.Fingerprint(name);
            files[id + ".asc"] = gpg.Export(fingerprint);
            files[id + ".txt"] = System.Text.Encoding.UTF8.GetBytes($"name: {name}\nfingerprint: {fingerprint}\nkey: {id}.asc\nsince: 2020-01-01\n");
        }
        return files;
    }

    internal static MaintainerSet Maintainers(params IEnumerable<string> names) => MaintainerSet.Read(Files(Gpg, Policy, names));
}
