using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>Why a connection is not let in.</summary>
internal enum Refusal : byte
{
    NotOurProtocol = 1,
    Version = 2,
    Engine = 3,
    WireVersion = 4,
    Secret = 5,
    Address = 6,
    Quarantined = 7,
    Duplicate = 8,
    Class = 9,
}

/// <summary>The connection was refused, here or there.</summary>
internal sealed class RefusedException(Refusal reason, string text, bool byPeer) : Exception(text)
{
    public Refusal Reason { get; } = reason;

    public bool ByPeer { get; } = byPeer;
}

/// <summary>Who one side is. Both sides say it before they prove it.</summary>
internal sealed record Introduction(
    string Engine, int WireVersion, PeerClass Class, Address Address, int Uid, Address? Target, byte[] Nonce, ulong SystemReceived);

/// <summary>
/// The opening of a connection, as bytes; pure. Frames have a 4-byte length; the opener begins:
/// <code>
///   opener                                            acceptor
///   HELLO  magic, version, introduction, nonce   ->
///                                                <-   HELLO  magic, version, introduction, nonce, system messages received
///   PROOF  system messages received,             ->
///          HMAC(key, "opener", both hellos, that count)
///                                                <-   WELCOME  HMAC(key, "acceptor", both hellos, the proof)
///   either side, instead: REFUSE reason, text; then it closes.
/// </code>
/// The key is that of the opener's class. Nonces of both sides are in both proofs, so an old opening can't be played again.
/// </summary>
internal static class Handshake
{
    public const string Engine = "akka.embedded";
    public const byte Version = 1;
    public const int MaximumFrame = 4096;
    public const int NonceLength = 32;

    public const byte Hello = 0x41, Proof = 0x42, Welcome = 0x43, Refuse = 0x44;

    private const string Unknown = "the other side does not speak Akka.Embedded's protocol: only systems built on Akka.Embedded can connect here " +
        "(an Akka.NET node with its own packages cannot join; build both on the same engine)";

    private static ReadOnlySpan<byte> Magic => "AKEM"u8;

    public static byte[] WriteHello(ExtendedActorSystem system, Introduction me)
    {
        var w = new WireWriter(system);
        w.Raw(Magic);
        w.Byte(Version);
        w.Text(me.Engine);
        w.Int(me.WireVersion);
        w.Byte((byte)me.Class);
        w.Address(me.Address);
        w.Int(me.Uid);
        w.Address(me.Target);
        w.Blob(me.Nonce);
        w.ULong(me.SystemReceived);
        return Done(w);
    }

    /// <summary>Reads the other side's introduction and compares what must agree.</summary>
    /// <exception cref="RefusedException">It is no such thing, or of another version.</exception>
    public static Introduction ReadHello(ExtendedActorSystem system, ReadOnlySpan<byte> body, int wireVersion)
    {
        if (body.Length < 5 || !body[..4].SequenceEqual(Magic)) throw NotOurs();
        if (body[4] != Version)
            throw new RefusedException(Refusal.Version, $"the other side speaks version {body[4]} of Akka.Embedded's protocol, this one {Version}", false);
        Introduction you;
        try
        {
            var r = new WireReader(system, body[5..]);
            you = new Introduction(r.Text(), r.Int(), (PeerClass)r.Byte(), r.Address(), r.Int(), r.AddressOrNull(), r.Blob().ToArray(), r.ULong());
        }
        catch (Exception e) when (e is SerializationException or UriFormatException)
        {
            throw NotOurs();
        }
        if (you.Engine != Engine)
            throw new RefusedException(Refusal.Engine, $"the other side runs on the engine '{you.Engine}', this one on '{Engine}': build both on the same engine", false);
        if (you.WireVersion != wireVersion)
            throw new RefusedException(Refusal.WireVersion,
                $"the other side speaks wire version {you.WireVersion}, this one {wireVersion} (akka.remote.embedded.wire-version)", false);
        return you.Nonce.Length == NonceLength && you.Class is PeerClass.Peer or PeerClass.Client ? you : throw NotOurs();
    }

    public static RefusedException NotOurs() => new(Refusal.NotOurProtocol, Unknown, false);

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceLength);

    public static byte[] OpenerProof(string key, byte[] opener, byte[] acceptor, ulong systemReceived)
    {
        var count = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(count, systemReceived);
        return [.. count, .. Mac(key, "opener", opener, acceptor, count)];
    }

    /// <summary>Checks the opener's proof; gives the number of system messages it has received from here.</summary>
    public static bool CheckOpener(string key, byte[] opener, byte[] acceptor, ReadOnlySpan<byte> proof, out ulong systemReceived)
    {
        systemReceived = 0;
        if (proof.Length != 8 + 32) return false;
        systemReceived = BinaryPrimitives.ReadUInt64LittleEndian(proof);
        return CryptographicOperations.FixedTimeEquals(proof, OpenerProof(key, opener, acceptor, systemReceived));
    }

    public static byte[] AcceptorProof(string key, byte[] opener, byte[] acceptor, ReadOnlySpan<byte> openerProof) =>
        Mac(key, "acceptor", opener, acceptor, openerProof.ToArray());

    public static byte[] WriteRefusal(ExtendedActorSystem system, Refusal reason, string text)
    {
        var w = new WireWriter(system);
        w.Byte((byte)reason);
        w.Text(text);
        return Done(w);
    }

    public static RefusedException ReadRefusal(ExtendedActorSystem system, ReadOnlySpan<byte> body)
    {
        try
        {
            var r = new WireReader(system, body);
            return new RefusedException((Refusal)r.Byte(), r.Text(), true);
        }
        catch (SerializationException)
        {
            return NotOurs();
        }
    }

    private static byte[] Done(WireWriter writer)
    {
        var bytes = writer.ToArray();
        writer.Release();
        return bytes;
    }

    private static byte[] Mac(string key, string role, params byte[][] parts)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        mac.AppendData(Encoding.UTF8.GetBytes(role));
        var length = new byte[4];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            mac.AppendData(length);
            mac.AppendData(part);
        }
        return mac.GetHashAndReset();
    }
}
