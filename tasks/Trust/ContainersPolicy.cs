using System.Text;
using System.Text.Json.Nodes;

namespace StageX.Build.Trust;

/// <summary>
/// The quorum in the words of stock podman and skopeo: containers-policy.json(5), keyrings, and containers-registries.d(5). What a
/// policy requires is required all together, and a keyring accepts any of its keys: so k of n is one requirement for each
/// n−k+1 of the n maintainers, of whom one must have signed.
/// </summary>
public static class ContainersPolicy
{
    // Keyrings are as many as there are subsets: beyond this nobody would read the file.
    private const int MostKeyrings = 1000;

    /// <summary>Writes <c>policy.json</c>, <c>keys/</c> and <c>registries.d/</c>; the folder is replaced.</summary>
    /// <param name="folder">Where to write, and where the files will be read.</param>
    /// <param name="maintainers">Whose signatures count.</param>
    /// <param name="today">Those who are maintainers today, with keys that are good, get into keyrings.</param>
    /// <param name="registry">Where images are published, with the path.</param>
    /// <param name="mirrors">Where they may be pulled from as well: other hosts with the same path, by which signatures are looked up.</param>
    /// <param name="lookaside">The URL of the signatures of that registry's host.</param>
    /// <returns>Who is in it.</returns>
    /// <exception cref="StageXException"><see cref="ErrorCode.QuorumMissing"/>: there are fewer than must sign.</exception>
    public static IReadOnlyList<Maintainer> Write(string folder, MaintainerSet maintainers, DateTimeOffset today, string registry, IReadOnlyList<string> mirrors, string lookaside)
    {
        // Of any package there: both are names by themselves where a host stands alone.
        static string PathIn(string place) => TrustSettings.NameOf(place, "x").Path;
        if (mirrors.FirstOrDefault(mirror => PathIn(mirror) != PathIn(registry)) is { } elsewhere)
            throw new StageXException(ErrorCode.InvalidMetadata, $"StageXMirrors names '{elsewhere}', and signatures are looked up by the path, which must be the same as in {registry}");
        var present = maintainers.All.Where(maintainer => maintainer.CountsAt(today)).ToList();
        var needed = maintainers.Policy.ArtifactSigners;
        if (present.Count < needed)
            throw new StageXException(ErrorCode.QuorumMissing, $"{needed} maintainers must sign each image, and only {present.Count} can: {string.Join(", ", present.Select(maintainer => maintainer.Id))}");
        var subsets = Subsets(present, present.Count - needed + 1).Take(MostKeyrings + 1).ToList();
        if (subsets.Count > MostKeyrings)
            throw new StageXException(ErrorCode.QuorumMissing, $"{needed} of {present.Count} maintainers would take more than {MostKeyrings} keyrings");
        CheckReplaceable(folder);
        AtomicFile.WriteDirectory(folder, temporary =>
        {
            Directory.CreateDirectory(Path.Combine(temporary, "keys"));
            Directory.CreateDirectory(Path.Combine(temporary, "registries.d"));
            var keyrings = new List<string>();
            foreach (var subset in subsets)
            {
                var name = Path.Combine("keys", string.Join('+', subset.Select(maintainer => maintainer.Id)) is { Length: <= 200 } names ? names + ".gpg" : $"{keyrings.Count}.gpg");
                File.WriteAllBytes(Path.Combine(temporary, name), [.. subset.SelectMany(maintainer => maintainer.Key.Binary)]);
                keyrings.Add(Path.Combine(folder, name));
            }
            var docker = new JsonObject { [registry] = Requirements(keyrings, new JsonObject { ["type"] = "matchRepoDigestOrExact" }) };
            foreach (var mirror in mirrors)
                docker[mirror] = Requirements(keyrings, new JsonObject { ["type"] = "remapIdentity", ["prefix"] = mirror, ["signedPrefix"] = registry });
            var policy = new JsonObject
            {
                ["default"] = new JsonArray(new JsonObject { ["type"] = "reject" }),
                ["transports"] = new JsonObject { ["docker"] = docker },
            };
            File.WriteAllText(Path.Combine(temporary, "policy.json"), policy.ToJsonString(Indented) + "\n");
            var registries = new StringBuilder("docker:\n");
            foreach (var place in mirrors.Prepend(registry))
                // JSON's strings are YAML's. Older readers know the second name only.
                registries.Append($"  {Quoted(place)}:\n    lookaside: {Quoted(lookaside)}\n    sigstore: {Quoted(lookaside)}\n");
            File.WriteAllText(Path.Combine(temporary, "registries.d", "stagex.yaml"), registries.ToString());
        });
        return present;
    }

    // Somebody may name the folder of his containers' configuration.
    private static void CheckReplaceable(string folder)
    {
        var found = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).ToList() : [];
        if (found.Count > 0 && (found.FirstOrDefault(file => file is not ("policy.json" or "registries.d/stagex.yaml") && !file.StartsWith("keys/", StringComparison.Ordinal)) is { } other ? other
            : found.Any(file => file.StartsWith("keys/", StringComparison.Ordinal)) ? null : found[0]) is { } foreign)
            throw new StageXException(ErrorCode.InvalidMetadata, $"StageXPolicyFolder is '{folder}', which holds '{foreign}' of somebody else. Name a folder of its own.");
    }

    private static System.Text.Json.JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonArray Requirements(IEnumerable<string> keyrings, JsonObject identity) => [.. keyrings.Select(keyring => new JsonObject
    {
        ["type"] = "signedBy",
        ["keyType"] = "GPGKeys",
        ["keyPath"] = keyring,
        ["signedIdentity"] = identity.DeepClone(),
    })];

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString(Indented);

    private static IEnumerable<IReadOnlyList<Maintainer>> Subsets(IReadOnlyList<Maintainer> of, int size) =>
        size == 0 ? [[]]
        : Enumerable.Range(0, of.Count - size + 1).SelectMany(first => Subsets([.. of.Skip(first + 1)], size - 1).Select(rest => (IReadOnlyList<Maintainer>)[of[first], .. rest]));
}
