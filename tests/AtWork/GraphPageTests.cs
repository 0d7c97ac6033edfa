using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using StageX.Build.AtWork;
using StageX.Build.Images;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>The page about packages down to the seed. It is well-formed XML, so that what is in it can be asked for.</summary>
[TestClass]
public sealed class GraphPageTests
{
    private const string Hostile = "</p><script>alert('\"1\"')</script> & {{script}} <!--";

    [TestMethod]
    [TestCategory("System")]
    public void Each_package_stands_once_with_what_is_known_of_it()
    {
        using var tree = Tree();
        var app = tree.Project("user", "app");
        var before = Page(tree, app, "user-app");
        CollectionAssert.AreEqual(new[] { "core-base", "core-lib", "user-app" }, Packages(before).Keys.ToArray());
        Assert.AreEqual("not recorded, not built here", Fact(before, "core-base", "Digest"));
        Assert.AreEqual("not built here", Fact(before, "core-base", "Building"));
        Assert.AreEqual("MIT", Fact(before, "core-base", "Licence"));
        Assert.AreEqual("core-base when it runs", Fact(before, "core-lib", "Needs"));
        Assert.AreEqual("core-lib when it runs, user-app", Fact(before, "core-base", "Needed by"));
        Assert.AreEqual("4 B; lines are not counted", Fact(before, "core-base", "Source"));

        tree.Build(tree.Project("core", "base"), "-t:UpdateDigests").MustSucceed();
        tree.Build(app, "-t:VerifyBootstrap").MustSucceed();
        var after = Page(tree, app, "user-app");
        Assert.AreEqual($"{DigestOf(tree, "core-base")} recorded, and built here", Fact(after, "core-base", "Digest"));
        Assert.AreEqual($"{DigestOf(tree, "user-app")} built here", Fact(after, "user-app", "Digest"));
        Assert.AreEqual("2 lines; 4 B", Fact(after, "core-base", "Source"));
        Assert.AreEqual("nothing had to run", Fact(after, "core-base", "Building"));

        // What was counted is not what is there now, and what was built is not what is recorded.
        tree.Write("core", "base", "motd", "another\n");
        Assert.AreEqual("8 B; lines are not counted", Fact(Page(tree, app, "user-app"), "core-base", "Source"));
        var recorded = Path.Combine(tree.Root, "core", "digests.txt");
        File.WriteAllText(recorded, $"{new string('a', 64)} core-base\n");
        var digests = Fact(Page(tree, app, "user-app"), "core-base", "Digest");
        Assert.Contains($"sha256:{new string('a', 64)} recorded", digests);
        Assert.EndsWith("built here", digests);
        File.WriteAllText(recorded, "no digest\n");
        tree.Build(app, "-t:Graph").MustFailWith(ErrorCode.DigestFileSyntax, "digests.txt", 1);
    }

    [TestMethod]
    [TestCategory("System")]
    public void The_time_of_a_step_is_known_wherever_its_result_is()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var slow = tree.Add("user", "slow", TestTree.Busybox + """    <Stage Include="build" Directories="/rootfs" Run="/bin/sleep 2" /><Directory Include="/etc" />""");
        tree.Build(slow).MustSucceed();
        var here = Fact(Page(tree, slow, "user-slow"), "user-slow", "Building");
        Assert.StartsWith("ran for ", here);
        Assert.DoesNotStartWith("ran for 0", here);
        Assert.DoesNotStartWith("ran for 1.", here);

