using System.Diagnostics;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>What is done with the state as a whole: snapshots, checks, copies, figures. The long parts are errands on a thread of their own; callbacks come on any thread.</summary>
public sealed partial class KvEngine
{
    private long? _refusedAt;   // the errands' own

    public void Export(SnapshotInfo snapshot, ulong offset, int maxBytes, Action<SnapshotPiece> found) =>
        _errands.Run(() => Snapshot(() => _export.Read(snapshot, offset, maxBytes, _state.Writer, found)));

    public void Import(SnapshotChunk piece, Action<ulong, bool> kept) => _errands.Run(() => Snapshot(() => Keep(piece, kept)));

    /// <summary>Computes the digest from all rows of the file and compares it with the one that is kept up to date. Cost: reads everything.</summary>
    public void Verify(Action<StateVerdict> found) => AfterWriting(() => found(LongReading(() => StateCare.Verify(_file, _settings, () => _errands.IsClosing))), e =>
        found(new StateVerdict(Opened, "", 0, e.Message)));

    /// <summary>Writes a copy of the state with all that is applied by now into a new or empty folder: a new group can be founded from it (<see cref="GroupRestore"/>).</summary>
    /// <param name="done">Up to where the copy goes, or what was wrong.</param>
    public void Checkpoint(string folder, Action<SnapshotInfo?, string?> done) => AfterWriting(
        () => done(LongReading(() => StateCare.Copy(_file, folder, _settings)).Info(), null), e => done(null, e.Message));

    /// <summary>Writes the file anew without gaps. Takes as much space again meanwhile; applying goes on until its changes wait in memory up to their bound.</summary>
    /// <param name="done">Null, or what was wrong.</param>
    public void Compact(Action<string?> done) => Order(() => _state.WhenWritten(() => _state.Writer.Do(db => done(Vacuum(db)))));

    public void Describe(Action<StateFigures> found) => Order(() => found(_state.Figures()));

    private (StateFile, KvMachine, LogIndex) OpenState()
    {
        var state = StateFile.Open(_file, _origin, _settings, new StateFileEvents(Kept, Wake, _owner));
        return (state, new KvMachine(state), state.Sealed.Position.Index);
    }

    /// <summary>While a lagging member fetches a snapshot, the log after it must not go.</summary>
    private void Kept(StateMark mark)
    {
        if (_export.IsHeld) return;
        _errands.Run(() =>
        {
            _export.Forget();
            if (_refusedAt is { } at && Stopwatch.GetElapsedTime(at) > _settings.SnapshotHold) SnapshotsWork();   // nobody asks any more
        });
        _owner.Kept(mark.Info());
    }

    /// <summary>What the disk refuses is asked for, or sent, again; meanwhile it is told.</summary>
    private void Snapshot(Action errand)
    {
        try
        {
            errand();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteFailure { IsDamage: false } or StateRefused { InnerException: SqliteFailure { IsDamage: false } })
        {
            if (_refusedAt is null) _owner.Snapshots(new IOException($"the disk refuses a snapshot beside {_file}: {e.Message}", e));
            _refusedAt = Stopwatch.GetTimestamp();
            return;
        }
        if (_refusedAt is not null) SnapshotsWork();
    }

    private void SnapshotsWork()
    {
        _refusedAt = null;
        _owner.Snapshots(null);
    }

    private void AfterWriting(Action errand, Action<Exception> failed) => Order(() => _state.WhenWritten(() => _errands.Run(() =>
    {
        try
        {
            errand();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteFailure or StateRefused or OperationCanceledException)
        {
            failed(e);
        }
    })));

    private T LongReading<T>(Func<T> read)
    {
        var writer = _state.Writer;
        writer.LongReading(begins: true);
        try
        {
            return read();
        }
        finally
        {
            writer.LongReading(begins: false);
        }
    }

    private static string? Vacuum(SqliteFile db)
    {
        try
        {
            db.Run("VACUUM");
            db.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            return null;
        }
        catch (SqliteFailure e)
        {
            return e.Message;
        }
    }

    /// <summary>A snapshot that can't be written out or gathered is asked for, or sent, again; a damaged file is the end.</summary>
    private void ErrandFailed(Exception e)
    {
        if (e is SqliteFailure { IsDamage: true } damage) _owner.Failed(StateRefused.Of(damage, _file));
        else if (e is not (IOException or UnauthorizedAccessException or SqliteFailure or StateRefused or OperationCanceledException)) _owner.Failed(e);
    }

    private void Keep(SnapshotChunk piece, Action<ulong, bool> kept)
    {
        var snapshot = piece.Snapshot;
        if (snapshot.Position.Index <= _state.Sealed.Position.Index)
        {
            kept(0, false);
            return;
        }
        var here = 0ul;
        var built = false;
        try
        {
            here = _import.Keep(piece);
            built = here == snapshot.Size && _import.Build(snapshot);
            if (here == snapshot.Size && !built) here = 0;
        }
        finally
        {
            if (!built) kept(here, false);
        }
        if (!built) return;
        _errands.Hold();
        Order(() => Install(snapshot, kept));
    }

    /// <summary>The state that was built takes the place of this one. Until the file is renamed the old one is whole, and from then on the new one is.</summary>
    private void Install(SnapshotInfo snapshot, Action<ulong, bool> kept)
    {
        var isNewer = snapshot.Position.Index > _applied;
        if (isNewer)
        {
            _state.Close();
            var wal = new FileInfo(_file + "-wal");
            if (wal is { Exists: true, Length: > 0 }) throw new IOException($"{wal.FullName} could not be emptied, so the snapshot up to {snapshot.Position.Index} can't take the place of the state");
            wal.Delete();
            File.Delete(_file + "-shm");
            File.Move(_import.Built, _file, overwrite: true);
            Folders.Sync(Path.GetDirectoryName(_file)!);
            _digests.Clear();
            (_state, _machine, _applied) = OpenState();
            _owner.Applied(_applied);
        }
        _import.Drop(snapshot);
        _errands.Release();
        kept(snapshot.Size, isNewer);
    }
}
