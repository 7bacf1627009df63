using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Eos.Fst;
using Eos.Kernel;
using Eos.Wire;

namespace Eos.Identity;

/// <summary>What a door of a node has seen with its own eyes of a caller: its word to the gateway.</summary>
/// <param name="Uid">Of the process at the other end of a Unix socket.</param>
/// <param name="Gid">As <paramref name="Uid"/>.</param>
/// <param name="Name">The subject of a certificate; empty: the user's name is looked up by its number.</param>
/// <param name="Host">Where the caller is.</param>
/// <param name="Expires">From when on it counts for nothing.</param>
public sealed record Ticket(Proof Proof, uint Uid, uint Gid, string Name, string Host, Instant Expires);

/// <summary>A ticket that was opened and counts, or why it does not.</summary>
public readonly record struct TicketCheck(Ticket? Ticket, Refusal? Refusal);

/// <summary>
/// Tickets as text: base64url of the ticket and HMAC-SHA256 of it. Only nodes of the instance can sign one. Answers to what is none: EINVAL not readable, EPERM a bad signature,
/// EKEYEXPIRED.
/// </summary>
public static class SignedTicket
{
    private const int MaxText = 16 * 1024;

    private static readonly Shape<Ticket> Body = new(
        "ticket",
        (v, w) => { w.UInt(1, (ulong)v.Proof); w.UInt(2, v.Uid); w.UInt(3, v.Gid); w.Text(4, v.Name); w.Text(5, v.Host); w.At(6, v.Expires); },
        r => new Ticket((Proof)r.UInt(1), r.UInt32(2), r.UInt32(3), r.Text(4), r.Text(5), r.At(6)));

    private static readonly Shape<(ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Mac)> Whole = new(
        "signed-ticket", (v, w) => { w.Bytes(1, v.Body.Span); w.Bytes(2, v.Mac.Span); }, r => (r.Bytes(1), r.Bytes(2)));

    /// <summary>A secret of its own that follows from the one that signs capabilities, so that every node has it.</summary>
    public static byte[] KeyOf(CapabilityKey key) => HMACSHA256.HashData(key.Secret.AsSpan(), "eos ticket"u8);

    public static string Sign(Ticket ticket, ReadOnlySpan<byte> key)
    {
        var body = Body.Encode(ticket);
        return Base64Url.EncodeToString(Whole.Encode((body, HMACSHA256.HashData(key, body))));
    }

    public static TicketCheck Open(string text, ReadOnlySpan<byte> key, Instant now)
    {
        if (text.Length > MaxText || !Ascii.IsValid(text) || !Base64Url.IsValid(text)) return No(Errno.Invalid, "the ticket can't be decoded");
        try
        {
            var (body, mac) = Whole.Decode(Base64Url.DecodeFromChars(text));
            if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body.Span), mac.Span)) return No(Errno.NotPermitted, "the ticket has a bad signature");
            var ticket = Body.Decode(body);
            return ticket.Expires <= now ? No(Errno.KeyExpired, "the ticket has expired") : new TicketCheck(ticket, null);
        }
        catch (InvalidDataException)
        {
            return No(Errno.Invalid, "the ticket can't be decoded");
        }
    }

    private static TicketCheck No(Errno why, string text) => new(null, new Refusal(why, text));
}
