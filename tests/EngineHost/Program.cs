using StageX.Build;
using StageX.Build.Engines;

// EngineHost <state folder> <Containerfile> <context folder> <tar> <log> [<reference>=<layout folder>]…
try
{
    var engine = EngineSelection.Create("auto", new EngineSettings { StateFolder = args[0] });
    engine.Build(new EngineBuild
    {
        Containerfile = File.ReadAllText(args[1]),
        ContextFolder = args[2],
        RootFilesystemTar = args[3],
        LogFile = args[4],
        Label = "hosted",
        Images = [.. args[5..].Select(image => image.Split('=', 2)).Select(image => new EngineImage(image[0], image[1]))],
    }, new ConsoleLog(), CancellationToken.None);
    return 0;
}
catch (StageXException e)
{
    Console.WriteLine($"{e.Code}: {e.Message}");
    return 1;
}

internal sealed class ConsoleLog : IBuildLog
{
    public void Milestone(string message) => Console.WriteLine(message);

    public void Detail(string message)
    {
    }

    public void Warning(string code, string message, string? file = null, int line = 0) => Console.WriteLine($"{code}: {message}");
}
