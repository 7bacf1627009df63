using System.Text;

namespace Eos.Cli;

/// <summary>The three streams of a run and whether people sit at them. Text is buffered: whoever ends a command flushes.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, Stream rawOutput, Stream rawInput, bool outputIsTerminal, bool inputIsTerminal)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public TextWriter Out => output;
    public TextWriter Error => error;
    public bool OutputIsTerminal => outputIsTerminal;
    public bool InputIsTerminal => inputIsTerminal;

    /// <summary>For bytes: what was written as text before goes out first.</summary>
    public Stream RawOutput
    {
        get
        {
            output.Flush();
            return rawOutput;
        }
    }

    public Stream RawInput => rawInput;

    /// <summary>The streams of this process.</summary>
    public static Terminal OfThisProcess()
    {
        var stdout = Console.OpenStandardOutput();
        return new Terminal(
            new StreamWriter(stdout, Utf8, 1 << 16, leaveOpen: true),
            new StreamWriter(Console.OpenStandardError(), Utf8, 1 << 10, leaveOpen: true) { AutoFlush = true },
            stdout,
            new InterruptibleInput(Console.OpenStandardInput()),
            !Console.IsOutputRedirected,
            !Console.IsInputRedirected);
    }
}
