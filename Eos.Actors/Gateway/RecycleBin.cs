using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>The recycle bin as the configuration and the attributes of directories say it. Pure.</summary>
public static class RecycleBin
{
    /// <summary>The section of the configuration that has its settings, by the names of `recycle config`.</summary>
    public const string Section = "recycle";

    /// <summary>A directory whose files come into the bin; its value is the bin's path.</summary>
    public const string Key = "sys.recycle";

    /// <summary>A directory whose files come into the bin of a project: the number of the project's directory.</summary>
    public const string ProjectKey = "sys.forced.recycleid";

    /// <summary>Permission bits of everything in the bin: it is seen through `eos recycle` only.</summary>
    public const uint Mode = 0x1c0;

    /// <summary>Entries of one dated folder; then comes the next index.</summary>
    public const ulong FolderSize = 100_000;

    /// <summary>Entries that a listing names at most.</summary>
    public const int MostListed = 100_000;

    /// <summary>As whom the bin is filled, read and emptied.</summary>
    public static readonly VirtualIdentity Keeper = new(Caller.Root, "root", "localhost", Proof.ClusterKey);

    public static RecyclePolicy PolicyOf(InstanceState instance) => RecyclePolicy.Of(instance.Section(Section));

    /// <summary>`/eos/INSTANCE/proc/recycle`.</summary>
    public static EosPath Root(string instance) => EosPath.Root.Child("eos").Child(instance).Child("proc").Child("recycle");

    public static bool IsInside(EosPath path, EosPath root) =>
        path.Names.Length >= root.Names.Length && path.Names.AsSpan(0, root.Names.Length).SequenceEqual(root.Names.AsSpan());

    /// <summary>Whether what is removed from a directory comes into the bin. ENODEV: the directory says so, but names another place than the bin.</summary>
    public static (bool Takes, Refusal? Refusal) Takes(RecyclePolicy policy, EosPath root, EosPath path, DirectoryRecord directory)
    {
        if (!policy.Enabled || IsInside(path, root) || path.Names.Any(HiddenNames.IsVersions)) return (false, null);
        if (policy.Enforced) return (true, null);
        if (!directory.Attributes.TryGetValue(Key, out var place)) return (false, null);
        return place.TrimEnd('/') == root.ToString() ? (true, null) : (false, new Refusal(Errno.NoDevice, $"{Key} is '{place}', the recycle bin is {root}"));
    }

    /// <summary>The bin of what belongs to this owner in this directory.</summary>
    public static string BinOf(DirectoryRecord directory, Owner owner) =>
        directory.Attributes.TryGetValue(ProjectKey, out var text) && ulong.TryParse(text, out var project)
            ? RecycleNames.ProjectBin(new DirectoryId(project))
            : RecycleNames.UserBin(owner.Uid);

    /// <summary>ENOSPC: the bin has no room for so much more.</summary>
    public static Refusal? Full(RecyclePolicy policy, TreeCounts used, ulong bytes, ulong inodes) =>
        (policy.Size > 0 && used.Bytes + bytes > policy.Size) || (policy.Inodes > 0 && used.Files + used.Directories + inodes > policy.Inodes)
            ? new Refusal(Errno.NoSpace, "the recycle bin is full")
            : null;

    /// <summary>ENOSPC: the quota of the bin's directory, which is the project's (gid 99), does not allow so much more.</summary>
    public static Refusal? Exceeded(QuotaBook book, ImmutableArray<OwnerUsage> usage, ulong physical, ulong inodes)
    {
        var (limit, used) = (book.Limits.GetValueOrDefault(QuotaSubject.Project), book.UsageOf(QuotaSubject.Project, usage));
        return (limit.Volume > 0 && used.Physical + physical > limit.Volume) || (limit.Inodes > 0 && used.Files + inodes > limit.Inodes)
            ? new Refusal(Errno.NoSpace, "the quota of the recycle bin is exceeded")
            : null;
    }

    /// <summary>Bytes that may go until emptying ends; 0: the bin is not fuller than its ratio, null: all that is too old goes.</summary>
    public static ulong? TooMuch(RecyclePolicy policy, TreeCounts used)
    {
        if (policy.Ratio is not { } ratio || (policy.Size == 0 && policy.Inodes == 0)) return null;
        var (volume, inodes) = (Share(used.Bytes, policy.Size), Share(used.Files + used.Directories, policy.Inodes));
        if (Math.Max(volume, inodes) <= ratio) return 0;
        return volume > ratio ? used.Bytes - (ulong)Math.Min(used.Bytes, policy.LowMark!.Value * policy.Size) : null;
    }

    private static double Share(ulong part, ulong whole) => whole == 0 ? 0 : (double)part / whole;

    /// <summary>Who removed it and when.</summary>
    public static string Trace(VirtualIdentity who, Instant now) => new JsonObject
    {
        ["uid"] = who.Uid,
        ["gid"] = who.Gid,
        ["host"] = who.Host,
        ["app"] = who.App,
        ["time"] = now.Seconds,
    }.ToJsonString();

    /// <summary>The moment in a trace; null: it has none.</summary>
    public static long? TimeOf(string trace)
    {
        try
        {
            return (long?)JsonNode.Parse(trace)?["time"];
        }
        catch (Exception broken) when (broken is System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
