namespace StageX.Build.Sources;

internal static class DiskSpace
{
    public static bool IsExhausted(Exception e) => DiskFull.Is(e);

    public static StageXException Fault(Source source, string folder, Exception inner) =>
        source.Fault(ErrorCode.SourceDiskFull, $"The disk that holds '{folder}' is full. Make room, or move the folder.", inner: inner);
}
