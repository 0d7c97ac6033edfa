using System.Globalization;

namespace StageX.Build.Trust;

/// <summary>
/// The history of the source from the trusted commit to HEAD, after it was found to be covered: every change on the main line is
/// a merge that one maintainer signed, of a branch whose last commit another signed. The merge adds nothing: its tree is the
/// branch's, and the branch holds the main line already. Whose signature counts, and how many are needed, is what the main line said before the
/// change.
/// </summary>
public sealed class SourceHistory : IDisposable
{
    // How far the clocks of those who merge one after the other may be apart.
    private static readonly TimeSpan ClocksApart = TimeSpan.FromDays(1);

    private readonly GitHistory _git;
    private readonly TrustedCommit _trusted;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, MaintainerSet> _sets = new(StringComparer.Ordinal);
    private string _tree = "";

    private SourceHistory(GitHistory git, TrustedCommit trusted, DateTimeOffset now) => (_git, _trusted, _now) = (git, trusted, now);

    public string Head => _git.Head;

    public string TrustedCommitId => _trusted.Id;

    /// <summary>How many merges were verified now: those since the last time.</summary>
    public int Changes { get; private set; }

    /// <summary>Maintainers and thresholds at HEAD, or at what was verified before where HEAD is older.</summary>
    public MaintainerSet Maintainers { get; private set; } = null!;

    /// <summary>Verifies what was not verified before, and remembers it.</summary>
    /// <param name="settings">Of what, from where.</param>
    /// <param name="now">The present: signatures of the future do not count.</param>
    /// <param name="log">Gets warnings.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageXException">It is not covered; the message names the commit.</exception>
    public static SourceHistory Verify(SourceHistorySettings settings, DateTimeOffset now, IBuildLog log, CancellationToken cancellation)
    {
        var trusted = TrustedCommit.Read(settings.TrustedCommit, settings.Configuration);
        var git = GitHistory.Open(settings.Repository, Path.Combine(settings.Cache, "history"), cancellation);
        try
        {
            for (; ; trusted = TrustedCommit.Read(settings.TrustedCommit, settings.Configuration))
            {
                var history = new SourceHistory(git, trusted, now);
                if (history.Verify(log))
                    return history;
            }
        }
        catch
        {
            git.Dispose();
            throw;
        }
    }

    /// <summary>A file as HEAD has it; null if there is none.</summary>
    public byte[]? ReadFile(string path) => _git.Find(_tree, path) is { } id ? _git.ReadBlob(id) : null;

    /// <summary>What a file was on the main line at any time before, newest first, each content once.</summary>
    public IEnumerable<byte[]> ReadFormer(string path) =>
        _git.ChangesOf(path, Head).Select(commit => _git.Find(_git.Commit(commit).Tree, path)).OfType<string>().Distinct().Select(_git.ReadBlob);

    /// <summary>Whether a file on this machine, or a folder with all that is in it, is exactly what HEAD has at a path.</summary>
    public bool Holds(string path, string copy) => _git.Holds(_tree, path, copy);

    public void Dispose() => _git.Dispose();

