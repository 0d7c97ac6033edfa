using Microsoft.Build.Framework;

namespace StageX.Build.Trust;

/// <summary>A task that believes in what verified history says, and in nothing else.</summary>
public abstract class TrustTask : StageXTask
{
    /// <summary>The repository whose history counts (StageXRepository).</summary>
    [Required]
    public required string Repository { get; set; }

    /// <summary>The commit from which on it is judged (StageXTrustedCommit).</summary>
    public string TrustedCommit { get; set; } = "";

    /// <summary>The user's configuration (StageXConfiguration).</summary>
    [Required]
    public required string Configuration { get; set; }

    /// <summary>The folder that all clones share (StageXCache).</summary>
    [Required]
    public required string Cache { get; set; }

    /// <summary>What folders are relative to (StageXRoot).</summary>
    [Required]
    public required string Root { get; set; }

    private protected override IDisposable? Hold() => CacheLock.Use(Path.GetFullPath(Cache), BuildLog, Cancellation);

    private protected SourceHistory VerifyHistory()
    {
        // Of two paths to one folder the shorter is in the other with a separator at its end.
        var repository = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Repository)) + Path.DirectorySeparatorChar;
        if (GetType().Assembly.Location.StartsWith(repository, StringComparison.Ordinal))
            BuildLog.Warning(ErrorCode.JudgedByItself, $"{Repository} is judged by its own code, which could say anything. Ask an installed StageX.Build.Sdk, with -p:StageXRepository={Repository}.");
        return SourceHistory.Verify(new SourceHistorySettings
        {
            Repository = Repository,
            TrustedCommit = TrustedCommit,
            Configuration = Path.GetFullPath(Configuration),
            Cache = Path.GetFullPath(Cache),
        }, TimeProvider.System.GetUtcNow(), BuildLog, Cancellation);
    }
}
