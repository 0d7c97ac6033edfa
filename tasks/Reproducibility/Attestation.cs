using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Reproducibility;

/// <summary>Writes what can be said about a package's images beside them: provenance and bill of materials, as referrers.</summary>
internal sealed class Attestation(PackageDefinition package, DependencySet dependencies, string folder, string repository, CancellationToken cancellation)
{
    private static string SdkVersion { get; } = typeof(Attestation).Assembly.GetName().Version!.ToString(3);

    /// <summary>Where the attestations of an image lie.</summary>
    public static string FolderOf(string artifacts, string id) => Path.Combine(artifacts, "attestations", id);

    /// <param name="images">Id, layout and digest of each image as the build returned them.</param>
    /// <returns>The folder of each.</returns>
    public IReadOnlyList<string> Write(IReadOnlyList<(string Id, string Layout, Digest Digest)> images)
    {
        var checkout = new GitCheckout(package.Folder, cancellation);
        checkout.RequireClean();
        var (commit, definition, prefix) = (checkout.Commit(), checkout.Tree(), checkout.Prefix());
        return [.. images.Select(built =>
        {
            var (image, manifest) = ImageLayout.Read(built.Layout);
            if (manifest.Digest != built.Digest)
                throw new StageXException(ErrorCode.StaleAttestation, $"the image {built.Id} is {manifest.Digest}, and its build returned {built.Digest}", package.ProjectFile);
            var provenance = new Provenance
            {
                Id = built.Id,
                Digest = manifest.Digest,
                Project = string.Join('/', new[] { prefix, Path.GetFileName(package.ProjectFile) }.Where(part => part.Length > 0)),
                Platform = package.Platform,
                Commit = commit,
                Definition = definition,
                Repository = repository,
                SdkVersion = SdkVersion,
                Sources = Provenance.SourcesOf(package),
                Images = [.. dependencies.All.Select(dependency => new ProvenImage(dependency.Id, dependency.Digest))],
            };
            var target = FolderOf(folder, built.Id);
            ReferrerLayout.Write(target, manifest,
            [
                (Provenance.FileName, new Referrer(Provenance.MediaType, provenance.ToJson(), Provenance.Annotations)),
                (BillOfMaterials.FileName, new Referrer(BillOfMaterials.MediaType, Materials(built.Id, manifest.Digest, image).ToJson(SdkVersion), new Dictionary<string, string>())),
            ]);
            return target;
        })];
    }

    // What is in the image is told by its layers; the rest of what runs with it by its annotation.
    private BillOfMaterials Materials(string id, Digest digest, Image image)
    {
        var materials = new BillOfMaterials(package, id, digest);
        var needed = Dependency.RuntimeOf(image);
        foreach (var dependency in dependencies.All)
        {
            var isContained = dependency.Image.Layers.All(image.Layers.Contains);
            if (!isContained && !needed.Contains(dependency.Id))
                continue;
            if (package.References.FirstOrDefault(reference => reference.Id == dependency.Id && reference.Published is not null) is { } published)
                materials.AddPublished(dependency.Id, dependency.Digest, published.Include, dependency.Image.Annotations, isContained);
            else
                materials.Add(dependency.Id, dependency.Digest, ReferrerLayout.Read(FolderOf(folder, dependency.Id), BillOfMaterials.MediaType), isContained);
        }
        return materials;
    }
}
