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
