namespace StageX.Build.Sources;

internal static class DiskSpace
{
    // ENOSPC and EDQUOT on Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    public static bool IsExhausted(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 122 or 0x27 or 0x70;

    public static StageXException Fault(Source source, string folder, Exception inner) =>
        source.Fault(ErrorCode.SourceDiskFull, $"The disk that holds '{folder}' is full. Make room, or move the folder.", inner: inner);
}
