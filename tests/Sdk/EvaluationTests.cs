using System.Text.RegularExpressions;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Locator;

namespace StageX.Build.Tests.Sdk;

/// <summary>Every package project of the repository, evaluated by the MSBuild of the installed SDK as tools and IDEs do.</summary>
[TestClass]
public sealed partial class EvaluationTests
{
    [AssemblyInitialize]
    public static void UseInstalledMSBuild(TestContext context) => MSBuildLocator.RegisterDefaults();

    public static IEnumerable<object[]> Packages => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "packages"), "*.msbuildproj", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "packages.msbuildproj").Order(StringComparer.Ordinal).Select(file => new object[] { Path.GetRelativePath(Repository.Root, file) });

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void A_package_has_its_metadata_and_is_named_by_its_folder(string file)
    {
        using var projects = new ProjectCollection();
        var project = projects.LoadProject(Path.Combine(Repository.Root, file));
        Assert.AreEqual(Path.GetFileName(Path.GetDirectoryName(file)), Path.GetFileNameWithoutExtension(file));
        foreach (var property in new[] { "PackageVersion", "Description", "PackageLicenseExpression" })
            Assert.AreNotEqual("", project.GetPropertyValue(property), property);
        Assert.MatchesRegex(License(), project.GetPropertyValue("PackageLicenseExpression"));
    }

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void A_package_answers_every_public_target_and_what_msbuild_asks_projects(string file)
    {
        using var projects = new ProjectCollection();
        var targets = projects.LoadProject(Path.Combine(Repository.Root, file)).Targets;
        foreach (var target in new[] { "Build", "Rebuild", "Clean", "Fetch", "Containerfile", "Why", "UpdateDigests", "UpdateReferences", "Restore", "Pack", "Publish", "VSTest", "GetTargetFrameworks", "GetTargetPath", "GetNativeManifest", "GetCopyToOutputDirectoryItems" })
            Assert.IsTrue(targets.ContainsKey(target), target);
    }

    [GeneratedRegex(@"^[A-Za-z0-9.+()-]+( (AND|OR|WITH) [A-Za-z0-9.+()-]+)*$")]
    private static partial Regex License();
}
