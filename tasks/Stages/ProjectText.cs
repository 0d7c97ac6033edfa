using System.Xml;

namespace StageX.Build.Stages;

/// <summary>
/// What the text of a package's project says about which files and variables its evaluation reads. A definition is data;
/// where one does more than that (targets, property functions, computed paths), its text alone cannot tell.
/// </summary>
internal sealed class ProjectText
{
    private const string SdkName = "StageX.Build.Sdk";
    private readonly string _folder, _itemFolder;

    private ProjectText(string folder, string itemFolder) => (_folder, _itemFolder) = (folder, itemFolder);

    /// <summary>Whether nothing else can play a role.</summary>
    public bool IsData { get; private set; } = true;

    /// <summary>Projects that it refers to.</summary>
    public List<string> References { get; } = [];

    /// <summary>Files that it imports.</summary>
    public List<string> Imports { get; } = [];

    /// <summary>Files and folders of other packages that it names.</summary>
    public SortedSet<string> Lent { get; } = new(StringComparer.Ordinal);

    /// <summary>Names in <c>$(…)</c>: properties, which may come from the environment.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static ProjectText Read(string file) => Read(file, Path.GetDirectoryName(file)!);

    /// <param name="file">A project, or what one imports.</param>
    /// <param name="itemFolder">What names of files count from: the folder of the package.</param>
    private static ProjectText Read(string file, string itemFolder)
    {
        var text = new ProjectText(Path.GetDirectoryName(file)!, itemFolder);
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreWhitespace = true });
            while (reader.Read())
                if (reader.NodeType == XmlNodeType.Element)
                    text.AddElement(reader);
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    text.AddValue(reader.Value);
                    text.AddLent(reader.Value);
                }
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            text.IsData = false;
        }
        return text;
    }

    /// <summary>Files and folders of other packages that a package's definition names or imports, and that what is imported names; the SDK is none.</summary>
    public static SortedSet<string> LentTo(string project)
    {
        var lent = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Add(project);
        return lent;

        void Add(string file)
        {
            var text = Read(file, Path.GetDirectoryName(project)!);
            lent.UnionWith(text.Lent);
            foreach (var import in text.Imports.Where(import => Path.GetFileName(import) is not ("Sdk.props" or "Sdk.targets") && seen.Add(import)))
            {
                lent.Add(import);
                Add(import);
            }
        }
    }

    /// <summary>The names in <c>$(…)</c> in any text.</summary>
    public static void AddNames(string text, HashSet<string> names)
    {
        for (var at = text.IndexOf("$(", StringComparison.Ordinal); at >= 0; at = text.IndexOf("$(", at + 2, StringComparison.Ordinal))
        {
            var end = at + 2;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
                end++;
            if (end > at + 2)
                names.Add(text[(at + 2)..end]);
        }
    }

    /// <summary>The files that a value of a definition names and that lie with another package, in full.</summary>
    public static IEnumerable<string> LentIn(string value, string folder) =>
        value.Split(';', StringSplitOptions.TrimEntries).Select(part => part.Replace('\\', '/')).Where(part => part.StartsWith("../", StringComparison.Ordinal))
            .Select(part => Path.GetFullPath(part, folder));

    private void AddElement(XmlReader reader)
    {
        var element = reader.LocalName;
        // StageXDigests moves a file that is looked for beside the package.
        if (element is "Target" or "UsingTask" or "StageXDigests")
            IsData = false;
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            AddValue(reader.Value);
            if (reader.LocalName == "Sdk" || (element == "Sdk" && reader.LocalName == "Name"))
                IsData &= reader.Value.Split('/')[0] == SdkName;
            else if ((element, reader.LocalName) is ("Import", "Project"))
            {
                IsData &= IsPlain(reader.Value);
                Imports.Add(Full(reader.Value));
            }
            else if ((element, reader.LocalName) is ("ProjectReference", "Include"))
                foreach (var path in reader.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    IsData &= IsPlain(path);
                    References.Add(Full(path));
                }
            else
                AddLent(reader.Value);
        }
        reader.MoveToElement();
    }

    private void AddValue(string value)
    {
        if (value.Contains("$([", StringComparison.Ordinal) || value.Contains("Exists(", StringComparison.OrdinalIgnoreCase))
            IsData = false;
        AddNames(value, Names);
    }

    private void AddLent(string value)
    {
        foreach (var path in LentIn(value, _itemFolder))
        {
            IsData &= IsPlain(path);
            Lent.Add(path);
        }
    }

    private string Full(string path) => Path.GetFullPath(path.Replace('\\', '/'), _folder);

    private static bool IsPlain(string path) => path.IndexOfAny(['$', '@', '%', '*', '?']) < 0;
}
