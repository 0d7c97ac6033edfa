using StageX.Build.Reproducibility;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>The search for the variation that is responsible, on packages of which is known what they depend on.</summary>
[TestClass]
public sealed class ExperimentTests
{
    private static readonly string[] All = ["engine", "path", "date", "locale", "hostname", "jobs", "order", "addresses"];

    [TestMethod]
    [DataRow("engine")]
    [DataRow("locale")]
    [DataRow("addresses")]
    public void One_cause_is_found_among_all_in_few_rebuilds(string cause)
    {
        var verdict = Run((names, _) => names.Contains(cause) ? "other" : "usual");
        Assert.AreEqual(cause, Named(verdict));
        Assert.IsLessThanOrEqualTo(9, verdict.Builds);
    }

    [TestMethod]
    public void A_suspect_that_is_guilty_is_tried_first()
    {
        var verdict = Run((names, _) => names.Contains("order") ? "other" : "usual", suspects: ["date", "order"]);
        Assert.AreEqual("order", Named(verdict));
        Assert.AreEqual(4, verdict.Builds); // the control, two suspects, the others
    }

    [TestMethod]
    public void Several_causes_are_all_named_and_such_that_work_only_together_as_one()
    {
        Assert.AreEqual("hostname, path", Named(Run((names, _) => string.Join(' ', names.Where(name => name is "path" or "hostname")))));
        Assert.AreEqual("locale order", Named(Run((names, _) => names.Contains("locale") && names.Contains("order") ? "other" : "usual")));
    }

    [TestMethod]
    [DataRow("order")]
    [DataRow("scratch", "order")]
    public void Who_depends_on_the_order_of_entries_is_not_told_that_file_systems_have_orders_of_their_own(params string[] suspects)
    {
        Verdict WithScratch(Func<IReadOnlyList<string>, string> rebuild) => new Experiment((names, _) => rebuild(names), _ => { }).Run("usual", [.. All, "scratch"], suspects);
        Assert.AreEqual("order", Named(WithScratch(names => names.Contains("order") ? "sorted" : names.Contains("scratch") ? "of tmpfs" : "usual")));
        Assert.AreEqual("scratch", Named(WithScratch(names => names.Contains("scratch") ? "other" : "usual")));
    }

    [TestMethod]
    public void What_another_build_in_the_same_surroundings_changes_as_well_is_no_variations_fault()
    {
        var count = 0;
        Assert.AreEqual("none: differs by itself (a random number: each of its results is another)", Named(Run((_, _) => $"{count++}")));
        var tosses = new Queue<string>("abbabaabbabaab".Select(toss => toss.ToString()));
        Assert.AreEqual("none: differs by itself (a race: some of its results are the same)", Named(Run((_, _) => tosses.Dequeue())));
        Assert.AreEqual("jobs", Named(Run((_, oneAtATime) => oneAtATime ? "usual" : $"{count++}")));
    }

    [TestMethod]
    public void What_is_another_each_time_unless_it_is_held_is_found_beside_the_build_that_did_not_hold_it()
    {
        // As the date: the usual build had another than the experiments hold.
        Assert.AreEqual("date", Named(Run((names, _) => names.Contains("date") ? "later" : "held", usual: "earlier")));
    }

    [TestMethod]
    public void Where_nothing_that_was_varied_makes_a_difference_it_says_so()
    {
        Assert.AreEqual("none: no variation makes a difference where all else is held", Named(Run((_, _) => "usual")));
    }

    private static Verdict Run(Func<IReadOnlyList<string>, bool, string> rebuild, string usual = "usual", params string[] suspects) =>
        new Experiment(rebuild, _ => { }).Run(usual, All, suspects);

    private static string Named(Verdict verdict) => verdict.ByItself is null && verdict.Causes.Count > 0
        ? string.Join(", ", verdict.Causes.Select(together => string.Join(' ', together)).Order(StringComparer.Ordinal))
        : verdict.Text[..verdict.Text.LastIndexOf(", by ", StringComparison.Ordinal)];
}
