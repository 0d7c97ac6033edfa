using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Reproducibility;
using StageX.Build.Stages;

namespace StageX.Build.Trust;

/// <summary>
/// Reads what <c>-t:Verify</c> recorded on this machine: that it built a package a second time, from which stage keys, to which
/// digests, and on what.
/// </summary>
internal static class VerificationRecord
{
    /// <summary>Where and how the image was built again, and the record that says so.</summary>
    /// <param name="artifacts">The folder of results.</param>
    /// <param name="package">The id of the package.</param>
    /// <param name="image">The id of its image.</param>
    /// <param name="digest">The digest that the image has now.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.NotVerified"/>: it was not, or something else was.</exception>
    public static (BuildFacts Facts, byte[] Record) Read(string artifacts, string package, string image, Digest digest)
    {
        var file = VerifyRecord.FileFor(artifacts, package);
        StageXException NotVerified(string why) => new(ErrorCode.NotVerified, $"{image} is not signed: {why}. Build it a second time with -t:Verify, then sign.");
        if (!File.Exists(file))
            throw NotVerified("nobody built it a second time on this machine");
        try
        {
            var bytes = File.ReadAllBytes(file);
            var record = Json.Object(CanonicalJson.Parse(bytes), file);
            var keys = Json.Object(JsonNode.Parse(File.ReadAllBytes(BuildEnvironment.KeysOf(artifacts, package))), "keys.json");
            if (!Json.Flag(record, "reproducible"))
                throw NotVerified($"by {file} it is not reproducible");
            if (Json.OptionalText(Json.Object(record["built"], "'built'"), image) != digest.ToString())
                throw NotVerified($"{file} is about another digest");
            var verified = Json.Object(record["stages"], "'stages'");
            if (verified.Count != keys.Count || keys.Any(stage => Json.OptionalText(verified, stage.Key) != StageKey.Of(Json.Object(stage.Value, "a key")).ToString()))
                throw NotVerified($"{file} is about another state of the definition");
            var machine = Json.Object(record["machine"], "'machine'");
            return (BuildFacts.Parse(new JsonObject
            {
                ["processor-vendor"] = Json.Text(machine, "vendor"),
                ["architecture"] = Json.Text(machine, "architecture"),
                ["engine"] = Json.OptionalObject(record, "engines") is { } engines && Json.OptionalObject(engines, "rebuilt") is { } rebuilt ? Json.Text(rebuilt, "name") : "",
                ["kernel"] = Json.Text(machine, "kernel"),
            }), bytes);
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException or DirectoryNotFoundException or System.Text.Json.JsonException)
        {
            throw NotVerified($"{file} cannot be read: {e.Message}");
        }
    }
}
