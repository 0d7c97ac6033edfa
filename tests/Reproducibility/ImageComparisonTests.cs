using System.Formats.Tar;
using System.Text;
using StageX.Build.Images;
using StageX.Build.Reproducibility;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Reproducibility;

[TestClass]
public sealed class ImageComparisonTests
{
    [TestMethod]
    public void Images_that_are_the_same_have_no_differences()
    {
        using var pair = new ImagePair();
        var differences = pair.CompareTexts("a\n", "a\n");
        Assert.IsEmpty(differences.Differences);
        Assert.Contains("the same", differences.ToReport());
    }

    [TestMethod]
    public void From_the_outside_in_config_list_metadata_content()
    {
        using var pair = new ImagePair();
        var first = pair.Layout(new ImageConfig { Environment = ["PATH=/bin"], Labels = new Dictionary<string, string> { ["built"] = "2026-11-24" }, User = "1" },
            Folder("etc"), Text("etc/mode", "x", (UnixFileMode)0b110_110_100), Text("etc/owner", "x"), Text("etc/tmp.Xk3_9sQa", "x"), Symbolic("etc/link", "/build/one/x"),
            Text("etc/type", "x"), Folder("gone"), Text("gone/below", "x"), Text("z", "host alpha\n"));
        var second = pair.Layout(new ImageConfig { Environment = ["PATH=/bin"], Labels = new Dictionary<string, string> { ["built"] = "2031-02-01" }, User = "1" },
            Folder("etc"), Text("etc/mode", "x", (UnixFileMode)0b110_100_100), Text("etc/owner", "x", user: 1000), Text("etc/tmp.b7Lq0zPe", "x"), Symbolic("etc/link", "/somewhere/x"),
            Folder("etc/type"), Text("z", "host beta\n"), Text("new", "x"));
        var differences = ImageComparison.Compare(first, second);
        CollectionAssert.AreEqual(new[]
        {
            "image: config.Labels.built [date]",
            "gone: the name of an entry []",
            "etc/tmp.Xk3_9sQa: the name of an entry [random]",
            "etc/link: target of the link [path]",
            "etc/mode: mode [umask]",
            "etc/owner: owner [user]",
            "etc/type: type []",
            "z: line 1 [hostname]",
        }, differences.Differences.Select(Line).ToArray(), differences.ToReport());
    }

