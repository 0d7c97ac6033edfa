namespace StageX.Build.Images;

/// <summary>A file's content where it lies, to be read from any place.</summary>
internal sealed class PlacedStream(ContentPlace place) : SeekableStream(place.Size)
{
    protected override int ReadAt(long position, Span<byte> buffer) => place.Content.Read(buffer, place.Offset + position);
}
