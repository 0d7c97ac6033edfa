using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Distribution;

/// <summary>The allocator of a program is chosen by a reference, and the audit sees which it is.</summary>
[TestClass]
[TestCategory("System")]
public sealed class MimallocTests
{
    [TestMethod]
    public void A_program_allocates_with_what_its_package_references()
    {
        using var tree = new TestTree(DefaultSet.Cache);
        var packages = Path.Combine(Repository.Root, "packages");
        string Allocator(string name, string reference)
        {
            var project = tree.Add("user", name, $"""
                    <ProjectReference Include="{packages}/pallet/tcc-musl/tcc-musl.msbuildproj" />
                    {reference}
                    <Input Include="program.c" />
                    <Stage Include="build" Directories="/rootfs" Run="cc -o /rootfs/program program.c" />
                """, ("program.c", "#include <stdlib.h>\nint main(void) { return malloc(1) == 0; }\n"));
            var inventory = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText((string)tree.Items(project, "Audit").Single()["Inventory"]!))!;
            return (string)inventory["executables"]!.AsArray().Single()!["allocator"]!;
        }
        Assert.AreEqual("mimalloc", Allocator("fast", $"""<ProjectReference Include="{packages}/core/mimalloc/mimalloc.msbuildproj" Overrides="pallet-tcc-musl" />"""));
        Assert.AreNotEqual("mimalloc", Allocator("plain", ""));
    }
}
