using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Reproducibility;

/// <summary>
/// Which variations of a package were tried alone and came out the same, kept in a file while the matrix is worked through: a
/// run of the tree that is interrupted goes on in the middle of it.
/// </summary>
public sealed class VerifyMatrix
{
    /// <summary>The rebuild whose steps see one processor and run one job.</summary>
    public const string OneProcessor = "one processor";

    private const string Results = "same";

    private readonly string _file;
    private readonly JsonObject _document;

    private VerifyMatrix(string file, JsonObject document) => (_file, _document) = (file, document);

    private JsonArray Names => _document[Results]!.AsArray();

    /// <param name="artifacts">The folder of results.</param>
    /// <param name="id">The package.</param>
    /// <param name="run">The run of the tree; 0 for none, which begins anew each time.</param>
    /// <param name="subject">What it has to be about to count.</param>
    public static VerifyMatrix Open(string artifacts, string id, int run, JsonObject subject)
    {
        var file = Path.Combine(artifacts, "verify", id + ".matrix.json");
        var document = subject.DeepClone().AsObject();
        document["run"] = run;
        var before = run > 0 && VerifyRecord.Read(file) is { } record && record.Run == run && record.IsAbout(subject) ? record.Same : [];
        document[Results] = new JsonArray([.. before.Select(name => (JsonNode?)name)]);
        return new VerifyMatrix(file, document);
    }

    public bool IsSame(string name) => Names.Any(node => (string?)node == name);

    /// <summary>Notes that a package came out the same with this variation alone.</summary>
    public void Same(string name)
    {
        if (IsSame(name))
            return;
        Names.Add(name);
        AtomicFile.Write(_file, CanonicalJson.Serialize(_document));
    }

    /// <summary>It is all in the record.</summary>
    public void End() => File.Delete(_file);
}
