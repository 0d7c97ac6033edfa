using Microsoft.Build.Framework;

namespace StageX.Build.Stages;

/// <summary>
/// What the build of a package reads: the definition as evaluated, the files beside it and those that packages lend it, and our
/// own code. The images that it refers to stand in its <see cref="BuildStamp"/> one by one.
/// </summary>
internal sealed class PackageInputs
{
    private readonly string _folder;
    private readonly List<string> _texts;
    private readonly SortedSet<string> _lent = new(StringComparer.Ordinal);

    public PackageInputs(string project, IEnumerable<ITaskItem> definition, params IEnumerable<string> settings)
    {
        _folder = Path.GetDirectoryName(project)!;
        _texts = [typeof(PackageInputs).Module.ModuleVersionId.ToString(), project, .. settings];
        foreach (var item in definition)
            AddItem(item);
    }

    /// <summary>As they are now; null where a file cannot be read.</summary>
    public Digest? Now()
    {
        try
        {
            using var digest = new InputDigest();
            foreach (var text in _texts)
                digest.Add(text);
            digest.AddFolder(_folder);
            digest.AddLent(_lent);
            return digest.Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void AddItem(ITaskItem item)
    {
        Add(item.ItemSpec, item.ItemSpec);
        var metadata = item.CloneCustomMetadata();
        var names = new string[metadata.Count];
        metadata.Keys.CopyTo(names, 0);
        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
            Add($"{name}={item.GetMetadata(name)}", item.GetMetadata(name));

        void Add(string text, string value)
        {
            _texts.Add(text);
            if (item.GetMetadata("DefinitionType") != "ProjectReference")
                _lent.UnionWith(ProjectText.LentIn(value, _folder));
        }
    }
}
