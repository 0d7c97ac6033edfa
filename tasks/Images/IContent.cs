namespace StageX.Build.Images;

/// <summary>Bytes on disk that can be read from any place.</summary>
internal interface IContent : IDisposable
{
    /// <summary>Fills the buffer as far as there are bytes; fewer than asked for means the end.</summary>
    int Read(Span<byte> buffer, long offset);
}
