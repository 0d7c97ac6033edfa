namespace StageX.Build.Stages;

/// <summary>
/// That the images of a package were fetched and not built: a stamp of its own beside that of a build. It holds while the
/// package's folder and platform are as they were, and so are the images and all that it refers to.
/// </summary>
internal static class FetchedPackage
{
    /// <summary>What an image's item says in place of "built".</summary>
    public const string Status = "fetched";

    /// <summary>Null where there is none that holds.</summary>
    public static BuildStamp? Find(string artifacts, string id, string project, string platform) =>
        File.Exists(FileFor(artifacts, id)) && BuildStamp.Read(FileFor(artifacts, id)) is { ResultsAreThere: true } stamp && stamp.Inputs == InputsOf(project, platform) ? stamp : null;

    public static void Write(string artifacts, string id, string project, string platform, IReadOnlyList<StampedImage> images, IEnumerable<Dependency> dependencies) =>
        new BuildStamp(InputsOf(project, platform), images, [.. images.SelectMany(image => StampedFile.In(image.Layout))],
            [.. dependencies.Select(dependency => (dependency.Layout, dependency.Digest))]).Write(FileFor(artifacts, id));

    /// <summary>From here on the package was built, or is.</summary>
    public static void Remove(string artifacts, string id)
    {
        if (IsAt(artifacts, id))
            File.Delete(FileFor(artifacts, id));
    }

    /// <summary>Whether the last that was done with a package was to fetch it.</summary>
    public static bool IsAt(string artifacts, string id) => File.Exists(FileFor(artifacts, id));

    public static string FileFor(string artifacts, string id) => Path.Combine(artifacts, "logs", id, "fetched");

    private static Digest InputsOf(string project, string platform)
    {
        using var inputs = new InputDigest();
        inputs.Add(platform);
        inputs.AddFolder(Path.GetDirectoryName(project)!);
        return inputs.Finish();
    }
}
