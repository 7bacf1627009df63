using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Eos.Kernel;

namespace Eos.Identity;

/// <summary>
/// The grammar of `sys.acl` and `user.acl`: rules `u:id:flags`, `g:id:flags`, `egroup:name:flags`, `k:key:flags`, `z:flags` with commas between. `!` before a flag denies it,
/// `+d` and `+u` allow again what other rules deny.
/// </summary>
public static class AclText
{
    /// <summary>In the order in which they are written.</summary>
    private static readonly (string Letter, AclFlags Flag)[] Letters =
    [
        ("r", AclFlags.Read), ("w", AclFlags.Write), ("wo", AclFlags.WriteOnce), ("x", AclFlags.Browse), ("m", AclFlags.ChangeMode), ("i", AclFlags.Immutable),
        ("q", AclFlags.SetQuota), ("c", AclFlags.ChangeOwner), ("a", AclFlags.Archive), ("A", AclFlags.SysAcl), ("X", AclFlags.SysAttributes), ("p", AclFlags.Prepare),
        ("t", AclFlags.IssueTokens), ("d", AclFlags.Delete), ("u", AclFlags.Update),
    ];

    private const AclFlags OnlyOfSys = AclFlags.Prepare | AclFlags.IssueTokens;
    private const AclFlags NeverGranted = AclFlags.Delete | AclFlags.Update;

    /// <summary>The rules of a text with numeric ids; EINVAL for what is none.</summary>
    public static (ImmutableArray<AclRule> Rules, Refusal? Bad) Parse(string text, bool isUser)
    {
        if (text.Length == 0) return ([], null);
        var rules = ImmutableArray.CreateBuilder<AclRule>();
        foreach (var part in text.Split(','))
        {
            if (ParseRule(part, isUser) is not { } rule) return ([], Bad(part));
            rules.Add(rule);
        }
        return (rules.ToImmutable(), null);
    }

    /// <summary>The text with numbers in place of the names of users and groups; a name that nobody knows stays, and is refused later.</summary>
    public static string Numbered(string text, Func<string, uint?> user, Func<string, uint?> group) => string.Join(',', text.Split(',').Select(part => Head(part) switch
    {
        { Subject: AclSubject.User } head when user(head.Name) is { } id => $"u:{id}{part[head.Length..]}",
        { Subject: AclSubject.Group } head when group(head.Name) is { } id => $"g:{id}{part[head.Length..]}",
        _ => part,
    }));

    public static string Write(IEnumerable<AclRule> rules) => string.Join(',', rules);

    /// <param name="name">What a user's or group's number reads as; null: the number.</param>
    public static string Write(AclRule rule, Func<AclRule, string>? name)
    {
        var text = new StringBuilder(rule.Subject switch
        {
            AclSubject.User => "u:",
            AclSubject.Group => "g:",
            AclSubject.EGroup => "egroup:",
            AclSubject.Key => "k:",
            _ => "z:",
        });
        if (rule.Subject is AclSubject.User or AclSubject.Group) text.Append(name?.Invoke(rule) ?? rule.Id.ToString(CultureInfo.InvariantCulture)).Append(':');
        else if (rule.Subject != AclSubject.Everybody) text.Append(rule.Name).Append(':');
        Append(rule.Grants, "");
        Append(rule.Denials, "!");
        Append(rule.Reallows, "+");
        return text.ToString();

        void Append(AclFlags flags, string before)
        {
            foreach (var (letter, flag) in Letters)
                if (flags.HasFlag(flag)) text.Append(before).Append(letter);
        }
    }

    /// <summary>Flags as in a rule, of nobody in particular; null: not flags.</summary>
    public static AclRule? ParseFlags(string flags, bool isUser) => ParseFlags(new AclRule(AclSubject.Everybody, 0, "", 0, 0, 0), flags, isUser);

    /// <summary>Whom a rule is about, and where its flags begin, behind a `:` or another mark; null: nobody.</summary>
    public static (AclRule Rule, int Length)? ParseSubject(string text)
    {
        if (Head(text) is not { } head) return null;
        if (head.Subject is not (AclSubject.User or AclSubject.Group)) return (new AclRule(head.Subject, 0, head.Name, 0, 0, 0), head.Length);
        return uint.TryParse(head.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (new AclRule(head.Subject, id, "", 0, 0, 0), head.Length) : null;
    }

    /// <summary>The flag that begins at a place, and how long it is; null: none.</summary>
    internal static (AclFlags Flag, int Length)? FlagAt(string text, int at)
    {
        if (at + 1 < text.Length && text[at] == 'w' && text[at + 1] == 'o') return (AclFlags.WriteOnce, 2);
        foreach (var (letter, flag) in Letters)
            if (letter.Length == 1 && at < text.Length && text[at] == letter[0]) return (flag, 1);
        return null;
    }

    internal static bool IsAllowed(AclFlags flag, bool isUser) => !isUser || (flag & OnlyOfSys) == 0;

    internal static Refusal Bad(string part) => new(Errno.Invalid, $"'{part}' is no rule: u:<id>:<flags>, g:, egroup:, k: and z:<flags> are, with flags of rwxmiqcaAXpt, wo, !<flag>, +d and +u");

    private static AclRule? ParseRule(string text, bool isUser) =>
        ParseSubject(text) is { } subject && subject.Length < text.Length && text[subject.Length] == ':' ? ParseFlags(subject.Rule, text[(subject.Length + 1)..], isUser) : null;

    private static AclRule? ParseFlags(AclRule rule, string flags, bool isUser)
    {
        for (var at = 0; at < flags.Length;)
        {
            var sign = flags[at] is '!' or '+' ? flags[at++] : ' ';
            if (FlagAt(flags, at) is not { } found || !IsAllowed(found.Flag, isUser)) return null;
            at += found.Length;
            switch (sign)
            {
                case '!' when found.Flag != AclFlags.WriteOnce: rule = rule with { Denials = rule.Denials | found.Flag }; break;
                case '+' when (found.Flag & NeverGranted) != 0: rule = rule with { Reallows = rule.Reallows | found.Flag }; break;
                case ' ' when (found.Flag & NeverGranted) == 0: rule = rule with { Grants = rule.Grants | found.Flag }; break;
                default: return null;
            }
        }
        return rule.SaysNothing ? null : rule;
    }

    /// <summary>The part before the mark behind which flags begin.</summary>
    private static (AclSubject Subject, string Name, int Length)? Head(string text)
    {
        if (text.Length > 1 && text[0] == 'z' && text[1] is ':' or '=') return (AclSubject.Everybody, "", 1);
        var colon = text.IndexOf(':');
        AclSubject? subject = (colon < 0 ? "" : text[..colon]) switch
        {
            "u" => AclSubject.User,
            "g" => AclSubject.Group,
            "egroup" => AclSubject.EGroup,
            "k" => AclSubject.Key,
            _ => null,
        };
        if (subject is null) return null;
        var end = text.AsSpan(colon + 1).IndexOfAny(':', '=');
        return end > 0 && !text.AsSpan(colon + 1, end).ContainsAny(' ', '"', '\t') ? (subject.Value, text.Substring(colon + 1, end), colon + 1 + end) : null;
    }
}
