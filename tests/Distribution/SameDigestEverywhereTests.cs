namespace StageX.Build.Tests.Distribution;

/// <summary>The chain and a few packages, built in an environment that differs in everything that must not matter.</summary>
[TestClass]
[TestCategory("System")]
public sealed class SameDigestEverywhereTests
{
    [TestMethod]
    public void Path_umask_time_zone_locale_hostname_user_line_endings_and_processors_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        var here = DefaultSet.ChainImages;
        Assert.IsGreaterThan(15, here.Count);

        var clone = folder["a/clone/whose/path/is/much/longer/than/that/of/the/first/one"];
        Directory.CreateDirectory(Path.GetDirectoryName(clone)!);
        Command.Run("git", ["clone", "--quiet", "--no-local", "-c", "core.autocrlf=true", "-c", "core.eol=crlf", Repository.Root, clone]).MustSucceed();
        var home = folder["home"];
        Directory.CreateDirectory(home);
        var there = DefaultSet.Read(Command.Run("unshare",
            [
                "--uts", "sh", "-c", "hostname elsewhere.example && umask 077 && exec taskset -c 0 \"$@\"", "sh",
                "dotnet", "msbuild", DefaultSet.TreeProject(clone), "-nologo", "-m:1", "-nodeReuse:false", "-getTargetResult:Build", DefaultSet.ChainOnly,
                $"-p:StageXCache={DefaultSet.CacheWithSources(folder["cache"])}",
            ], clone, new Dictionary<string, string?>
            {
                ["TZ"] = "Pacific/Kiritimati",
                ["LANG"] = "tr_TR.UTF-8",
                ["LC_ALL"] = "tr_TR.UTF-8",
                ["USER"] = "somebody",
                ["LOGNAME"] = "somebody",
                ["HOME"] = home,
                ["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
                ["SOURCE_DATE_EPOCH"] = "1700000000",
            }));

        CollectionAssert.AreEqual(
            here.Select(image => $"{image.Id} {image.Digest}").Order(StringComparer.Ordinal).ToArray(),
            there.Select(image => $"{image.Id} {image.Digest}").Order(StringComparer.Ordinal).ToArray());
    }
}
