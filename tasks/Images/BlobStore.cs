namespace StageX.Build.Images;

/// <summary>Blobs under their digest, in the form of an OCI layout's <c>blobs</c> folder. A blob is there whole or not at all.</summary>
public sealed class BlobStore(string folder)
{
    private readonly string _folder = Path.Combine(folder, "sha256");

    /// <summary>The folder that blobs lie in.</summary>
    public string Folder => _folder;

    public string PathOf(Digest digest) => Path.Combine(_folder, digest.Hex);

    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    public Digest Add(ReadOnlyMemory<byte> bytes)
    {
        var digest = Digest.Of(bytes.Span);
        if (!Contains(digest))
            AtomicFile.Write(PathOf(digest), bytes);
        return digest;
    }

    /// <summary>Stores what <paramref name="write"/> writes, hashing on the way; the name is known, and taken, only at the end.</summary>
    public Digest Add(Action<Stream> write)
    {
        var temporary = AtomicFile.TemporaryBeside(Path.Combine(_folder, "blob"));
        try
        {
            Digest digest;
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var hashing = new HashingStream(file))
            {
                write(hashing);
                digest = hashing.Finish();
            }
            File.Move(temporary, PathOf(digest), overwrite: true);
            return digest;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Digest Add(Stream content) => Add(content.CopyTo);

    /// <summary>Copies a blob to a place of its own, and checks it on the way.</summary>
    /// <exception cref="StageXException">It is not there, or is not what its digest says.</exception>
    public void CopyTo(Digest digest, string path)
    {
        using var blob = Open(digest);
        Digest seen;
        using (var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        using (var hashing = new HashingStream(copy))
        {
            blob.CopyTo(hashing, 1 << 20);
            seen = hashing.Finish();
        }
        if (seen != digest)
            throw Damaged(digest, "its content has another digest");
    }

    /// <summary>Opens a blob for reading.</summary>
    /// <exception cref="StageXException">It is not there.</exception>
    public FileStream Open(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StageXException(ErrorCode.MissingBlob,
                $"The store holds no blob {digest}; build the package it belongs to again.", PathOf(digest), inner: e);
        }
    }

    internal StageXException Damaged(Digest digest, string how, Exception? inner = null) =>
        new(ErrorCode.DamagedBlob, $"The blob {digest} is damaged: {how}. Remove {PathOf(digest)} and build again.", PathOf(digest), inner: inner);
}
