namespace StageX.Build.Engines;

/// <summary>Finds programs on a search path. Ordinary users of some distributions lack the sbin folders, where runc lies.</summary>
internal sealed class Programs(string searchPath)
{
    /// <summary>The search path that children get, sbin folders included.</summary>
    public string SearchPath { get; } = string.Join(Path.PathSeparator,
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
            .Where(Path.IsPathFullyQualified)
            .Distinct(StringComparer.Ordinal));

    /// <summary>The full path of a program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">The package that brings it, for the message.</param>
    /// <exception cref="StageXException">It is nowhere.</exception>
    public string Find(string program, string package) =>
        FindOrNull(program) ?? throw new StageXException(ErrorCode.EngineMissing,
            $"The program '{program}' is not on the PATH. Install the package {package} (Debian: apt-get install --no-install-recommends {package}).");

    /// <summary>The full path of a program, or null where it is nowhere.</summary>
    public string? FindOrNull(string program) =>
        SearchPath.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