    // False where another verification was faster: what it found is to be built on.
    private bool Verify(IBuildLog log)
    {
        foreach (var (known, what) in new[] { (_trusted.Id, "the trusted commit"), (_trusted.Verified ?? _trusted.Id, "what was verified before,") })
            if (!_git.Has(known))
                throw new StageXException(ErrorCode.HistoryRewritten, $"the history of {Head} does not hold {what} {known}: it is of another repository, or was rewritten");
        var start = _trusted.Verified ?? _trusted.Id;
        MaintainerSet? newer = null;
        if (start != Head && _git.IsAncestor(Head, start) && _git.IsAncestor(_trusted.Id, Head))
        {
            MainLine(_git.Commits(Head, start), start, Head);
            log.Warning(ErrorCode.HistoryOlder, $"HEAD {Head} is older than {start}, which was verified before");
            // A key that was revoked since is revoked, whatever is checked out.
            newer = SetAt(_git.Commit(start)).MustNotBeEmpty();
            start = Head;
        }

        var commits = _git.Commits(start, Head);
        var mainLine = MainLine(commits, Head, start);
        var before = _git.Commit(start);
        var set = SetAt(before).MustNotBeEmpty();
        var covered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var merge in mainLine)
        {
            set = Cover(merge, before, set, commits, covered);
            before = merge;
        }
        CheckCompromised();
        Maintainers = newer ?? set;
        Changes = mainLine.Count;
        _tree = before.Tree;
        return (Changes == 0 && _trusted.Verified is not null) || _trusted.TryRemember(Head);
    }

    // Oldest first, without the start.
    private static List<GitCommit> MainLine(IReadOnlyDictionary<string, GitCommit> commits, string head, string start)
    {
        var line = new List<GitCommit>();
        for (var id = head; id != start; id = line[^1].Parents[0])
            line.Add(commits.TryGetValue(id, out var commit) && commit.Parents.Count > 0 ? commit : throw new StageXException(ErrorCode.HistoryRewritten,
                $"the main line of {head} (its first parents) does not lead to {start}: that is on a branch, or the main line was rewritten"));
        line.Reverse();
        if (commits.Values.FirstOrDefault(commit => commit.Parents.Count > 2) is { } octopus)
            throw Refused(octopus, $"it merges {octopus.Parents.Count - 1} branches at once; merge them one by one");
        return line;
    }

    private MaintainerSet Cover(GitCommit merge, GitCommit before, MaintainerSet set, IReadOnlyDictionary<string, GitCommit> commits, HashSet<string> covered)
    {
        if (merge.Parents is not [_, var tipId])
            throw Refused(merge, "it stands on the main line and is no merge; merge a branch with 'git merge --no-ff -S'");
        if (!commits.TryGetValue(tipId, out var tip) || !Collect(tip, before.Id, commits, covered))
            throw Refused(merge, $"the branch that it merges does not hold the main line up to {before.Id}; rebase the branch, or merge the main line into it, and sign that");
        covered.Add(merge.Id);
        if (merge.Tree != tip.Tree)
            throw Refused(merge, $"it holds other files than the branch that it merges ({tip.Id}); resolve conflicts on the branch");

        var entered = SignerOf(merge, set, out var merger);
        // Else whoever is a maintainer no more could sign as of when he was, if one other merges as of then.
        if ((entered < merge.Committed ? entered : merge.Committed) is var time && time < before.Committed - ClocksApart)
            throw Refused(merge, string.Create(CultureInfo.InvariantCulture, $"it says that it was made at {time:yyyy-MM-dd HH:mm}, and what it stands on, {before.Id}, at {before.Committed:yyyy-MM-dd HH:mm}; set the clock and merge again"));
        var signers = new SortedDictionary<string, Maintainer>(StringComparer.Ordinal) { [merger.Fingerprint] = merger };
        // The tip, and where that is empty those on which it stands: they all are about the same files.
        for (var commit = tip; ;)
        {
            try
            {
                SignerOf(commit, set, out var signer, entered);
                signers.TryAdd(signer.Fingerprint, signer);
            }
            catch (StageXException) when (commit != tip)
            {
                // An outsider's, which others adopted.
            }
            if (commit.Parents is not [var parent] || !commits.TryGetValue(parent, out var below) || below.Tree != commit.Tree)
                break;
            commit = below;
        }
        if (signers.Count < set.Policy.SourceSigners)
            throw Refused(merge, $"{set.Policy.SourceSigners} maintainers must sign it and its branch {tip.Id}, and only {string.Join(", ", signers.Values.Select(signer => signer.Name))} did");
        foreach (var fingerprint in signers.Keys)
            _trusted.Signers.TryAdd(fingerprint, merge.Id);

        var after = SetAt(merge);
        if (set.Policy.LoweredIn(after.Policy) is { } lowered)
            throw new StageXException(ErrorCode.PolicyLowered, $"the commit {merge.Id} lowers {lowered}. If that is right, trust a commit that has it.", $"{MaintainerSet.Folder}/{TrustPolicy.FileName}");
        if (after.All.Count == 0)
            throw MaintainerSet.NoMaintainers($" since the commit {merge.Id}");
        return after;
    }

    /// <summary>Adds all that a branch brings; whether that leads to the main line.</summary>
    private static bool Collect(GitCommit tip, string mainLine, IReadOnlyDictionary<string, GitCommit> commits, HashSet<string> covered)
    {
        var leads = false;
        var open = new Stack<GitCommit>();
        if (covered.Add(tip.Id))
            open.Push(tip);
        while (open.TryPop(out var commit))
            foreach (var parent in commit.Parents)
            {
                leads |= parent == mainLine;
                if (commits.TryGetValue(parent, out var next) && covered.Add(parent))
                    open.Push(next);
            }
        return leads;
    }

    /// <summary>When it was signed, and by whom.</summary>
    private DateTimeOffset SignerOf(GitCommit commit, MaintainerSet set, out Maintainer signer, DateTimeOffset? entered = null)
    {
        try
        {
            if (commit.SignatureText is not { } text)
                throw new RefusedException("it is not signed");
            if (commit.Committed > _now.AddMinutes(5))
                throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"it was made in the future, at {commit.Committed:yyyy-MM-dd HH:mm}"));
            DateTimeOffset time;
            if (text.StartsWith($"-----BEGIN {SshSignature.ArmorName}-----", StringComparison.Ordinal))
            {
                signer = set.Find(SshSignature.Read(text), commit.SignedContent);
                time = commit.Committed;
                signer.CheckAt(time);
                if (signer.Key.IsCompromised)
                    throw new RefusedException($"{signer.Name}'s key was revoked as compromised, or without a reason");
            }
            else
            {
                var signature = OpenPgpSignature.ReadArmored(text);
                (signer, var key) = set.Find(signature, commit.SignedContent, _now);
                time = signature.Created;
                if (entered is { } then)
                    key.CheckAt(then);
            }
            if (entered is { } when)
                signer.CheckAt(when);
            return time;
        }
        catch (RefusedException e)
        {
            throw new StageXException(ErrorCode.ChangeUnsigned, $"the signature of the commit {commit.Id} does not count: {e.Message}", inner: e);
        }
    }

    // A key that was revoked as compromised counts for nothing, ever: also not for what was merged before anybody knew.
    private void CheckCompromised()
    {
        foreach (var maintainer in _sets.Values.SelectMany(set => set.All))
            if (maintainer.Key.IsCompromised && _trusted.Signers.TryGetValue(maintainer.Fingerprint, out var merge))
                throw new StageXException(ErrorCode.ChangeUnsigned,
                    $"the key of {maintainer} was revoked as compromised, or without a reason, and among others the commit {merge} counts on it. Review what it signed, then trust a later commit.");
    }

    private MaintainerSet SetAt(GitCommit commit)
    {
        var folder = _git.Find(commit.Tree, MaintainerSet.Folder) ?? throw MaintainerSet.NoMaintainers($" in the commit {commit.Id}");
        if (_sets.TryGetValue(folder, out var known))
            return known;
        try
        {
            return _sets[folder] = MaintainerSet.Read(_git.ReadFolder(folder));
        }
        catch (StageXException e) when (e.Code == ErrorCode.MaintainersUnreadable)
        {
            throw new StageXException(e.Code, $"{e.Message} (in the commit {commit.Id})", e.File, e.Line, e);
        }
    }

    private static StageXException Refused(GitCommit commit, string why) => new(ErrorCode.ChangeRefused, $"the commit {commit.Id} is refused: {why}");
}

/// <summary>What to verify, from where.</summary>
public sealed record SourceHistorySettings
{
    /// <summary>The repository, bare or with a checkout.</summary>
    public required string Repository { get; init; }

    /// <summary>The full id of the trusted commit; empty for what the configuration says.</summary>
    public string TrustedCommit { get; init; } = "";

    /// <summary>The user's configuration folder (StageXConfiguration).</summary>
    public required string Configuration { get; init; }

    /// <summary>The folder that all clones share (StageXCache).</summary>
    public required string Cache { get; init; }
}
