namespace StageX.Build;

/// <summary>A stream of a known length that is read from any place.</summary>
internal abstract class SeekableStream(long length) : ReadOnlyStream
{
    public sealed override bool CanSeek => true;
    public sealed override long Length => length;
    public sealed override long Position { get; set; }

    public sealed override int Read(Span<byte> buffer)
    {
        var left = length - Position;
        if (left <= 0)
            return 0;
        var read = ReadAt(Position, buffer.Length > left ? buffer[..(int)left] : buffer);
        Position += read;
        return read;
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => length,
    });

    /// <summary>Bytes from a place on; never asked for more than there are.</summary>
    protected abstract int ReadAt(long position, Span<byte> buffer);
}
