using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli;

/// <summary>In which form a command prints what it found.</summary>
internal enum Form
{
    Human = 0,
    Monitoring = 1,
    Json = 2,
}

/// <summary>What stands before the command, with the environment behind it.</summary>
internal sealed record GlobalOptions
{
    public const string DefaultEndpoint = "127.0.0.1:2552";

    /// <summary>No prompts, no progress.</summary>
    public bool Batch { get; init; }

    public bool Silent { get; init; }
    public Form Form { get; init; }

    /// <summary>host:port of gateways, tried in turn.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [DefaultEndpoint];

    /// <summary>For each request; null: for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>File with the client key of the instance; null: none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where a node of this machine usually has its socket.</summary>
    public const string UsualSocket = "/run/eos/socket";

    /// <summary>The Unix socket of a node of this machine; null: it is reached by the network.</summary>
    public string? Socket { get; init; }

    /// <summary>The socket that is named; the usual one, if it is there and neither a key nor a gateway is named.</summary>
    public static string? SocketOf(string? named, string? key, string? mgm, Func<string, bool> isThere) =>
        named ?? (key is null && mgm is null && isThere(UsualSocket) ? UsualSocket : null);

    public Claim Claim { get; init; } = Claim.Nobody;

    /// <summary>Splits `host:port,host:port`, each with or without `root://`; a host without a port gets the default port.</summary>
    public static IReadOnlyList<string> ParseEndpoints(string text)
    {
        var found = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var bare = part[(part.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..].TrimEnd('/');
            var colon = bare.LastIndexOf(':');
            var bracketed = bare.EndsWith(']');
            var port = colon >= 0 && !bracketed ? bare[(colon + 1)..] : "2552";
            var host = colon >= 0 && !bracketed ? bare[..colon] : bare;
            if (host.Length == 0 || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                throw new EosException(Errno.Invalid, $"'{part}' is not host:port");
            found.Add($"{host}:{port}");
        }
        return found.Count > 0 ? found : throw new EosException(Errno.Invalid, "no MGM is given");
    }

    /// <summary>Seconds, with or without a fraction or a trailing s.</summary>
    public static TimeSpan ParseTimeout(string text) =>
        double.TryParse(text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e7
            ? TimeSpan.FromSeconds(seconds)
            : throw new EosException(Errno.Invalid, $"'{text}' is not a number of seconds above 0");

    /// <summary>The caller: this process's user, and the role that was asked for.</summary>
    public static Claim ClaimOf(string? user, string? group, string app, Names names) =>
        new(Posix.Uid, Posix.Gid, names.User(Posix.Uid), Environment.MachineName, app)
        {
            RoleUid = user is null ? null : names.Uid(user) ?? throw new EosException(Errno.Invalid, $"no such user: '{user}'"),
            RoleGid = group is null ? null : names.Gid(group) ?? throw new EosException(Errno.Invalid, $"no such group: '{group}'"),
        };
}
