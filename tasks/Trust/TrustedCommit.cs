using System.Text;

namespace StageX.Build.Trust;

/// <summary>
/// The commit from which on history is judged, and what was verified since: kept in the user's configuration folder, where no
/// repository reaches. <c>trusted-commit</c> holds the id of the commit; <c>verified/&lt;id&gt;</c> the last HEAD that was verified from
/// there, and below it whose signatures that rests on, each with a merge.
/// </summary>
internal sealed class TrustedCommit
{
    private readonly string _memory;
    private readonly string? _remembered;

    private TrustedCommit(string id, string configuration)
    {
        Id = id;
        _memory = Path.Combine(configuration, "verified", id);
        _remembered = ReadMemory();
        if (_remembered is null)
            return;
        var lines = _remembered.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines is not [var head, ..] || !IsId(head) || lines.Skip(1).Any(line => line.Split(' ') is not [{ Length: 40 }, var merge] || !IsId(merge)))
            throw new StageXException(ErrorCode.NoTrustedCommit, "expected the id of a commit, and lines '<fingerprint> <commit>'. Remove the file to verify from the beginning.", _memory);
        Verified = head;
        foreach (var line in lines.Skip(1))
            Signers[line[..40]] = line[41..];
    }

    public string Id { get; }

    /// <summary>The last HEAD that was verified; null if none was.</summary>
    public string? Verified { get; private set; }

    /// <summary>Fingerprints of primary keys, and for each a merge that counts on it.</summary>
    public SortedDictionary<string, string> Signers { get; } = new(StringComparer.Ordinal);

    /// <param name="given">On the command line; empty for what the user's configuration says.</param>
    /// <param name="configuration">The folder of the user's configuration.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.NoTrustedCommit"/>.</exception>
    public static TrustedCommit Read(string given, string configuration)
    {
        var file = Path.Combine(configuration, "trusted-commit");
        var id = given.Length > 0 ? given : File.Exists(file) ? File.ReadAllText(file).Trim() : throw new StageXException(ErrorCode.NoTrustedCommit,
            $"no commit is trusted. Find out from people whom you know which one is to be, and write its id to {file}, or set StageXTrustedCommit.");
        return IsId(id) ? new TrustedCommit(id, configuration) : throw new StageXException(ErrorCode.NoTrustedCommit, $"'{id}' is not the full id of a commit", given.Length > 0 ? null : file);
    }

    /// <summary>False where another verification has remembered something since this was read: then that is to be built on.</summary>
    public bool TryRemember(string head)
    {
        using var held = FileLock.Take(_memory + ".lock");
        if (ReadMemory() != _remembered)
            return false;
        Verified = head;
        var text = new StringBuilder(head).Append('\n');
        foreach (var (fingerprint, merge) in Signers)
            text.Append(fingerprint).Append(' ').Append(merge).Append('\n');
        AtomicFile.WriteIfChanged(_memory, text.ToString());
        return true;
    }

    private string? ReadMemory() => File.Exists(_memory) ? File.ReadAllText(_memory) : null;

    private static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
