using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace StageX.Build.Images;

/// <summary>
/// The tar inside a layer's blob, inflated block by block where it is asked for. The blob is opened at the first read;
/// one block stays in memory, because files are read in the order in which they lie.
/// </summary>
internal sealed class BlockGzipContent(BlobStore blobs, Digest digest) : IContent
{
    private readonly Lock _lock = new();
    private readonly List<(long Offset, int Size)> _members = [];
    private readonly byte[] _member = new byte[BlockGzip.MaximumMemberSize];
    private readonly byte[] _block = new byte[BlockGzip.BlockSize];
    private SafeFileHandle? _file;
    private int _current = -1;
    private int _count;

    public int Read(Span<byte> buffer, long offset)
    {
        lock (_lock)
        {
            Open();
            var total = 0;
            while (total < buffer.Length)
            {
                var index = (int)((offset + total) / BlockGzip.BlockSize);
                if (index >= _members.Count)
                    break;
                Inflate(index);
                var from = (int)((offset + total) % BlockGzip.BlockSize);
                var count = Math.Min(buffer.Length - total, _count - from);
                if (count <= 0)
                    break;
                _block.AsSpan(from, count).CopyTo(buffer[total..]);
                total += count;
            }
            return total;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Open()
    {
        if (_file is not null)
            return;
        using (blobs.Open(digest)) { }
        var file = File.OpenHandle(blobs.PathOf(digest));
        try
        {
            var header = new byte[BlockGzip.HeaderSize];
            var length = RandomAccess.GetLength(file);
            for (long offset = 0; offset < length;)
            {
                var read = RandomAccess.Read(file, header, offset);
                var size = BlockGzip.MemberSize(header.AsSpan(0, read));
                if (size == 0 || offset + size > length)
                    throw blobs.Damaged(digest, $"no canonical gzip member at offset {offset}");
                _members.Add((offset, size));
                offset += size;
            }
            _file = file;
        }
        finally
        {
            if (_file is null)
            {
                _members.Clear();
                file.Dispose();
            }
        }
    }

    private void Inflate(int index)
    {
        if (_current == index)
            return;
        _current = -1;
        var (offset, size) = _members[index];
        try
        {
            for (var read = 0; read < size;)
                read += RandomAccess.Read(_file!, _member.AsSpan(read, size - read), offset + read) is > 0 and var more ? more : throw new InvalidDataException("the file ends early");
            var expected = BinaryPrimitives.ReadInt32LittleEndian(_member.AsSpan(size - 4));
            if (expected != BlockGzip.BlockSize && (index < _members.Count - 1 || expected is <= 0 or > BlockGzip.BlockSize))
                throw new InvalidDataException("a gzip member has another length than the canonical one");
            using var gzip = new GZipStream(new MemoryStream(_member, 0, size, writable: false), CompressionMode.Decompress);
            _count = gzip.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
            if (_count != expected || gzip.ReadByte() != -1)
                throw new InvalidDataException("a gzip member holds more or less than it says");
            _current = index;
        }
        catch (InvalidDataException e)
        {
            throw blobs.Damaged(digest, e.Message, e);
        }
    }
}
