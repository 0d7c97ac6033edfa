namespace StageX.Build;

internal static class StreamWindow
{
    /// <summary>Bytes from a place in a stream, as many as there are.</summary>
    public static byte[] Window(this Stream stream, long from, long count)
    {
        stream.Position = Math.Clamp(from, 0, stream.Length);
        var bytes = new byte[Math.Clamp(count, 0, stream.Length - stream.Position)];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
