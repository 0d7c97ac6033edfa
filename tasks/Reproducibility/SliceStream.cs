namespace StageX.Build.Reproducibility;

/// <summary>A part of a stream that can be read from any place. The whole stays open; one part is read at a time.</summary>
internal sealed class SliceStream : Stream
{
    private readonly Stream _whole;
    private readonly long _offset;
    private readonly long _length;
    private long _position;

    public SliceStream(Stream whole, long offset, long length)
    {
        _whole = whole;
        _offset = Math.Clamp(offset, 0, whole.Length);
        _length = Math.Clamp(length, 0, whole.Length - _offset);
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;
    public override long Position { get => _position; set => _position = value; }

    public override int Read(Span<byte> buffer)
    {
        var left = _length - _position;
        if (left <= 0)
            return 0;
        if (buffer.Length > left)
            buffer = buffer[..(int)left];
        if (_whole.Position != _offset + _position)
            _whole.Position = _offset + _position;
        var read = _whole.Read(buffer);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _position = offset + (origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => _length,
    });

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
