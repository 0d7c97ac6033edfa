using System.Globalization;

namespace StageX.Build.Benchmarks;

/// <summary>One Verify of a package that is configured, compiled and tested, against its build from nothing.</summary>
internal static class VerifyBenchmark
{
    // Each engine has its turn: before anything counts, to get to know the compilers' root, and then once more.
    private const int Engines = 3;

    public static Measured Run(string repository)
    {
        var vary = Path.Combine(repository, "packages", "core", "vary", "vary.msbuildproj");
        var packages = Path.Combine(repository, "tests", "packages", "test");
        Tool.Run("dotnet", "build", vary, "-nologo", "-tl:off");
        // A copy of the package, in a tree of its own; what it is built from is built first.
        var folder = Directory.CreateTempSubdirectory("stagex-bench-").FullName;
        try
        {
            var package = Path.Combine(folder, "bench", "zlib");
            Directory.CreateDirectory(package);
            var project = Path.Combine(package, "zlib.msbuildproj");
            File.WriteAllText(project, File.ReadAllText(Path.Combine(packages, "zlib", "zlib.msbuildproj"))
                .Replace("../../../../sdk/", repository + "/sdk/", StringComparison.Ordinal)
                .Replace("../debian-gcc/", packages + "/debian-gcc/", StringComparison.Ordinal));
            var script = File.ReadAllText(Path.Combine(packages, "zlib", "build.sh"));
            var number = 0;
            double Build(params IEnumerable<string> arguments) => Tool.Run("dotnet",
                ["build", project, "-nologo", "-tl:off", "-v:minimal", "-nodeReuse:false", $"-p:StageXRoot={folder}",
                    $"-p:StageXVary={Path.Combine(repository, "artifacts", "images", "core-vary")}", .. arguments]).Seconds;
            double FromNothing()
            {
                File.WriteAllText(Path.Combine(package, "build.sh"), $"{script}# {++number} {Guid.NewGuid()}\n");
                return Build();
            }
            // The build comes first in each pair: what is verified is what it made.
            var (ratio, built, verified) = Timing.Pairs(Engines, FromNothing, () => Build("-t:Verify"), notCounted: Engines);
            return new Measured("verify", 1 / ratio, "1.15", string.Create(CultureInfo.InvariantCulture,
                $"one Verify of zlib, everything varied at once: {verified:0.0} s, its build from nothing {built:0.0} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
