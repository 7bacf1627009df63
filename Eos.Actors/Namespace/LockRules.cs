using System.Globalization;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// Locks that programs put on files: the attribute `sys.app.lock`, written `expires:SECONDS,type:exclusive,owner:UID:APP` as EOS does. A `*` for uid or app means anyone.
/// While it holds, whoever is not its owner can neither open the file nor lock it (EBUSY).
/// </summary>
public static class LockRules
{
    public const string Key = "sys.app.lock";

    /// <summary>For whom a lock stays open: this user with this program, this user with any, or any user with this program.</summary>
    public enum Audience
    {
        Owner = 0,
        User = 1,
        App = 2,
    }

    /// <summary>A lock as the attribute says it. Null: anyone.</summary>
    public readonly record struct FileLock(long Expires, uint? Uid, string? App)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"expires:{Expires},type:exclusive,owner:{(Uid is { } uid ? uid.ToString(CultureInfo.InvariantCulture) : "*")}:{App ?? "*"}");
    }

    /// <summary>Puts a lock on a file or takes it away.</summary>
    public static Decision Change(DirectoryState s, LockFile c, Facts facts)
    {
        if (s.Entries.Find(c.Name) is not FileEntry file) return DirectoryRules.Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
        if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.Update, file) is { } denied) return DirectoryRules.Refuse(c, denied);
        if (Against(file.File, c.Call.Caller.Uid, c.Call.Caller.App, facts.Now) is { } held) return DirectoryRules.Refuse(c, held);
        var caller = c.Call.Caller;
        var text = c.Audience is { } audience
            ? new FileLock((facts.Now + c.Lifetime).Seconds, audience == Audience.App ? null : caller.Uid, audience == Audience.User ? null : caller.App).ToString()
            : "";
        return Decision.Accept(new FileLocked(DirectoryRules.StampOf(c, facts), c.Name, text), new Done(c.Directory, c.Call.Op));
    }

    /// <summary>What hinders this caller; null: nothing.</summary>
    public static Refusal? Against(FileRecord file, uint uid, string app, Instant now) =>
        file.Attributes.TryGetValue(Key, out var text) && Parse(text) is { } held && held.Expires > now.Seconds
            && ((held.Uid is { } owner && owner != uid) || (held.App is { } program && program != app))
            ? new Refusal(Errno.Busy, $"the file is locked by {text}")
            : null;

    public static FileLock? Parse(string text)
    {
        var parts = text.Split(',', 3);
        if (parts.Length != 3 || !parts[0].StartsWith("expires:", StringComparison.Ordinal) || !parts[2].StartsWith("owner:", StringComparison.Ordinal)) return null;
        var owner = parts[2]["owner:".Length..].Split(':', 2);
        if (owner.Length != 2 || !long.TryParse(parts[0]["expires:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)) return null;
        if (owner[0] != "*" && !uint.TryParse(owner[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)) return null;
        return new FileLock(expires, owner[0] == "*" ? null : uint.Parse(owner[0], CultureInfo.InvariantCulture), owner[1] == "*" ? null : owner[1]);
    }
}
