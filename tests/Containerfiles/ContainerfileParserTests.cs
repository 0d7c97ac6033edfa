using StageX.Build.Containerfiles;

namespace StageX.Build.Tests.Containerfiles;

[TestClass]
public sealed class ContainerfileParserTests
{
    [TestMethod]
    public void Stages_comments_and_continued_lines_are_understood()
    {
        var file = Parse("""
            # a comment
            FROM scratch AS Build
            COPY a.txt \
                 # a comment in between

                 b.txt /in/
            RUN ["/bin/x", "a b"]
            FROM scratch AS package
            COPY --from=build /rootfs/ /
            """);
        Assert.HasCount(2, file.Stages);
        Assert.AreEqual("build", file.Stages[0].Name);
        Assert.AreEqual(2, file.Stages[0].Line);
        CollectionAssert.AreEqual(new[] { "a.txt", "b.txt", "/in/" }, file.Stages[0].Instructions[0].Arguments.ToArray());
        Assert.AreEqual(3, file.Stages[0].Instructions[0].Line);
        Assert.IsTrue(file.Stages[0].Instructions[1].IsExec);
        Assert.AreEqual("build", file.Stages[1].Instructions[0].CopyFrom);
    }

    [TestMethod]
    public void Arguments_and_environment_expand_where_the_format_expands_them()
    {
        var file = Parse("""
            ARG BASE=scratch
            ARG VERSION=0
            FROM ${BASE} AS package
            ARG VERSION
            ENV A=1 B="two words" C='$A'
            WORKDIR /src-$VERSION/${A}${MISSING:-x}${A:+y}
            LABEL v=$VERSION quoted="a\"b"
            RUN echo $A
            """, ("VERSION", "2.1"));
        var steps = file.Stages[0].Instructions;
        Assert.AreEqual("scratch", file.Stages[0].From);
        Assert.AreEqual("ARG VERSION=2.1", steps[0].ToString());
        CollectionAssert.AreEqual(new[] { "A", "1", "B", "two words", "C", "$A" }, steps[1].Arguments.ToArray());
        Assert.AreEqual("/src-2.1/1xy", steps[2].Arguments[0]);
        CollectionAssert.AreEqual(new[] { "v", "2.1", "quoted", "a\"b" }, steps[3].Arguments.ToArray());
        Assert.AreEqual("echo $A", steps[4].Arguments[0]);
    }

    [TestMethod]
    public void What_is_written_back_reads_the_same()
    {
        var first = Parse("""
            FROM scratch AS package
            ENV A="x y" B='a$b"c\d'
            COPY ["a b", "/x y/"]
            COPY ["a \\$b", "it\\'s", "c\\\\d", "/x/"]
            COPY 'a$b' "c\\d" /x/
            WORKDIR '/w $x'
            USER 'u$x'
            COPY --chown=1:2 --chmod=755 a b /d/
            RUN ["sh", "-c", "echo \"$A\""]
            ENTRYPOINT ["/bin/x"]
            LABEL "k k"="v"
            """);
        var second = Parse("FROM scratch AS package\n" + string.Join('\n', first.Stages[0].Instructions));
        for (var i = 0; i < first.Stages[0].Instructions.Count; i++)
            CollectionAssert.AreEqual(first.Stages[0].Instructions[i].Arguments.ToArray(), second.Stages[0].Instructions[i].Arguments.ToArray());
    }

    [TestMethod]
    public void Lines_after_a_here_document_keep_their_numbers()
    {
        var file = Parse("FROM scratch\nRUN <<A cat <<'B' \\\n  > /x\n$a \\\nA\n# b\nB\nCOPY <<-C d /e/\n\tc\n\tC\nUSER u\n");
        CollectionAssert.AreEqual(new[] { 2, 8, 11 }, file.Stages[0].Instructions.Select(step => step.Line).ToArray());
        CollectionAssert.AreEqual(new[] { "/bin/sh", "-c", "<<A cat <<'B'   > /x\n$a \\\nA\n# b\nB" }, file.Stages[0].Instructions[0].Arguments.ToArray());
        Assert.AreEqual("c\n", file.Documents.Single().Value);
        CollectionAssert.AreEqual(new[] { "d", file.Documents.Single().Key, "/e/" }, file.Stages[0].Instructions[1].Arguments.ToArray());
    }

