namespace StageX.Build.Tests;

/// <summary>What becomes of the temporary files that killed processes leave.</summary>
[TestClass]
public sealed class AtomicFileTests
{
    [TestMethod]
    public void What_was_abandoned_is_removed_and_what_is_young_or_open_or_finished_stays()
    {
        using var folder = new TemporaryFolder();
        string Temporary(string name)
        {
            var file = AtomicFile.TemporaryBeside(folder[name]);
            File.WriteAllText(file, "half");
            return file;
        }
        var (abandoned, open, young) = (Temporary("abandoned"), Temporary("open"), Temporary("young"));
        File.WriteAllText(folder["finished"], "");
        using var writing = new FileStream(open, FileMode.Open, FileAccess.Write);
        foreach (var old in new[] { abandoned, open, folder["finished"] })
            File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        AtomicFile.RemoveAbandoned(folder.Path, TimeSpan.FromHours(1));
        CollectionAssert.AreEquivalent(new[] { open, young, folder["finished"] }, Directory.GetFiles(folder.Path));
    }
}
