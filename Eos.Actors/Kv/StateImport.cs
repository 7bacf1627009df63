using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// A snapshot that another member sends. Its pieces are gathered in a file whose name says which snapshot it is, so a restart goes on where it was; when it is whole, a new
/// state is built beside the old one. Used on the thread of errands.
/// </summary>
internal sealed class StateImport(string file, string cluster, StateSettings settings)
{
    private const int Buffer = 1 << 20;

    /// <summary>The state that was built, complete and on stable storage.</summary>
    public string Built => file + "-new";

    /// <summary>What is left of an earlier life, but for pieces of snapshots that are newer than the state.</summary>
    public void Clean(LogIndex state)
    {
        DropBuilt();
        foreach (var (path, index) in Gathered())
            if (index <= state.Value) File.Delete(path);
    }

    /// <summary>Keeps a piece if it follows what is here; returns how many bytes are here.</summary>
    public ulong Keep(SnapshotChunk piece)
    {
        var path = PathOf(piece.Snapshot);
        foreach (var (other, _) in Gathered())
            if (other != path) File.Delete(other);
        using var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write);
        var length = (ulong)RandomAccess.GetLength(handle);
        if (piece.Offset > length || piece.Offset + (ulong)piece.Bytes.Length > piece.Snapshot.Size) return length;
        RandomAccess.Write(handle, piece.Bytes.Span, (long)piece.Offset);
        return Math.Max(length, piece.Offset + (ulong)piece.Bytes.Length);
    }

    /// <summary>Checks all of it and builds a state from it. False: it was broken and is thrown away.</summary>
    public bool Build(SnapshotInfo snapshot)
    {
        try
        {
            BuildFrom(snapshot);
            return true;
        }
        catch (InvalidDataException)
        {
            DropBuilt();
            Drop(snapshot);
            return false;
        }
        catch
        {
            DropBuilt();   // the disk refused: what was gathered is tried again, a half state must not fill the disk
            throw;
        }
    }

    public void Drop(SnapshotInfo snapshot) => File.Delete(PathOf(snapshot));

    private void BuildFrom(SnapshotInfo snapshot)
    {
        DropBuilt();
        SqliteFile? db = null;
        try
        {
            using var source = new FileStream(PathOf(snapshot), FileMode.Open, FileAccess.Read, FileShare.Read, Buffer);
            StateImage.Read(source, cluster, Begin, Store);
            if (source.Position != source.Length) throw new InvalidDataException("it is longer than it says");
            db!.Run("COMMIT");
        }
        finally
        {
            db?.Dispose();
        }
        using var handle = File.OpenHandle(Built, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);

        void Begin(StateMark mark)
        {
            if (mark.Position != snapshot.Position) throw new InvalidDataException($"it is of {mark.Position} instead of {snapshot.Position}");
            db = StateDatabase.OpenBuilder(Built, cluster, mark, settings);
            db.Run("BEGIN");
        }

        void Store(byte[] key, byte[] value) => db!.Query("INSERT INTO rows (k, v) VALUES (?1, ?2)").Bind(1, key).Bind(2, value).Run();
    }

    private void DropBuilt()
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" }) File.Delete(Built + suffix);
    }

    private string PathOf(SnapshotInfo snapshot) => $"{file}-import-{snapshot.Position.Term}-{snapshot.Position.Index}-{snapshot.Size}";

    private IEnumerable<(string Path, ulong Index)> Gathered() =>
        Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "-import-*").Select(path => (path, ulong.TryParse(path.Split('-')[^2], out var index) ? index : 0));
}
