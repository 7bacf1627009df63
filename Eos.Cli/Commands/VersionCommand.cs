using System.CommandLine;
using System.Reflection;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>`version [-f]`: of the instance and of this client.</summary>
internal static class VersionCommand
{
    public static Command Build(Session session)
    {
        var features = new Option<bool>("-f", "--features") { Description = "Also what the server is built on." };
        var command = new Command("version", "Print the versions of the instance and of this client.") { features };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var server = await session.Client.VersionAsync(cancel);
            var (version, release) = Split(server.ServerVersion);
            var (ownVersion, ownRelease) = Split(Own);
            var record = new Pairs()
                .Add("eos.instance.name", server.Instance).Add("eos.instance.version", version).Add("eos.instance.release", release).Add("xrootd.version", "none")
                .Add("eos.engine", server.Engine);
            if (Printing.Rows(session, form, [record])) return 0;
            session.Out.WriteLine($"EOS_INSTANCE={server.Instance}");
            session.Out.WriteLine($"EOS_SERVER_VERSION={version} EOS_SERVER_RELEASE={release}");
            session.Out.WriteLine($"EOS_CLIENT_VERSION={ownVersion} EOS_CLIENT_RELEASE={ownRelease}");
            if (parsed.GetValue(features)) session.Out.WriteLine($"xrootd.version=none\neos.engine={server.Engine}");
            return 0;
        });
        return command;
    }

    private static string Own => typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>`0.1.0+abc` is version 0.1.0, release abc; without a release, 1.</summary>
    private static (string Version, string Release) Split(string whole) =>
        whole.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 ? (whole[..plus], whole[(plus + 1)..]) : (whole, "1");
}
