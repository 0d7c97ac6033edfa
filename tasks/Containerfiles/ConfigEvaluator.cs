using StageX.Build.Images;

namespace StageX.Build.Containerfiles;

/// <summary>
/// What a stage's instructions make of the image config they start from (OCI image spec, "config"): a root filesystem
/// as a tar stream does not carry it.
/// </summary>
public static class ConfigEvaluator
{
    /// <param name="inherited">The config of the image or stage that the stage starts from.</param>
    /// <param name="instructions">The stage's instructions, variables expanded.</param>
    public static ImageConfig Evaluate(ImageConfig inherited, IEnumerable<Instruction> instructions)
    {
        var config = inherited;
        var commandIsOurs = false;
        foreach (var instruction in instructions)
        {
            var arguments = instruction.Arguments;
            switch (instruction.Keyword)
            {
                case "ENV":
                    config = config with { Environment = arguments.Chunk(2).Aggregate(config.Environment, (all, pair) => SetVariable(all, pair[0], pair[1])) };
                    break;
                case "LABEL":
                    config = config with { Labels = Merge(config.Labels, arguments.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))) };
                    break;
                case "WORKDIR":
                    config = config with { WorkingDirectory = "/" + EntryPath.Resolve(config.WorkingDirectory, arguments[0]) };
                    break;
                case "USER":
                    config = config with { User = arguments[0] };
                    break;
                case "ENTRYPOINT":
                    // A command inherited from below was meant for the entry point below.
                    config = config with { Entrypoint = instruction.CommandLine, Command = commandIsOurs ? config.Command : null };
                    break;
                case "CMD":
                    config = config with { Command = instruction.CommandLine };
                    commandIsOurs = true;
                    break;
                case "EXPOSE":
                    config = config with { ExposedPorts = Union(config.ExposedPorts, arguments) };
                    break;
                case "VOLUME":
                    config = config with { Volumes = Union(config.Volumes, arguments) };
                    break;
                case "STOPSIGNAL":
                    config = config with { StopSignal = arguments[0] };
                    break;
            }
        }
        return config;
    }

    internal static IReadOnlyList<string> SetVariable(IReadOnlyList<string> environment, string name, string value)
    {
        var list = environment.ToList();
        var at = list.FindIndex(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
        if (at < 0)
            list.Add($"{name}={value}");
        else
            list[at] = $"{name}={value}";
        return list;
    }

    private static SortedDictionary<string, string> Merge(IReadOnlyDictionary<string, string> all, IEnumerable<KeyValuePair<string, string>> more)
    {
        var merged = new SortedDictionary<string, string>(all.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in more)
            merged[name] = value;
        return merged;
    }

    private static List<string> Union(IReadOnlyCollection<string> all, IEnumerable<string> more) =>
        [.. all.Concat(more).Distinct().Order(StringComparer.Ordinal)];
}
