namespace StageX.Build.Images;

/// <summary>
/// Compresses what is written to it into <see cref="BlockGzip"/> members on all processors, keeping their order.
/// Holds at most two blocks for each processor, whatever the length. <see cref="Complete"/> ends it.
/// </summary>
internal sealed class BlockGzipStream(Stream output) : WriteOnlyStream
{
    private readonly int _most = 2 * Math.Min(Environment.ProcessorCount, 32);
    private readonly Queue<Task<Block>> _running = new();
    private readonly Stack<Block> _free = new();
    private Block? _block;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            _block ??= _free.TryPop(out var used) ? used : new Block();
            var count = Math.Min(buffer.Length, BlockGzip.BlockSize - _block.Count);
            buffer[..count].CopyTo(_block.Content.AsSpan(_block.Count));
            _block.Count += count;
            buffer = buffer[count..];
            if (_block.Count == BlockGzip.BlockSize)
                Start();
        }
    }

    /// <summary>Compresses and writes all that is still in memory.</summary>
    public void Complete()
    {
        if (_block is { Count: > 0 })
            Start();
        while (_running.Count > 0)
            WriteFirst();
        output.Flush();
    }

    private void Start()
    {
        var block = _block!;
        _block = null;
        _running.Enqueue(Task.Run(block.Compress));
        while (_running.Count >= _most)
            WriteFirst();
    }

    private void WriteFirst()
    {
        var block = _running.Dequeue().GetAwaiter().GetResult();
        output.Write(block.Member.AsSpan(0, block.Length));
        block.Count = 0;
        _free.Push(block);
    }

    private sealed class Block
    {
        private readonly DeflateEncoder _encoder = new();

        public byte[] Content { get; } = new byte[BlockGzip.BlockSize];
        public byte[] Member { get; } = new byte[BlockGzip.MaximumMemberSize];
        public int Count { get; set; }
        public int Length { get; private set; }

        public Block Compress()
        {
            Length = BlockGzip.Compress(_encoder, Content.AsSpan(0, Count), Member);
            return this;
        }
    }
}
