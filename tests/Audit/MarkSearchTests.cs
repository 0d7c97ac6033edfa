using System.Text;
using StageX.Build.Audit;

namespace StageX.Build.Tests.Audit;

[TestClass]
public sealed class MarkSearchTests
{
    [TestMethod]
    [DataRow("/src/make", true)]
    [DataRow("\"/src/make/job.c\"", true)]
    [DataRow("cc -I/src/make", true)]
    [DataRow("prefix=/src/make\n", true)]
    [DataRow("../src/make", false)]
    [DataRow("$(top)/src/make", false)]
    [DataRow("usr/src/make", false)]
    [DataRow("/src/makefile", false)]
    [DataRow("/src/make-4.4", false)]
    public void A_path_is_found_where_it_is_one(string text, bool isThere)
    {
        var mark = Mark.Path("/src/make");
        Assert.AreEqual(isThere, MarkSearch.Find(new MemoryStream(Encoding.UTF8.GetBytes(text)), [mark]).Contains(mark));
    }

    [TestMethod]
    public void Marks_are_found_wherever_a_piece_of_the_file_ends()
    {
        var marks = new[] { Mark.Path("/src/make"), Mark.Text("second") };
        for (var before = (1 << 20) - 20; before < (1 << 20) + 20; before++)
        {
            byte[] file = [.. Enumerable.Repeat((byte)' ', before), .. "/src/make second"u8, .. Enumerable.Repeat((byte)' ', 1 << 20)];
            Assert.HasCount(2, MarkSearch.Find(new MemoryStream(file), marks), $"{before}");
            file[before - 1] = (byte)'u';
            Assert.HasCount(1, MarkSearch.Find(new MemoryStream(file), marks), $"{before}");
        }
    }
}
