using StageX.Build.Images;
using StageX.Build.Packages;

namespace StageX.Build.Bootstrap;

/// <summary>
/// Diverse double-compiling: one stage of a package runs in a foreign root, with a compiler that has nothing to do with the
/// chain; all stages after it are as ever. Where the package comes out the same, either both compilers are honest, or both
/// were spoilt in the same way.
/// </summary>
public static class DiverseBuild
{
    /// <summary>The package, with that stage in the foreign root.</summary>
    /// <param name="package">A package that names such a stage.</param>
    /// <param name="foreignId">The id under which the foreign root is known.</param>
    public static PackageDefinition Variant(PackageDefinition package, string foreignId)
    {
        var diverse = package.Diverse!;
        var others = package.Stages.Select(stage => stage.Name).Where(name => name != diverse.Name).ToList();
        var references = package.References
            .Select(reference => reference with { Stages = reference.Stages.Count == 0 ? others : [.. reference.Stages.Where(name => name != diverse.Name)] })
            // Without any, a reference would be in every stage.
            .Where(reference => reference.Stages.Count > 0)
            .Append(new Reference(foreignId, foreignId, [diverse.Name], false, false, []));
        return package with { Stages = [.. package.Stages.Select(stage => stage.Name == diverse.Name ? diverse : stage)], References = [.. references] };
    }

    /// <summary>The paths at which two images differ.</summary>
    public static IReadOnlyList<string> Differences(string layout, string otherLayout, LayerStore store)
    {
        using var files = RootFilesystem.FromLayers(ImageLayout.Read(layout).Image.Layers, store);
        using var others = RootFilesystem.FromLayers(ImageLayout.Read(otherLayout).Image.Layers, store);
        return [.. files.Entries.Except(others.Entries).Concat(others.Entries.Except(files.Entries)).Select(entry => "/" + entry.Path).Distinct().Order(StringComparer.Ordinal)];
    }
}
