using System.Buffers.Binary;
using System.Text;
using Eos.Gateway;

namespace Eos.Client;

/// <summary>
/// What goes through the Unix socket of a node, in both directions: frames of a length (4 bytes, little-endian, of the rest), the length of the manifest (1 byte), the manifest, and the message.
/// A frame without a manifest is a ticket (<see cref="GatewayProtocol.Claim.Ticket"/>), which the node sends when somebody connects, and anew before it expires.
/// </summary>
public static class SocketFrames
{
    /// <summary>The largest frame; that of remoting.</summary>
    public const int Most = 4 << 20;

    private const int Header = 5;

    public static byte[] Of(object message) => Manifests.Of(message.GetType()) is { } row
        ? Write(Encoding.ASCII.GetBytes(row.Name), row.Encode(message))
        : throw new ArgumentException($"{message.GetType().Name} does not travel", nameof(message));

    public static byte[] OfTicket(string ticket) => Write([], Encoding.ASCII.GetBytes(ticket));

    /// <summary>The next message, or the text of a ticket; null: the other end has closed.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame, or of no message of ours.</exception>
    public static async Task<object?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var header = new byte[Header];
        if (await stream.ReadAtLeastAsync(header, Header, throwOnEndOfStream: false, cancel).ConfigureAwait(false) < Header) return null;
        var (length, name) = (BinaryPrimitives.ReadInt32LittleEndian(header) - 1, header[4]);
        if (length < name || length > Most) throw new InvalidDataException($"a frame of {length} bytes");
        var rest = new byte[length];
        if (await stream.ReadAtLeastAsync(rest, length, throwOnEndOfStream: false, cancel).ConfigureAwait(false) < length) return null;
        if (name == 0) return Encoding.ASCII.GetString(rest);
        var manifest = Encoding.ASCII.GetString(rest, 0, name);
        return Manifests.Named(manifest) is { } row ? row.Decode(rest.AsMemory(name)) : throw new InvalidDataException($"unknown manifest '{manifest}'");
    }

    private static byte[] Write(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> body)
    {
        var frame = new byte[Header + manifest.Length + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1 + manifest.Length + body.Length);
        frame[4] = (byte)manifest.Length;
        manifest.CopyTo(frame.AsSpan(Header));
        body.CopyTo(frame.AsSpan(Header + manifest.Length));
        return frame;
    }
}
