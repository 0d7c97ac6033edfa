using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;

namespace StageX.Build.Trust;

/// <summary>
/// Reports for packages who signed their images, and passes when each has the quorum. Digests, maintainers and thresholds are
/// those of verified history; nothing is built.
/// </summary>
public sealed class VerifySignatures : TrustTask
{
    /// <summary>Ids of images, with PackageVersion, and Digests: the file that records their digests, relative to the repository.</summary>
    public ITaskItem[] Packages { get; set; } = [];

    /// <summary>Where images are published (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>Where signatures are (StageXSignatureStore): folders, separated by semicolons.</summary>
    public string Stores { get; set; } = "";

    /// <summary>The release whose tag is asked for (StageXRelease).</summary>
    public string Release { get; set; } = "";

    /// <summary>An item for each package: Digest, Signers, Vendors, Records (files), Quorum, Missing, Refused, Others.</summary>
    [Output]
    public ITaskItem[] Reports { get; private set; } = [];

    protected override void Run()
    {
        using var history = VerifyHistory();
        TrustSettings.CheckRelease(Release);
        var quorum = new Quorum(history.Maintainers, TrustSettings.StoresOf(Stores, Root), TimeProvider.System.GetUtcNow());
        var table = new TextTable("package", "digest", "signers", "vendors", "quorum");
        var details = new StringBuilder();
        var items = new List<ITaskItem>();
        var recorded = new VerifiedDigests(history);
        foreach (var package in Packages.DistinctBy(package => package.ItemSpec).OrderBy(package => package.ItemSpec, StringComparer.Ordinal))
        {
            Cancellation.ThrowIfCancellationRequested();
            var (path, digests) = recorded.Find(package.GetMetadata("Digests"));
            if (digests.Find(package.ItemSpec) is not { } digest)
            {
                Error(ErrorCode.DigestUnknown, path, TrustSettings.DigestUnknown(package.ItemSpec, path).Message);
                continue;
            }
            var report = quorum.Judge(TrustSettings.NameOf(Registry, package.ItemSpec), package.ItemSpec, digest, package.GetMetadata("PackageVersion"), Release,
                other => recorded.Recorded(path, package.ItemSpec, other));
            items.Add(ItemOf(report));
            table.Add(report.Id, report.Digest.Hex[..16], string.Join(", ", report.Signers.Select(signer => signer.Id)), string.Join(", ", report.Vendors), report.Missing.Length == 0 ? "reached" : "missing " + report.Missing);
            foreach (var refused in report.Signatures.Where(signature => signature.Refusal.Length > 0))
                details.Append($"\n  {refused.File} does not count: {refused.Refusal}");
            if (report.Missing.Length > 0)
                Error(ErrorCode.QuorumMissing, path, $"{report.Id} {digest} lacks {report.Missing}");
            foreach (var other in report.Others)
                Error(ErrorCode.OtherDigestSigned, other.File, Quorum.Alarm(other, digest));
        }
        BuildLog.Milestone(table.ToString() + details);
        Reports = [.. items];
    }

    private static TaskItem ItemOf(QuorumReport report)
    {
        var item = new TaskItem(report.Id);
        item.SetMetadata("Digest", report.Digest.ToString());
        item.SetMetadata("Signers", string.Join(';', report.Signers.Select(signer => signer.Fingerprint)));
        item.SetMetadata("Vendors", string.Join(';', report.Vendors));
        item.SetMetadata("Records", string.Join(';', report.Records));
        item.SetMetadata("Quorum", report.Missing.Length == 0 ? "true" : "false");
        item.SetMetadata("Missing", report.Missing);
        item.SetMetadata("Refused", string.Join('\n', report.Signatures.Where(signature => signature.Refusal.Length > 0).Select(signature => $"{signature.File}: {signature.Refusal}")));
        item.SetMetadata("Others", string.Join(';', report.Others.Select(other => other.Says!.Manifest.ToString()).Distinct()));
        return item;
    }

    private void Error(string code, string file, string message) => Log.LogError(null, code, null, null, file, 0, 0, 0, 0, "{0}", message);
}
