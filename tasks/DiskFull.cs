namespace StageX.Build;

/// <summary>Whether an error says that there is no room left: waiting or trying again would not help.</summary>
internal static class DiskFull
{
    // ENOSPC and EDQUOT on Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    public static bool Is(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 122 or 0x27 or 0x70;
}
