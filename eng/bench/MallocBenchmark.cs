using System.Globalization;
using StageX.Build.Images;

namespace StageX.Build.Benchmarks;

/// <summary>One program twice, with mimalloc and with musl's own allocator: their definitions differ by one reference.</summary>
internal static class MallocBenchmark
{
    private const int Runs = 5;

    public static Measured Run(string repository)
    {
        var folder = Directory.CreateTempSubdirectory("stagex-bench-").FullName;
        try
        {
            double Seconds(string program) => double.Parse(Tool.Run(program).Output, CultureInfo.InvariantCulture);
            var mimalloc = Build(repository, folder, "mimalloc", $"""<ProjectReference Include="{repository}/packages/core/mimalloc/mimalloc.msbuildproj" Overrides="pallet-tcc-musl" />""");
            var musl = Build(repository, folder, "musl", "");
            var (ratio, first, second) = Timing.Pairs(Runs, () => Seconds(mimalloc), () => Seconds(musl));
            return new Measured("malloc", ratio, "1.00", string.Create(CultureInfo.InvariantCulture,
                $"four million blocks by four threads: mimalloc {first:0.00} s, musl's own allocator {second:0.00} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Build(string repository, string folder, string name, string reference)
    {
        var package = Directory.CreateDirectory(Path.Combine(folder, "bench", name)).FullName;
        File.Copy(Path.Combine(repository, "eng", "bench", "malloc", "malloc.c"), Path.Combine(package, "malloc.c"));
        var project = Path.Combine(package, name + ".msbuildproj");
        File.WriteAllText(project, $"""
            <Project>
              <Import Project="{repository}/sdk/Sdk/Sdk.props" />
              <PropertyGroup>
                <PackageVersion>1.0</PackageVersion>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="{repository}/packages/pallet/tcc-musl/tcc-musl.msbuildproj" />
                {reference}
                <Input Include="malloc.c" />
                <Stage Include="build" Directories="/rootfs" Run="cc -o /rootfs/program malloc.c" />
              </ItemGroup>
              <Import Project="{repository}/sdk/Sdk/Sdk.targets" />
            </Project>
            """);
        Tool.Run("dotnet", "build", project, "-nologo", "-tl:off", "-v:minimal", "-nodeReuse:false", $"-p:StageXRoot={folder}");
        var layout = Path.Combine(folder, "artifacts", "images", "bench-" + name);
        var layer = ImageLayout.Read(layout).Image.Layers.Single();
        Tool.Run("tar", "-xzf", Path.Combine(layout, "blobs", "sha256", layer.Digest.Hex), "-C", package, "program");
        return Path.Combine(package, "program");
    }
}
