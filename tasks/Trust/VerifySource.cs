using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Trust;

/// <summary>Passes when every change between the trusted commit and HEAD is covered by the maintainers' signatures.</summary>
public sealed class VerifySource : TrustTask
{
    /// <summary>HEAD, with TrustedCommit, Changes (verified now), Maintainers, and SourceSigners.</summary>
    [Output]
    public ITaskItem[] Verified { get; private set; } = [];

    protected override void Run()
    {
        using var history = VerifyHistory();
        var item = new TaskItem(history.Head);
        item.SetMetadata("TrustedCommit", history.TrustedCommitId);
        item.SetMetadata("Changes", $"{history.Changes}");
        item.SetMetadata("Maintainers", $"{history.Maintainers.All.Count}");
        item.SetMetadata("SourceSigners", $"{history.Maintainers.Policy.SourceSigners}");
        Verified = [item];
        BuildLog.Milestone($"{history.Head} is covered from {history.TrustedCommitId} on, {history.Changes} changes of it verified now: {history.Maintainers.Policy.SourceSigners} of {history.Maintainers.All.Count} maintainers signed each");
    }
}
