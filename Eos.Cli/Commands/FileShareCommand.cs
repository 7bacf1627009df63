using System.CommandLine;
using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;
using Settings = Eos.Kernel.Settings;

namespace Eos.Cli.Commands;

/// <summary>`file share path [lifetime]`: a link by which whoever has it reads the file until it expires. It carries a token; `space.token.generation` revokes all of them.</summary>
internal static class FileShareCommand
{
    private const string UsualLife = "28d";

    /// <summary>For all but root.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);

    public static Command Build(Session session)
    {
        var path = new Argument<string>("path");
        var lifetime = new Argument<string?>("lifetime") { Arity = ArgumentArity.ZeroOrOne, Description = $"A number with s, min, h, d, w, mo or y; {UsualLife} without it, at most 90d unless you are root." };
        var http = new Option<string?>("--http") { Description = "Where the instance is reached by HTTP, if not at the usual port of the MGM that is asked.", HelpName = "host:port" };
        var command = new Command("share", "A link to a file for others, that expires.") { path, lifetime, http };
        command.SetAction(async (parsed, cancel) =>
        {
            var (target, text) = (session.Path(parsed.GetValue(path)!), parsed.GetValue(lifetime) ?? UsualLife);
            var life = RecyclePolicy.Span(text) is { } span && span > TimeSpan.Zero ? span : throw new EosException(Errno.Invalid, $"'{text}' is no lifetime");
            if (life > LongestLife && session.Options.Claim.Uid != 0) throw new EosException(Errno.Invalid, $"file share: {text} is more than 90 days");
            var info = await session.Client.InfoAsync(target, cancel);
            if (info is not Gateway.GatewayProtocol.FileInformation file) throw new EosException(Errno.IsADirectory, $"{target} is a directory");
            var expires = DateTimeOffset.FromUnixTimeSeconds(SystemClock.Instance.Now.Seconds + (long)life.TotalSeconds);
            var options = new Dictionary<string, string> { ["path"] = file.Path, ["expires"] = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["permission"] = "rx" };
            var token = Assert((await session.Client.AdministerAsync("token", "", [], options, cancel)).Lines.FirstOrDefault());
            session.Out.WriteLine($"[ expires ]: {expires.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}");
            session.Out.WriteLine($"[ http ]: http://{parsed.GetValue(http) ?? Usual(session)}{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}?authz={Uri.EscapeDataString(token)}");
            return 0;
        });
        return command;
    }

    private static string Assert(string? token) => token ?? throw new EosException(Errno.BadMessage, "the answer has no token");

    /// <summary>The host that is asked, with the port that `eos.http.mgm-port` has where nothing is configured.</summary>
    private static string Usual(Session session)
    {
        var place = session.Options.Endpoints[0];
        return $"{place[..place.LastIndexOf(':')]}:{new Settings(Settings.Reference, "eos.http").Int("mgm-port")}";
    }
}
