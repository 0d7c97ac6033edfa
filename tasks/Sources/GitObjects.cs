using System.Text;

namespace StageX.Build.Sources;

/// <summary>Objects of a repository, one after the other, from one <c>git cat-file --batch</c>.</summary>
internal sealed class GitObjects : IDisposable
{
    private readonly ChildProcess _git;

    private GitObjects(ChildProcess git) => (_git, Content) = (git, new BufferedStream(git.Output, 1 << 16));

    /// <summary>Where the content of the object follows that was asked for; read all of it, and then <see cref="EndContent"/>.</summary>
    public BufferedStream Content { get; }

    /// <summary>Null when there is no git.</summary>
    public static GitObjects? Open(IEnumerable<string> options, Action<IDictionary<string, string?>> environment, CancellationToken cancellation) =>
        ChildProcess.Start("git", [.. options, "cat-file", "--batch"], environment, cancellation) is { } git ? new GitObjects(git) : null;

    /// <summary>Asks for an object.</summary>
    /// <returns>What git says before its content, "&lt;id&gt; &lt;type&gt; &lt;size&gt;" where it has it; null when git has ended.</returns>
    public string? Ask(string id)
    {
        _git.Input.Write(Encoding.ASCII.GetBytes(id + "\n"));
        _git.Input.Flush();
        var header = new StringBuilder();
        for (int next; (next = Content.ReadByte()) is not '\n';)
        {
            if (next < 0)
                return null;
            header.Append((char)next);
        }
        return header.ToString();
    }

    /// <summary>Passes the end of line after an object's content.</summary>
    public void EndContent() => Content.ReadByte();

    /// <summary>Lets git end.</summary>
    public void End(CancellationToken cancellation)
    {
        _git.Input.Close();
        _git.Wait(cancellation);
    }

    public void Dispose()
    {
        Content.Dispose();
        _git.Dispose();
    }
}
