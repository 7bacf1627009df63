using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What routines about the recycle bin have in common.</summary>
public abstract class RecycleRoutine(Head head, VirtualIdentity who, RoutineFacts facts) : DirectoryRemoval(head, who, facts)
{
    protected EosPath Bin => RecycleBin.Root(Facts.Settings.Instance);

    protected RecyclePolicy Policy => RecycleBin.PolicyOf(Facts.Instance());

    /// <summary>A step of the bin's own: nobody else may do anything there.</summary>
    protected DirectoryProtocol.Call KeeperCall => FreshCall with { Caller = Caller.Root };

    /// <summary>Another routine as a part of this one.</summary>
    protected IEnumerable<Step> Within(Routine part)
    {
        foreach (var step in part.Run())
        {
            yield return step;
            (part.Number, part.Rows, part.InstanceAnswer) = (Number, Rows, InstanceAnswer);
        }
    }

    /// <summary>How much is in the bin; nothing if there is none yet.</summary>
    protected IEnumerable<Step> Used(Action<TreeCounts> take)
    {
        var place = new RecyclePlaceRoutine(Bin, Facts);
        foreach (var step in Within(place)) yield return step;
        if (place.Found is { } found) take(found.Tree);
    }

    /// <summary>ENOSPC, if the bin's settings or the quota of its directory leave no room for so much more.</summary>
    private IEnumerable<Step> CheckRoom(BinLoad load, Action<Refusal> refuse)
    {
        var place = new RecyclePlaceRoutine(Bin, Facts);
        foreach (var step in Within(place)) yield return step;
        var full = RecycleBin.Full(Policy, place.Found?.Tree ?? default, load.Bytes, load.Inodes);
        if (full is null && place.Found is { Self.IsQuotaNode: true } found)
        {
            var read = Question.Of(new QuotaProtocol.ReadQuota(found.Directory, Facts.NewOp()));
            foreach (var step in Ask(read)) yield return step;
            if (read.Answer is QuotaProtocol.QuotaRead quota) full = RecycleBin.Exceeded(quota.Book, quota.Usage, load.Physical, load.Inodes);
        }
        if (full is not null) refuse(full);
    }

    /// <summary>A tree leaves its directory for the bin, as one thing. The key is taken if <see cref="Routine.Answer"/> is then <see cref="Done"/>.</summary>
    /// <param name="owner">In whose bin it comes to lie.</param>
    protected IEnumerable<Step> RecycleTree(EosPath path, DirectoryProtocol.Found found, ChildEntry tree, DirectoryProtocol.Found self, Owner owner, DirectoryProtocol.Call call, Action<RecycleKey> take)
    {
        if (AccessRules.Check(Caller, found.Self, Intent.Delete, tree) is { } denied)
        {
            Refuse(denied, path);
            yield break;
        }
        var folder = default(DirectoryId?);
        foreach (var step in Room(path, RecycleBin.BinOf(self.Self, owner), BinLoad.Of(self.Tree), to => folder = to)) yield return step;
        if (folder is not { } bin) yield break;
        var key = new RecycleKey(tree.Id.Value, IsTree: true);
        var mark = Question.Of(new DirectoryProtocol.SetAttributes(tree.Id, KeeperCall, "", Marks(path), [], OnlyNew: false));
        foreach (var step in Ask(mark)) yield return step;
        foreach (var step in MoveEntry(new MoveOrder(path, found.Directory, tree.Name, bin, RecycleNames.Entry(path, key), Overwrite: false), call with { Caller = Caller.Root })) yield return step;
        if (Answer is Done) take(key);
    }

