namespace StageX.Build.Images;

/// <summary>Content read from its start to its end.</summary>
internal sealed class ContentStream(IContent content) : ReadOnlyStream
{
    private long _position;

    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer, _position);
        _position += read;
        return read;
    }
}
