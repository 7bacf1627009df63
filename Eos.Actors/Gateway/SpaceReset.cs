using Eos.Kernel;
using Eos.Services;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`space reset SPACE [--ns… --mapping]`: every node forgets what it remembers. Names and numbers are the instance's, not a space's: so the space says only who asks.</summary>
internal static class SpaceReset
{
    private static readonly string[] Namespace = ["ns", "nsfilesystemview", "nsfilemap", "nsdirectorymap"];

    private static readonly string[] Drains = ["drain", "scheduledrain", "schedulebalance"];

    public static AdminVerdict Decide(AdminFacts f)
    {
        var name = f.Word(0);
        if (!SpaceVerbs.Exists(f, name)) return SpaceVerbs.Unknown(name);
        if (Drains.FirstOrDefault(f.Has) is { } drain) return Refuse(Errno.NotSupported, $"space reset --{drain}: draining and balancing are background services that are not there yet");
        if (f.Has("egroup")) return Refuse(Errno.NotSupported, "space reset --egroup: there are no e-groups here");
        var (names, users) = (Namespace.Any(f.Has), f.Has("mapping"));
        if (!names && !users) (names, users) = (true, true);
        return names ? Tell(new UpkeepProtocol.Forget(default), forgot => users ? Users(forgot) : Say(forgot)) : Users();
    }

    private static AdminVerdict Users(params string[] before) => Tell(new UpkeepProtocol.ReadUsers(), read => Say([.. before, read]));

    private static AdminVerdict Tell(UpkeepProtocol.IToGateway message, Func<string, AdminVerdict> go) => AskNodes(UpkeepProtocol.Name, message, answers => go(
        $"success: {(message is UpkeepProtocol.Forget ? "directories sleep, and gateways have forgotten them," : "gateways read their users and groups anew")} on {answers.Length} node(s)"));
}
