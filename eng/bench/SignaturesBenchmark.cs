using System.Diagnostics;
using System.Globalization;
using System.Text;
using Org.BouncyCastle.Bcpg.OpenPgp;
using StageX.Build.Registries;
using StageX.Build.Trust;

namespace StageX.Build.Benchmarks;

/// <summary>The quorum for 500 packages, each with three signatures.</summary>
internal static class SignaturesBenchmark
{
    private const int Packages = 500, Allowed = 10;

    public static Measured Run()
    {
        var folder = Directory.CreateTempSubdirectory("stagex-signatures-").FullName;
        try
        {
            var entries = Path.Combine(folder, "maintainers");
            using var maintainers = new Maintainers(entries);
            var store = new SignatureStore(Path.Combine(folder, "store"));
            var images = Enumerable.Range(0, Packages).Select(i => (Name: RepositoryName.Parse($"registry.example.org/stagex/core-p{i}"), Digest: Digest.Of(Encoding.ASCII.GetBytes($"{i}")))).ToList();
            foreach (var (name, digest) in images)
                for (var signer = 0; signer < 3; signer++)
                    store.Add(name, digest, Sign(maintainers.Signer(signer), new ContainerSignature { Reference = $"{name}:1.0", Manifest = digest, Facts = new BuildFacts("GenuineIntel", "x64", "buildah", "6.1") }.Serialize()));

            var watch = Stopwatch.StartNew();
            var set = MaintainerSet.Read(Directory.GetFiles(entries).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes));
            var quorum = new Quorum(set, [store], TimeProvider.System.GetUtcNow());
            foreach (var (name, digest) in images)
                if (quorum.Judge(name, "", digest, "1.0", "") is not { Missing: "", Signers.Count: 3 })
                    throw new InvalidOperationException($"{name} has no quorum");
            var seconds = watch.Elapsed.TotalSeconds;
            return new Measured("signatures", seconds / Allowed, "1", string.Create(CultureInfo.InvariantCulture,
                $"of the {Allowed} s allowed: the quorum of {Packages} packages with 3 signatures each in {seconds:0.0} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Sign(PgpSignatureGenerator generator, byte[] content)
    {
        generator.Update(content);
        using var message = new MemoryStream();
        generator.GenerateOnePassVersion(false).Encode(message);
        using (var literal = new PgpLiteralDataGenerator().Open(message, PgpLiteralData.Binary, "", content.Length, DateTime.UnixEpoch))
            literal.Write(content);
        generator.Generate().Encode(message);
        return message.ToArray();
    }
}
