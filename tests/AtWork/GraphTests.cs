using System.Xml.Linq;
using StageX.Build.AtWork;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>The picture of what needs what.</summary>
[TestClass]
public sealed class GraphTests
{
    [TestMethod]
    [TestCategory("System")]
    public void A_package_and_a_tree_have_a_graph_as_dot_as_svg_and_as_a_page()
    {
        using var tree = Tree();
        Assert.HasCount(3, tree.Items(tree.Tree(), "Graph"));
        tree.Build(tree.Project("core", "lib"), "-t:Graph").MustSucceed();
        var dot = File.ReadAllText(Path.Combine(tree.Artifacts, "graph", "tree.dot"));
        Assert.Contains("\"user-app\" -> \"core-lib\";", dot);
        Assert.Contains("\"core-lib\" -> \"core-base\" [style=dashed", dot);
        Assert.DoesNotContain("user-app", File.ReadAllText(Path.Combine(tree.Artifacts, "graph", "core-lib.dot")));
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images")), "nothing was built");
    }

    [TestMethod]
    public void A_project_that_is_no_XML_is_an_error_at_its_line()
    {
        using var tree = Tree();
        var lib = tree.Project("core", "lib");
        File.AppendAllText(lib, "more\n");
        tree.Build(tree.Project("user", "app"), "-t:Graph").MustFailWith(ErrorCode.UnreadableProject, lib, File.ReadAllLines(lib).Length, "no XML");
    }

    [TestMethod]
    public void The_picture_shows_each_package_once_and_leaves_out_edges_that_others_imply()
    {
        using var tree = Tree();
        var svg = XDocument.Parse(GraphWriter.Svg(Read(tree), "tree"));
        var titles = svg.Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value).ToList();
        CollectionAssert.Contains(titles, "core-lib needs core-base when it runs");
        CollectionAssert.Contains(titles, "user-app needs core-lib to build");
        CollectionAssert.DoesNotContain(titles, "user-app needs core-base to build", "it is implied");
        var labels = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        foreach (var id in new[] { "core-base", "core-lib", "user-app" })
            Assert.AreEqual(1, labels.Count(label => label == id), id);
    }

    [TestMethod]
    public void No_package_covers_another_in_a_large_graph_and_the_picture_is_always_the_same()
    {
        using var tree = new TestTree();
        for (var i = 0; i < 60; i++)
            tree.Add("core", $"p{i}", string.Join('\n', Enumerable.Range(1, 4).Select(step => i - step * step * (i % 3 + 1)).Where(other => other >= 0)
                .Select(other => $"""    <ProjectReference Include="../p{other}/p{other}.msbuildproj" />""")));
        var graph = PackageGraph.Read(Directory.EnumerateFiles(Path.Combine(tree.Root, "core"), "*.msbuildproj", SearchOption.AllDirectories));
        var svg = GraphWriter.Svg(graph, "large");
        Assert.AreEqual(svg, GraphWriter.Svg(PackageGraph.Read(Enumerable.Range(0, 60).Select(i => tree.Project("core", $"p{i}"))), "large"));
        var boxes = XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "rect" && (string?)element.Attribute("class") == "n" && (string?)element.Attribute("height") == "18")
            .Select(box => (X: (double)box.Attribute("x")!, Y: (double)box.Attribute("y")!, Width: (double)box.Attribute("width")!)).ToList();
        Assert.HasCount(60, boxes);
        foreach (var box in boxes)
            Assert.IsFalse(boxes.Any(other => other != box && Math.Abs(other.Y - box.Y) < 18 && other.X < box.X + box.Width && box.X < other.X + other.Width), box.ToString());
    }

    private static PackageGraph Read(TestTree tree) => PackageGraph.Read([tree.Project("user", "app")]);

    private static TestTree Tree()
    {
        var tree = new TestTree();
        tree.Add("core", "base", """    <Directory Include="/etc" />""");
        tree.Add("core", "lib", """    <ProjectReference Include="../base/base.msbuildproj" Runtime="true" />""");
        tree.Add("user", "app", """    <ProjectReference Include="../../core/lib/lib.msbuildproj;../../core/base/base.msbuildproj" />""");
        return tree;
    }
}
