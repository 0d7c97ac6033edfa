namespace StageX.Build;

/// <summary>A part of a stream that can be read from any place. The whole stays open; one part is read at a time.</summary>
internal sealed class SliceStream(Stream whole, long offset, long length) : SeekableStream(offset < 0 ? 0 : Math.Clamp(length, 0, Math.Max(0, whole.Length - offset)))
{
    protected override int ReadAt(long position, Span<byte> buffer)
    {
        if (whole.Position != offset + position)
            whole.Position = offset + position;
        return whole.Read(buffer);
    }
}
