namespace StageX.Build.Registries;

/// <summary>The body of an answer, taken part by part: it may never end, and nothing more may arrive.</summary>
internal static class ResponseBody
{
    /// <summary>Hands on each part as it arrives.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="buffer">For the parts.</param>
    /// <param name="stall">For how long nothing may arrive.</param>
    /// <param name="take">Gets them.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="RegistryException">The connection ended before the body did.</exception>
    public static async Task CopyAsync(HttpResponseMessage response, byte[] buffer, TimeSpan stall, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellation)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(stalled.Token);
        while (true)
        {
            int count;
            stalled.CancelAfter(stall);
            try
            {
                count = await body.ReadAsync(buffer, stalled.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new RegistryException(e is IOException ? $"the connection was lost: {e.Message}" : "nothing more arrives", e);
            }
            if (count == 0)
                return;
            await take(buffer.AsMemory(0, count));
        }
    }

    /// <summary>The whole body, unless it has more bytes than the limit.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, TimeSpan stall, Func<Exception> tooLong, CancellationToken cancellation)
    {
        var content = new MemoryStream();
        await CopyAsync(response, new byte[1 << 14], stall, part =>
        {
            if (content.Length + part.Length > limit)
                throw tooLong();
            content.Write(part.Span);
            return ValueTask.CompletedTask;
        }, cancellation);
        return content.ToArray();
    }
}
