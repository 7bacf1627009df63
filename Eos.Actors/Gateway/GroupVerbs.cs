using Eos.Instance;
using Eos.Kernel;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`group set|rm`.</summary>
internal static class GroupVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("group", "set", AdminRight.Root, Set),
        new("group", "rm", AdminRight.Root, Remove),
    ];

    private static AdminVerdict Set(AdminFacts f)
    {
        var (name, status) = (f.Word(0), f.Word(1));
        if (!ConfiguredThings.IsName(name)) return Refuse(Errno.Invalid, $"'{name}' is no name of a group");
        return status is "on" or "off" or "drain"
            ? Change(
                now => Revision.Set(ViewConfiguration.Section, ConfiguredThings.Key(f, ViewConfiguration.Group, name, ViewConfiguration.StatusKey), status),
                $"success: group '{name}' is {status}")
            : Refuse(Errno.Invalid, $"group set takes on, off or drain, not '{status}'");
    }

    private static AdminVerdict Remove(AdminFacts f)
    {
        var name = f.Word(0);
        if (f.View.Filesystems.Values.Any(h => h.Report.Identity.Group == name)) return Refuse(Errno.Busy, $"group '{name}' has filesystems");
        return f.View.Configuration.Groups.ContainsKey(name)
            ? Change(now => ConfiguredThings.Clear(f, now, ViewConfiguration.Group, name), $"success: removed group '{name}'")
            : Refuse(Errno.NoEntry, $"there is no group '{name}'");
    }
}