    /// <summary>A file leaves its directory for the bin.</summary>
    protected IEnumerable<Step> Recycle(EosPath path, DirectoryProtocol.Found found, FileEntry file, DirectoryProtocol.Call call, RecycleKey? versions)
    {
        if (AccessRules.Check(Caller, found.Self, Intent.Delete, file) is { } denied)
        {
            Refuse(denied, path);
            yield break;
        }
        var folder = default(DirectoryId?);
        foreach (var step in Room(path, RecycleBin.BinOf(found.Self, file.File.Owner), BinLoad.Of(file.File), bin => folder = bin)) yield return step;
        if (folder is not { } to) yield break;
        var key = new RecycleKey(file.File.Id.Value, IsTree: false);
        var changes = versions is { } link ? Marks(path).Add(RecycleNames.VersionKey, link.ToString()) : Marks(path);
        var go = Question.Of(new DirectoryProtocol.LetGo(
            found.Directory, call, file.Name, file.File.Id, new DirectoryProtocol.Destination(to, RecycleNames.Entry(path, key), null), changes));
        foreach (var step in Ask(go)) yield return step;
        if (go.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(go.Answer, path);
    }

    /// <summary>A folder that has room for so much; else why not is the answer.</summary>
    protected IEnumerable<Step> Room(EosPath path, string bin, BinLoad load, Action<DirectoryId> take)
    {
        var full = default(Refusal);
        foreach (var step in CheckRoom(load, why => full = why)) yield return step;
        if (full is not null)
        {
            Refuse(full, path);
            yield break;
        }
        var folder = new RecycleFolderRoutine(bin, Facts);
        foreach (var step in Within(folder)) yield return step;
        if (folder.Folder is { } to) take(to);
        else Answer = folder.Answer is Refused refused ? new Refused(Op, Errno.NoDevice, $"{path}: {refused.Text}") : new Unknown(Op, "the recycle bin does not answer");
    }

    protected ImmutableSortedDictionary<string, string> Marks(EosPath path) => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(RecycleNames.PathKey, path.ToString()).Add(RecycleNames.TraceKey, RecycleBin.Trace(Who, Facts.Now));
}

/// <summary>How much comes into the bin.</summary>
/// <param name="Physical">Bytes on disks.</param>
public readonly record struct BinLoad(ulong Bytes, ulong Physical, ulong Inodes)
{
    public static BinLoad Of(FileRecord file) => new(file.Content.Size, Usage.Of(file).Physical, 1);

    /// <summary>How its files are stored is not known: each byte counts once.</summary>
    public static BinLoad Of(TreeCounts tree) => new(tree.Bytes, tree.Bytes, tree.Files + tree.Directories + 1);
}

/// <summary>Asks a directory of the bin what it is.</summary>
internal sealed class RecyclePlaceRoutine(EosPath path, RoutineFacts facts) : Routine(new Head(facts.NewOp(), 0, Claim.Nobody), RecycleBin.Keeper, facts)
{
    /// <summary>Null: it is not there.</summary>
    public DirectoryProtocol.Found? Found { get; private set; }

    public override IEnumerable<Step> Run()
    {
        var (place, asked) = (new Place(), default(Question));
        foreach (var step in AskAt(path, place, d => Look(d, ""), q => asked = q)) yield return step;
        if (place.Refusal is null) Found = asked?.Answer as DirectoryProtocol.Found;
        if (place.Refusal is { Why: not Errno.NoEntry } refusal) Refuse(refusal);
        else Answer = new Done(Op);
    }
}

/// <summary>Finds the folder of today that still has room, or makes it.</summary>
internal sealed class RecycleFolderRoutine(string bin, RoutineFacts facts) : RecycleRoutine(new Head(facts.NewOp(), 0, Claim.Nobody), RecycleBin.Keeper, facts)
{
    public DirectoryId? Folder { get; private set; }

    public override IEnumerable<Step> Run()
    {
        var names = RecycleNames.DatedFolder(Facts.Now, 0);
        var day = names[..^1].Aggregate(Bin.Child(bin), (path, name) => path.Child(name));
        var today = new RecyclePlaceRoutine(day, Facts);
        foreach (var step in Within(today)) yield return step;
        for (var index = Math.Max(1UL, today.Found?.Counts.Directories ?? 0) - 1; Folder is null; index++)
        {
            var path = day.Child(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var folder = new RecyclePlaceRoutine(path, Facts);
            foreach (var step in Within(folder)) yield return step;
            if (folder.Found is null)
            {
                foreach (var step in Make(path)) yield return step;
                if (Answer is not Done) yield break;
                foreach (var step in Within(folder)) yield return step;
            }
            if (folder.Found is not { } found)
            {
                Answer = folder.Answer is Refused ? folder.Answer : new Unknown(Op, "the recycle bin does not answer");
                yield break;
            }
            if (found.Counts.Files + found.Counts.Directories < RecycleBin.FolderSize) Folder = found.Directory;
        }
        Answer = new Done(Op);
    }

    /// <summary>`proc` is everybody's to enter, the bin and all below it nobody's.</summary>
    private IEnumerable<Step> Make(EosPath path)
    {
        foreach (var (target, mode) in ((EosPath, uint)[])[(Bin.Parent, 0x1ed), (Bin, RecycleBin.Mode), (path, RecycleBin.Mode)])
        {
            var make = new MakeDirectoryRoutine(new MakeDirectory(new Head(Facts.NewOp(), 0, Claim.Nobody), target.ToString(), Parents: true, mode), RecycleBin.Keeper, Facts);
            foreach (var step in Within(make)) yield return step;
            Answer = make.Answer;
            if (Answer is not Done) yield break;
        }
    }
}
