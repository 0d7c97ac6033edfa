using System.Buffers.Binary;
using SharpCompress.Compressors;
using SharpCompress.Compressors.LZMA;

namespace StageX.Build.Sources;

/// <summary>
/// An lzip file is one member after another (parallel compressors write many). Each ends in its own length,
/// so that they are found from the end of the file; SharpCompress reads one.
/// </summary>
internal sealed class LzipMembers : ReadOnlyStream
{
    // "LZIP", version, dictionary size; at the end CRC, data size, member size.
    private const int SmallestMember = 6 + 20;

    private readonly Stream _file;
    private readonly Queue<Slice> _members;
    private Stream? _current;

    private LzipMembers(Stream file, IEnumerable<Slice> members)
    {
        _file = file;
        _members = new(members);
    }

    public static LzipMembers Open(Stream file)
    {
        var members = new Stack<Slice>();
        Span<byte> size = stackalloc byte[8];
        for (var end = file.Length; end > 0;)
        {
            if (end < SmallestMember)
                throw new InvalidDataException("the lzip members do not fill the file");
            file.Position = end - size.Length;
            file.ReadExactly(size);
            var length = BinaryPrimitives.ReadInt64LittleEndian(size);
            if (length < SmallestMember || length > end)
                throw new InvalidDataException("an lzip member's length is wrong");
            end -= length;
            members.Push(new Slice(file, end, length));
        }

        return new LzipMembers(file, members);
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (_current is null)
            {
                if (!_members.TryDequeue(out var member))
                    return 0;
                _current = LZipStream.Create(member, CompressionMode.Decompress, false);
            }

            if (_current.Read(buffer) is > 0 and var count)
                return count;
            _current.Dispose();
            _current = null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A part of the file as a stream of its own.</summary>
    private sealed class Slice(Stream file, long start, long length) : ReadOnlyStream
    {
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            buffer = buffer[..(int)Math.Min(buffer.Length, length - _position)];
            if (buffer.Length == 0)
                return 0;
            if (file.Position != start + _position)
                file.Position = start + _position;
            var count = file.Read(buffer);
            _position += count;
            return count;
        }

        public override long Position { get => _position; set => _position = value; }

        public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

        public override bool CanSeek => true;
        public override long Length => length;
    }
}
