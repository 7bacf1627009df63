using System.CommandLine;
using Eos.Cli.Render;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli;

/// <summary>The options before the command, and the environment variables that stand in for them.</summary>
internal sealed class GlobalArguments
{
    private readonly Option<bool> _batch = new("--batch", "-b") { Description = "No questions, no progress." };
    private readonly Option<bool> _silent = new("--silent", "-s") { Description = "No progress and no summary." };
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Print JSON." };
    private readonly Option<bool> _monitoring = new("--monitoring", "-m") { Description = "Print key=value pairs." };
    private readonly Option<string[]> _role = new("--role", "-r")
    {
        Description = "Act as this user and group (names or numbers); else as EOSUSER, or with EOS_NEWGRP in this process's group.",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
        HelpName = "user group",
    };
    private readonly Option<string?> _app = new("--app", "-a") { Description = "Name of the application, for accounting (EOSAPP).", HelpName = "name" };
    private readonly Option<string?> _mgm = new("--mgm")
    {
        Description = "Gateways, tried in turn (EOS_MGM_URL; else 127.0.0.1:2552).",
        HelpName = "host:port[,host:port…]",
    };
    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "Give up a request after so long with exit code 64 (EOS_TIMEOUT; else never).",
        HelpName = "seconds",
    };
    private readonly Option<string?> _comment = new("--comment")
    {
        Description = "Why: kept with the command in the logbook of the node that answers. May stand behind any command too.",
        HelpName = "text",
    };
    private readonly Option<string?> _key = new("--key") { Description = "File with the instance's client key (EOS_KEYTAB).", HelpName = "file" };

    private readonly Option<string?> _socket = new("--socket")
    {
        Description = $"Unix socket of a node of this machine, which proves who I am without a key (EOS_SOCKET; else {GlobalOptions.UsualSocket}, if it is there and neither key nor gateway is given).",
        HelpName = "file",
    };

    public void AddTo(Command root)
    {
        foreach (var option in (Option[])[_batch, _silent, _json, _monitoring, _role, _app, _comment, _mgm, _timeout, _key, _socket]) root.Options.Add(option);
    }

    /// <summary>The options of one line. In a shell, what is not said again stays as it stands, and the connection cannot change.</summary>
    public GlobalOptions Read(ParseResult parsed, GlobalOptions standing, bool inShell, Names names)
    {
        var common = standing with
        {
            Batch = standing.Batch || parsed.GetValue(_batch),
            Silent = standing.Silent || parsed.GetValue(_silent),
            Form = FormOf(parsed, standing),
            Claim = ClaimOf(parsed, inShell ? standing.Claim : null, names) with { Comment = parsed.GetValue(_comment) ?? "" },
        };
        if (inShell) return common;
        var (key, mgm) = (parsed.GetValue(_key) ?? Variable("EOS_KEYTAB"), parsed.GetValue(_mgm) ?? Variable("EOS_MGM_URL"));
        var saysWay = parsed.GetValue(_key) is not null || parsed.GetValue(_mgm) is not null;
        return common with
        {
            Endpoints = GlobalOptions.ParseEndpoints(mgm ?? GlobalOptions.DefaultEndpoint),
            Timeout = (parsed.GetValue(_timeout) ?? Variable("EOS_TIMEOUT")) is { } limit ? GlobalOptions.ParseTimeout(limit) : null,
            KeyFile = key,
            Socket = GlobalOptions.SocketOf(parsed.GetValue(_socket) ?? (saysWay ? null : Variable("EOS_SOCKET")), key, mgm, File.Exists),
        };
    }

    /// <summary>The form of output alone, which counts for a line that is wrong too.</summary>
    public Form FormOf(ParseResult parsed, GlobalOptions standing) =>
        parsed.GetValue(_json) ? Form.Json : parsed.GetValue(_monitoring) ? Form.Monitoring : standing.Form;

    /// <summary>The caller: as it stands in a shell, else as the environment says, and over both what the line says.</summary>
    private Claim ClaimOf(ParseResult parsed, Claim? standing, Names names)
    {
        var (role, app) = (parsed.GetValue(_role), parsed.GetValue(_app));
        if (standing is not null && role is not { Length: 2 }) return standing with { App = app ?? standing.App };
        var claim = GlobalOptions.ClaimOf(
            role?.ElementAtOrDefault(0) ?? Variable("EOSUSER"), role?.ElementAtOrDefault(1), app ?? standing?.App ?? Variable("EOSAPP") ?? "", names) with
            {
                Token = Variable("EOSAUTHZ") ?? "",
            };
        return claim.RoleGid is null && claim.Gid != 0 && Variable("EOS_NEWGRP") is not null ? claim with { RoleGid = claim.Gid } : claim;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
