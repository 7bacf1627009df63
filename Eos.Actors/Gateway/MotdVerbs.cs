using System.Text;
using Eos.Kernel;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`motd`: the message of the day, for everybody to read and for root to set. It is kept with the configuration, in a form without line ends.</summary>
internal static class MotdVerbs
{
    private const string Section = "global", Key = "motd";
    private const int Longest = 16_384;

    public static readonly AdminVerb[] All =
    [
        new("motd", "", AdminRight.Everybody, f => Say(Text(f.Instance[Section, Key]).Split('\n').Where(l => l.Length > 0))),
        new("motd", "set", AdminRight.Root, Set),
    ];

    private static AdminVerdict Set(AdminFacts f)
    {
        var text = f.Word(0).Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
        if (text.Length > Longest) return Refuse(Errno.TooBig, $"a message of the day has at most {Longest} characters");
        var stored = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        return text.Length == 0
            ? Change(_ => Instance.Revision.Remove(Section, Key), "success: removed the message of the day")
            : Change(_ => Instance.Revision.Set(Section, Key, stored), "success: set the message of the day");
    }

    private static string Text(string? stored)
    {
        var bytes = new byte[Longest * 4];
        return stored is not null && Convert.TryFromBase64String(stored, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
