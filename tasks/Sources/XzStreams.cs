using SharpCompress.Compressors.Xz;

namespace StageX.Build.Sources;

/// <summary>An .xz file is one stream after another, padded with zeros in fours; SharpCompress reads one.</summary>
internal sealed class XzStreams : ReadOnlyStream
{
    private readonly Stream _file;
    private XZStream? _current;

    public XzStreams(Stream file)
    {
        _file = file;
        _current = new XZStream(file);
    }

    public override int Read(Span<byte> buffer)
    {
        while (_current is not null)
        {
            if (_current.Read(buffer) is > 0 and var read)
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

    protected override void Dispose(bool disposing)
    {
        // The streams of SharpCompress hold nothing but the file.
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
