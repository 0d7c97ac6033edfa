namespace StageX.Build.Sources;

/// <summary>
/// What comes out of a decompressor, watched: counted against a limit, its failures turned into one kind,
/// its last block remembered so that a tar that lacks its end is noticed.
/// </summary>
internal sealed class UnpackedStream(Stream inner, long limit, CancellationToken cancellation) : ReadOnlyStream
{
    private const int BlockSize = 512;
    private readonly byte[] _last = new byte[BlockSize];
    private byte[] _ahead = [];
    private int _aheadTaken;
    private long _count;

    /// <summary>More came out than is allowed. The reader turns it into a coded error.</summary>
    internal sealed class LimitExceededException(long limit) : Exception($"more than {limit} bytes come out of it");

    public long Count => _count;

    /// <summary>The first block, without taking it; shorter where the stream is.</summary>
    public ReadOnlySpan<byte> PeekBlock()
    {
        var block = new byte[BlockSize];
        var length = 0;
        while (length < BlockSize && ReadInner(block.AsSpan(length)) is > 0 and var count)
            length += count;
        _ahead = block[..length];
        return _ahead;
    }

    /// <summary>Whether the last block that was read holds nothing but zeros, as a tar ends.</summary>
    public bool EndedInZeros => _count >= BlockSize && !_last.AsSpan().ContainsAnyExcept((byte)0);

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        // SharpCompress's LZipStream takes an empty read for the end.
        if (buffer.IsEmpty)
            return 0;
        int count;
        if (_aheadTaken < _ahead.Length)
        {
            count = Math.Min(buffer.Length, _ahead.Length - _aheadTaken);
            _ahead.AsSpan(_aheadTaken, count).CopyTo(buffer);
            _aheadTaken += count;
        }
        else
            count = ReadInner(buffer);
        Remember(buffer[..count]);
        _count += count;
        return _count <= limit ? count : throw new LimitExceededException(limit);
    }

    private int ReadInner(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        // Decompressors throw whatever their author thought of, down to IndexOutOfRangeException.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= BlockSize)
            bytes[^BlockSize..].CopyTo(_last);
        else
        {
            _last.AsSpan(bytes.Length).CopyTo(_last);
            bytes.CopyTo(_last.AsSpan(BlockSize - bytes.Length));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
