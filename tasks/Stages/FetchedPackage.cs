namespace StageX.Build.Stages;

/// <summary>
/// That the images of a package were fetched and not built: a stamp of its own beside that of a build. It holds while the
/// package's folder and platform, and files that other packages lend it, are as they were, and so are the images and all that it refers to.
/// </summary>
internal static class FetchedPackage
{
    /// <summary>What an image's item says in place of "built".</summary>
    public const string Status = "fetched";

    /// <summary>Null where there is none that holds.</summary>
    public static BuildStamp? Find(string artifacts, string id, string project, string platform) =>
        StampOf(artifacts, id) is { } file && BuildStamp.Read(file) is { ResultsAreThere: true } stamp && stamp.Inputs == InputsOf(project, platform) ? stamp : null;

    public static void Write(string artifacts, string id, string project, string platform, IReadOnlyList<StampedImage> images, IEnumerable<Dependency> dependencies) =>
        new BuildStamp(InputsOf(project, platform), images, [.. images.SelectMany(image => StampedFile.In(image.Layout))],
            [.. dependencies.Select(dependency => (dependency.Layout, dependency.Digest))]).Write(FileFor(artifacts, id));

    /// <summary>From here on the package was built, or is.</summary>
    public static void Remove(string artifacts, string id)
    {
        if (StampOf(artifacts, id) is { } file)
            File.Delete(file);
    }

    /// <summary>The file that says that a package was fetched; null where it was built since, or never fetched.</summary>
    public static string? StampOf(string artifacts, string id) => FileFor(artifacts, id) is var file && File.Exists(file) ? file : null;

    private static string FileFor(string artifacts, string id) => Path.Combine(artifacts, "logs", id, "fetched");

    private static Digest InputsOf(string project, string platform)
    {
        using var inputs = new InputDigest();
        inputs.Add(platform);
        inputs.AddPackage(project);
        return inputs.Finish();
    }
}
