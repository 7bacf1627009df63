using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// Founds a group of one member whose state is a checkpoint's, or that of a member of a group that has lost its majority for good. Works on copies and puts the
/// member's folder in place when it is whole. The new group has another id, so no member of the old one can join it or vote in it.
/// </summary>
public static class GroupRestore
{
    /// <summary>The new group's log goes on so far after the copy: the old group can't have come there, so tokens that it gave out later are older than all new ones.</summary>
    public const ulong Gap = 1_000_000_000_000;

    private const string State = "state.db", Log = "log.db";
    private static readonly string[] Files = [State, State + "-wal", Log, Log + "-wal"];

    /// <param name="From">Holds the copy of a state, or state and log of a member that does not run.</param>
    /// <param name="Folder">The new member's; not there, or empty.</param>
    /// <param name="Cluster">Id of the new group.</param>
    public sealed record Order(string From, string Folder, string Cluster, MemberId Member);

    /// <param name="Cluster">Id of the group that the copy is of.</param>
    /// <param name="Members">Who belonged to it then.</param>
    /// <param name="At">Its last entry that the copy has.</param>
    /// <param name="Digest">Of the state.</param>
    public sealed record Restored(string Cluster, Membership Members, LogPosition At, string Digest, long Rows);

    /// <exception cref="EosException">It can't be done; nothing is left behind, and what the new group was to be made from is as it was.</exception>
    public static async Task<Restored> RunAsync(Order order, StateSettings state, RaftLogSettings log)
    {
        if (!File.Exists(Path.Combine(order.From, State)))
            throw new EosException(Errno.NoEntry, $"{order.From} holds no {State}: name the folder that quarkdb-checkpoint wrote, or that of a member (qdb/<group> in its data folder)");
        if (Directory.Exists(order.Folder) && Directory.EnumerateFileSystemEntries(order.Folder).Any())
            throw new EosException(Errno.Exists, $"{order.Folder} holds a member of a group already: restore into another data folder, or move that one away");
        var copy = order.Folder.TrimEnd(Path.DirectorySeparatorChar) + ".restoring";
        try
        {
            Copy(order.From, copy);
            var restored = await FoundAsync(order, copy, state, log).ConfigureAwait(false);
            if (Directory.Exists(order.Folder)) Directory.Delete(order.Folder);
            Directory.Move(copy, order.Folder);
            Folders.Sync(Path.GetDirectoryName(order.Folder)!);
            return restored;
        }
        catch (StateRefused e)
        {
            throw new EosException(Of(e.InnerException), $"{Path.Combine(order.From, State)} {What(e.What)}: restore from another copy");
        }
        catch (RaftLogRefused e)
        {
            throw new EosException(
                Of(e.InnerException), $"{Path.Combine(order.From, Log)} {What(e.What)}: restore from another copy, or without the log, from {State} alone, which may lack what was acknowledged last");
        }
        catch (Exception e) when (e is SqliteFailure or IOException or UnauthorizedAccessException)
        {
            throw new EosException(Of(e), $"{order.Folder} can't be written: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }

        string What(string ofTheCopy) => ofTheCopy.Replace(copy, order.From, StringComparison.Ordinal);
    }

    private static Errno Of(Exception? cause) => cause is SqliteFailure { IsFull: true } or IOException { HResult: (int)Errno.NoSpace } ? Errno.NoSpace : Errno.InputOutput;

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to)) Directory.Delete(to, recursive: true);   // a restore that was interrupted
        Directory.CreateDirectory(to);
        foreach (var file in Files.Where(f => File.Exists(Path.Combine(from, f)))) File.Copy(Path.Combine(from, file), Path.Combine(to, file));
    }

    private static async Task<Restored> FoundAsync(Order order, string folder, StateSettings settings, RaftLogSettings logSettings)
    {
        var (state, log) = (Path.Combine(folder, State), Path.Combine(folder, Log));
        var former = StateDatabase.OwnerOf(state, settings);
        if (former == order.Cluster)
            throw new EosException(Errno.Invalid, $"{order.From} is of group {former}: the new group needs another id, so that no member of the old one joins it; set eos.qdb.cluster");
        if (File.Exists(log)) await OfflineReplay.RunAsync(state, log, former, settings, logSettings).ConfigureAwait(false);
        var mark = Whole(state, settings);
        if (mark.Position == LogPosition.Start) throw new EosException(Errno.NoData, $"{order.From} holds an empty state: its member had not got anything yet; restore from another copy");
        foreach (var file in Files.Skip(2)) File.Delete(Path.Combine(folder, file));
        var founded = mark with { Position = mark.Position with { Index = mark.Position.Index + Gap }, Membership = Membership.Of([order.Member]) };
        StateDatabase.HandOver(state, order.Cluster, founded, settings);
        await BeginLogAsync(log, new RaftLogIdentity(order.Cluster, order.Member), founded, logSettings).ConfigureAwait(false);
        Folders.Sync(folder);
        return new Restored(former, mark.Membership, mark.Position, mark.Machine.Digest.ToString(), mark.Machine.Digest.Rows);
    }

    /// <summary>The mark of a state whose rows are all there.</summary>
    private static StateMark Whole(string file, StateSettings settings)
    {
        using var db = StateDatabase.OpenReader(file, settings, settings.PageCacheBytes);
        var mark = StateMark.Load(db);
        return StateCare.Trouble(db, mark, () => false) is { } trouble ? throw StateRefused.Damaged(file, trouble) : mark;
    }

    private static async Task BeginLogAsync(string file, RaftLogIdentity identity, StateMark at, RaftLogSettings settings)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = RaftLog.Open(file, identity, create: true, settings, trouble =>
        {
            if (trouble is not null) begun.TrySetException(trouble);
        });
        log.Store(new Persist(at.Position.Term, null, null, []), _ => { });
        log.StartAfter(at.Position, at.LogTime, _ => begun.TrySetResult());
        await begun.Task.ConfigureAwait(false);
    }
}
