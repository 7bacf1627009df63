using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Eos.Kernel;
using Eos.Wire;

namespace Eos.Identity;

/// <summary>What a token says: who may do what where, until when. EOS's fields.</summary>
/// <param name="Permission">Flags of an ACL rule.</param>
/// <param name="Owner">User that its bearer acts as; empty: itself. <paramref name="Group"/> alike.</param>
/// <param name="Generation">That of the instance when it was issued: raising it ends all tokens from before.</param>
/// <param name="Paths">Files or directories, those end with a slash.</param>
/// <param name="Tree">Everything below too.</param>
/// <param name="Origins">`host#name#protocol`, regular expressions each; none: from anywhere.</param>
/// <param name="Voucher">Its own number. <paramref name="Requester"/>: who asked for it.</param>
public sealed record EosToken(
    string Permission, Instant Expires, string Owner, string Group, ulong Generation, ImmutableArray<string> Paths, bool Tree, ImmutableArray<string> Origins, string Voucher, string Requester);

/// <summary>A token that was opened, genuine in every respect, or why it counts for nothing.</summary>
public readonly record struct TokenCheck(EosToken? Token, Refusal? Refusal);

/// <summary>
/// Tokens as text: `zteos64:` and, in base64url, deflated bytes: the token in protobuf's wire format and HMAC-SHA256 of that. Answers to what is none: EINVAL not readable, EPERM a bad
/// signature, EACCES another generation or none allowed, EKEYEXPIRED.
/// </summary>
public static class SignedToken
{
    public const string Prefix = "zteos64:";
    private const int MaxText = 16 * 1024;
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private static readonly Shape<EosToken> Body = new(
        "token",
        (v, w) =>
        {
            w.Text(1, v.Permission);
            w.At(2, v.Expires);
            w.Text(3, v.Owner);
            w.Text(4, v.Group);
            w.UInt(5, v.Generation);
            w.Text(6, string.Join("://:", v.Paths));
            w.Flag(7, v.Tree);
            w.Text(8, string.Join('\n', v.Origins));
            w.Text(9, v.Voucher);
            w.Text(10, v.Requester);
        },
        r => new EosToken(
            r.Text(1), r.At(2), r.Text(3), r.Text(4), r.UInt(5), [.. r.Text(6).Split("://:", StringSplitOptions.RemoveEmptyEntries)], r.Flag(7),
            [.. r.Text(8).Split('\n', StringSplitOptions.RemoveEmptyEntries)], r.Text(9), r.Text(10)));

    private static readonly Shape<(ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Mac)> Whole = new(
        "signed-token", (v, w) => { w.Bytes(1, v.Body.Span); w.Bytes(2, v.Mac.Span); }, r => (r.Bytes(1), r.Bytes(2)));

    public static bool IsToken(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public static string Sign(EosToken token, ReadOnlySpan<byte> key)
    {
        var body = Body.Encode(token);
        var whole = Whole.Encode((body, HMACSHA256.HashData(key, body)));
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zip.Write(whole);
        return Prefix + Base64Url.EncodeToString(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>What a text says, if it is genuine and counts now.</summary>
    /// <param name="generation">Of the instance; 0: tokens are switched off.</param>
    public static TokenCheck Open(string text, ReadOnlySpan<byte> key, ulong generation, Instant now)
    {
        if (Read(text) is not { } read) return No(Errno.Invalid, "the token can't be decoded");
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, read.Body.Span), read.Mac.Span)) return No(Errno.NotPermitted, "the token has a bad signature");
        var token = read.Token;
        if (generation == 0) return No(Errno.AccessDenied, "tokens are switched off: space.token.generation is 0");
        if (token.Generation != generation) return No(Errno.AccessDenied, $"the token is of generation {token.Generation}, this instance accepts {generation}");
        return token.Expires <= now ? No(Errno.KeyExpired, "the token has expired") : new TokenCheck(token, null);
    }

    /// <summary>What a text says, genuine or not; null if it can't be decoded.</summary>
    public static EosToken? Peek(string text) => Read(text)?.Token;

    /// <summary>Whether a token counts for a path. A directory's counts for names in it, with the tree for all below.</summary>
    public static bool Covers(EosToken token, string path) => Covers(token.Paths, token.Tree, path);

    /// <inheritdoc cref="Covers(EosToken, string)"/>
    public static bool Covers(ImmutableArray<string> paths, bool tree, string path) => paths.Any(given =>
    {
        if (!given.EndsWith('/')) return path == given;
        if (path + "/" == given) return true;
        return path.StartsWith(given, StringComparison.Ordinal) && (tree || !path.AsSpan(given.Length).TrimEnd('/').Contains('/'));
    });

    /// <summary>Whether it may be used from there.</summary>
    public static bool ComesFrom(EosToken token, string host, string name, string protocol) => token.Origins.IsEmpty || token.Origins.Any(origin =>
        origin.Split('#') is [var hosts, var names, var protocols] && Fits(hosts, host) && Fits(names, name) && Fits(protocols, protocol));

    /// <summary>Whether a text is an origin: three expressions that can be read.</summary>
    public static bool IsOrigin(string text) => text.Split('#') is { Length: 3 } parts && parts.All(p => Try(p, "") is not null);


    private static (ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Mac, EosToken Token)? Read(string text)
    {
        if (!IsToken(text) || text.Length > MaxText || !Ascii.IsValid(text) || !Base64Url.IsValid(text.AsSpan(Prefix.Length))) return null;
        try
        {
            using var zip = new ZLibStream(new MemoryStream(Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length))), CompressionMode.Decompress);
            var bytes = new byte[MaxBytes + 1];
            var length = zip.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes) return null;
            var (body, mac) = Whole.Decode(bytes.AsMemory(0, length));
            return (body, mac, Body.Decode(body));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static bool Fits(string expression, string text) => Try(expression, text) == true;

    /// <summary>Null: it is no expression, or one that takes too long.</summary>
    private static bool? Try(string expression, string text)
    {
        try
        {
            return Regex.IsMatch(text, $"^(?:{expression})$", RegexOptions.CultureInvariant, Patience);
        }
        catch (Exception problem) when (problem is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static TokenCheck No(Errno why, string text) => new(null, new Refusal(why, text));
}
