using System.Diagnostics;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// The snapshot that lagging members fetch: a file of all rows beside the state, written out when the first of them asks. At most one is there; it gives way to a
/// newer one only when a newer one is asked for, and goes when nobody has read it for a time. Except for <see cref="IsHeld"/>, used on the thread of errands.
/// </summary>
/// <param name="file">The state's file.</param>
/// <param name="kept">Told of a snapshot that was written out, when the state itself is safe that far.</param>
internal sealed class StateExport(string file, string cluster, StateSettings settings, StateErrands errands, Action<SnapshotInfo> kept)
{
    private const int Buffer = 1 << 20;

    private readonly List<Action<SnapshotInfo>> _waiting = [];
    private SnapshotInfo? _ready;
    private volatile bool _making;
    private long _madeAt;
    private long _readAt;

    private string Path => file + "-export";

    /// <summary>Somebody is fetching it: the log after it must stay. Not for ever.</summary>
    public bool IsHeld
    {
        get
        {
            var read = Volatile.Read(ref _readAt);
            return _making || read != 0 && Stopwatch.GetElapsedTime(read) < settings.SnapshotHold && Stopwatch.GetElapsedTime(Volatile.Read(ref _madeAt)) < settings.SnapshotHold * 60;
        }
    }

    /// <summary>What is left of an earlier life.</summary>
    public void Clean()
    {
        File.Delete(Path);
        File.Delete(Path + ".new");
    }

    /// <summary>Frees the disk of a snapshot that nobody fetches any more.</summary>
    public void Forget()
    {
        if (_ready is null || _making || IsHeld) return;
        _ready = null;
        File.Delete(Path);
    }

    public void Read(SnapshotInfo asked, ulong offset, int maxBytes, StateWriter writer, Action<SnapshotPiece> found)
    {
        if (_ready is not { } ready || asked.Position.Index > ready.Position.Index)
        {
            _waiting.Add(made => Give(made, asked, offset, maxBytes, found));
            if (!_making) Make(writer);
            return;
        }
        Give(ready, asked, offset, maxBytes, found);
    }

    private void Give(SnapshotInfo ready, SnapshotInfo asked, ulong offset, int maxBytes, Action<SnapshotPiece> found)
    {
        Volatile.Write(ref _readAt, Stopwatch.GetTimestamp());
        if (asked.Position != ready.Position || asked.Size != ready.Size || offset > ready.Size) offset = 0;
        using var handle = File.OpenHandle(Path);
        var bytes = new byte[Math.Min((ulong)maxBytes, ready.Size - offset)];
        var got = RandomAccess.Read(handle, bytes, (long)offset);
        found(new SnapshotPiece(ready, offset, bytes.AsMemory(0, got)));
    }

    /// <summary>Writes all rows of one moment to a file. It is handed out once the state itself is as safe as the snapshot says.</summary>
    private void Make(StateWriter writer)
    {
        _making = true;
        writer.LongReading(begins: true);
        try
        {
            Clean();
            _ready = null;
            var info = WriteOut().Info((ulong)new FileInfo(Path).Length);
            writer.Sync(() => errands.Run(() => Made(info)));
        }
        catch
        {
            _making = false;
            _waiting.Clear();   // who asked asks again
            Clean();            // a half one must not fill the disk
            throw;
        }
        finally
        {
            writer.LongReading(begins: false);
        }
    }

    private StateMark WriteOut()
    {
        using var db = StateDatabase.OpenReader(file, settings, settings.PageCacheBytes);
        db.Run("BEGIN");
        var mark = StateMark.Load(db);
        using (var target = new FileStream(Path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, Buffer))
        {
            StateImage.Write(target, cluster, mark, StateCare.All(db, () => errands.IsClosing));
            target.Flush(flushToDisk: true);
        }
        File.Move(Path + ".new", Path);
        Folders.Sync(System.IO.Path.GetDirectoryName(Path)!);
        return mark;
    }

    private void Made(SnapshotInfo info)
    {
        (_ready, _making) = (info, false);
        Volatile.Write(ref _madeAt, Stopwatch.GetTimestamp());
        kept(info);
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var answer in waiting) answer(info);
    }
}
