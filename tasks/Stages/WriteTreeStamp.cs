using StageX.Build.Packages;
using StageX.Build.Reproducibility;

namespace StageX.Build.Stages;

/// <summary>Keeps the stamp of a tree whose build ended well, if it can be relied on.</summary>
public sealed class WriteTreeStamp : TreeTask
{
    /// <summary>What <see cref="FindTreeStamp"/> saw.</summary>
    public string InputsBefore { get; set; } = "";

    protected override void Run()
    {
        if (!Digest.TryParse(InputsBefore, out var before))
            return;
        var artifacts = Path.GetFullPath(Artifacts);
        var images = new List<StampedImage>();
        var results = new List<StampedFile>();
        foreach (var project in ProjectFiles)
        {
            var id = PackageId.FromProject(project).ToString();
            var fetched = FetchedPackage.StampOf(artifacts, id);
            if (BuildStamp.Read(fetched ?? BuildStamp.FileFor(artifacts, id)) is not { } stamp || !IsRecorded(project, stamp))
                return;
            images.AddRange(stamp.Images);
            results.AddRange(stamp.Results);
            // Where that goes, the images are no longer what was fetched.
            if (fetched is not null)
                results.Add(StampedFile.Of(new FileInfo(fetched)));
        }
        if (Inputs() == before)
            new BuildStamp(before, images, results, []).Write(StampFile);
    }

    // A package that is missing in digests.txt is warned about in each build.
    private static bool IsRecorded(string project, BuildStamp stamp) =>
        DigestFile.Records(Path.GetFullPath("../digests.txt", Path.GetDirectoryName(project)!), stamp.Images.Select(image => (image.Id, image.Digest)));
}
