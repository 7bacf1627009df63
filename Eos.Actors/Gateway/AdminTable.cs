using System.Collections.Frozen;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>Every administrator's command that the gateway knows.</summary>
public static class AdminTable
{
    public static readonly FrozenDictionary<(string Noun, string Verb), AdminVerb> All = new[]
    {
        ConfigVerbs.All,
        MapVerbs.All,
        QuotaVerbs.All,
        RouteVerbs.All,
        VidVerbs.All,
        AccessVerbs.All,
        WhoVerbs.All,
        LogVerbs.All,
        TokenRoutine.Verbs,
        SpaceVerbs.All,
        GroupVerbs.All,
        NodeVerbs.All,
        FsVerbs.All,
        FileVerbs.All,
        NsVerbs.All,
        RecycleVerbs.All,
        MotdVerbs.All,
    }.SelectMany(verbs => verbs).ToFrozenDictionary(v => (v.Noun, v.Verb));

    /// <summary>What a request comes to; EINVAL when there is no such command, EPERM when it is not the caller's to give.</summary>
    public static AdminVerdict Decide(AdminFacts facts)
    {
        var (noun, verb) = (facts.Request.Noun, facts.Request.Verb);
        if (!All.TryGetValue((noun, verb), out var row)) return AdminVerdict.Refuse(Errno.Invalid, $"{noun} {verb}: there is no such command");
        return May(row.Right, facts.Who) ? row.Decide(facts) : AdminVerdict.Refuse(Errno.NotPermitted, $"{noun} {verb}: you don't have the required privileges");
    }

    public static bool May(AdminRight right, VirtualIdentity who) => right switch
    {
        AdminRight.Everybody => true,
        AdminRight.Administrator => who.Caller.IsPrivileged,
        _ => who.IsRoot,
    };
}
