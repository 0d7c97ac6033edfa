namespace StageX.Build.Sources;

/// <summary>
/// The tree a step finds under <c>fetch/</c>: extracted, what the definition removes deleted, patched, and canonical.
/// </summary>
/// <remarks>
/// Files are 755 where the archive has any execute bit and 644 otherwise, folders 755, links as they are, every time one second
/// after the epoch. Owners, other mode bits and extended attributes of the archive do not count; hard links become files.
/// </remarks>
public static class SourceTree
{
    /// <summary>
    /// Puts the source at <c>destination/Name</c>, replacing what was there: whole, or not at all.
    /// An archive's only top folder is left out.
    /// </summary>
    public static void Extract(Source source, SourceCache cache, string destination, CancellationToken cancellation) =>
        Extract(source, cache, destination, ExtractionLimits.Default, cancellation);

    public static void Extract(
        Source source, SourceCache cache, string destination, ExtractionLimits limits, CancellationToken cancellation)
    {
        source.Validate();
        var target = Path.Combine(destination, source.Name);
        try
        {
            using var archive = cache.OpenVerified(source);
            if (source.Extract)
                AtomicFile.WriteDirectory(target, folder =>
                {
                    Fill(folder, source, archive, limits, cancellation);
                    // It was no folder when the definition said so.
                    if (File.Exists(target))
                        File.Delete(target);
                });
            else
                Deliver(target, archive);
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw DiskSpace.Fault(source, destination, e);
        }
    }

    /// <summary>Whether ADD takes a file apart: a tar, bare or packed with gzip, bzip2, xz or zstd.</summary>
    public static bool IsArchive(string file)
    {
        using var stream = File.OpenRead(file);
        return ArchiveReader.IsTar(stream);
    }

    /// <summary>Puts what a local archive holds into a new folder, an only top folder included.</summary>
    /// <exception cref="StageXException">Of an archive that cannot be extracted, with the file; or it is not the one of that digest.</exception>
    public static void ExtractLocal(string file, Digest digest, string folder, CancellationToken cancellation)
    {
        var source = new Source { Include = file, Name = Path.GetFileName(file), Urls = [], Sha256 = digest };
        try
        {
            Directory.CreateDirectory(folder);
            using var archive = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (Digest.Of(archive) != digest)
                throw new StageXException(ErrorCode.ChangedInput, "the file changed while the package was built; build again", file);
            archive.Position = 0;
            ArchiveExtractor.Extract(source, archive, folder, ExtractionLimits.Default, cancellation, keepTopFolder: true);
            CanonicalMode.Settle(new DirectoryInfo(folder));
        }
        catch (StageXException e) when (e.Item is not null)
        {
            throw new StageXException(e.Code, e.Message, file, inner: e);
        }
    }

    private static void Deliver(string target, FileStream archive)
    {
        var temporary = AtomicFile.TemporaryBeside(target);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
                archive.CopyTo(file, 1 << 16);
            CanonicalMode.Settle(new FileInfo(temporary));
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Fill(string folder, Source source, FileStream archive, ExtractionLimits limits, CancellationToken cancellation)
    {
        ArchiveExtractor.Extract(source, archive, folder, limits, cancellation);
        foreach (var patch in source.Patches)
        {
            cancellation.ThrowIfCancellationRequested();
            Patch.Parse(source, patch).Apply(folder);
        }

        CanonicalMode.Settle(new DirectoryInfo(folder));
    }
}
