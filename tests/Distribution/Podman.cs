namespace StageX.Build.Tests.Distribution;

/// <summary>A podman with a storage of its own, for tests that run what an image holds.</summary>
internal sealed class Podman : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Runs an image's entry point and default arguments, or a command in their place.</summary>
    public CommandResult Run(string layout, params string[] command)
    {
        var id = Call("pull", "--quiet", "oci:" + layout).MustSucceed().Output.Trim();
        return Call(["run", "--rm", "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", id, .. command]);
    }

    private CommandResult Call(params string[] arguments) =>
        Command.Run("podman", ["--root", _folder["storage"], "--runroot", _folder["run"], "--runtime", "runc", .. arguments]);

    public void Dispose() => _folder.Dispose();
}
