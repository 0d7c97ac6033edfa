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
    private readonly Queue<SliceStream> _members;
    private Stream? _current;

    private LzipMembers(Stream file, IEnumerable<SliceStream> members)
    {
        _file = file;
        _members = new(members);
    }

    public static LzipMembers Open(Stream file)
    {
        var members = new Stack<SliceStream>();
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
            members.Push(new SliceStream(file, end, length));
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
}
