using Eos.Kernel;
using Eos.Scheduling;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Extended attributes of a directory: `sys.*` is policy and root's, `user.*` belongs to the owner.</summary>
public static class AttributeRules
{
    private const int MaxKey = 255;
    private const int MaxValue = 4096;

    /// <summary>EPERM: not the caller's to change; EINVAL: no key, or a value that says nothing; EEXIST and ENODATA as asked for.</summary>
    public static Decision Change(DirectoryState s, SetAttributes c, Facts facts)
    {
        var keys = c.Removed.Length == 0 ? c.Set.Keys : c.Set.Keys.Append(c.Removed);
        foreach (var key in keys)
        {
            if (!IsKey(key)) return DirectoryRules.Refuse(c, Errno.Invalid, $"'{key}' is no attribute: sys.… and user.… are");
            if (c.Call.Caller.Uid != 0 && (c.Call.Caller.Uid != s.Self!.Owner.Uid || key.StartsWith("sys.", StringComparison.Ordinal)))
                return DirectoryRules.Refuse(c, Errno.NotPermitted, $"no permission to change '{key}'");
        }
        foreach (var (key, value) in c.Set)
        {
            if (value.Length > MaxValue) return DirectoryRules.Refuse(c, Errno.Invalid, $"the value of '{key}' has more than {MaxValue} characters");
            if ((LayoutPolicy.Check(key, value) ?? VersionRules.Check(key, value) ?? SizeRules.Check(key, value)) is { } bad) return DirectoryRules.Refuse(c, bad.Why, bad.Text);
            if (c.OnlyNew && s.Self!.Attributes.ContainsKey(key)) return DirectoryRules.Refuse(c, Errno.Exists, $"'{key}' is set");
        }
        return c.Removed.Length > 0 && !s.Self!.Attributes.ContainsKey(c.Removed)
            ? DirectoryRules.Refuse(c, Errno.NoData, $"'{c.Removed}' is not set")
            : Decision.Accept(new AttributesChanged(DirectoryRules.StampOf(c, facts), c.Set, c.Removed), new Done(c.Directory, c.Call.Op));
    }

    private static bool IsKey(string key) =>
        key.Length <= MaxKey && !key.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '=' or '"')
        && ((key.StartsWith("sys.", StringComparison.Ordinal) && key.Length > 4) || (key.StartsWith("user.", StringComparison.Ordinal) && key.Length > 5));
}
