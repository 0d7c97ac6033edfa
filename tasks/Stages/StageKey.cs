using System.Text.Json.Nodes;
using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>
/// Everything that a stage reads, as a document whose SHA-256 is the stage's key. No engine has a say in it, nor file
/// times, comments, or what an image's manifest says beside its layers.
/// </summary>
public static class StageKey
{
    /// <summary>Raised when the same inputs would be run or written differently.</summary>
    internal const int Version = 4;

    /// <param name="plan">The stage.</param>
    /// <param name="platform">Such as linux/amd64.</param>
    /// <param name="root">The layers that it starts from.</param>
    /// <param name="inherited">The config that it starts from.</param>
    /// <param name="layersOf">The layers of a stage or package that a step copies from.</param>
    /// <param name="context">What steps copy otherwise.</param>
    public static JsonObject Inputs(
        StagePlan plan, string platform, IReadOnlyList<Layer> root, ImageConfig inherited,
        Func<string, IReadOnlyList<Layer>> layersOf, BuildContext context) => new()
        {
            ["version"] = Version,
            ["platform"] = platform,
            ["root"] = DiffIds(root),
            ["config"] = new JsonObject
            {
                ["environment"] = Strings(inherited.Environment),
                ["user"] = inherited.User,
                ["workingDirectory"] = inherited.WorkingDirectory,
            },
            ["steps"] = new JsonArray([.. plan.Steps.Where(step => step.AffectsFilesystem).Select(step => Step(step, layersOf, context))]),
            ["takes"] = plan.Takes is null ? null : Strings(plan.Takes),
        };

    public static Digest Of(JsonObject inputs) => Digest.Of(CanonicalJson.Serialize(inputs));

    /// <summary>Where two documents differ, as paths with both values, for -t:Why.</summary>
    public static IEnumerable<string> Differences(JsonNode? before, JsonNode? after, string path = "")
    {
        if (JsonNode.DeepEquals(before, after))
            return [];
        return (before, after) switch
        {
            (JsonObject a, JsonObject b) => a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key)).Order(StringComparer.Ordinal)
                .SelectMany(name => Differences(a[name], b[name], path.Length == 0 ? name : $"{path}.{name}")),
            (JsonArray a, JsonArray b) => Enumerable.Range(0, Math.Max(a.Count, b.Count))
                .SelectMany(i => Differences(i < a.Count ? a[i] : null, i < b.Count ? b[i] : null, $"{path}[{i}]")),
            _ => [$"{path}: {Short(before)} -> {Short(after)}"],
        };
    }

    private static JsonObject Step(Instruction step, Func<string, IReadOnlyList<Layer>> layersOf, BuildContext context)
    {
        var document = new JsonObject
        {
            ["instruction"] = step.Keyword,
            ["flags"] = Strings(step.Flags.Where(flag => flag.Name != "from").Select(flag => $"{flag.Name}={flag.Value}")),
            ["arguments"] = Strings(step.Arguments),
        };
        if (step.Keyword is "RUN")
            document["exec"] = step.IsExec;
        if (step.Keyword is "RUN" && !step.IsExec && !step.Shell.SequenceEqual(Instruction.DefaultShell))
            document["shell"] = Strings(step.Shell);
        if (step.CopyFrom is { } from)
            document["from"] = DiffIds(layersOf(from));
        else if (step.Keyword is "COPY" or "ADD")
            document["files"] = Files(step, context);
        return document;
    }

    private static JsonObject Files(Instruction step, BuildContext context)
    {
        var files = new JsonObject();
        foreach (var pattern in step.CopySources)
        {
            var (entries, sources) = context.Match(pattern);
            foreach (var entry in entries.Where(entry => entry.IsKeyed))
                files[entry.Path] = Describe(entry, context);
            foreach (var source in sources)
                files["fetch/" + source.Name] = context.KeyOf(source).ToString();
        }
        return files;
    }

    private static string Describe(ContextEntry entry, BuildContext context) => entry.Kind switch
    {
        ContextKind.Directory => $"directory {Convert.ToString(entry.Mode, 8)}",
        ContextKind.SymbolicLink => $"link {entry.Text}",
        ContextKind.Archive => $"archive {BuildContext.ExtractionRules} {context.DigestOf(entry)}",
        _ => $"file {Convert.ToString(entry.Mode, 8)} {context.DigestOf(entry)}",
    };

    internal static JsonArray DiffIds(IReadOnlyList<Layer> layers) => Strings(layers.Select(layer => layer.DiffId.ToString()));

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? (text.Length > 100 ? text[..100] + "…" : text) : "nothing";
}
