namespace StageX.Build.Images;

/// <summary>A file's content where it lies, to be read from any place.</summary>
internal sealed class PlacedStream(ContentPlace place) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => place.Size;
    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var left = place.Size - Position;
        if (left <= 0)
            return 0;
        var read = place.Content.Read(buffer.Length > left ? buffer[..(int)left] : buffer, place.Offset + Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => place.Size,
    });

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
