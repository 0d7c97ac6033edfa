using StageX.Build;
using StageX.Build.Engines;

// EngineHost <engine> <state folder> <Containerfile> <context folder> <tar> <log> [<reference>=<layout folder>]…
try
{
    var engine = EngineSelection.Create(args[0], new EngineSettings { StateFolder = args[1] });
    engine.Build(new EngineBuild
    {
        Containerfile = File.ReadAllText(args[2]),
        ContextFolder = args[3],
        RootFilesystemTar = args[4],
        LogFile = args[5],
        Label = "hosted",
        Images = [.. args[6..].Select(image => image.Split('=', 2)).Select(image => new EngineImage(image[0], image[1]))],
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
