using SharpCompress.Compressors.Xz;

namespace StageX.Build.Sources;

/// <summary>An .xz file is one stream after another, padded with zeros in fours; SharpCompress reads one.</summary>
internal sealed class XzStreams : Stream
{
    private readonly Stream _file;
    private XZStream? _current;

    public XzStreams(Stream file)
    {
        _file = file;
        _current = new XZStream(file);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_current is not null)
        {
            if (_current.Read(buffer, offset, count) is > 0 and var read)
                return read;
            _current = SkipPadding() ? new XZStream(_file) : null;
        }

        return 0;
    }

    /// <summary>False at the end of the file.</summary>
    private bool SkipPadding()
    {
        Span<byte> four = stackalloc byte[4];
        while (_file.ReadAtLeast(four, four.Length, throwOnEndOfStream: false) is > 0 and var length)
        {
            if (length < four.Length)
                throw new InvalidDataException("what follows an xz stream is neither padding nor another");
            if (!four.ContainsAnyExcept((byte)0))
                continue;
            _file.Position -= four.Length;
            return true;
        }

        return false;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // The streams of SharpCompress hold nothing but the file.
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