    [TestMethod]
    // Text
    [DataRow("built on Nov 24 2026 at 13:36:45", "built on Feb  3 2031 at 01:02:03", "date")]
    [DataRow("2026-11-24T13:36:45+00:00", "2031-11-24T13:36:45+00:00", "date")]
    [DataRow("Tue Nov 24 13:36:45 UTC 2026", "Mon Feb  3 01:02:03 UTC 2031", "date")]
    [DataRow("stamp=1795527405", "stamp=1927847323", "date")]
    [DataRow("Copyright 1999-2026 Somebody", "Copyright 1999-2031 Somebody", "date")]
    [DataRow("version 1.0-20261124", "version 1.0-20310203", "date")]
    [DataRow("2026-11-24T13:36:45+00:00", "2026-11-24T19:06:45+05:30", "timezone")]
    [DataRow("2026-11-24 23:36:45", "2026-11-25 05:06:45", "timezone")]
    [DataRow("Tue Nov 24 13:36:45 UTC 2026", "Tue Nov 24 08:36:45 EST 2026", "timezone")]
    [DataRow("zone UTC", "zone CET", "timezone")]
    [DataRow("at 13:36:45", "at 03:13:45", "timezone")]
    [DataRow("offset +0000", "offset +0530", "timezone")]
    [DataRow("prefix=/build/a/src", "prefix=/home/other/deeper/src", "path")]
    [DataRow("/src/file.c:12: warning", "/var/tmp/work/src/file.c:12: warning", "path")]
    [DataRow("0x7ffd1a2b3c40", "0x7ffe99887760", "addresses")]
    [DataRow("main is at 0x55d0c0ffee00", "main is at 0x5601deadbe00", "addresses")]
    [DataRow("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "7d444840-9dc0-11d1-b245-5ffdce74fad2", "random")]
    [DataRow("seed: 17394", "seed: 2051", "random")]
    [DataRow("token 9f86d081884c7d65", "token 60303ae22b998861", "random")]
    [DataRow("file /tmp/tmp.a8Xk2PqZ01/x", "file /tmp/tmp.Q9w0ErTy12/x", "random")]
    [DataRow("/tmp/ccA1b2C3.o", "/tmp/ccZ9y8X7.o", "random")]
    [DataRow("running as pid 4711", "running as pid 982", "pids")]
    [DataRow("/proc/4711/maps", "/proc/982/maps", "pids")]
    [DataRow("processors: 1", "processors: 2", "processors")]
    [DataRow("make -j 1", "make -j 8", "jobs")]
    [DataRow("umask 0022", "umask 0077", "umask")]
    [DataRow("-rw-r--r-- 1 f", "-rw------- 1 f", "umask")]
    [DataRow("uid=0", "uid=1000", "user")]
    [DataRow("root@machine", "somebody@machine", "user")]
    [DataRow("built by a@alpha", "built by a@beta", "hostname")]
    [DataRow("node 3f2a91bc04de", "node a90b11cc77e2", "hostname")]
    [DataRow("alpha.example.org", "alpha.other.test", "domain")]
    [DataRow("Linux 6.1.0-42-amd64", "Linux 4.4.0", "kernel")]
    [DataRow("uname: x86_64", "uname: i686", "kernel")]
    [DataRow("#1 SMP PREEMPT Debian 6.1.170-3", "#2 SMP", "kernel")]
    [DataRow("LANG=C.UTF-8", "LANG=de_DE.UTF-8", "locale")]
    [DataRow("pi is 3.14", "pi is 3,14", "locale")]
    [DataRow("encoding: UTF-8", "encoding: ANSI_X3.4-1968", "locale")]
    [DataRow("root on overlay", "root on tmpfs", "filesystem")]
    [DataRow("inode 123456", "inode 998877", "filesystem")]
    [DataRow("free blocks 12345678", "free blocks 998877", "filesystem")]
    [DataRow("container=buildah", "container=docker", "engine")]
    [DataRow("a.o b.o c.o d.o", "c.o a.o d.o b.o", "order")]
    [DataRow("{'alpha', 'beta', 'gamma'}", "{'gamma', 'alpha', 'beta'}", "order")]
    // Lines
    [DataRow("zeta\nalpha\nmid\n", "mid\nzeta\nalpha\n", "order")]
    [DataRow("B\nC\na\nb\n", "a\nB\nb\nC\n", "locale")]
    [DataRow("A=1\nZ=2\n", "A=1\nEXTRA=something\nZ=2\n", "environment")]
    public void A_line_of_text_tells_its_cause(string first, string second, string cause)
    {
        using var pair = new ImagePair();
        foreach (var (before, after) in new[] { ("", ""), ("first line\n", "\nlast line\n") })
        {
            var differences = pair.CompareTexts(before + first + after, before + second + after);
            Assert.AreEqual(cause, (differences.Causes is [var best, ..] ? best.Variation : null), differences.ToReport());
            // The other way round it is the same.
            differences = pair.CompareTexts(before + second + after, before + first + after);
            Assert.AreEqual(cause, (differences.Causes is [var same, ..] ? same.Variation : null), differences.ToReport());
        }
    }

    [TestMethod]
    public void What_is_known_of_the_runs_decides()
    {
        using var pair = new ImagePair();
        var first = new RunFacts(new Dictionary<string, string> { ["hostname"] = "k7", ["date"] = "1795527405", ["processors"] = "2", ["path"] = "/a\n/src", ["kernel"] = "6.1.0" });
        var second = new RunFacts(new Dictionary<string, string> { ["hostname"] = "builder-9", ["date"] = "1927847323", ["processors"] = "1", ["path"] = "/b/c\n/src", ["kernel"] = "4.4.9" });
        foreach (var (a, b, cause) in new[] { ("made on k7", "made on builder-9", "hostname"), ("count 2", "count 1", "processors"), ("v 6.1.0", "v 4.4.9", "kernel"), ("t 1795527410", "t 1927847400", "date"), ("in /a/x", "in /b/c/x", "path") })
        {
            var best = pair.CompareTexts(a, b, first, second).Causes[0];
            Assert.AreEqual(cause, best.Variation);
            Assert.IsGreaterThanOrEqualTo(85, best.Confidence);
        }
        // A number in binary: four bytes in either order.
        foreach (var swap in new[] { false, true })
        {
            byte[] Number(int time) => [0, 1, 2, 0xFF, .. swap ? BitConverter.GetBytes(time).Reverse() : BitConverter.GetBytes(time), 0, 9];
            var differences = pair.CompareFiles(Number(1795527410), Number(1927847400), first, second);
            Assert.AreEqual("date", differences.Causes[0].Variation, differences.ToReport());
            Assert.AreEqual(95, differences.Causes[0].Confidence);
        }
    }

    [TestMethod]
    public void Lines_are_shown_with_what_is_before_them_and_found_again_after_an_insertion()
    {
        using var pair = new ImagePair();
        var lines = Enumerable.Range(1, 1000).Select(n => $"line number {n}").ToList();
        var other = lines.ToList();
        other.Insert(500, "one more");
        other[900] = "something else";
        var differences = pair.CompareTexts(string.Join('\n', lines), string.Join('\n', other));
        CollectionAssert.AreEqual(new[] { "line 501", "line 900, in the second 901" }, differences.Differences.Select(d => d.What).ToArray(), differences.ToReport());
        CollectionAssert.AreEqual(new[] { "  line number 498", "  line number 499", "  line number 500", "+ one more" }, differences.Differences[0].Detail.ToArray());
        CollectionAssert.AreEqual(new[] { "  line number 897", "  line number 898", "  line number 899", "- line number 900", "+ something else" }, differences.Differences[1].Detail.ToArray());
    }

    [TestMethod]
    public void Bytes_are_shown_at_the_first_offset_that_differs()
    {
        using var pair = new ImagePair();
        var first = Enumerable.Range(0, 100_000).Select(n => (byte)(n * 7)).ToArray();
        var second = first.ToArray();
        second[70_001] ^= 0xFF;
        var difference = pair.CompareFiles(first, second).Differences.Single();
        Assert.AreEqual("offset 70001 (0x11171)", difference.What);
        Assert.StartsWith("- 00011170  10 17 1e", difference.Detail[0]);
        Assert.StartsWith("+ 00011170  10 e8 1e", difference.Detail[2]);
    }

    [TestMethod]
    public void A_compiler_leaves_paths_dates_and_ids_in_sections()
    {
        using var pair = new ImagePair();
        const string Program = "printf 'int f(void) { return 1; }\\nconst char *d = \"made \" __DATE__;\\nint main(void) { return f(); }\\n' > p.c\n";
        var path = pair.CompareMade($"mkdir -p $X; cd $X; {Program} gcc -g -c p.c; cp p.o $OLDPWD/out", "one", "another/place");
        Assert.AreEqual("path", path.Causes[0].Variation, path.ToReport());
        Assert.Contains("section .debug_", path.Differences[0].Place);

        var packed = pair.CompareMade($"mkdir -p $X; cd $X; {Program} gcc -g -gz -c p.c; cp p.o $OLDPWD/out", "one", "another/place");
        Assert.AreEqual("path", packed.Causes[0].Variation, packed.ToReport());

        var date = pair.CompareMade($"{Program} SOURCE_DATE_EPOCH=$X gcc -o out p.c", "1795527405", "1927847323");
        Assert.AreEqual("date", date.Causes[0].Variation, date.ToReport());
        Assert.Contains("file: section .rodata", date.Differences[0].Place);

        var id = pair.CompareMade($"{Program} gcc -Wl,--build-id=0x$X -o out p.c", "0123456789abcdef", "fedcba9876543210");
        Assert.AreEqual(DifferenceKind.BuildId, id.Differences.Single().Kind, id.ToReport());
        Assert.AreEqual("0123456789abcdef", id.Differences.Single().First);
        Assert.AreEqual("random", id.Causes[0].Variation);

        var symbol = pair.CompareMade("printf 'int f_%s(void) { return 1; }' $X > p.c; gcc -c p.c; mv p.o out", "8a7d6c5b", "01f2e3d4");
        Assert.AreEqual("random", symbol.Causes[0].Variation, symbol.ToReport());

        var code = pair.CompareMade("printf 'int a(void) { return 3; }\\nint f(void) { return %s; }' $X > p.c; gcc -c p.c; mv p.o out", "70001", "12");
        Assert.Contains(", in f", code.Differences[0].What, code.ToReport());
    }

    [TestMethod]
    public void Archives_are_entered_down_to_the_header_field_or_the_member()
    {
        using var pair = new ImagePair();
        const string Files = "mkdir d; echo one > d/a; echo two > d/b; touch -d @1000000000 d/a d/b;";
        void Check(string script, string first, string second, string line)
        {
            var differences = pair.CompareMade(script, first, second);
            Assert.AreEqual(line, Line(differences.Differences[0]), differences.ToReport());
        }
        Check($"{Files} touch -d @$X d/b; ar rcU out d/a d/b", "1795527405", "1927847323", "file: member b: header field mtime [date]");
        Check($"{Files} ar rcD out $X", "d/a d/b", "d/b d/a", "file: the order of 2 members, from number 1 on [order,jobs,random]");
        Check($"{Files} chmod $X d/a; ar rcU out d/a d/b", "644", "600", "file: member a: header field mode [umask]");
        Check($"{Files} echo host-$X >> d/a; mv d/a d/a-name-longer-than-sixteen; ar rcD out d/*", "alpha", "beta", "file: member a-name-longer-than-sixteen: line 2 [hostname]");
        Check($"{Files} touch -d @$X d/b; tar -cf out d/a d/b", "1795527405", "1927847323", "file: member d/b: header field mtime [date]");
        Check($"{Files} tar --owner=$X -cf out d/a d/b", "root:0", "somebody:1000", "file: member d/a: header field uid [user]");
        Check($"{Files} tar -cf out $X", "d/a d/b", "d/b d/a", "file: the order of 2 members, from number 1 on [order,jobs,random]");
        Check($"{Files} touch -d @$X d/b; gzip d/b; mv d/b.gz out", "1795527405", "1927847323", "file: header field MTIME [date]");
        Check($"{Files} gzip -n $X d/b; mv d/b.gz out", "-1", "-9", "file: header field XFL []");
        Check($"{Files} TZ=$X zip -qX out.zip d/a; mv out.zip out", "UTC", "Asia/Kolkata", "file: member d/a: header field time [timezone,date]");
        Check($"{Files} echo $X > d/c; zip -qX out.zip d/*; mv out.zip out", "pid 12", "pid 99", "file: member d/c: line 1 [pids]");
        Check($"{Files} echo $X > d/c; TZ=UTC touch -d @1000000000 d/c d; tar -cf - d | xz > out", "umask 022", "umask 077", "file: unpacked from xz: member d/c: line 1 [umask]");
        // One inside the other.
        Check($"{Files} touch -d @$X d/b; ar rcU d/x.a d/b; touch -d @1000000000 d/b d/x.a; tar -C d -cf - a b x.a | gzip -n > e.tgz; xz -k e.tgz; mv e.tgz.xz out",
            "1795527405", "1927847323", "file: unpacked from xz: unpacked from gzip: member x.a: member b: header field mtime [date]");
    }

    [TestMethod]
    public void What_only_looks_like_an_archive_is_compared_as_bytes()
    {
        using var pair = new ImagePair();
        foreach (var start in new[] { "!<arch>\n", "PK\u0003\u0004", "\u001f\u008b\u0008\0", "\u00fd7zXZ\0", "\u007fELF\u0002\u0001\u0001" })
        {
            var bytes = Encoding.Latin1.GetBytes(start).Concat(Enumerable.Repeat((byte)0xEE, 200)).ToArray();
            var other = bytes.ToArray();
            other[150] = 0;
            Assert.AreEqual("offset 150 (0x96)", pair.CompareFiles(bytes, other).Differences.Single().What, start);
        }
    }

    [TestMethod]
    public void The_report_is_short_whatever_differs_and_the_records_are_canonical()
    {
        using var pair = new ImagePair();
        TarEntry[] Tree(string word) => [.. Enumerable.Range(0, 600).Select(n => Text($"f{n}", $"{word} \u001b[31m {n}\n{new string('x', 5000)}{word}"))];
        var (first, second) = (pair.Layout(ImageConfig.Empty, Tree("alpha")), pair.Layout(ImageConfig.Empty, Tree("beta")));
        var differences = ImageComparison.Compare(first, second);
        var report = differences.ToReport();
        Assert.IsLessThanOrEqualTo(205, report.Count(c => c == '\n'));
        Assert.IsTrue(report.Split('\n').All(line => line.Length < 400));
        Assert.DoesNotContain("\u001b", report);
        Assert.Contains("more", report.Split('\n')[^2]);
        Assert.AreEqual(500, differences.Omitted);
        var json = differences.ToJson();
        CollectionAssert.AreEqual(CanonicalJson.Serialize(CanonicalJson.Parse(json)), json);
        CollectionAssert.AreEqual(json, ImageComparison.Compare(first, second).ToJson());
        Assert.IsFalse(Directory.Exists(Path.Combine(first, "indexes")), "an image that is compared is only read");
    }

    private static string Line(Difference difference) =>
        $"{difference.Place}: {difference.What} [{string.Join(',', difference.Causes.Select(cause => cause.Variation))}]";
}
