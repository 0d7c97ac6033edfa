namespace StageX.Build.Audit;

/// <summary>
/// Something that an audit tells of each executable, by one of a few words. A policy accepts some of them.
/// </summary>
/// <param name="Name">As the policy, the inventory and exemptions name it.</param>
/// <param name="Title">The column's, in tables.</param>
/// <param name="Words">All that it can be; "unknown" where nothing in the file tells.</param>
public sealed record Trait(string Name, string Title, params IReadOnlyList<string> Words)
{
    public static readonly Trait Linkage = new("linkage", "linked", "dynamic", "static");
    public static readonly Trait CLibrary = new("c-library", "C library", "glibc", "musl", "unknown");
    public static readonly Trait Allocator = new("allocator", "allocator", "glibc", "jemalloc", "mimalloc", "musl", "none", "unknown");
    public static readonly Trait Toolchain = new("toolchain", "toolchain", "clang", "gcc", "go", "rustc", "tinycc", "unknown");
    public static readonly Trait Pie = new("pie", "PIE", "no", "yes");
    public static readonly Trait Relro = new("relro", "RELRO", "full", "no", "partial");
    public static readonly Trait StackProtector = new("stack-protector", "stack protector", "no", "yes");
    public static readonly Trait ExecutableStack = new("executable-stack", "executable stack", "no", "unmarked", "yes");
    public static readonly Trait Stripped = new("stripped", "stripped", "no", "yes");

    /// <summary>In the order of a table's columns.</summary>
    public static readonly IReadOnlyList<Trait> All = [Linkage, CLibrary, Allocator, Toolchain, Pie, Relro, StackProtector, ExecutableStack, Stripped];

    /// <summary>What is said of a word that is none of its own.</summary>
    internal string Never(string word) => $"{Name} is never '{word}'; it is {string.Join(", ", Words)}";
}
