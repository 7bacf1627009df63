using System.Globalization;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Views;

/// <summary>Into which group a filesystem goes: EOS's rules of groupsize and groupmod.</summary>
public static class FsPlaces
{
    /// <summary>The space where disks are parked: it has no groups.</summary>
    public const string Spare = "spare";

    /// <summary>
    /// The group for a filesystem of that node in a space, or in the very group that is named. Of a space it is the first that has room and no filesystem of the node.
    /// ENOENT: no such space; EINVAL: no group takes it.
    /// </summary>
    /// <param name="target">`space` or `space.index`.</param>
    /// <param name="force">Also a group that is full or has the node already.</param>
    public static (string Group, Refusal? Refusal) Choose(ViewState s, string target, string node, FsId? self, bool force)
    {
        var dot = target.LastIndexOf('.');
        var isGroup = dot > 0 && int.TryParse(target.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var space = isGroup ? target[..dot] : target;
        if (space == Spare) return (Spare, null);
        if (!IsSpace(s, space)) return ("", new Refusal(Errno.NoEntry, $"there is no space '{space}'"));
        if (isGroup) return Why(s, target, node, self) is { } why && !force ? ("", why) : (target, null);

        var groups = Math.Max(1, Number(s, space, ViewConfiguration.GroupModKey));
        for (var i = 0; i < groups; i++)
        {
            var group = $"{space}.{i.ToString(CultureInfo.InvariantCulture)}";
            if (Why(s, group, node, self) is null) return (group, null);
        }
        return force ? ($"{space}.0", null) : ("", new Refusal(Errno.Invalid, $"no group of space '{space}' has room for a filesystem of {node}: groupsize, groupmod and the node's other filesystems forbid it"));
    }

    private static Refusal? Why(ViewState s, string group, string node, FsId? self)
    {
        var members = s.Filesystems.Values.Where(h => h.Report.Identity.Group == group && h.Report.Identity.Id != self).ToList();
        var size = Number(s, ViewConfiguration.SpaceOf(group), ViewConfiguration.GroupSizeKey);
        if (size > 0 && members.Count >= size) return new Refusal(Errno.Invalid, $"group '{group}' has its {size} filesystems");
        return members.Any(h => ViewRules.NodeOf(h.Report.Identity) == node) ? new Refusal(Errno.Invalid, $"group '{group}' has a filesystem of {node}") : null;
    }

    private static bool IsSpace(ViewState s, string space) =>
        space == LayoutPolicy.DefaultSpace || s.Configuration.Spaces.ContainsKey(space) || s.Filesystems.Values.Any(h => h.Report.Identity.Space == space);

    private static int Number(ViewState s, string space, string key) =>
        int.TryParse(s.Configuration.SpaceKeys(space).GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
