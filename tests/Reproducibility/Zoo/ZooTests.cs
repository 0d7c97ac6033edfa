using System.Text.Json.Nodes;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Reproducibility.Zoo;

/// <summary>Packages that are broken, each in one known way: verification has to fail, and to name it.</summary>
[TestClass]
[TestCategory("System")]
public sealed class ZooTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [TestCategory("Zoo")]
    public void Every_animal_fails_and_its_cause_is_named_and_what_is_levelled_and_the_herd_pass() =>
        Visit(Animal.Broken, [.. Animal.Levelled.Select(animal => ("levelled", animal)), .. Animal.Herd.Select(animal => ("herd", animal))]);

    [TestMethod]
    [TestCategory("Nightly")]
    public void So_do_their_relatives() => Visit(Animal.Relatives, []);

    private void Visit(IReadOnlyList<Animal> broken, IReadOnlyList<(string Stage, Animal Animal)> sound)
    {
        using var tree = Tree();
        foreach (var animal in broken)
            Add(tree, "zoo", animal);
        foreach (var (stage, animal) in sound)
            Add(tree, stage, animal);
        var result = tree.Build(TreeOf(tree), "-t:Verify", "-m:2", Vary);

        var wrong = new List<string>();
        foreach (var animal in broken)
        {
            var record = Record(tree, $"zoo-{animal.Name}");
            var named = record is null ? "not verified" : (bool)record["reproducible"]! ? "passed" : Causes((string)record["verdict"]!);
            if (named != animal.Cause)
                wrong.Add($"{animal.Name}: {named} instead of {animal.Cause}");
        }
        var line = $"zoo named {broken.Count - wrong.Count}/{broken.Count}";
        TestContext.WriteLine(line);
        Console.WriteLine(line);
        foreach (var (stage, animal) in sound)
            if (Record(tree, $"{stage}-{animal.Name}") is not { } record || !(bool)record["reproducible"]!)
                wrong.Add($"{animal.Name}: {(string?)Record(tree, $"{stage}-{animal.Name}")?["verdict"] ?? "not verified"} instead of passed");
        Assert.IsEmpty(wrong, string.Join('\n', wrong) + "\n" + result.Output);
    }

    [TestMethod]
    [TestCategory("Nightly")]
    public void The_herd_passes_every_time()
    {
        using var tree = Tree();
        foreach (var animal in Animal.Herd)
            Add(tree, "herd", animal);
        var all = TreeOf(tree);
        for (var i = 0; i < 100; i++)
        {
            var result = tree.Build(all, "-t:Verify", "-m:2", Vary);
            Assert.AreEqual(0, result.ExitCode, $"run {i + 1}\n{result.Output}");
        }
    }

    private static string Vary => $"-p:StageXVary={DefaultSet.Images.Single(image => image.Id == "core-vary").Layout}";

    private static TestTree Tree() => new(DefaultSet.Cache);

    // The packages; the root that they share stands elsewhere.
    private static string TreeOf(TestTree tree) => tree.Tree();

    private static void Add(TestTree tree, string stage, Animal animal) => tree.Add(stage, animal.Name, $"""
            <ProjectReference Include="{Path.Combine(Repository.Root, "tests", "packages", "test", "debian-gcc", "debian-gcc.msbuildproj")}" />
            <Stage Include="build" Script="build.sh" />
          </ItemGroup>
          <PropertyGroup>
            <StageXVerifyVariations>default {animal.AlsoVaried}</StageXVerifyVariations>
          </PropertyGroup>
          <ItemGroup>
        """, ("build.sh", animal.Script + "\n"));

    private static JsonNode? Record(TestTree tree, string id) =>
        Path.Combine(tree.Artifacts, "verify", id + ".json") is var file && File.Exists(file) ? JsonNode.Parse(File.ReadAllBytes(file)) : null;

    // "path, locale, by 7 rebuilds"; and "none: differs by itself (why), by 9 rebuilds".
    private static string Causes(string verdict) => verdict.StartsWith(Animal.ByItself, StringComparison.Ordinal) ? Animal.ByItself
        : string.Join(", ", verdict[..verdict.LastIndexOf(", by ", StringComparison.Ordinal)].Split(", ").Order(StringComparer.Ordinal));
}
