using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Akka.Remote;

/// <summary>What a frame of a proven connection is. A frame is a 4-byte little-endian length and that many bytes, the first of which is its kind.</summary>
internal enum FrameKind : byte
{
    /// <summary>recipient, sender, serializer, manifest, body</summary>
    Message = 1,

    /// <summary>sequence number, then as a message</summary>
    SystemMessage = 2,

    /// <summary>highest sequence number received</summary>
    Ack = 3,

    /// <summary>nothing: a sign of life</summary>
    Ping = 4,

    /// <summary>reason, text: the sender closes</summary>
    Goodbye = 5,

    /// <summary>the sender starts a new symbol table</summary>
    NewSymbols = 6,
}

/// <summary>Why a proven connection is closed by one side.</summary>
internal enum Farewell : byte
{
    Shutdown = 1,
    Quarantined = 2,
    Protocol = 3,
}

/// <summary>The other side broke the protocol; the connection ends, nothing else.</summary>
internal sealed class ProtocolException(string message) : Exception(message);

/// <summary>Cuts a byte stream into frames.</summary>
internal static class Frames
{
    /// <summary>Takes one whole frame (without its length) off the front of the buffer.</summary>
    /// <exception cref="ProtocolException">Its length is impossible.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, int maximum, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < 4) return false;
        int length;
        if (buffer.FirstSpan.Length >= 4) length = BinaryPrimitives.ReadInt32LittleEndian(buffer.FirstSpan);
        else
        {
            Span<byte> head = stackalloc byte[4];
            buffer.Slice(0, 4).CopyTo(head);
            length = BinaryPrimitives.ReadInt32LittleEndian(head);
        }
        if (length < 1 || length > maximum) throw new ProtocolException($"a frame of {(uint)length} bytes, at most {maximum} are allowed");
        if (buffer.Length < 4 + (long)length) return false;
        frame = buffer.Slice(4, length);
        buffer = buffer.Slice(4 + length);
        return true;
    }

    /// <summary>Reads one frame of a handshake; null when the other side closed.</summary>
    public static async Task<byte[]?> ReadOne(PipeReader reader, int maximum, CancellationToken cancel)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancel).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (TryTake(ref buffer, maximum, out var frame))
            {
                var bytes = frame.ToArray();
                reader.AdvanceTo(buffer.Start);
                return bytes;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return null;
        }
    }

    /// <summary>A handshake frame with its length.</summary>
    public static byte[] Whole(byte kind, ReadOnlySpan<byte> body)
    {
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1 + body.Length);
        frame[4] = kind;
        body.CopyTo(frame.AsSpan(5));
        return frame;
    }
}
