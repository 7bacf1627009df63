using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.IO.Pipelines;

namespace Eos.Host.Resp;

/// <summary>
/// Reads requests of the Redis protocol (RESP2 and RESP3 are the same in this direction): arrays of bulk strings, and lines typed by hand.
/// Takes what is there, however it is cut, and remembers where it stopped; memory grows with what has come, not with what was announced.
/// One a connection; after a <see cref="RespProtocolException"/> it is of no more use.
/// </summary>
public sealed class RespReader(RespLimits limits)
{
    private const int HeaderBytes = 32;
    private const int FirstPiece = 4096;
    private const int SmallWord = 1024;
    private const int SlabBytes = 8192;
    private readonly List<ReadOnlyMemory<byte>> _words = [];

    /// <summary>The bounds of the requests that are read next.</summary>
    public RespLimits Limits { get; set; } = limits;

    private int _expected;
    private long _commandBytes;
    private byte[]? _bulk;
    private int _bulkStart;
    private int _bulkLength = -1;
    private int _bulkFilled;

    /// <summary>Why the request that is being read will be refused: the rest of it is read over.</summary>
    private string? _refusal;

    /// <summary>Small words lie behind each other in one array, which is no larger than what had come when it was made.</summary>
    private byte[] _slab = [];
    private int _slabUsed;

    /// <summary>Where the search for the end of an unfinished line goes on.</summary>
    private long _searched;

    /// <summary>Waits for at least one request and adds all that are there, at most <paramref name="atMost"/>. False: the client has closed; half a request is dropped.</summary>
    /// <exception cref="RespProtocolException">The requests before the malformed one have been added.</exception>
    public async ValueTask<bool> ReadAsync(PipeReader pipe, ICollection<RespCommand> into, int atMost, CancellationToken cancel)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancel);
            var buffer = result.Buffer;
            var found = 0;
            while (found < atMost && TryRead(ref buffer, out var command))
            {
                into.Add(command);
                found++;
            }
            pipe.AdvanceTo(buffer.Start, found == atMost ? buffer.Start : buffer.End);
            if (found > 0) return true;
            if (result.IsCompleted || result.IsCanceled) return false;
        }
    }

    /// <summary>The next request, if all of it is there. What is consumed is cut off the buffer's front, also when the request is not complete.</summary>
    /// <exception cref="RespProtocolException"/>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespCommand command)
    {
        command = default;
        while (!buffer.IsEmpty)
        {
            if (_bulkLength >= 0)
            {
                if (!FillBulk(ref buffer)) return false;
            }
            else if (_expected > 0)
            {
                if (!BeginBulk(ref buffer)) return false;
            }
            else if (!BeginCommand(ref buffer))
            {
                return false;
            }
            if (_words.Count == 0 || _words.Count < _expected) continue;
            command = new RespCommand([.. _words], _refusal);
            _words.Clear();
            (_expected, _commandBytes, _refusal) = (0, 0, null);
            return true;
        }
        return false;
    }

    /// <summary>A line that begins with * announces an array; any other is a command by itself. Empty ones mean nothing.</summary>
    private bool BeginCommand(ref ReadOnlySequence<byte> buffer)
    {
        var isArray = First(buffer) == '*';
        if (!Line(ref buffer, isArray ? HeaderBytes : Limits.InlineBytes, isArray ? "too big mbulk count string" : "too big inline request", out var line)) return false;
        if (!isArray)
        {
            _words.AddRange(InlineWords.Of(line));
            if (_words.Count > Limits.Words) throw new RespProtocolException("Protocol error: too many arguments");
            return true;
        }
        if (!Number(line, out var count) || count > Limits.Words) throw new RespProtocolException("Protocol error: invalid multibulk length");
        _expected = (int)Math.Max(0, count);
        return true;
    }

    private bool BeginBulk(ref ReadOnlySequence<byte> buffer)
    {
        if (First(buffer) is var first && first != '$') throw new RespProtocolException($"Protocol error: expected '$', got '{(first is > 32 and < 127 ? (char)first : '?')}'");
        if (!Line(ref buffer, HeaderBytes, "too big bulk count string", out var line)) return false;
        if (!Number(line, out var length) || length < 0 || length > Limits.SkippedBytes) throw new RespProtocolException("Protocol error: invalid bulk length");
        _commandBytes += length;
        if (_commandBytes > Limits.SkippedBytes) throw new RespProtocolException("Protocol error: too big request");
        _refusal ??= length > Limits.BulkBytes ? $"an argument has {length} bytes, the limit is {Limits.BulkBytes}"
            : _commandBytes > Limits.CommandBytes ? $"the arguments have {_commandBytes} bytes or more, the limit is {Limits.CommandBytes}"
            : null;
        (_bulkLength, _bulkFilled) = ((int)length, 0);
        (_bulk, _bulkStart) = _refusal is not null ? (null, 0) : length > SmallWord ? (new byte[Math.Min(_bulkLength, Math.Max(FirstPiece, buffer.Length))], 0) : Small((int)length, buffer.Length);
        return true;
    }

    private (byte[], int) Small(int length, long came)
    {
        if (_slab.Length - _slabUsed < length) (_slab, _slabUsed) = (new byte[Math.Max(length, (int)Math.Min(SlabBytes, came))], 0);
        _slabUsed += length;
        return (_slab, _slabUsed - length);
    }

    private bool FillBulk(ref ReadOnlySequence<byte> buffer)
    {
        var piece = (int)Math.Min(buffer.Length, _bulkLength - _bulkFilled);
        if (_bulk is not null)
        {
            if (_bulkStart + _bulkFilled + piece > _bulk.Length) Array.Resize(ref _bulk, (int)Math.Min(_bulkLength, Math.Max(2L * _bulk.Length, _bulkFilled + piece)));
            buffer.Slice(0, piece).CopyTo(_bulk.AsSpan(_bulkStart + _bulkFilled));
        }
        buffer = buffer.Slice(piece);
        _bulkFilled += piece;
        if (_bulkFilled < _bulkLength || buffer.Length < 2) return false;
        Span<byte> end = stackalloc byte[2];
        buffer.Slice(0, 2).CopyTo(end);
        if (!end.SequenceEqual("\r\n"u8)) throw new RespProtocolException("Protocol error: invalid bulk length");
        buffer = buffer.Slice(2);
        _words.Add(_bulk is null ? default : new ReadOnlyMemory<byte>(_bulk, _bulkStart, _bulkLength));
        (_bulk, _bulkLength) = (null, -1);
        return true;
    }

    /// <summary>A line without its end, which is LF or CR LF.</summary>
    private bool Line(ref ReadOnlySequence<byte> buffer, int most, string tooLong, out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = buffer.Slice(_searched).PositionOf((byte)'\n');
        var length = end is { } at ? buffer.Slice(0, at).Length : buffer.Length;
        if (length > most) throw new RespProtocolException($"Protocol error: {tooLong}");
        if (end is not { } found)
        {
            _searched = buffer.Length;
            return false;
        }
        _searched = 0;
        var whole = buffer.Slice(0, found);
        line = whole.IsSingleSegment ? whole.FirstSpan : whole.ToArray();
        if (line is [.., (byte)'\r']) line = line[..^1];
        buffer = buffer.Slice(buffer.GetPosition(1, found));
        return true;
    }

    /// <summary>The first segment of a sequence may be empty.</summary>
    private static byte First(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.FirstSpan is [var first, ..]) return first;
        new SequenceReader<byte>(buffer).TryPeek(out var found);
        return found;
    }

    private static bool Number(ReadOnlySpan<byte> line, out long value) =>
        Utf8Parser.TryParse(line[1..], out value, out var used) && used == line.Length - 1;
}

