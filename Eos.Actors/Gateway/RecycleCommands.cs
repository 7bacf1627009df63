using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Commands about some bins: finds out which, and whether the caller may.</summary>
internal abstract class RecycleCommand(AdminFacts asked, RecycleSelection selection, RoutineFacts facts) : RecycleRoutine(asked.Request.Head, asked.Who, facts)
{
    protected AdminFacts Asked => asked;

    /// <summary>The bins; after a refusal nothing.</summary>
    protected IEnumerable<Step> Choose(Action<Predicate<string>> take)
    {
        var bin = selection.Bin.Length > 0 ? selection.Bin : RecycleNames.UserBin(Who.Uid);
        if (selection.Project.Length > 0)
        {
            if (Parse(selection.Project) is not { } path) yield break;
            var place = new Place();
            foreach (var step in Know(path, place)) yield return step;
            if (place.Refusal is not null) Refuse(place.Refusal);
            else if (!place.Record!.Attributes.TryGetValue(RecycleBin.ProjectKey, out var project)) Refuse(Errno.Invalid, $"{path}: has no {RecycleBin.ProjectKey}");
            else bin = $"rid:{project}";
            if (Answer is Refused) yield break;
        }
        if (bin.StartsWith("rid:", StringComparison.Ordinal) && !Who.IsRoot && !Caller.IsAdmin)
        {
            var place = new RecyclePlaceRoutine(Bin.Child(bin), Facts);
            foreach (var step in Within(place)) yield return step;
            if (place.Found is null || !AccessRules.May(Caller, place.Found.Self, Intent.Read))
            {
                Refuse(Errno.NotPermitted, $"{bin}: is not open to you");
                yield break;
            }
        }
        take(name => selection.All || name == bin);
    }
}

/// <summary>`recycle`: how full it is.</summary>
internal sealed class RecycleStatusRoutine(Administer request, VirtualIdentity who, RoutineFacts facts) : RecycleRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        var (used, policy) = (default(TreeCounts), Policy);
        foreach (var step in Used(counts => used = counts)) yield return step;
        var (inodes, life) = (used.Files + used.Directories, (ulong)policy.Lifetime.TotalSeconds);
        var (volume, share) = (Percent(used.Bytes, policy.Size), Percent(inodes, policy.Inodes));
        var ratio = (policy.Ratio ?? 0).ToString("0.###", CultureInfo.InvariantCulture);
        var record = AdminRecord.Empty.Add("recycle-bin", Bin.ToString()).Add("usedbytes", used.Bytes).Add("maxbytes", policy.Size).Add("volumeusage", $"{volume}%")
            .Add("usedinodes", inodes).Add("maxinodes", policy.Inodes).Add("inodeusage", $"{share}%").Add("lifetime", life).Add("ratio", ratio);
        const string Rule = "# _______________________________________________________________________________";
        Answer = new Report(Op, [record],
        [
            Rule,
            $"# used {used.Bytes} out of {policy.Size} ({volume}% volume) used {inodes} out of {policy.Inodes} ({share}% inodes used) Object-Lifetime {life} [s] Keep-Ratio {ratio}",
            Rule,
        ]);
    }

    private static string Percent(ulong part, ulong whole) => (whole == 0 ? 0 : 100.0 * part / whole).ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>`recycle ls`.</summary>
internal sealed class RecycleListRoutine(AdminFacts asked, RecycleSelection selection, ImmutableArray<string> date, RoutineFacts facts) : RecycleCommand(asked, selection, facts)
{
    public override IEnumerable<Step> Run()
    {
        var bins = default(Predicate<string>);
        foreach (var step in Choose(chosen => bins = chosen)) yield return step;
        if (bins is null) yield break;
        var listing = new RecycleListing(bins, date, Facts);
        foreach (var step in Within(listing)) yield return step;
        var lines = listing.Items.Select(Line).Prepend(
            $"# {"Deletion Time",-22} {"UID",-8} {"GID",-8} {"SIZE",-12} {"TYPE",-13} {"RESTORE-KEY",-21} {"RESTORE-PATH",-64} DTRACE").ToImmutableArray();
        if (listing.IsCut) lines = lines.Add($"warning: the list is cut after {RecycleBin.MostListed} entries");
        Answer = listing.Answer is Refused refused ? refused with { Op = Op } : AdminRoutine.Part(Asked.Request, [.. listing.Items.Select(Record)], lines);
    }

    /// <summary>The key is the tenth word.</summary>
    private static string Line(RecycleItem item) =>
        $"{Date(item.Deleted),-24} {item.Owner.Uid,-8} {item.Owner.Gid,-8} {item.Bytes,-12} {Type(item),-13} {item.Key,-21} {item.Path,-64} {item.Trace}";

