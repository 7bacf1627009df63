using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`quota ls|set|rm|rmnode`, and the part of `ns` that is about totals and quota. What is allowed is decided by the directory.</summary>
internal static class QuotaVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("quota", "", AdminRight.Everybody, f => Run(facts => new QuotaListRoutine(f, isPersonal: true, facts))),
        new("quota", "ls", AdminRight.Everybody, f => Run(facts => new QuotaListRoutine(f, isPersonal: false, facts))),
        new("quota", "set", AdminRight.Everybody, f => Limits(f, isRemoval: false)),
        new("quota", "rm", AdminRight.Everybody, f => Limits(f, isRemoval: true)),
        new("quota", "rmnode", AdminRight.Everybody, f => f.Option("p").Length == 0
            ? Refuse(Errno.Invalid, "quota rmnode needs a path (-p)")
            : Order(f, f.Option("p"), (d, call) => new QuotaProtocol.EndQuotaNode(d, call), path => [$"success: removed space quota for {path}"])),
        new("ns", "recompute_quotanode", AdminRight.Root, f =>
            Order(f, f.Word(0), (d, call) => new QuotaProtocol.RecountQuota(d, call), _ => ["quota recomputation successful"])),
        new("ns", "update_quotanode", AdminRight.Root, Correct),
        new("ns", "recompute_tree_size", AdminRight.Root, f => ulong.TryParse(f.Has("depth") ? f.Option("depth") : "0", out var depth)
            ? Run(facts => new RecountRoutine(f.Request, f.Who, f.Word(0), depth, facts))
            : Refuse(Errno.Invalid, $"'{f.Option("depth")}' is no depth")),
    ];

    private static AdminVerdict Limits(AdminFacts f, bool isRemoval)
    {
        if (f.Request.Arguments.Length > 0) return Refuse(Errno.Invalid, $"'{f.Word(0)}': the path is given by -p");
        if (f.Option("p") is not { Length: > 0 } path) return Refuse(Errno.Invalid, "the path is given by -p");
        if (f.Has("u") == f.Has("g")) return Refuse(Errno.Invalid, "either a user (-u) or a group (-g) is needed");
        if (Subject(f) is not { } subject) return Refuse(Errno.Invalid, $"'{(f.Has("u") ? f.Option("u") : f.Option("g"))}': there is no such user or group");
        var (volume, inodes) = (Limit(f, "v", isRemoval), Limit(f, "i", isRemoval));
        if (volume.Text is { } noVolume) return Refuse(Errno.Invalid, $"'{noVolume}' is no size");
        if (inodes.Text is { } noInodes) return Refuse(Errno.Invalid, $"'{noInodes}' is no number");
        if (isRemoval && !f.Has("v") && !f.Has("i")) (volume, inodes) = ((0, null), (0, null));
        if (volume.Value is null && inodes.Value is null) return Refuse(Errno.Invalid, "neither a volume (-v) nor inodes (-i) are given");
        string[] words = [.. volume.Value is null ? [] : new[] { "volume" }, .. inodes.Value is null ? [] : new[] { "inode" }];
        return Order(
            f, path, (d, call) => new QuotaProtocol.SetQuota(d, call, subject, volume.Value, inodes.Value, isRemoval),
            named => words.Select(w => isRemoval ? $"success: removed {w} quota for {subject} from node {named}" : $"success: updated {w} quota for {subject} for node {named}"));
    }

    private static AdminVerdict Correct(AdminFacts f)
    {
        var (subject, values) = (default(QuotaSubject?), new Dictionary<string, ulong>(StringComparer.Ordinal));
        foreach (var word in f.Request.Arguments.Skip(1))
        {
            if (word.Split(':', 2) is not [var key, var text] || !ulong.TryParse(text, out var value)) return Refuse(Errno.Invalid, $"'{word}' is not of the form key:number");
            if (key is "uid" or "gid" && value <= uint.MaxValue) subject = new QuotaSubject(key == "uid" ? QuotaKind.User : QuotaKind.Group, (uint)value);
            else if (key is "bytes" or "physicalbytes" or "inodes" && value <= long.MaxValue) values[key] = value;
            else return Refuse(Errno.Invalid, $"'{word}' says nothing: uid, gid, bytes, physicalbytes and inodes are known");
        }
        if (subject is not { } whose || values.Count == 0) return Refuse(Errno.Invalid, "a path, uid: or gid:, and at least one of bytes:, physicalbytes: and inodes: are needed");
        return Order(
            f, f.Word(0), (d, call) => new QuotaProtocol.CorrectQuota(d, call, whose, Value("bytes"), Value("physicalbytes"), Value("inodes")),
            path => [$"success: updated quota node {path}"]);

        ulong? Value(string key) => values.TryGetValue(key, out var value) ? value : null;
    }

    private static AdminVerdict Order(
        AdminFacts f, string path, Func<DirectoryId, DirectoryProtocol.Call, DirectoryProtocol.ICommand> order, Func<string, IEnumerable<string>> lines) =>
        Run(facts => new QuotaOrderRoutine(f.Request, f.Who, path, order, lines, facts));

    internal static QuotaSubject? Subject(AdminFacts f) =>
        f.Has("u") ? f.Users.Uid(f.Option("u")) is { } uid ? new QuotaSubject(QuotaKind.User, uid) : null
        : f.Users.Gid(f.Option("g")) is { } gid ? new QuotaSubject(QuotaKind.Group, gid)
        : null;

    /// <summary>The value of an option, nothing if it is not given; or the text that is no number. To take a limit away is to set it to 0.</summary>
    private static (ulong? Value, string? Text) Limit(AdminFacts f, string option, bool isRemoval) =>
        !f.Has(option) ? (null, null)
        : isRemoval ? (0, null)
        : ByteCount.Parse(f.Option(option)) is { } value ? (value, null)
        : (null, f.Option(option));
}
