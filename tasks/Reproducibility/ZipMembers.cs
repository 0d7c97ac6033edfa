using System.IO.Compression;

namespace StageX.Build.Reproducibility;

/// <summary>The members of a zip, jar or wheel.</summary>
internal sealed class ZipMembers : IDisposable
{
    private readonly ZipArchive _zip;

    public ZipMembers(Stream archive, ContentComparison content)
    {
        archive.Position = 0;
        _zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        Members = [.. _zip.Entries.Select(entry => new ArchiveMember(entry.FullName,
        [
            // Of a zone nobody knows: told as if it were UTC.
            new("time", FieldKind.LocalTime, $"{new DateTimeOffset(entry.LastWriteTime.DateTime, TimeSpan.Zero).ToUnixTimeSeconds()}"),
            new("mode", FieldKind.Mode, Convert.ToString((entry.ExternalAttributes >> 16) & 0xFFFF, 8)),
            new("comment", FieldKind.Text, entry.Comment),
        ], entry.Length == 0 || entry.IsEncrypted ? null : () => content.Spool(entry.Open())))];
    }

    public IReadOnlyList<ArchiveMember> Members { get; }

    public void Dispose() => _zip.Dispose();
}
