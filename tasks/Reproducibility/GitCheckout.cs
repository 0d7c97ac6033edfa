using System.Text;
using StageX.Build.Sources;

namespace StageX.Build.Reproducibility;

/// <summary>A folder of a git checkout: which commit it is, and whether it is just that. Runs no hook and no monitor that a configuration names.</summary>
internal sealed class GitCheckout(string folder, CancellationToken cancellation)
{
    /// <summary>The id of the commit that is checked out.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.NoCommit"/>: it is no checkout, or has no commit, or there is no git.</exception>
    public string Commit() => Ask("rev-parse", "--verify", "HEAD^{commit}");

    /// <summary>The folder's path in the checkout, separated by slashes; "" for its root.</summary>
    public string Prefix() => Ask("rev-parse", "--show-prefix").TrimEnd('/');

    /// <summary>The root of the checkout.</summary>
    public string Root() => Ask("rev-parse", "--show-toplevel");

    /// <summary>The id of the folder's tree in the commit.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.TreeChanged"/>: the commit has no such folder.</exception>
    public string Tree()
    {
        var (code, output, _) = Run("rev-parse", "--verify", "--quiet", "HEAD:./");
        return code == 0 ? output.TrimEnd('\n') : throw new StageXException(ErrorCode.TreeChanged, $"{folder} is in no commit");
    }

    /// <summary>Refuses a checkout that holds anything the commit does not, but for what is ignored.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.TreeChanged"/>, naming the first files.</exception>
    public void RequireClean()
    {
        var changes = Ask("status", "--porcelain=v1", "-z", "--untracked-files=normal", "--ignore-submodules=none", ":/")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (changes.Length > 0)
            throw new StageXException(ErrorCode.TreeChanged,
                $"the checkout is not what its commit says, so that nobody else could build it: {string.Join(", ", changes.Take(5).Select(change => change.Length > 3 ? change[3..] : change))}{(changes.Length > 5 ? $" and {changes.Length - 5} more" : "")}. Commit the changes, or put them aside.");
    }

    /// <summary>
    /// A clean clone of this checkout's repository at a commit. One that is there already is taken if it is just that.
    /// </summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.CheckoutUnusable"/> or <see cref="ErrorCode.OtherCommit"/>.</exception>
    public void CloneTo(string target, string commit)
    {
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
        {
            if (Run("cat-file", "-e", commit + "^{commit}").ExitCode != 0)
                throw new StageXException(ErrorCode.OtherCommit, $"the repository of {folder} does not have the commit {commit}; fetch it first");
            Directory.CreateDirectory(target);
            foreach (var arguments in (string[][])[["clone", "--quiet", "--no-hardlinks", "--no-checkout", "--template=", "--", Root(), target], ["-C", target, "checkout", "--quiet", "--detach", commit, "--"]])
                if (Run(arguments) is { ExitCode: not 0 } failed)
                    throw new StageXException(ErrorCode.CheckoutUnusable, $"{target} could not be made a clone at {commit}: {failed.Errors}");
        }
        var clone = new GitCheckout(target, cancellation);
        if (Path.GetFullPath(clone.Root()) != Path.GetFullPath(target) || clone.Commit() != commit)
            throw new StageXException(ErrorCode.CheckoutUnusable, $"{target} holds something else than a clone at {commit}; name an empty folder");
        clone.RequireClean();
    }

    private string Ask(params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);
        return code == 0 ? output.TrimEnd('\n') : throw new StageXException(ErrorCode.NoCommit, $"{folder} is no checkout of a git commit: {errors}");
    }

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        var result = ChildProcess.Run("git", ["-C", folder, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", .. arguments], Isolate, cancellation)
            ?? throw new StageXException(ErrorCode.NoCommit, "git is not installed; it knows which commit the tree is at");
        return (result.ExitCode, Encoding.UTF8.GetString(result.Output), result.Errors.Trim());
    }

    private static void Isolate(IDictionary<string, string?> environment)
    {
        GitEnvironment.Clear(environment);
        environment["GIT_OPTIONAL_LOCKS"] = "0";
    }
}
