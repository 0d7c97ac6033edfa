using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Engines;

/// <summary>Takes what the engine prints: into the log file as it comes, the beginning of each step to the terminal, the end to the error.</summary>
internal sealed partial class BuildOutput : IDisposable
{
    private const int TailLines = 20;
    private const int LongestLine = 2000;
    private const int LongestStep = 100;
    private readonly FileStream _file;
    private readonly string _label;
    private readonly IBuildLog _log;
    private readonly Queue<string> _tail = new();
    private readonly List<byte> _line = [];

    public BuildOutput(string logFile, string label, IBuildLog log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        // Unbuffered: whoever watches the file sees each line when it is printed.
        _file = new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        (_label, _log) = (label, log);
    }

    /// <summary>The step that began last, as the engine prints it: <c>STEP 7/8: RUN make</c>. Empty before the first.</summary>
    public string Step { get; private set; } = "";

    /// <summary>The last lines.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>The engine's last word, if it was one about an error.</summary>
    public string Error { get; private set; } = "";

    public void Note(string line) => _file.Write(Encoding.UTF8.GetBytes(line + "\n"));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        foreach (var value in bytes)
        {
            if (value == '\n')
                EndLine();
            else if (_line.Count < LongestLine)
                _line.Add(value);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Takes what was printed last without an end of line.</summary>
    public void End()
    {
        if (_line.Count > 0)
            EndLine();
    }

    private void EndLine()
    {
        var line = Encoding.UTF8.GetString([.. _line]).TrimEnd('\r');
        _line.Clear();
        if (_tail.Count == TailLines)
            _tail.Dequeue();
        _tail.Enqueue(line);
        if (line.StartsWith("Error: ", StringComparison.Ordinal))
            Error = line;
        if (StepLine().Match(line) is not { Success: true } step)
            return;
        Step = line;
        var text = $"{_label}: {step.Groups["stage"].Value}step {step.Groups["number"].Value}: {step.Groups["text"].Value}";
        if (step.Groups["text"].Value.StartsWith("RUN ", StringComparison.Ordinal))
            _log.Milestone(text.Length <= LongestStep ? text : string.Concat(text.AsSpan(0, LongestStep - 1), "…"));
        else
            _log.Detail(text);
    }

    [GeneratedRegex(@"^(?<stage>\[\d+/\d+\] )?STEP (?<number>\d+/\d+): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex StepLine();
}
