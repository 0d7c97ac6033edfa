using System.Collections.Concurrent;

namespace StageX.Build.Tests.Sources;

/// <summary>Keeps what was reported.</summary>
internal sealed class TestLog : IBuildLog
{
    public ConcurrentQueue<string> Milestones { get; } = new();
    public ConcurrentQueue<string> Details { get; } = new();
    public ConcurrentQueue<(string Code, string Message)> Warnings { get; } = new();

    public void Milestone(string message) => Milestones.Enqueue(message);
    public void Detail(string message) => Details.Enqueue(message);
    public void Warning(string code, string message, string? file = null, int line = 0) => Warnings.Enqueue((code, message));
}
