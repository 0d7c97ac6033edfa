namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>What a mirror delivered has another SHA-256 than the definition says; check the hash, then who changed the file.</summary>
    public const string SourceHashMismatch = "SX2001";

    /// <summary>None of a source's hints delivered it; add a mirror that still has it, or look at the failure listed for each.</summary>
    public const string NoMirrorAnswers = "SX2002";

    /// <summary>A source is not in the cache and the build is offline; run the Fetch target once with network.</summary>
    public const string SourceOffline = "SX2003";

    /// <summary>A source's URL is not plain http, https or file; use one of these, without user name or password.</summary>
    public const string SourceUrlInvalid = "SX2004";

    /// <summary>A source's name, commit or combination of settings cannot be used; the message says which and why.</summary>
    public const string SourceInvalid = "SX2005";

    /// <summary>A source is needed that was never fetched; run the Fetch target.</summary>
    public const string SourceNotFetched = "SX2006";

    /// <summary>A file in the cache no longer has its hash and was removed; build again to fetch it again, and check the disk.</summary>
    public const string SourceCacheDamaged = "SX2007";

    /// <summary>The disk is full while sources are fetched or extracted; make room, or move the cache.</summary>
    public const string SourceDiskFull = "SX2008";

    /// <summary>The cache cannot be read or written; give its folder to the user who builds, or set StageXCache to another.</summary>
    public const string SourceCacheUnusable = "SX2009";

    /// <summary>A file to extract is no archive of a known format; set Extract="false" if it is wanted as it is.</summary>
    public const string ArchiveUnknown = "SX2010";

    /// <summary>An archive ends too early or contradicts itself; get an intact one from upstream and pin that.</summary>
    public const string ArchiveCorrupt = "SX2011";

    /// <summary>An archive holds an entry whose path is absolute, climbs with "..", or is no valid name; do not use it.</summary>
    public const string ArchivePathUnsafe = "SX2012";

    /// <summary>An archive holds a device, FIFO or another entry that no source tree has; do not use it.</summary>
    public const string ArchiveEntryForbidden = "SX2013";

    /// <summary>An archive holds a link that leads out of its tree; name it in Remove, or do not use the archive.</summary>
    public const string ArchiveLinkUnsafe = "SX2014";

    /// <summary>An archive brings one path twice as different things; do not use it.</summary>
    public const string ArchiveEntryConflict = "SX2015";

    /// <summary>An archive unpacks to more than any source does (bytes, ratio or entries); do not use it.</summary>
    public const string ArchiveTooLarge = "SX2016";

    /// <summary>The Archive that a source names is not in it; correct its path.</summary>
    public const string ArchiveMissing = "SX2017";

    /// <summary>A Remove pattern matches nothing in the source, or cannot be one; correct it.</summary>
    public const string RemoveUseless = "SX2020";

    /// <summary>A patch file does not exist or cannot be read; correct its path.</summary>
    public const string PatchMissing = "SX2021";

    /// <summary>A patch is not a unified diff that can be understood at this line; make it again with diff -u or git diff.</summary>
    public const string PatchMalformed = "SX2022";

    /// <summary>A hunk's lines are not in the file it patches; make the patch again for this version of the source.</summary>
    public const string PatchDoesNotApply = "SX2023";

    /// <summary>A patch names a path outside the source, or one that passes through a link; correct the patch.</summary>
    public const string PatchPathUnsafe = "SX2024";

    /// <summary>git is not installed, and a source is a git commit; install it.</summary>
    public const string GitMissing = "SX2030";

    /// <summary>A git tree holds something that cannot be pinned by content, such as a submodule; add it as a source of its own.</summary>
    public const string GitTreeUnsupported = "SX2031";

    /// <summary>Warning: only a suite that drops files (testing, unstable) still has a source; add a mirror that keeps it.</summary>
    public const string DebianSuiteDropsFiles = "SX2040";

    /// <summary>Warning: apt could not bring Debian's source indices up to date; see its output, and check its configuration.</summary>
    public const string DebianIndexStale = "SX2041";
}
