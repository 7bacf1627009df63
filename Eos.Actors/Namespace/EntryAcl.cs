using System.Collections.Immutable;
using Eos.Identity;

namespace Eos.Namespace;

/// <summary>The rules that an entry's attributes hold, taken apart. A text that does not parse was never stored.</summary>
public sealed record EntryAcl(ImmutableArray<AclRule> Sys, ImmutableArray<AclRule> User, bool EvaluatesUser)
{
    public const string SysKey = "sys.acl";
    public const string UserKey = "user.acl";

    /// <summary>Where it is set, `user.acl` counts.</summary>
    public const string EvaluateKey = "sys.eval.useracl";

    public static readonly EntryAcl None = new([], [], false);

    public bool IsEmpty => Sys.IsEmpty && (User.IsEmpty || !EvaluatesUser);

    public static EntryAcl Of(ImmutableSortedDictionary<string, string> attributes)
    {
        if (attributes.IsEmpty) return None;
        var (sys, user) = (attributes.GetValueOrDefault(SysKey, ""), attributes.GetValueOrDefault(UserKey, ""));
        var evaluates = attributes.ContainsKey(EvaluateKey);
        return sys.Length + user.Length == 0 && !evaluates ? None : new EntryAcl(AclText.Parse(sys, false).Rules, AclText.Parse(user, true).Rules, evaluates);
    }
}

/// <summary>Keeps the rules of a record with it, for as long as its attributes are the same ones: they are wanted at every create. Says nothing about equality.</summary>
internal struct AclMemo : IEquatable<AclMemo>
{
    private Parsed? _parsed;

    private sealed record Parsed(ImmutableSortedDictionary<string, string> Of, EntryAcl Acl);

    public EntryAcl Of(ImmutableSortedDictionary<string, string> attributes)
    {
        var parsed = _parsed;
        if (parsed is null || !ReferenceEquals(parsed.Of, attributes)) _parsed = parsed = new Parsed(attributes, EntryAcl.Of(attributes));
        return parsed.Acl;
    }

    public readonly bool Equals(AclMemo other) => true;
    public override readonly bool Equals(object? obj) => obj is AclMemo;
    public override readonly int GetHashCode() => 0;
}
