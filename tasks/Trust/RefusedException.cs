namespace StageX.Build.Trust;

/// <summary>A signature or a key that does not count. The message is a clause that says why, for a report.</summary>
public sealed class RefusedException(string reason, Exception? inner = null) : Exception(reason, inner);
