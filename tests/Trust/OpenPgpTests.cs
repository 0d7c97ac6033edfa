using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>Signed messages as gpg makes them, and what only looks like one.</summary>
[TestClass]
public sealed class OpenPgpTests
{
    private static readonly byte[] Content = "{\"critical\":{}}"u8.ToArray();

    public static IEnumerable<object[]> Forms =>
    [
        [Array.Empty<string>()], [new[] { "--compress-algo", "none" }], [new[] { "--compress-algo", "zip" }], [new[] { "--compress-algo", "zlib" }],
        [new[] { "--digest-algo", "SHA256" }], [new[] { "--digest-algo", "SHA384" }], [new[] { "--set-filename", "signature.json", "--rfc4880" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void What_gpg_signs_is_read_and_its_signer_found(string[] options)
    {
        var message = OpenPgpMessage.Read(People.Gpg.Sign(People.Bob, Content, options));
        Assert.AreEqual("Bob", Signer(People.Maintainers("Alice", "Bob"), message));
        CollectionAssert.AreEqual(Content, message.Content.ToArray());
    }

    [TestMethod]
    [DataRow("rsa2048")]
    [DataRow("nistp256")]
    [DataRow("nistp521")]
    public void Keys_of_other_algorithms_sign_too(string algorithm)
    {
        using var gpg = new Gpg();
        var key = gpg.Create("Zoe", algorithm);
        Assert.AreEqual("Zoe", Signer(Set(gpg, "Zoe"), OpenPgpMessage.Read(gpg.Sign(key, Content))));
        // A large piped message comes in parts.
        Assert.HasCount(60000, OpenPgpMessage.Read(gpg.Sign(key, new byte[60000])).Content.ToArray());
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Subkeys_and_names_of_one_person_are_one_signer_and_a_subkey_without_its_own_consent_is_none()
    {
        using var gpg = new Gpg();
        var key = gpg.Create("Zoe");
        gpg.Run(["--quick-add-key", key, "ed25519", "sign", "never"]);
        gpg.Run(["--quick-add-uid", key, "Zelda <zelda@example.org>"]);
        var subkey = gpg.SubkeyFingerprint(key);
        var set = Set(gpg, "Zoe");
        var byPrimary = OpenPgpMessage.Read(gpg.Sign(key + "!", Content));
        var bySubkey = OpenPgpMessage.Read(gpg.Sign(subkey + "!", Content));
        Assert.AreNotEqual(byPrimary.Signature.KeyId, bySubkey.Signature.KeyId);
        foreach (var message in new[] { byPrimary, bySubkey })
            Assert.AreEqual(key, set.Find(message.Signature, message.Content.Span, DateTimeOffset.UtcNow).Maintainer.Fingerprint);

        // Mallory claims Zoe's subkey by a binding that only he signed.
        var mallory = gpg.Create("Mallory");
        var stolen = new PgpPublicKeyRing(gpg.Run(["--export", key])).GetPublicKeys().Last();
        var binding = new PgpSignatureGenerator(PublicKeyAlgorithmTag.EdDsa_Legacy, HashAlgorithmTag.Sha256);
        binding.InitSign(PgpSignature.SubkeyBinding, gpg.PrivateKey(mallory));
        var says = new PgpSignatureSubpacketGenerator();
        says.SetSignatureCreationTime(false, DateTime.UtcNow);
        says.SetKeyFlags(false, PgpKeyFlags.CanSign);
        binding.SetHashedSubpackets(says.Generate());
        binding.SetUnhashedSubpackets(new PgpSignatureSubpacketGenerator().Generate());
        var signature = binding.GenerateCertification(new PgpPublicKeyRing(gpg.Run(["--export", mallory])).GetPublicKey(), stolen).GetEncoded();
        byte[] claimed = [.. gpg.Run(["--export", mallory]), .. new OpenPgpPacket(OpenPgpPacket.PublicSubkey, OpenPgpPacket.ReadAll(gpg.Run(["--export", key])).Single(packet => packet.Type == OpenPgpPacket.PublicSubkey).Body).Encode(), .. signature];
        var files = People.Files(gpg, People.Policy, "Mallory");
        files["mallory.asc"] = claimed;
        Refused(MaintainerSet.Read(files), gpg.Sign(subkey + "!", Content), "no maintainer's key");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_key_counts_while_it_lives()
    {
        using var gpg = new Gpg();
        var expired = gpg.Create("Old", expires: "2021-01-01", at: "20200101");
        Accepted(Set(gpg, "Old"), gpg.Sign(expired, Content, Gpg.Time("20200601")));
        Refused(Set(gpg, "Old"), Signed(gpg.PrivateKey(expired)), "expired at 2021-01-01");
        Refused(Set(gpg, "Old"), Signed(gpg.PrivateKey(expired), time: new DateTime(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc)), "made later");

        var future = gpg.Create("Future");
        Refused(Set(gpg, "Future"), gpg.Sign(future, Content, Gpg.Time("20990101")), "in the future");
        Refused(Set(gpg, "Future"), Signed(gpg.PrivateKey(future), expires: 1), "it expired");
        var later = gpg.Create("Later", at: "20980101");
        Refused(Set(gpg, "Later"), gpg.Sign(later, Content, Gpg.Time("20980201")), "in the future");
    }

    [TestMethod]
    [TestCategory("Attack")]
    [DataRow(0, false)]
    [DataRow(1, false)]
    [DataRow(2, true)]
    [DataRow(3, true)]
    public void A_revoked_key_counts_for_nothing_or_for_what_was_before(int reason, bool before)
    {
        using var gpg = new Gpg();
        var key = gpg.Create("Zoe", at: "20200101");
        var old = gpg.Sign(key, Content, Gpg.Time("20200201"));
        var secret = gpg.PrivateKey(key);
        gpg.Revoke(key, reason, at: "20210101");
        var set = Set(gpg, "Zoe");
        Assert.AreEqual(!before, set.All[0].Key.IsCompromised);
        if (before)
            Accepted(set, old);
        else
            Refused(set, old, "compromised, or without a reason");
        Refused(set, Signed(secret), "revoked");
    }

    [TestMethod]
    [TestCategory("Attack")]
    [DataRow("rsa1024", "too weak")]
    [DataRow("dsa2048", "too weak")]
    public void A_weak_key_is_no_maintainers(string algorithm, string words)
    {
        using var gpg = new Gpg();
        gpg.Create("Weak", algorithm);
        Assert.Contains(words, Assert.ThrowsExactly<StageXException>(() => Set(gpg, "Weak")).Message);
    }

    [TestMethod]
    public void What_the_attacks_are_made_of_is_good()
    {
        var of = Material.Value;
        Accepted(People.Maintainers("Alice", "Bob"), [.. of.Announced, .. of.Literal, .. of.Signature]);
        Accepted(People.Maintainers("Alice", "Bob"), Compressed(of.Good));
    }

    private static readonly (string Attack, Func<GoodMessage, byte[]> File, string Words)[] Attacks =
    [
        ("nothing", of => [], "one signed message"),
        ("text", of => "{}"u8.ToArray(), "no OpenPGP packet"),
        ("an armored message", of => People.Gpg.Sign(People.Alice, Content, "--armor"), "no OpenPGP packet"),
        ("a clear-signed text", of => People.Gpg.Run(["--local-user", People.Alice, "--clear-sign"], Content), "no OpenPGP packet"),
        ("a detached signature", of => of.Signature, "one signed message"),
        ("the signature stripped", of => [.. of.Announced, .. of.Literal], "one signed message"),
        ("the announcement stripped", of => [.. of.Literal, .. of.Signature], "one signed message"),
        ("signature before content, as PGP 2 did", of => [.. of.Signature, .. of.Literal], "one signed message"),
        ("trailing zeros", of => [.. of.Good, 0, 0], "no OpenPGP packet"),
        ("a trailing packet", of => [.. of.Good, .. new OpenPgpPacket(OpenPgpPacket.UserId, "x"u8.ToArray()).Encode()], "one signed message"),
        ("a packet for padding before", of => [.. new OpenPgpPacket(21, new byte[9]).Encode(), .. of.Good], "one signed message"),
        ("two messages", of => [.. of.Good, .. of.Good], "one signed message"),
        ("two signatures in one message", of => [.. of.Announced, .. of.Announced, .. of.Literal, .. of.Signature, .. of.Signature], "one signed message"),
        ("two contents", of => [.. of.Announced, .. of.Literal, .. of.Literal, .. of.Signature], "one signed message"),
        ("a second content after", of => [.. of.Good, .. Literal("other"u8.ToArray())], "one signed message"),
        ("a literal inside a literal", of => Message(of.Secret, Literal(Literal(Content)), Content), "no maintainer's key"),
        ("content of another", of => [.. of.Announced, .. Literal("{\"critical\":[]}"u8.ToArray()), .. of.Signature], "no maintainer's key"),
        ("one bit of the content", of => Changed(of.Good, of.Good.AsSpan().IndexOf(Content)), "no maintainer's key"),
        ("one bit of the signature's end", of => Changed(of.Good, of.Good.Length - 1), ""),
        ("text, not bytes", of => [.. of.Announced, .. Literal(Content, 't'), .. of.Signature], "not binary"),
        ("a signature over lines of text", of => People.Gpg.Sign(People.Alice, Content, "--textmode", "--compress-algo", "none"), "bytes as they are"),
        ("a signature that says nothing about content", of => Message(of.Secret, Literal(Content), Content, type: PgpSignature.StandAlone), "bytes as they are"),
        ("SHA-1", of => Message(of.Secret, Literal(Content), Content, hash: HashAlgorithmTag.Sha1), "Sha1"),
        ("MD5", of => Message(of.Secret, Literal(Content), Content, hash: HashAlgorithmTag.MD5), "MD5"),
        ("RIPEMD-160", of => Message(of.Secret, Literal(Content), Content, hash: HashAlgorithmTag.RipeMD160), "RipeMD160"),
        ("SHA-224", of => Message(of.Secret, Literal(Content), Content, hash: HashAlgorithmTag.Sha224), "Sha224"),
        ("an announcement of another hash", of => [.. Changed(of.Announced, 8), .. of.Literal, .. of.Signature], "announces another"),
        ("an announcement of another key", of => [.. Changed(of.Announced, 12), .. of.Literal, .. of.Signature], "announces another"),
        ("an announcement of another signature around", of => [.. Changed(of.Announced, of.Announced.Length - 1), .. of.Literal, .. of.Signature], "announces another"),
        ("no time", of => [.. of.Announced, .. of.Literal, .. Changed(of.Signature, of.Signature.AsSpan().IndexOf((byte[])[5, (byte)SignatureSubpacketTag.CreationTime]) + 1, 0x40)], "cover the time"),
        ("an unknown critical part", of => Message(of.Secret, Literal(Content), Content, critical: true), "critical"),
        ("a key nobody knows", of => People.Gpg.Sign(People.Carol, Content), "no maintainer's key"),
        ("compressed twice", of => Compressed(Compressed(of.Good)), "one signed message"),
        ("something after the compressed part", of => [.. Compressed(of.Good), .. of.Literal], "one signed message"),
        ("something behind the compression's end", of => new OpenPgpPacket(OpenPgpPacket.Compressed, (byte[])[.. OpenPgpPacket.ReadAll(Compressed(of.Good))[0].Body.Span, 0]).Encode(), "follows"),
        ("an unknown compression", of => Compressed(of.Good, 3), "not ZIP"),
        ("a compressed bomb", of => Compressed(new byte[50_000_000]), "more than"),
        ("a file without end", of => new byte[OpenPgpMessage.LargestSize + 1], "larger than"),
        ("cut short", of => of.Good[..^3], "middle of a packet"),
        ("a length beyond the end", of => [0xC0 | OpenPgpPacket.Literal, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF], "middle of a packet"),
        ("a signature without length", of => [.. of.Announced, .. of.Literal, 0x8B, .. of.Parts[2].Body.Span], "no length"),
        ("a signature in parts", of => [.. of.Announced, .. of.Literal, 0xC2, 0xE0, of.Parts[2].Body.Span[0], (byte)(of.Parts[2].Body.Length - 1), .. of.Parts[2].Body.Span[1..]], "in parts"),
        ("something inside the signature's packet", of => [.. of.Announced, .. of.Literal, .. new OpenPgpPacket(OpenPgpPacket.Signature, (byte[])[.. of.Parts[2].Body.Span, 0]).Encode()], "reading"),
    ];

    public static IEnumerable<object[]> AttackNames => Attacks.Select(attack => new object[] { attack.Attack });

    [TestMethod]
    [TestCategory("Attack")]
    [DynamicData(nameof(AttackNames))]
    public void What_is_not_exactly_one_signed_message_is_refused(string attack)
    {
        var (_, file, words) = Attacks.Single(other => other.Attack == attack);
        Refused(People.Maintainers("Alice", "Bob"), file(Material.Value), words, attack);
    }

    /// <summary>A message that counts, and its parts.</summary>
    private sealed record GoodMessage(byte[] Good, IReadOnlyList<OpenPgpPacket> Parts, PgpPrivateKey Secret)
    {
        public byte[] Announced => Parts[0].Encode();

        public byte[] Literal => Parts[1].Encode();

        public byte[] Signature => Parts[2].Encode();
    }

    private static readonly Lazy<GoodMessage> Material = new(() =>
    {
        var good = People.Gpg.Sign(People.Alice, Content, "--compress-algo", "none");
        return new GoodMessage(good, OpenPgpPacket.ReadAll(good), People.Gpg.PrivateKey(People.Alice));
    });

    private static byte[] Changed(byte[] bytes, int at, byte bits = 1)
    {
        var changed = bytes.ToArray();
        changed[at] ^= bits;
        return changed;
    }

    private static byte[] Compressed(byte[] content, byte algorithm = 2)
    {
        using var body = new MemoryStream();
        body.WriteByte(algorithm);
        using (var zlib = new System.IO.Compression.ZLibStream(body, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(content);
        return new OpenPgpPacket(OpenPgpPacket.Compressed, body.ToArray()).Encode();
    }

    private static byte[] Literal(byte[] content, char format = 'b') => new OpenPgpPacket(OpenPgpPacket.Literal, (byte[])[(byte)format, 0, 0, 0, 0, 0, .. content]).Encode();

    [TestMethod]
    [TestCategory("Attack")]
    public void No_damage_to_a_signed_message_or_key_lets_it_through_or_crashes()
    {
        var set = People.Maintainers("Alice");
        var key = People.Gpg.Run(["--export", People.Alice]);
        foreach (var compression in new[] { "none", "zlib" })
        {
            var good = People.Gpg.Sign(People.Alice, Content, "--compress-algo", compression);
            for (var at = 0; at < good.Length; at++)
                foreach (var bit in new[] { 1, 0x80 })
                {
                    var bad = good.ToArray();
                    bad[at] ^= (byte)bit;
                    try
                    {
                        var message = OpenPgpMessage.Read(bad);
                        set.Find(message.Signature, message.Content.Span, DateTimeOffset.UtcNow);
                        CollectionAssert.AreEqual(Content, message.Content.ToArray(), $"{compression}, byte {at}");
                    }
                    catch (RefusedException)
                    {
                    }
                }
        }
        for (var at = 0; at < key.Length; at++)
        {
            var bad = key.ToArray();
            bad[at] ^= 1;
            try
            {
                OpenPgpKey.Read(bad);
            }
            catch (RefusedException)
            {
            }
        }
    }

    [TestMethod]
    public void A_detached_signature_is_read_in_armor()
    {
        var text = Encoding.ASCII.GetString(People.Gpg.Run(["--local-user", People.Alice, "--armor", "--detach-sign"], Content));
        var set = People.Maintainers("Alice");
        Assert.AreEqual("Alice", set.Find(OpenPgpSignature.ReadArmored(text), Content, DateTimeOffset.UtcNow).Maintainer.Name);
        foreach (var wrong in new[] { text + text, "x\n" + text, text + "x", text.Replace("=", "==", StringComparison.Ordinal), text.Replace("SIGNATURE", "MESSAGE", StringComparison.Ordinal), text.Replace("\n\n", "\nhidden\n\n", StringComparison.Ordinal), "" })
            Assert.ThrowsExactly<RefusedException>(() => OpenPgpSignature.ReadArmored(wrong), wrong);
    }

    private static MaintainerSet Set(Gpg gpg, params IEnumerable<string> names) => MaintainerSet.Read(People.Files(gpg, People.Policy, names));

    private static string Signer(MaintainerSet set, OpenPgpMessage message) => set.Find(message.Signature, message.Content.Span, DateTimeOffset.UtcNow).Maintainer.Name;

    private static void Accepted(MaintainerSet set, byte[] file) => Signer(set, OpenPgpMessage.Read(file));

    private static void Refused(MaintainerSet set, byte[] file, string words, string attack = "")
    {
        var refusal = Assert.ThrowsExactly<RefusedException>(() => Signer(set, OpenPgpMessage.Read(file)), attack);
        Assert.Contains(words, refusal.Message, attack);
    }

    private static byte[] Signed(PgpPrivateKey key, DateTime? time = null, int expires = 0) => Message(key, new OpenPgpPacket(OpenPgpPacket.Literal, (byte[])[(byte)'b', 0, 0, 0, 0, 0, .. Content]).Encode(), Content, time: time, expires: expires);

    /// <summary>What gpg would not make: a message of a literal packet and a signature over some bytes, with whatever is wrong.</summary>
    private static byte[] Message(PgpPrivateKey key, byte[] literal, byte[] content, int type = PgpSignature.BinaryDocument, HashAlgorithmTag hash = HashAlgorithmTag.Sha256,
        bool critical = false, DateTime? time = null, int expires = 0)
    {
        var generator = new PgpSignatureGenerator(key.PublicKeyPacket.Algorithm, hash);
        generator.InitSign(type, key);
        var says = new PgpSignatureSubpacketGenerator();
        says.SetSignatureCreationTime(false, time ?? (expires > 0 ? DateTime.UtcNow.AddHours(-1) : DateTime.UtcNow));
        if (critical)
            says.AddNotationData(true, true, "danger@example.org", "yes");
        if (expires > 0)
            says.SetSignatureExpirationTime(true, expires);
        says.SetIssuerKeyID(false, key.KeyId);
        generator.SetHashedSubpackets(says.Generate());
        generator.SetUnhashedSubpackets(new PgpSignatureSubpacketGenerator().Generate());
        generator.Update(content);
        using var message = new MemoryStream();
        generator.GenerateOnePassVersion(false).Encode(message);
        message.Write(literal);
        generator.Generate().Encode(message);
        return message.ToArray();
    }
}
