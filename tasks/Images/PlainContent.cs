using Microsoft.Win32.SafeHandles;

namespace StageX.Build.Images;

/// <summary>A file as it lies.</summary>
internal sealed class PlainContent(string path) : IContent
{
    private readonly SafeFileHandle _file = File.OpenHandle(path);

    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(_file, buffer[total..], offset + total) is > 0 and var read)
            total += read;
        return total;
    }

    public void Dispose() => _file.Dispose();
}
