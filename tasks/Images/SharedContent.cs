namespace StageX.Build.Images;

/// <summary>Content that several root filesystems made from one another use; closed when the last of them is.</summary>
internal sealed class SharedContent(IContent content) : IDisposable
{
    private int _users = 1;

    public SharedContent Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public int Read(Span<byte> buffer, long offset) => content.Read(buffer, offset);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            content.Dispose();
    }
}
