using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StageX.Build.Stages;

/// <summary>
/// One digest over everything that a build could read: texts and the content of files, each with its length, so that no two
/// lists of them come to the same. By content, never by time: a file that was written anew with the same bytes is the same.
/// </summary>
internal sealed class InputDigest : IDisposable
{
    // What is small, which most is, waits here to be hashed together.
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _count;

    public void Add(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > _buffer.Length - sizeof(long))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            AddLength(bytes.Length);
            HashBuffer();
            _hash.AppendData(bytes);
            return;
        }
        Reserve(sizeof(long) + most);
        var length = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_count + sizeof(long)));
        AddLength(length);
        _count += length;
    }

    /// <summary>The content of one file and whether it can be executed, or that it is not there.</summary>
    public void AddFile(string path)
    {
        Add(path);
        try
        {
            // Of the ways to open it this asks the least of the file system: nothing is asked before, and nothing is locked.
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            AddContent(file);
            AddLength(!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0 ? 1 : 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || e is UnauthorizedAccessException && Directory.Exists(path))
        {
            AddLength(-1);
        }
    }

    /// <summary>Every file below a folder, with its name.</summary>
    public void AddFolder(string folder)
    {
        Add(folder);
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
        Array.Sort(files, StringComparer.Ordinal);
        AddLength(files.Length);
        foreach (var file in files)
            AddFile(file);
    }

    /// <summary>A package's folder, and what other packages lend it.</summary>
    public void AddPackage(string project)
    {
        AddFolder(Path.GetDirectoryName(project)!);
        AddLent(ProjectText.LentTo(project));
    }

    /// <summary>Files of other packages, and folders with every file below.</summary>
    public void AddLent(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            if (Directory.Exists(path))
                AddFolder(path);
            else
                AddFile(path);
    }

    public Digest Finish()
    {
        HashBuffer();
        return Digest.FromHash(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void AddContent(SafeFileHandle file)
    {
        long at = 0;
        for (; ; )
        {
            Reserve(1);
            var read = RandomAccess.Read(file, _buffer.AsSpan(_count), at);
            if (read == 0)
                break;
            _count += read;
            at += read;
        }
        AddLength(at);
    }

    private void AddLength(long length)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_count), length);
        _count += sizeof(long);
    }

    private void Reserve(int count)
    {
        if (_count + count > _buffer.Length)
            HashBuffer();
    }

    private void HashBuffer()
    {
        _hash.AppendData(_buffer, 0, _count);
        _count = 0;
    }
}
