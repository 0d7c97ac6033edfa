namespace StageX.Build.Sources;

/// <summary>What git is told by its environment.</summary>
internal static class GitEnvironment
{
    /// <summary>Where git is called by git, its variables speak of another repository. Nor does it ask for anything.</summary>
    public static void Clear(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["GIT_TERMINAL_PROMPT"] = "0";
    }

    /// <summary>Configured by one file and nothing of the user's or the system's, and showing objects as they are.</summary>
    public static void Isolate(IDictionary<string, string?> environment, string configuration)
    {
        Clear(environment);
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = configuration;
        environment["GIT_ATTR_NOSYSTEM"] = "1";
        environment["GIT_NO_REPLACE_OBJECTS"] = "1";
    }
}
