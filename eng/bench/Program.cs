using StageX.Build.Benchmarks;

if (args is ["--pack", var tar, var folder])
{
    PackBenchmark.Pack(tar, folder);
    return 0;
}
var repository = args[0];
string[] names = ["noop", "stamp", "leaf", "core", "import", "pack", "history", "signatures", "compose", "verify", "malloc"];
var wanted = args.Length > 1 ? args[1..] : names;
if (wanted.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
{
    Console.Error.WriteLine($"error: there is no benchmark {unknown}; there are {string.Join(", ", names)}");
    return 1;
}

var results = new List<Measured>();
TreeBenchmarks? trees = null;
TreeBenchmarks Trees() => trees ??= new TreeBenchmarks(repository);
try
{
    foreach (var name in wanted)
    {
        var measured = name switch
        {
            "noop" => Trees().Noop(),
            "stamp" => Trees().Stamp(),
            "leaf" => Trees().OneLeaf(),
            "core" => Trees().SameCore(),
            "import" => Trees().Import(),
            "history" => HistoryBenchmark.Run(),
            "signatures" => SignaturesBenchmark.Run(),
            "compose" => ComposeBenchmark.Run(),
            "verify" => VerifyBenchmark.Run(repository),
            "malloc" => MallocBenchmark.Run(repository),
            _ => PackBenchmark.Run(),
        };
        results.Add(measured);
        Console.WriteLine($"{measured.Name}: {measured.What}");
        Console.WriteLine(measured);
    }
}
finally
{
    trees?.Dispose();
}
if (args.Length == 1)
    File.WriteAllText(Path.Combine(repository, "eng", "benchmarks.md"), $"""
        # Benchmarks

        Written by `eng/bench.sh`. A ratio compares two figures of the same run, taken in turn: the median of their quotients.
        Where a time is allowed, the ratio is the part of it that was taken.
        The tree has {File.ReadLines(Path.Combine(repository, "eng", "bench", "graph.txt")).Count()} packages, with the dependencies of the reference distribution.

        | name | ratio | at most | what |
        |---|---|---|---|
        {string.Join('\n', results.Select(result => result.Row))}

        """);
return 0;