        // Nothing runs here: it did elsewhere.
        using var other = new TestTree(tree.Cache);
        other.AddBusybox();
        var same = other.Add("user", "slow", File.ReadAllText(slow).Split("<ItemGroup>\n")[1].Split("\n  </ItemGroup>")[0]);
        other.Build(same).MustSucceed();
        Assert.AreEqual(here, Fact(Page(other, same, "user-slow"), "user-slow", "Building"));
    }

    [TestMethod]
    [TestCategory("System")]
    public void It_is_one_file_that_asks_for_nothing_and_runs_nothing_else()
    {
        using var tree = Tree();
        var page = Page(tree, tree.Tree(), "tree");
        var file = Path.Combine(tree.Artifacts, "graph", "tree.html");
        var text = File.ReadAllText(file);
        Assert.AreEqual(Hostile, Packages(page)["core-base"].Descendants("bdi").First().Value);
        Assert.DoesNotContain("<script>alert", text);

        var script = page.Descendants("script").Single();
        var styles = page.Descendants().Where(element => element.Name.LocalName == "style").ToList();
        var policy = page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        Assert.StartsWith("default-src 'none'; ", policy);
        Assert.HasCount(styles.Count + 1, policy.Split("'sha256-")[1..]);
        foreach (var element in styles.Append(script))
            Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Value)))}'", policy);

        var attributes = page.Descendants().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).ToList();
        foreach (var attribute in attributes)
            Assert.IsFalse(attribute.Name.LocalName is "src" or "style" or "action" or "srcset" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), attribute.ToString());
        var ids = attributes.Where(attribute => attribute.Name == "id").Select(attribute => attribute.Value).ToList();
        CollectionAssert.AllItemsAreUnique(ids);
        foreach (var link in attributes.Where(attribute => attribute.Name.LocalName == "href"))
            CollectionAssert.Contains(ids, link.Value.TrimStart('#'));
        foreach (var reference in new[] { "url(", "@import", "https:", tree.Root, tree.Cache, Environment.UserName + "@" })
            Assert.DoesNotContain(reference, text);
        Assert.DoesNotContain("http:", text.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal));

        // Not even its time is another.
        var written = File.GetLastWriteTimeUtc(file);
        tree.Build(Path.Combine(tree.Root, "tree.msbuildproj"), "-t:Graph").MustSucceed();
        Assert.AreEqual(text, File.ReadAllText(file));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(file));
    }

    [TestMethod]
    public void It_does_not_grow_with_the_ways_through_a_graph()
    {
        // Each needs the five below: there are more ways down than anybody could read.
        using var tree = new TestTree();
        for (var i = 0; i < 60; i++)
            tree.Add("core", $"p{i:00}", string.Join('\n', Enumerable.Range(1, 5).Select(step => i - step).Where(other => other >= 0)
                .Select(other => $"""    <ProjectReference Include="../p{other:00}/p{other:00}.msbuildproj" />""")));
        var graph = PackageGraph.Read([tree.Project("core", "p59")]);
        var finder = new FactFinder(tree.Artifacts, tree.Cache);
        var page = XDocument.Parse(GraphPage.Write(graph, "large", graph.Packages.ToDictionary(id => id, id => finder.Find(graph, id))));
        Assert.HasCount(60, Packages(page));
        // The shortest way down takes five at once.
        Assert.AreEqual(12 + 1, Packages(page)["core-p00"].AncestorsAndSelf("li").Count());
    }

    [TestMethod]
    public void Subpackages_and_images_of_other_trees_have_their_digests()
    {
        using var tree = new TestTree();
        var (published, part) = (Digest.Of("published"u8), Digest.Of("part"u8));
        var app = tree.Add("user", "app", $"""
                <Subpackage Include="part" />
                <ImageReference Include="registry.example.org/stagex/core-zlib" Digest="{published}" />
                <Source Include="https://example.org/app.tar.gz" Sha256="{new string('b', 64)}" />
            """);
        File.WriteAllText(Path.Combine(tree.Root, "user", "digests.txt"), $"{part.Hex} user-app-part\n");
        var graph = PackageGraph.Read([app]);
        var finder = new FactFinder(tree.Artifacts, tree.Cache);
        Assert.AreEqual(new ImageFact("core-zlib", published, "named by a definition"), finder.Find(graph, "core-zlib").Images.Single());
        Assert.AreEqual(new ImageFact("user-app-part", part, "recorded"), finder.Find(graph, "user-app").Images.Single());
        Assert.IsNull(finder.Find(graph, "user-app").Bytes, "its source is not here");
    }

    private static XDocument Page(TestTree tree, string project, string name)
    {
        tree.Build(project, "-t:Graph").MustSucceed();
        return XDocument.Load(Path.Combine(tree.Artifacts, "graph", name + ".html"));
    }

    // In the order of their ids; each of them once, or this fails.
    private static SortedDictionary<string, XElement> Packages(XDocument page) => new(
        page.Descendants("li").Where(item => (string?)item.Attribute("class") == "package").ToDictionary(item => item.Attribute("id")!.Value), StringComparer.Ordinal);

    private static string Fact(XDocument page, string id, string name) =>
        Packages(page)[id].Element("details")!.Element("div")!.Element("dl")!.Elements("dt").Single(term => term.Value == name).ElementsAfterSelf().First().Value;


    private static Digest DigestOf(TestTree tree, string id) => ImageLayout.Read(Path.Combine(tree.Artifacts, "images", id)).Manifest.Digest;

    private static TestTree Tree()
    {
        var tree = new TestTree();
        tree.Add("core", "base", $"""
                <File Include="motd" Path="/etc/" />
              </ItemGroup>
              <PropertyGroup>
                <Description>{System.Security.SecurityElement.Escape(Hostile)}</Description>
                <PackageLicenseExpression>MIT</PackageLicenseExpression>
              </PropertyGroup>
              <ItemGroup>
            """, ("motd", "a\nb\n"));
        tree.Add("core", "lib", """    <ProjectReference Include="../base/base.msbuildproj" Runtime="true" />""");
        tree.Add("user", "app", """    <ProjectReference Include="../../core/lib/lib.msbuildproj;../../core/base/base.msbuildproj" />""");
        return tree;
    }
}
