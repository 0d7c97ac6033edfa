using StageX.Build.Containerfiles;
using StageX.Build.Images;
using StageX.Build.Stages;

namespace StageX.Build.Tests.Stages;

[TestClass]
public sealed class StagePlanTests
{
    [TestMethod]
    public void An_engine_is_given_only_what_the_key_knows_of()
    {
        var plan = Plan("""
            FROM scratch AS package
            VOLUME /data
            EXPOSE 80
            LABEL a=b
            COPY x /data/x
            ENTRYPOINT ["/x"]
            """)[0];
        Assert.AreEqual("FROM scratch AS package\nCOPY x /data/x\n", ForEngine(plan, null));
    }

    [TestMethod]
    public void What_a_stage_without_files_set_reaches_the_stage_that_starts_from_it()
    {
        var plans = Plan("""
            FROM scratch AS settings
            ENV PATH=/tools A="b c"
            USER 1:1
            FROM settings AS package
            COPY x /
            RUN ["/x"]
            """);
        var inherited = ConfigEvaluator.Evaluate(ImageConfig.Empty, plans[0].Steps);
        var text = ForEngine(plans[1], null, inherited);
        Assert.Contains("ENV PATH=/tools A=\"b c\"\nUSER 1:1\n", text);
        Assert.DoesNotContain("PATH=/usr", text);
        Assert.Contains("PATH=/tools A=\"b c\"", ContainerfileRenderer.ForPeople("", plans, plan => plan.FromStage is null ? ImageConfig.Empty : inherited, _ => []));
    }

    [TestMethod]
    [DataRow("/usr/share/", true)]
    [DataRow("/", true)]
    [DataRow("/usr/share", false)]
    [DataRow("/usr//share/", false)]
    [DataRow("/./", false)]
    [DataRow("/a/../b/", false)]
    [DataRow("/link/", false)]
    [DataRow("/link/below/", false)]
    public void Only_plain_destinations_need_no_engine(string destination, bool copyOnly)
    {
        var plan = Plan($"FROM scratch AS a\nCOPY x /x/\nFROM scratch AS package\nCOPY --from=a /x/ {destination}")[1];
        Assert.AreEqual(copyOnly, plan.IsCopyOnly(path => path == "link" ? EntryKind.SymbolicLink : path == "usr" ? EntryKind.Directory : null));
    }

    [TestMethod]
    public void A_name_comes_before_a_number()
    {
        var plans = Plan("FROM scratch\nCOPY x /\nFROM scratch\nCOPY y /\nFROM scratch AS package\nCOPY --from=1 / /\nCOPY --from=0 / /");
        CollectionAssert.AreEqual(new[] { "1", "0" }, plans[2].Steps.Select(step => step.CopyFrom).ToArray());
    }

    [TestMethod]
    public void Parts_that_later_stages_take_may_have_any_name()
    {
        var plan = Plan("""
            FROM scratch AS a
            COPY x /
            FROM scratch AS package
            COPY --from=a ["/a b", "/c\\$d", "/"]
            """)[0];
        var text = ForEngine(plan, null);
        Assert.Contains("""COPY --from=a ["/a b","/a b"]""", text);
        Assert.Contains("COPY --from=a \"/c\\$d\" \"/c\\$d\"", text);
    }

    private static string ForEngine(StagePlan plan, string? root, ImageConfig? inherited = null) =>
        ContainerfileRenderer.ForEngine(plan, root, inherited ?? ImageConfig.Empty, from => from);

    private static IReadOnlyList<StagePlan> Plan(string text) =>
        StagePlan.Plan(ContainerfileParser.Parse(text, "Containerfile", new Dictionary<string, string>(), _ => []), ["package"], "Containerfile");
}
