using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>What checking all rows found.</summary>
/// <param name="At">The state that was checked.</param>
/// <param name="Trouble">Null: the rows are those that the digest tells of.</param>
public sealed record StateVerdict(SnapshotInfo At, string Digest, long Rows, string? Trouble);

/// <summary>Sizes of a state. Bytes.</summary>
/// <param name="At">Up to where it is applied.</param>
/// <param name="Kept">Up to where it is on stable storage.</param>
/// <param name="Cached">Rows in memory, with those that wait to be written.</param>
/// <param name="Waiting">Rows that wait to be written.</param>
public sealed record StateFigures(SnapshotInfo At, SnapshotInfo? Kept, string Digest, long Rows, long Cached, long Waiting, long FileSize, long WriteAheadSize, long SnapshotSize);

/// <summary>Work on all rows of a state's file, on connections of its own beside the one that writes.</summary>
internal static class StateCare
{
    private const int LookEvery = 4096;

    /// <summary>All rows in order; ends in an exception when the state is being closed.</summary>
    public static IEnumerable<KvRow> All(SqliteFile db, Func<bool> isClosing)
    {
        var count = 0;
        using var rows = db.Query("SELECT k, v FROM rows ORDER BY k").Rows();
        while (rows.Next())
        {
            if (++count % LookEvery == 0 && isClosing()) throw new OperationCanceledException("the state is being closed");
            yield return new KvRow(rows.Blob(0), rows.Blob(1));
        }
    }

    /// <summary>Computes the digest from all rows and compares it with the one that was kept up to date.</summary>
    public static StateVerdict Verify(string file, StateSettings settings, Func<bool> isClosing)
    {
        using var db = StateDatabase.OpenReader(file, settings, settings.PageCacheBytes);
        db.Run("BEGIN");
        var mark = StateMark.Load(db);
        return new StateVerdict(mark.Info(), mark.Machine.Digest.ToString(), mark.Machine.Digest.Rows, Trouble(db, mark, isClosing) is { } trouble ? StateRefused.Damaged(file, trouble).Message : null);
    }

    /// <summary>What is wrong with the rows; null: they are those that the mark tells of.</summary>
    public static string? Trouble(SqliteFile db, StateMark mark, Func<bool> isClosing)
    {
        var digest = default(KvDigest);
        try
        {
            foreach (var row in All(db, isClosing)) digest = digest.With(row.Key.Span, row.Value.Span);
        }
        catch (SqliteFailure e) when (e.IsDamage)
        {
            return e.Message;
        }
        return digest == mark.Machine.Digest ? null : $"its {digest.Rows} rows have the digest {digest}; it should have {mark.Machine.Digest.Rows} with {mark.Machine.Digest}";
    }

    /// <summary>Writes a copy of the state, of one moment, as a file of that name in a new or empty folder.</summary>
    /// <exception cref="IOException">The folder can't be used.</exception>
    public static StateMark Copy(string file, string folder, StateSettings settings)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any()) throw new IOException($"the folder {folder} is not empty");
        var target = Path.Combine(folder, Path.GetFileName(file));
        using var db = StateDatabase.OpenReader(file, settings, settings.PageCacheBytes);
        db.Query("VACUUM INTO ?1").Bind(1, target + ".new").Run();
        using (var handle = File.OpenHandle(target + ".new", FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
        File.Move(target + ".new", target);
        Folders.Sync(folder);
        using var copy = StateDatabase.OpenReader(target, settings, settings.PageCacheBytes);
        return StateMark.Load(copy);
    }
}
