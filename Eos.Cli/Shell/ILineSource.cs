using System.Text;
using Eos.Kernel;

namespace Eos.Cli.Shell;

/// <summary>Where the shell's lines come from: a person at a terminal, or a pipe.</summary>
internal interface ILineSource
{
    /// <summary>The next line; null at the end; an empty one when the person gave it up.</summary>
    Task<string?> ReadAsync(string prompt, CancellationToken cancel);
}

/// <summary>Lines of a file or pipe: no prompt, no editing.</summary>
internal sealed class PipedLines(Stream input) : ILineSource
{
    private readonly StreamReader _reader = new(input, new UTF8Encoding(false, throwOnInvalidBytes: true));

    public async Task<string?> ReadAsync(string prompt, CancellationToken cancel)
    {
        try
        {
            return await _reader.ReadLineAsync(cancel);
        }
        catch (DecoderFallbackException)
        {
            throw new EosException(Errno.Invalid, "the commands are not valid UTF-8");
        }
    }
}
