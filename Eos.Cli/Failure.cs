using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>How a failure leaves the program: its errno is the exit code, its text goes to standard error.</summary>
internal static class Failure
{
    /// <summary>`error: text (errc=2) (No such file or directory)`.</summary>
    public static string Line(Errno why, string text) => $"error: {text} (errc={(int)why}) ({why.Text()})";

    /// <summary>Prints the failure, in JSON also to standard output, and gives the exit code.</summary>
    public static int Report(Terminal terminal, Form form, EosException failure)
    {
        if (form == Form.Json) terminal.Out.WriteLine(Pairs.Envelope([], (int)failure.Why, failure.Message));
        terminal.Out.Flush();
        terminal.Error.WriteLine(Line(failure.Why, failure.Message));
        return (int)failure.Why;
    }

    /// <summary>What the operating system said of a local file, in errnos.</summary>
    public static EosException OfLocal(string path, Exception problem) => new(problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NoEntry,
        UnauthorizedAccessException => Errno.AccessDenied,
        PathTooLongException => Errno.NameTooLong,
        IOException { HResult: 28 } => Errno.NoSpace,
        IOException { HResult: 17 } => Errno.Exists,
        _ => Errno.InputOutput,
    }, $"{path}: {problem.Message}");
}
