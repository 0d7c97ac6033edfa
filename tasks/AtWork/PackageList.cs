using System.Xml.Linq;

namespace StageX.Build.AtWork;

/// <summary>The list of a page: an outline of packages, each of which can be folded, and leads to all that it needs and is needed by.</summary>
internal sealed class PackageList(PackageOutline outline, IReadOnlyDictionary<string, PackageFacts> facts)
{
    // Begins of digests, as git shows those of commits.
    private const int ShortDigest = 12;

    public XElement Write() => new("ul", new XAttribute("id", "packages"), outline.Roots.Select(id => Item(id, open: outline.Roots.Count == 1)));

    // Line ends between items only: elsewhere they would be blanks to read.
    private IEnumerable<object?> Item(string id, bool open = false, bool runtime = false)
    {
        var package = facts[id];
        var below = outline.Below(id).ToList();
        yield return "\n";
        yield return new XElement("li", Class("package"), new XAttribute("id", id),
            new XElement("details", open ? new XAttribute("open", "") : null,
                new XElement("summary", Summary(package, runtime)),
                new XElement("div", Class("facts"),
                    new XElement("dl", Facts(package))),
                below.Count == 0 ? null : new XElement("ul", below.Select(edge => Item(edge.To, runtime: edge.Runtime)))));
    }

    private static IEnumerable<XElement?> Summary(PackageFacts package, bool runtime)
    {
        yield return new XElement("span", Class("id"), package.Id);
        yield return new XElement("span", Class("version"), package.Version);
        // In whatever direction it is written, the rest of the line keeps its own.
        yield return new XElement("span", Class("description"), new XElement("bdi", package.Description), runtime ? Runtime() : null);
        yield return new XElement("code", Class("short"), package.Images is [var image, ..] ? image.Digest.Hex[..ShortDigest] : "");
        yield return new XElement("span", Class("amount"), package.Lines is { } lines ? Readable.Lines(lines) : package.Bytes is { } bytes ? Readable.Bytes(bytes) : "");
        yield return new XElement("span", Class("amount"), package.Time is { } time && time > TimeSpan.Zero ? Readable.Time(time) : "");
    }

    private IEnumerable<object?> Facts(PackageFacts package)
    {
        yield return Fact("Licence", package.License.Length == 0 ? "not stated" : new XElement("bdi", package.License));
        yield return Fact("Digest", package.Images.Count == 0 ? "not recorded, not built here"
            : package.Images.Select(image => new XElement("div", image.Image == package.Id ? null : image.Image + " ", new XElement("code", Class("digest"), image.Digest), $" {image.Origin}")));
        yield return Fact("Source", package.Lines is { } lines
            ? Readable.Lines(lines) + (package.GeneratedLines > 0 ? $", and {Readable.Lines(package.GeneratedLines)} that tools generated" : "") + (package.Bytes is { } archive ? $"; {Readable.Bytes(archive)}" : "")
            : package.Bytes is { } bytes ? $"{Readable.Bytes(bytes)}; lines are not counted" : "not here");
        yield return Fact("Building", package.Time is not { } time ? package.IsBuilt ? "how long it ran was not kept" : "not built here"
            : time > TimeSpan.Zero ? $"ran for {Readable.Time(time)}" : "nothing had to run");
        if (outline.NeedsOf(package.Id).ToList() is { Count: > 0 } needs)
            yield return Fact("Needs", Links(needs, edge => edge.To));
        if (outline.UsersOf(package.Id).ToList() is { Count: > 0 } users)
            yield return Fact("Needed by", Links(users, edge => edge.From));
    }

    private static XElement[] Fact(string name, object content) => [new("dt", name), new("dd", content)];

    private static IEnumerable<object?> Links(IEnumerable<PackageEdge> edges, Func<PackageEdge, string> end) => edges.SelectMany((edge, index) => new object?[]
    {
        index > 0 ? ", " : null,
        new XElement("a", new XAttribute("href", "#" + Uri.EscapeDataString(end(edge))), end(edge)),
        edge.Runtime ? Runtime() : null,
    });

    private static XElement Runtime() => new("span", Class("runtime"), " when it runs");

    private static XAttribute Class(string name) => new("class", name);
}
