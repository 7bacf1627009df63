using System.Net;
using System.Security.Cryptography;
using System.Text;
using Akka.Configuration;
using Eos.Kernel;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>The password of the door, and who needs none.</summary>
internal sealed class Password
{
    private const int Least = 32;
    private readonly byte[]? _secret;
    private readonly bool _askLocalhost;
    private readonly bool _open;

    /// <exception cref="ConfigurationException">The password is too short, or others can read its file.</exception>
    public Password(RespSettings settings)
    {
        (_askLocalhost, _open) = (settings.RequirePasswordForLocalhost, settings.Open);
        var text = settings.PasswordFile.Length > 0 ? FromFile(settings.PasswordFile) : settings.Password;
        if (text.Length == 0) return;
        if (text.Length < Least) throw new ConfigurationException($"the password of eos.resp has {text.Length} characters: at least {Least}");
        _secret = Encoding.UTF8.GetBytes(text);
    }

    public bool IsSet => _secret is not null;

    /// <summary>Whether a client from there may come at all: without a password only those on this machine, unless the door is said to be open.</summary>
    public bool Serves(EndPoint? remote) => IsSet || _open || IsLocal(remote);

    /// <summary>Whether a client from there is believed without a word.</summary>
    public bool Admits(EndPoint? remote) => !IsSet || (!_askLocalhost && IsLocal(remote));

    public bool Is(ReadOnlySpan<byte> given) => CryptographicOperations.FixedTimeEquals(given, _secret);

    public bool Signed(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(_secret!, challenge));

    private static bool IsLocal(EndPoint? remote) =>
        remote is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static string FromFile(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != UnixFileMode.UserRead)
                throw new ConfigurationException($"{path} must be readable by its owner only and writable by nobody: chmod 0400");
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the password file of eos.resp can't be read: {e.Message}", e);
        }
    }
}

/// <summary>What a client must sign to prove that it knows the password.</summary>
internal sealed record Challenge(byte[] Text, Instant Issued);

/// <summary>AUTH, and the challenge that spares sending the password.</summary>
internal static class Authentication
{
    private const int NonceLength = 64;
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(1);

    public static readonly DoorCommand[] All =
    [
        new("auth", Arity.Between(2, 3), "connection", Authenticate, Needs: CommandNeeds.Nothing, RunsInTransaction: true),
        new("hmac-auth-generate-challenge", Arity.Exactly(2), "connection", Generate, Needs: CommandNeeds.Nothing, RunsInTransaction: true),
        new("hmac-auth-validate-challenge", Arity.Exactly(2), "connection", Validate, Needs: CommandNeeds.Nothing, RunsInTransaction: true),
    ];

    /// <summary>Checks a password, and a user's name if there is one; null when it is right.</summary>
    public static string? Refuse(Session session, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        if (!session.Server.Password.IsSet) return "ERR Client sent AUTH, but no password is set";
        if (!user.SequenceEqual("default"u8) || !session.Server.Password.Is(password))
        {
            session.IsAuthenticated = false;
            return "ERR invalid password";
        }
        session.IsAuthenticated = true;
        return null;
    }

    private static LocalTurn Authenticate(Session session, Request request)
    {
        var user = request.Count == 3 ? request[1] : "default"u8;
        return Refuse(session, user, request[request.Count - 1]) is { } error ? Session.Error(error) : Session.Ok();
    }

    private static LocalTurn Generate(Session session, Request request)
    {
        if (!session.Server.Password.IsSet) return Session.Error("ERR Client sent AUTH, but no password is set");
        if (request[1].Length != NonceLength) return Session.Error($"ERR exactly {NonceLength} random bytes are needed, and {request[1].Length} were given");
        var now = session.Server.Clock.Now;
        byte[] text = [.. request[1], .. Encoding.ASCII.GetBytes($"---{now.Nanoseconds / 1_000_000}---"), .. RandomNumberGenerator.GetBytes(NonceLength)];
        session.Challenge = new Challenge(text, now);
        return Session.Answer(w => w.Bulk(text));
    }

    private static LocalTurn Validate(Session session, Request request)
    {
        if (session.Challenge is not { } challenge) return Session.Error("ERR no challenge is in progress");
        session.Challenge = null;
        if (session.Server.Clock.Now - challenge.Issued > ChallengeLife) return Session.Error("ERR deadline passed");
        if (!session.Server.Password.Signed(challenge.Text, request[1])) return Session.Error("ERR invalid signature");
        session.IsAuthenticated = true;
        return Session.Ok();
    }
}
