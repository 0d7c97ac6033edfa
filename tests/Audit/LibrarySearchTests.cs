using StageX.Build.Audit;
using StageX.Build.Images;

namespace StageX.Build.Tests.Audit;

[TestClass]
public sealed class LibrarySearchTests
{
    [TestMethod]
    [DataRow("usr/lib/libx.so.1")]
    [DataRow("lib/libx.so.1")]
    [DataRow("lib64/libx.so.1")]
    [DataRow("usr/lib64/libx.so.1")]
    [DataRow("usr/local/lib/libx.so.1")]
    [DataRow("usr/lib/libx.so.1>libx.so.1.2", "usr/lib/libx.so.1.2")]
    [DataRow("usr/lib/libx.so.1>/lib/libx.so.1.2", "usr/lib/libx.so.1.2")]
    [DataRow("usr/lib64/libx.so.1>../lib/libx.so.1", "usr/lib/libx.so.1")]
    [DataRow("lib64/libx.so.1>../usr/lib/libx.so.1.2", "usr/lib/libx.so.1.2")]
    [DataRow("lib>usr/lib", "usr/lib/libx.so.1")]
    [DataRow("usr/lib/libx.so.1>../libexec/now/libx.so.1", "usr/libexec/now>1", "usr/libexec/1/libx.so.1")]
    public void A_library_is_found_in_each_folder_of_libraries_and_where_links_lead(params string[] image) => Assert.IsEmpty(Missing(image, Program()));

    [TestMethod]
    [DataRow("usr/lib/libx.so")]
    [DataRow("usr/lib/x/libx.so.1")]
    [DataRow("usr/share/libx.so.1")]
    [DataRow("usr/lib/libx.so.1>libx.so.1.2")]
    [DataRow("usr/lib/libx.so.1>libx.so.1")]
    [DataRow("usr/lib/libx.so.1/")]
    public void What_has_another_name_or_lies_elsewhere_or_leads_nowhere_is_none(params string[] image) => CollectionAssert.AreEqual(new[] { "needing libx.so.1" }, Missing(image, Program()));

    [TestMethod]
    public void A_loader_is_where_the_program_says_or_in_another_folder_of_libraries()
    {
        CollectionAssert.AreEqual(new[] { "loaded by /lib/ld.so.1" }, Missing(["usr/bin/ld.so.1"], Program(needed: [], interpreter: "/lib/ld.so.1")));
        Assert.IsEmpty(Missing(["usr/lib/ld.so.1"], Program(needed: [], interpreter: "/lib/ld.so.1")));
        Assert.IsEmpty(Missing(["opt/ld.so.1"], Program(needed: [], interpreter: "/opt/ld.so.1")));
        CollectionAssert.AreEqual(new[] { "loaded by /opt/ld.so.1" }, Missing(["usr/lib/ld.so.1"], Program(needed: [], interpreter: "/opt/ld.so.1")));
    }

    [TestMethod]
    public void A_name_with_a_slash_is_a_path_and_a_name_twice_is_missing_once()
    {
        Assert.IsEmpty(Missing(["opt/x/libx.so"], Program(needed: ["/opt/x/libx.so"])));
        CollectionAssert.AreEqual(new[] { "needing /opt/y/libx.so" }, Missing(["opt/x/libx.so"], Program(needed: ["/opt/y/libx.so", "/opt/y/libx.so"])));
    }

    [TestMethod]
    public void Folders_that_the_program_names_are_searched_too()
    {
        Assert.IsEmpty(Missing(["usr/libexec/x/libx.so.1"], Program(runPath: ["/opt", "/usr/libexec/x"])));
        Assert.IsEmpty(Missing(["usr/libexec/x/libx.so.1"], Program(runPath: ["$ORIGIN/../libexec/x"])));
        Assert.IsEmpty(Missing(["usr/libexec/x/libx.so.1"], Program(runPath: ["${ORIGIN}/../libexec/x/"])));
        Assert.HasCount(1, Missing(["usr/libexec/x/libx.so.1"], Program(runPath: ["", "usr/libexec/x", "$ORIGIN"])));
    }

    private static string[] Missing(string[] image, Executable program) => [.. new LibrarySearch(image.Select(Entry)).Missing(program)];

    // "path" is a file, "path/" a folder, "path>target" a link.
    private static LayerEntry Entry(string text) => text.Split('>') is [var path, var target]
        ? new(path, EntryKind.SymbolicLink, 0x1FF, 0, 0, 0, null, target)
        : new(text.TrimEnd('/'), text.EndsWith('/') ? EntryKind.Directory : EntryKind.File, 0x1ED, 0, 0, 0, null, null);

    private static Executable Program(string[]? needed = null, string? interpreter = null, params string[] runPath) =>
        new("usr/bin/program", 0, needed ?? ["libx.so.1"], interpreter, runPath, [], new Dictionary<Trait, IReadOnlyList<string>>());
}
