using System.Formats.Tar;
using System.Text;
using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

/// <summary>Entries as an engine's tar holds them, and lists of entries as text.</summary>
internal static class Entries
{
    private const UnixFileMode Mode755 = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Mode644 = (UnixFileMode)0b110_100_100;

    public static TarEntry Folder(string path, UnixFileMode mode = Mode755, int user = 0) =>
        new PaxTarEntry(TarEntryType.Directory, path) { Mode = mode, Uid = user };

    public static TarEntry Text(string path, string text, UnixFileMode mode = Mode644, int user = 0) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, Uid = user, UserName = "somebody", DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    public static TarEntry Symbolic(string path, string target) => new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target };

    public static TarEntry Hard(string path, string target) => new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = target };

    public static TarEntry Pipe(string path) => new PaxTarEntry(TarEntryType.Fifo, path);

    public static TarEntry Device(string path) => new PaxTarEntry(TarEntryType.CharacterDevice, path) { DeviceMajor = 1, DeviceMinor = 3 };

    /// <summary>One word for each entry: "etc/", "a=644", "l->a", "h=>a", "-gone".</summary>
    public static string Listing(this IEnumerable<LayerEntry> entries) => string.Join(' ', entries.Select(e => e.Kind switch
    {
        EntryKind.Directory => e.Path + "/" + (e.Mode == (int)Mode755 ? "" : Convert.ToString(e.Mode, 8)),
        EntryKind.SymbolicLink => $"{e.Path}->{e.LinkTarget}",
        EntryKind.HardLink => $"{e.Path}=>{e.LinkTarget}",
        EntryKind.Fifo => $"{e.Path}|",
        EntryKind.Whiteout => $"-{e.Path}",
        EntryKind.OpaqueWhiteout => $"-{e.Path}/*",
        _ => e.Path + (e.Mode == (int)Mode644 ? "" : "=" + Convert.ToString(e.Mode, 8)),
    }));
}