/// <summary>A line typed by hand: words between blanks, "with \"escapes\" and \x00", 'or as they are'.</summary>
internal static class InlineWords
{
    public static ImmutableArray<ReadOnlyMemory<byte>> Of(ReadOnlySpan<byte> line)
    {
        var words = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (var at = 0; ;)
        {
            while (at < line.Length && IsBlank(line[at])) at++;
            if (at == line.Length) return words.ToImmutable();
            words.Add(Word(line, ref at));
        }
    }

    private static byte[] Word(ReadOnlySpan<byte> line, ref int at)
    {
        var word = new List<byte>();
        while (at < line.Length && !IsBlank(line[at]))
        {
            var b = line[at++];
            if (b is not ((byte)'"' or (byte)'\''))
            {
                word.Add(b);
                continue;
            }
            Quoted(line, ref at, b, word);
            if (at < line.Length && !IsBlank(line[at])) throw Unbalanced();
        }
        return [.. word];
    }

    private static void Quoted(ReadOnlySpan<byte> line, ref int at, byte quote, List<byte> word)
    {
        while (at < line.Length)
        {
            var b = line[at++];
            if (b == quote) return;
            if (b != '\\' || at == line.Length)
            {
                word.Add(b);
            }
            else if (quote == '\'')
            {
                if (line[at] == '\'') b = line[at++];
                word.Add(b);
            }
            else if (line[at] == 'x' && at + 2 < line.Length && char.IsAsciiHexDigit((char)line[at + 1]) && char.IsAsciiHexDigit((char)line[at + 2]))
            {
                word.Add((byte)(Convert.ToInt32(((char)line[at + 1]).ToString(), 16) * 16 + Convert.ToInt32(((char)line[at + 2]).ToString(), 16)));
                at += 3;
            }
            else
            {
                var escaped = line[at++];
                word.Add(escaped switch { (byte)'n' => (byte)'\n', (byte)'r' => (byte)'\r', (byte)'t' => (byte)'\t', (byte)'b' => (byte)'\b', (byte)'a' => (byte)'\a', _ => escaped });
            }
        }
        throw Unbalanced();
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or >= 9 and <= 13 or 0;

    private static RespProtocolException Unbalanced() => new("Protocol error: unbalanced quotes in request");
}
