using System.Collections.Immutable;
using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Host.Resp;

/// <summary>A request as it came: the name of the command and its arguments, all of them any bytes. At least one.</summary>
/// <param name="Refusal">Why it is too large; what was too much of it is not there.</param>
public readonly record struct RespCommand(ImmutableArray<ReadOnlyMemory<byte>> Words, string? Refusal = null);

/// <summary>The client does not speak the protocol: the answer is an error with this text, and the end of the connection.</summary>
public sealed class RespProtocolException(string text) : Exception(text);

/// <summary>Bounds of one request: `eos.resp`. Beyond the first and the third it is refused, beyond the others it is a protocol error.</summary>
/// <param name="BulkBytes">One argument.</param>
/// <param name="Words">Arguments, the command's name included.</param>
/// <param name="CommandBytes">All arguments together.</param>
/// <param name="InlineBytes">A command typed as a line.</param>
/// <param name="SkippedBytes">What is read to the end of a request in order to refuse it.</param>
public sealed record RespLimits(int BulkBytes, int Words, long CommandBytes, int InlineBytes, int SkippedBytes)
{
    /// <summary>Reads `eos.resp`; <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static RespLimits From(Settings s)
    {
        var (bulk, words, command, inline) = (s.Bytes("max-bulk"), s.Int("max-arguments"), s.Bytes("max-command"), s.Bytes("max-inline"));
        var skipped = s.Bytes("max-refused");
        if (bulk is < 1024 or > 512 << 20) throw new ConfigurationException($"eos.resp.max-bulk is {bulk}: 1 KiB .. 512 MiB");
        if (words < 16) throw new ConfigurationException($"eos.resp.max-arguments is {words}: at least 16");
        if (command < bulk) throw new ConfigurationException($"eos.resp.max-command is {command}: at least max-bulk");
        if (inline is < 1024 or > 16 << 20) throw new ConfigurationException($"eos.resp.max-inline is {inline}: 1 KiB .. 16 MiB");
        if (skipped < command || skipped > 512 << 20) throw new ConfigurationException($"eos.resp.max-refused is {skipped}: max-command .. 512 MiB");
        return new RespLimits((int)bulk, words, command, (int)inline, (int)skipped);
    }
}
