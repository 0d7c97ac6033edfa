namespace StageX.Build.Engines;

/// <summary>
/// A container engine: runs the steps of a Containerfile without network and hands over the root filesystem of its last stage.
/// It never writes an image of ours, and it keeps nothing of a build but imported images. Thread safe.
/// </summary>
public interface IEngine
{
    /// <summary>As StageXEngine names it.</summary>
    string Name { get; }

    /// <summary>Finds out whether the engine is there and works; asks it once.</summary>
    /// <exception cref="StageXException">It is missing, too old or cannot run.</exception>
    EngineInfo Probe(CancellationToken cancellation);

    /// <summary>Runs one Containerfile.</summary>
    /// <exception cref="StageXException">A step failed, an image is not known, the disk is full, …</exception>
    /// <exception cref="OperationCanceledException">Cancelled: no process, container or mount of the build is left.</exception>
    void Build(EngineBuild build, IBuildLog log, CancellationToken cancellation);
}
