using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Identity;

/// <summary>
/// A change of one rule, as the `acl` command has it: `u:7=rwx` sets, `u:7=` removes, `u:7:+w-x` adds and takes away single flags. `+!d` adds a denial; what is added replaces its opposite;
/// `-d` takes away all that is said about `d`.
/// </summary>
/// <param name="Sets">Replaces the rule; else <paramref name="Added"/> and <paramref name="Removed"/> change it.</param>
public sealed record AclEdit(AclRule About, bool Sets, AclRule Added, AclRule Removed)
{
    /// <summary>EINVAL for what is no edit, as a name in place of a number.</summary>
    public static (AclEdit? Edit, Refusal? Bad) Parse(string text, bool isUser)
    {
        if (AclText.ParseSubject(text) is not { } subject || subject.Length == text.Length || text[subject.Length] is not (':' or '=')) return (null, AclText.Bad(text));
        var (about, flags) = (subject.Rule, text[(subject.Length + 1)..]);
        if (text[subject.Length] == '=' && flags.Length == 0) return (new AclEdit(about, true, about, about), null);
        if (text[subject.Length] == ':' && flags.StartsWith('+') || flags.StartsWith('-')) return Changes(about, flags, isUser) is { } edit ? (edit, null) : (null, AclText.Bad(text));
        return AclText.ParseFlags(flags, isUser) is { } rule
            ? (new AclEdit(about, true, about with { Grants = rule.Grants, Denials = rule.Denials, Reallows = rule.Reallows }, about), null)
            : (null, AclText.Bad(text));
    }

    /// <param name="position">Where the rule is to be, from 1; null: where it is, a new one at the end.</param>
    public ImmutableArray<AclRule> Apply(ImmutableArray<AclRule> rules, uint? position)
    {
        var (at, before) = (-1, About);
        var others = ImmutableArray.CreateBuilder<AclRule>();
        foreach (var rule in rules)
        {
            if (!rule.IsAbout(About))
            {
                others.Add(rule);
                continue;
            }
            if (at < 0) at = others.Count;
            before = before with { Grants = before.Grants | rule.Grants, Denials = before.Denials | rule.Denials, Reallows = before.Reallows | rule.Reallows };
        }
        var after = Sets ? Added : Changed(before);
        var place = position is { } wanted ? (int)Math.Clamp((long)wanted - 1, 0, others.Count) : at < 0 ? others.Count : at;
        if (!after.SaysNothing) others.Insert(place, after);
        return others.ToImmutable();
    }

    private AclRule Changed(AclRule rule)
    {
        var grants = (rule.Grants & ~Removed.Grants & ~Added.Denials) | Added.Grants;
        if (Added.Grants.HasFlag(AclFlags.Write)) grants &= ~AclFlags.WriteOnce;
        else if (Added.Grants.HasFlag(AclFlags.WriteOnce)) grants &= ~AclFlags.Write;
        return rule with
        {
            Grants = grants,
            Denials = (rule.Denials & ~Removed.Denials & ~Added.Grants & ~Added.Reallows) | Added.Denials,
            Reallows = (rule.Reallows & ~Removed.Reallows & ~Added.Denials) | Added.Reallows,
        };
    }

    private static AclEdit? Changes(AclRule about, string flags, bool isUser)
    {
        var (added, removed) = (about, about);
        var adds = true;
        for (var at = 0; at < flags.Length;)
        {
            if (flags[at] is '+' or '-') adds = flags[at++] == '+';
            var sign = at < flags.Length && flags[at] is '!' or '+' ? flags[at++] : ' ';
            if (AclText.FlagAt(flags, at) is not { } found || !AclText.IsAllowed(found.Flag, isUser)) return null;
            at += found.Length;
            var isAboutOthers = (found.Flag & (AclFlags.Delete | AclFlags.Update)) != 0;
            switch (sign)
            {
                case '!' when found.Flag == AclFlags.WriteOnce:
                case '+' when !isAboutOthers: return null;
                case '!' when adds: added = added with { Denials = added.Denials | found.Flag }; break;
                case '!': removed = removed with { Denials = removed.Denials | found.Flag }; break;
                case '+' when adds:
                case ' ' when adds && isAboutOthers: added = added with { Reallows = added.Reallows | found.Flag }; break;
                case '+': removed = removed with { Reallows = removed.Reallows | found.Flag }; break;
                case ' ' when adds: added = added with { Grants = added.Grants | found.Flag }; break;
                default: removed = removed with { Grants = removed.Grants | found.Flag, Denials = removed.Denials | found.Flag, Reallows = removed.Reallows | found.Flag }; break;
            }
        }
        return new AclEdit(about, false, added, removed);
    }
}