    private AdminRecord Record(RecycleItem item) => AdminRecord.Empty.Add("recycle", "ls").Add("recycle-bin", Bin.ToString())
        .Add("uid", item.Owner.Uid).Add("gid", item.Owner.Gid).Add("size", item.Bytes).Add("deletion-time", (ulong)item.Deleted).Add("type", Type(item))
        .Add("keylength.restore-path", (ulong)Encoding.UTF8.GetByteCount(item.Path)).Add("restore-path", item.Path).Add("restore-key", item.Key.ToString()).Add("dtrace", item.Trace);

    private static string Type(RecycleItem item) => item.Key.IsTree ? "recursive-dir" : "file";

    private static string Date(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
}

/// <summary>`recycle purge`: what is in the bin is removed for good.</summary>
internal sealed class RecyclePurgeRoutine(AdminFacts asked, RecycleSelection selection, ImmutableArray<string> date, RecycleKey? key, RoutineFacts facts)
    : RecycleCommand(asked, selection, facts)
{
    public override IEnumerable<Step> Run()
    {
        var bins = default(Predicate<string>);
        foreach (var step in Choose(chosen => bins = chosen)) yield return step;
        if (bins is null) yield break;
        var purge = new RecyclePurge(bins, date, item => key is null || item.Key == key, null, isDry: false, Facts);
        foreach (var step in Within(purge)) yield return step;
        if (purge.Answer is Refused refused) Answer = refused with { Op = Op };
        else if (key is { } wanted && purge.Trees + purge.Files == 0) Refuse(Errno.NoEntry, $"{wanted}: there is no such key in this bin");
        else Answer = new Report(Op, [], [$"success: purged {purge.Trees} bulk deletions and {purge.Files} individual files from the recycle bin!"]);
    }
}

/// <summary>`recycle clean`, which the cleaner orders: removes what is older than the lifetime, with a ratio only while the bin is fuller than that. By `--count` it is only counted.</summary>
internal sealed class RecycleCleanRoutine(AdminFacts asked, RoutineFacts facts) : RecycleRoutine(asked.Request.Head, asked.Who, facts)
{
    public override IEnumerable<Step> Run()
    {
        var (used, policy) = (default(TreeCounts), Policy);
        foreach (var step in Used(counts => used = counts)) yield return step;
        var oldest = Facts.Now - policy.Lifetime;
        var day = DateOnly.FromDateTime(oldest.ToDateTimeOffset().UtcDateTime);
        var most = RecycleBin.TooMuch(policy, used);
        var isDry = policy.DryRun || asked.Has("count");
        var purge = new RecyclePurge(_ => true, [], item => item.Folder.Day < day || (item.Folder.Day == day && item.Deleted < oldest.Seconds), most, isDry, Facts);
        if (most is not 0)
            foreach (var step in Within(purge)) yield return step;
        Answer = new Report(
            Op,
            [AdminRecord.Empty.Add("trees", purge.Trees).Add("files", purge.Files).Add("bytes", purge.Bytes)],
            [$"{(isDry ? "would remove" : "removed")} {purge.Trees} bulk deletions and {purge.Files} individual files with {purge.Bytes} bytes"]);
    }
}

/// <summary>`recycle project`: a directory gets a bin of its own, which its ACL opens. The client gives the attribute to what is below.</summary>
internal sealed class RecycleProjectRoutine(AdminFacts asked, RoutineFacts facts) : RecycleRoutine(asked.Request.Head, asked.Who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(asked.Option("path")) is not { } path) yield break;
        if (RecycleBin.IsInside(path, Bin.Parent))
        {
            Refuse(Errno.Invalid, $"{path}: is below {Bin.Parent}");
            yield break;
        }
        var (place, look) = (new Place(), default(Question));
        foreach (var step in AskAt(path, place, d => Look(d, ""), q => look = q)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        if (Answer is Refused || look?.Answer is not DirectoryProtocol.Found found) yield break;
        var bin = Bin.Child(RecycleNames.ProjectBin(found.Directory));
        foreach (var (target, mode) in ((EosPath, uint)[])[(Bin.Parent, 0x1ed), (Bin, RecycleBin.Mode), (bin, RecycleBin.Mode)])
        {
            var make = new MakeDirectoryRoutine(new MakeDirectory(asked.Request.Head with { Op = Facts.NewOp() }, target.ToString(), Parents: true, mode), RecycleBin.Keeper, Facts);
            foreach (var step in Within(make)) yield return step;
            if (make.Answer is not Done) yield break;
        }
        if (asked.Has("acl"))
        {
            var rule = new EditAcl(asked.Request.Head with { Op = Facts.NewOp() }, bin.ToString(), asked.Option("acl"), OfUser: false, null);
            var edit = new OwnershipRoutine(rule, RecycleBin.Keeper, Facts);
            foreach (var step in Within(edit)) yield return step;
            if (edit.Answer is Refused refused)
            {
                Answer = refused with { Op = Op };
                yield break;
            }
        }
        var id = found.Directory.Value.ToString(CultureInfo.InvariantCulture);
        Answer = new Report(Op, [AdminRecord.Empty.Add("path", path.ToString()).Add("recycleid", id)], [$"success: recycle project {id} of {path} has the bin {bin}"]);
    }
}
