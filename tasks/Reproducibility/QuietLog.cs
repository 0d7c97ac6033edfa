namespace StageX.Build.Reproducibility;

/// <summary>For rebuilds that nobody waits for one by one: their progress is a detail.</summary>
internal sealed class QuietLog(IBuildLog log) : IBuildLog
{
    public void Milestone(string message) => log.Detail(message);

    public void Detail(string message) => log.Detail(message);

    public void Warning(string code, string message, string? file = null, int line = 0) => log.Detail(message);
}
