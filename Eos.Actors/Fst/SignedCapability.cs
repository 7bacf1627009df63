using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>One secret and the number it goes by. At least 32 bytes.</summary>
public sealed record CapabilityKey(uint Id, ImmutableArray<byte> Secret);

/// <summary>The secret that signs, and its predecessor, whose signatures are still honoured so that a change of keys breaks no transfer.</summary>
public sealed record CapabilityKeys(CapabilityKey Current, CapabilityKey? Previous)
{
    /// <summary>The key of that number; null if it is neither.</summary>
    public CapabilityKey? Find(uint id) => Current.Id == id ? Current : Previous?.Id == id ? Previous : null;
}

/// <summary>Either what a genuine one says, or why it counts for nothing.</summary>
public readonly record struct CapabilityCheck(Capability? Capability, Refusal? Refusal);

/// <summary>
/// Signs and opens capabilities: <c>key-id . body . mac</c>, where body is protobuf wire format in base64url and mac is HMAC-SHA256 of all before it.
/// </summary>
/// <remarks>
/// Pure; the moment comes in as data. The mac is compared as text and in constant time, so that no second spelling of a genuine text exists.
/// Answers: EPERM forged or unreadable, EKEYEXPIRED too old, EACCES for another operation or another filesystem.
/// </remarks>
public static class SignedCapability
{
    private const int MaxText = 16 * 1024;
    private static readonly CapabilityCheck Forged = Refuse(Errno.NotPermitted, "the capability is not genuine");

    /// <summary>URL-safe text that only a holder of the key can make.</summary>
    public static string Sign(Capability capability, CapabilityKey key)
    {
        var signed = key.Id.ToString("x", CultureInfo.InvariantCulture) + "." + Base64Url.EncodeToString(CapabilityWire.Shape.Encode(capability));
        return signed + "." + Mac(signed, key);
    }

    /// <summary>Whether the text is a genuine capability for this operation on this filesystem, now.</summary>
    public static CapabilityCheck Check(string? text, CapabilityKeys keys, Instant now, CapabilityOperation operation, FsId filesystem)
    {
        var opened = Open(text, keys, now);
        if (opened.Capability is not { } capability) return opened;
        if (capability.Operation != operation)
            return Refuse(Errno.AccessDenied, $"the capability is for {Word(capability.Operation)}, not for {Word(operation)}");
        if (!capability.Locations.Contains(filesystem))
            return Refuse(Errno.AccessDenied, $"the capability is not for filesystem {filesystem}");
        return opened;
    }

    /// <summary>Whether the text is a genuine capability that has not expired; what it allows is for the caller to compare.</summary>
    public static CapabilityCheck Open(string? text, CapabilityKeys keys, Instant now)
    {
        if (string.IsNullOrEmpty(text)) return Refuse(Errno.NotPermitted, "a capability is needed");
        if (text.Length > MaxText || !Ascii.IsValid(text)) return Forged;
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first <= 0 || last <= first) return Forged;
        if (!uint.TryParse(text.AsSpan(0, first), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)) return Forged;
        if (keys.Find(id) is not { } key) return Refuse(Errno.NotPermitted, "the capability was signed with a key that is not known here");

        var mac = Mac(text[..last], key);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(mac), Encoding.ASCII.GetBytes(text[(last + 1)..]))) return Forged;
        var capability = CapabilityWire.Shape.Decode(Base64Url.DecodeFromChars(text.AsSpan(first + 1, last - first - 1)));
        return now < capability.Grant.Expires
            ? new CapabilityCheck(capability, null)
            : Refuse(Errno.KeyExpired, "the capability has expired");
    }

    /// <summary>What a text says, genuine or not: for orders from within the cluster, whose bearer only hands it on to those who check it. Null if it says nothing.</summary>
    public static Capability? Peek(string text)
    {
        var (first, last) = (text.IndexOf('.'), text.LastIndexOf('.'));
        if (first <= 0 || last <= first || !Base64Url.IsValid(text.AsSpan(first + 1, last - first - 1))) return null;
        return CapabilityWire.Shape.Decode(Base64Url.DecodeFromChars(text.AsSpan(first + 1, last - first - 1)));
    }

    private static string Mac(string signed, CapabilityKey key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key.Secret.AsSpan(), Encoding.ASCII.GetBytes(signed)));

    private static CapabilityCheck Refuse(Errno why, string text) => new(null, new Refusal(why, text));

    private static string Word(CapabilityOperation operation) => operation switch
    {
        CapabilityOperation.Read => "reading",
        CapabilityOperation.Write => "writing",
        _ => "deleting",
    };
}
