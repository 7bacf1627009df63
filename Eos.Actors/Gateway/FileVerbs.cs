using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>Commands about versions and locks of single files. Directories decide who may.</summary>
internal static class FileVerbs
{
    private const int UsualLock = 86_400;

    public static readonly AdminVerb[] All =
    [
        new("file", "purge", AdminRight.Everybody, Purge),
        new("file", "grab", AdminRight.Everybody, f => Run(facts => new GrabVersionRoutine(f.Request, f.Word(0), f.Word(1), f.Who, facts))),
        new("file", "lock", AdminRight.Everybody, Lock),
        new("file", "unlock", AdminRight.Everybody, f => Run(facts => new LockRoutine(f.Request, f.Word(0), null, TimeSpan.Zero, f.Who, facts))),
    ];

    private static AdminVerdict Purge(AdminFacts f)
    {
        var number = f.Word(1).Length == 0 ? "-1" : f.Word(1);
        if (!int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var keep) || keep < -1)
            return Refuse(Errno.Invalid, $"'{number}' is no number of versions: 0 removes all, -1 does what the directory says");
        return Run(facts => new PurgeFileRoutine(f.Request, f.Word(0), keep < 0 ? null : keep, f.Who, facts));
    }

    private static AdminVerdict Lock(AdminFacts f)
    {
        var (life, wanted) = (f.Word(1), f.Word(2));
        if (!uint.TryParse(life.Length == 0 ? $"{UsualLock}" : life, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Refuse(Errno.Invalid, $"'{life}' is no lifetime in seconds");
        LockRules.Audience? audience = wanted switch { "" => LockRules.Audience.Owner, "user" => LockRules.Audience.User, "app" => LockRules.Audience.App, _ => null };
        return audience is { } whom
            ? Run(facts => new LockRoutine(f.Request, f.Word(0), whom, TimeSpan.FromSeconds(seconds), f.Who, facts))
            : Refuse(Errno.Invalid, $"'{wanted}' is no audience: user and app are");
    }
}
