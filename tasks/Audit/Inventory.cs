using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Packages;

namespace StageX.Build.Audit;

/// <summary>What an image holds.</summary>
/// <param name="Image">Its id.</param>
/// <param name="Files">How many files, a file with several names once.</param>
/// <param name="Bytes">What is in them.</param>
/// <param name="Executables">Programs and shared libraries, by path.</param>
public sealed record Inventory(string Image, int Files, long Bytes, IReadOnlyList<Executable> Executables)
{
    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject
    {
        ["image"] = Image,
        ["files"] = Files,
        ["bytes"] = Bytes,
        ["executables"] = new JsonArray([.. Executables.Select(ToJson)]),
    });

    /// <summary>The executables as a table, or "" where there is none.</summary>
    public string ToTable()
    {
        if (Executables.Count == 0)
            return "";
        var table = new TextTable(["executable", ">bytes", "needs", .. Trait.All.Select(trait => trait.Title)]);
        foreach (var executable in Executables)
            table.Add([executable.Path, $"{executable.Size}", string.Join(' ', executable.Needed), .. Trait.All.Select(trait => executable[trait])]);
        return table.ToString();
    }

    private static JsonNode ToJson(Executable executable)
    {
        static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
        var node = new JsonObject
        {
            ["path"] = executable.Path,
            ["bytes"] = executable.Size,
            ["needed"] = Array(executable.Needed),
            ["compilers"] = Array(executable.Compilers),
        };
        foreach (var trait in Trait.All)
            node[trait.Name] = executable[trait];
        return node;
    }
}
