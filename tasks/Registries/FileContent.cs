using System.Net;
using System.Net.Http.Headers;

namespace StageX.Build.Registries;

/// <summary>A file as the body of a request.</summary>
internal sealed class FileContent : HttpContent
{
    private readonly string _path;
    private readonly Progress _progress;

    public FileContent(string path, Progress progress)
    {
        (_path, _progress) = (path, progress);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Called after each part that went out.</summary>
    public Action Moved { get; set; } = () => { };

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, useAsync: true);
        var buffer = new byte[1 << 17];
        for (int count; (count = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            Moved();
            _progress.Report(file.Position, file.Length);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = new FileInfo(_path).Length;
        return true;
    }
}
