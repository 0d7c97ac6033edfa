using System.Text.RegularExpressions;
using StageX.Build.Images;
using StageX.Build.Registries;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sources;
using StageX.Build.Tests.Trust;
using StageX.Build.Trust;

namespace StageX.Build.Tests.NuGet;

/// <summary>What the README shows a developer elsewhere: the real packages, on a registry of loopback, signed by two.</summary>
[TestClass]
[TestCategory("System")]
public sealed partial class QuickStartTests
{
    [TestMethod]
    public async Task A_project_file_in_an_empty_folder_makes_an_image_on_top_of_the_distribution()
    {
        using var feed = new LocalFeed();
        using var registry = new LocalRegistry();
        using var folder = new TemporaryFolder();
        foreach (var id in new[] { "core-filesystem", "pallet-tcc-musl" })
            await PublishAsync(DefaultSet.ChainImages.Single(image => image.Id == id).Layout, $"{registry.Address}/stagex/{id}", folder["store"]);
        Command.Run("bash", ["-euc", "cd store; git init --quiet; git add .; git -c user.name=x -c user.email=x@example.org -c commit.gpgsign=false commit --quiet -m Signatures"], folder.Path).MustSucceed();
        Directory.CreateDirectory(folder["maintainers"]);
        foreach (var (name, content) in People.Files(People.Gpg, People.Policy, "Alice", "Bob", "Carol"))
            await File.WriteAllBytesAsync(Path.Combine(folder["maintainers"], name), content);

        var section = Section().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))).Value;
        var blocks = ConsoleBlock().Matches(section).Select(match => match.Groups[1].Value
            .Replace("registry.example.org", registry.Address, StringComparison.Ordinal)
            .Replace("https://git.example.org/signatures", $"{folder["store"]} signatures", StringComparison.Ordinal)
            .Replace("/path/to/maintainers", folder["maintainers"], StringComparison.Ordinal)
            // What containers may do here is bounded.
            .Replace("run --rm", "run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=4096:4096", StringComparison.Ordinal)
            .Replace("podman ", $"podman --root {folder["graph"]} --runroot {folder["run"]} --storage-driver vfs ", StringComparison.Ordinal)).ToList();
        Assert.HasCount(2, blocks);
        var empty = feed.NewFolder("empty");

        // As it stands, down to the errors with the lines to write; and with these lines.
        var first = feed.Run(empty, "bash", "-euc", blocks[0]);
        Assert.HasCount(2, first.Coded(ErrorCode.ReferenceNotPinned), first.Output);
        var project = Path.Combine(empty, "user", "hello", "hello.msbuildproj");
        var text = await File.ReadAllTextAsync(project);
        foreach (var line in Line().Matches(first.Output).Select(match => match.Value).Distinct())
            text = Regex.Replace(text, $"<ImageReference Include=\"{Regex.Escape(Include().Match(line).Groups[1].Value)}\".*/>", line);
        Assert.HasCount(2, Line().Matches(text));
        await File.WriteAllTextAsync(project, text);
        Assert.EndsWith("Hello.\n", feed.Run(empty, "bash", "-euc", blocks[1]).MustSucceed().Output);
        // The compiler is in no layer.
        Assert.HasCount(2, ImageLayout.Read(Path.Combine(empty, "artifacts", "images", "user-hello")).Image.Layers);
    }

    private static async Task PublishAsync(string layout, string name, string store)
    {
        using var repository = new RemoteRepository(RepositoryName.Parse(name), new RegistryOptions(), new TestLog());
        var digest = await RemoteImage.PushAsync(layout, repository, ["1.0.0"], default);
        foreach (var (who, vendor) in new[] { (People.Alice, "GenuineIntel"), (People.Bob, "AuthenticAMD") })
            new SignatureStore(store).Add(repository.Name, digest, People.Gpg.Sign(who, new ContainerSignature { Reference = $"{name}:1.0.0", Manifest = digest, Facts = new(vendor, "x64", "buildah", "6.1.0") }.Serialize()));
    }

    [GeneratedRegex("^## For a developer elsewhere\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ConsoleBlock();

    [GeneratedRegex("<ImageReference [^>]*Digest=\"sha256:[0-9a-f]{64}\"[^>]*/>")]
    private static partial Regex Line();

    [GeneratedRegex("Include=\"([^\"]*)\"")]
    private static partial Regex Include();
}
