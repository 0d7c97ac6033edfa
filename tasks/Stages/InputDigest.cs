using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StageX.Build.Stages;

/// <summary>
/// One digest over everything that a build could read: texts and the content of files, each with its length, so that no two
/// lists of them come to the same. By content, never by time: a file that was written anew with the same bytes is the same.
/// </summary>
internal sealed class InputDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddLength(bytes.Length);
        _hash.AppendData(bytes);
    }

    /// <summary>The content of one file, or that it is not there.</summary>
    public void AddFile(string path)
    {
        Add(path);
        if (!File.Exists(path))
        {
            AddLength(-1);
            return;
        }
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        long at = 0;
        for (int count; (count = RandomAccess.Read(file, buffer, at)) > 0; at += count)
            _hash.AppendData(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        AddLength(at);
    }

    /// <summary>Every file below a folder, with its name and whether it can be executed.</summary>
    public void AddFolder(string folder)
    {
        Add(folder);
        var files = Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories) : [];
        Array.Sort(files, (one, other) => string.CompareOrdinal(one.FullName, other.FullName));
        AddLength(files.Length);
        foreach (var file in files)
        {
            AddFile(file.FullName);
            AddLength(!OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != 0 ? 1 : 0);
        }
    }

    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        _hash.AppendData(bytes);
    }
}
