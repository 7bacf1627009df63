using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Scheduling;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Extended attributes of directories and files: `sys.*` is policy, `user.*` belongs to the owner. The rules of access are two of them.</summary>
public static class AttributeRules
{
    /// <summary>A directory whose attributes are seen here too, where there are none of the same key.</summary>
    public const string LinkKey = "sys.attr.link";

    private const int MaxKey = 255;
    private const int MaxValue = 4096;

    /// <summary>EPERM: not the caller's to change; EINVAL: no key, or a value that says nothing; EEXIST and ENODATA as asked for.</summary>
    public static Decision Change(DirectoryState s, SetAttributes c, Facts facts)
    {
        var (attributes, file, refusal) = Find(s, c);
        if (refusal is not null) return DirectoryRules.Refuse(c, refusal);
        foreach (var key in c.Set.Keys.Concat(c.Removed))
        {
            if (!IsKey(key)) return DirectoryRules.Refuse(c, Errno.Invalid, $"'{key}' is no attribute: sys.… and user.… are");
            if (OwnershipRules.ChangeAttribute(c.Call.Caller, s.Self!, file, key) is { } denied) return DirectoryRules.Refuse(c, denied);
        }
        foreach (var (key, value) in c.Set)
        {
            if (Check(key, value) is { } bad) return DirectoryRules.Refuse(c, bad);
            if (c.OnlyNew && attributes.ContainsKey(key)) return DirectoryRules.Refuse(c, Errno.Exists, $"'{key}' is set");
        }
        foreach (var key in c.Removed)
            if (!attributes.ContainsKey(key)) return DirectoryRules.Refuse(c, Errno.NoData, $"'{key}' is not set");
        return Decision.Accept(new AttributesChanged(DirectoryRules.StampOf(c, facts), c.Name, c.Set, c.Removed), new Done(c.Directory, c.Call.Op));
    }

    /// <summary>One rule of an ACL. With the last one the attribute goes.</summary>
    public static Decision Edit(DirectoryState s, EditAcl c, Facts facts)
    {
        var (attributes, file, refusal) = Find(s, c);
        if (refusal is not null) return DirectoryRules.Refuse(c, refusal);
        var key = c.OfUser ? EntryAcl.UserKey : EntryAcl.SysKey;
        if (OwnershipRules.ChangeAttribute(c.Call.Caller, s.Self!, file, key) is { } denied) return DirectoryRules.Refuse(c, denied);
        if (c.OfUser && !attributes.ContainsKey(EntryAcl.EvaluateKey)) return DirectoryRules.Refuse(c, Errno.Invalid, $"{EntryAcl.UserKey} says nothing without {EntryAcl.EvaluateKey}");
        var (edit, bad) = AclEdit.Parse(c.Edit, c.OfUser);
        if (bad is not null) return DirectoryRules.Refuse(c, bad);

        var text = AclText.Write(edit!.Apply(AclText.Parse(attributes.GetValueOrDefault(key, ""), c.OfUser).Rules, c.Position));
        if (text.Length > MaxValue) return DirectoryRules.Refuse(c, Errno.NoSpace, $"the rules would have more than {MaxValue} characters");
        var (none, done) = (ImmutableSortedDictionary<string, string>.Empty, new Done(c.Directory, c.Call.Op));
        return text == attributes.GetValueOrDefault(key, "") ? Decision.Answer(done) : Decision.Accept(
            text.Length == 0
                ? new AttributesChanged(DirectoryRules.StampOf(c, facts), c.Name, none, [key])
                : new AttributesChanged(DirectoryRules.StampOf(c, facts), c.Name, none.Add(key, text), []),
            done);
    }

    /// <summary>Null: a value that may be stored.</summary>
    public static Refusal? Check(string key, string value) => key switch
    {
        _ when value.Length > MaxValue => new Refusal(Errno.Invalid, $"the value of '{key}' has more than {MaxValue} characters"),
        EntryAcl.SysKey or EntryAcl.UserKey => AclText.Parse(value, key == EntryAcl.UserKey).Bad,
        OwnershipRules.MaskKey when OwnershipRules.Octal(value) is null => new Refusal(Errno.Invalid, $"'{value}' is no octal mask"),
        _ when key.StartsWith("sys.forced.", StringComparison.Ordinal) && IoPolicy.Check(key["sys.forced.".Length..], value) is { } io => io,
        _ => LayoutPolicy.Check(key, value) ?? VersionRules.Check(key, value) ?? SizeRules.Check(key, value) ?? AccessTimeRules.Check(key, value),
    };

    /// <summary>A file that is replaced loses its own rules, unless it says that they count.</summary>
    public static ImmutableSortedDictionary<string, string> AfterOverwrite(ImmutableSortedDictionary<string, string> attributes) =>
        attributes.ContainsKey(EntryAcl.EvaluateKey) ? attributes : attributes.Remove(EntryAcl.SysKey).Remove(EntryAcl.UserKey);

    /// <summary>What counts in a directory: its own attributes, and of the directory that <see cref="LinkKey"/> names those that it does not have itself.</summary>
    public static ImmutableSortedDictionary<string, string> Effective(
        ImmutableSortedDictionary<string, string> own, ImmutableSortedDictionary<string, string>? linked) =>
        linked is null || linked.IsEmpty ? own : linked.Remove(LinkKey).SetItems(own);

    /// <summary>The same, of what came with the caller.</summary>
    public static ImmutableSortedDictionary<string, string> Effective(Caller caller, DirectoryRecord directory) =>
        caller.Links.IsEmpty || !directory.Attributes.TryGetValue(LinkKey, out var link)
            ? directory.Attributes
            : Effective(directory.Attributes, caller.Links.Where(l => l.Link == link && l.Key.Length > 0).ToImmutableSortedDictionary(l => l.Key, l => l.Value));

    /// <summary>The directory whose attributes are to come with the caller before anything is decided; null: none, or they have come.</summary>
    public static string? MissingLink(Caller caller, DirectoryRecord directory) =>
        directory.Attributes.TryGetValue(LinkKey, out var link) && !caller.Links.Any(l => l.Link == link) ? link : null;

    /// <summary>What a new sub-directory takes over. Hidden ones, with versions or parts of uploads, are not versioned themselves.</summary>
    public static ImmutableSortedDictionary<string, string> Inherited(DirectoryRecord parent, string name) =>
        (parent.Mode & Permission.Inherit) == 0 ? ImmutableSortedDictionary<string, string>.Empty
        : HiddenNames.IsVersions(name) || HiddenNames.IsAtomic(name) ? parent.Attributes.RemoveRange(NotOfHidden)
        : parent.Attributes;

    private static readonly string[] NotOfHidden = ["sys.versioning", "user.versioning", "sys.forced.atomic", "user.forced.atomic"];

    private static (ImmutableSortedDictionary<string, string> Attributes, FileRecord? File, Refusal? Refusal) Find(DirectoryState s, IOwnershipCommand c)
    {
        var (file, refusal) = OwnershipRules.Find(s, c);
        return (file?.Attributes ?? s.Self!.Attributes, file, refusal);
    }

    private static bool IsKey(string key) =>
        key.Length <= MaxKey && !key.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '=' or '"')
        && ((key.StartsWith("sys.", StringComparison.Ordinal) && key.Length > 4) || (key.StartsWith("user.", StringComparison.Ordinal) && key.Length > 5));
}