    [TestMethod]
    public void Line_ends_of_Windows_and_a_byte_order_mark_mean_nothing_outside_of_documents()
    {
        const string text = "# escape=`\nFROM scratch AS package\n# c\nRUN a `\n b\nCOPY <<X /x\nx\nX\nUSER u\n";
        var (unix, windows) = (Parse(text), Parse("\uFEFF" + text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        foreach (var file in (Containerfile[])[unix, windows])
            Assert.AreEqual("RUN a  b | USER u", string.Join(" | ", file.Stages[0].Instructions.Where(step => step.Keyword != "COPY")));
        Assert.AreEqual("x\n", unix.Documents.Single().Value);
        Assert.AreEqual("x\r\n", windows.Documents.Single().Value);
    }

    [TestMethod]
    public void A_platform_is_accepted_that_is_the_one_of_the_build()
    {
        const string text = "ARG TARGETPLATFORM\nFROM --platform=$TARGETPLATFORM scratch\nRUN --network=none --security=sandbox x";
        Assert.IsEmpty(Parse(text, ("TARGETPLATFORM", "linux/amd64")).Stages[0].Instructions[0].Flags);
    }

    [TestMethod]
    public void One_ARG_can_declare_several()
    {
        var file = Parse("FROM scratch AS package\nARG A=1 B=\"x y\" C\nENV D=$A$B$C", ("C", "3"));
        CollectionAssert.AreEqual(new[] { "ARG A=1", "ARG B=\"x y\"", "ARG C=3" }, file.Stages[0].Instructions.Take(3).Select(step => step.ToString()).ToArray());
        Assert.AreEqual("1x y3", file.Stages[0].Instructions[3].Arguments[1]);
    }

    [TestMethod]
    [DataRow("FROM scratch\nRUN --mount=type=cache,target=/x y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --mount=type=secret,id=x y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --network=host y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --security=insecure y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --network=default y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --device=nvidia.com/gpu=all y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --mount=type=ssh y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --mount=type=tmpfs,target=/x y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nRUN --mount=from=a,target=/x y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nCOPY --parents a /x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nCOPY --exclude=b a /x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nADD --keep-git-dir=true a /x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nONBUILD RUN x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nHEALTHCHECK NONE", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nMAINTAINER somebody", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch\nCOPY --chmod=u+x a /x", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nEXPOSE 80-70", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nEXPOSE http", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nARG A\nENV B=${A:?must be set}", ErrorCode.ContainerfileSyntax, 3)]
    [DataRow("FROM scratch\nENV A=1\nENV B=${A%x}", ErrorCode.ContainerfileSyntax, 3)]
    [DataRow("FROM scratch\n\nRUN <<EOF\nx\n", ErrorCode.ContainerfileSyntax, 3)]
    [DataRow("FROM scratch\nCOPY <<a/b /x\na/b", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nCOPY <<a* /x/\na*", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nCOPY <<EOF\nx\nEOF\n", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("# escape=x\nFROM scratch", ErrorCode.ContainerfileSyntax, 1)]
    [DataRow("FROM --platform=linux/arm64 scratch", ErrorCode.ContainerfileUnsupported, 1)]
    [DataRow("FROM scratch\nRUNN x", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("RUN x", ErrorCode.ContainerfileSyntax, 1)]
    [DataRow("FROM scratch\nCOPY x", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nENV A=\"x", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch AS a\nFROM scratch AS A", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch AS ../../a", ErrorCode.ContainerfileSyntax, 1)]
    [DataRow("FROM scratch AS 1", ErrorCode.ContainerfileSyntax, 1)]
    [DataRow("FROM scratch\nRUN []", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch\nARG =x", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("# nothing", ErrorCode.ContainerfileSyntax, 1)]
    public void What_cannot_be_honoured_or_read_is_refused_at_its_line(string text, string code, int line)
    {
        var e = Assert.ThrowsExactly<StageXException>(() => Parse(text));
        Assert.AreEqual(code, e.Code);
        Assert.AreEqual(line, e.Line);
        Assert.AreEqual("Containerfile", e.File);
    }

    private static Containerfile Parse(string text, params (string Name, string Value)[] arguments) =>
        ContainerfileParser.Parse(text, "Containerfile", arguments.ToDictionary(pair => pair.Name, pair => pair.Value), _ => []);
}
