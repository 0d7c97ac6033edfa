namespace StageX.Build.Tests;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Sdk => Path.Combine(Root, "sdk");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "global.json")) && Directory.Exists(Path.Combine(folder, "sdk")))
                return folder;
        throw new InvalidOperationException("the tests do not lie below a checkout");
    }
}
