using System.Buffers.Binary;
using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>The tables of a Raft log: one row a batch, with its checksum, and one row of what must not be forgotten. Used by one thread at a time.</summary>
internal sealed class RaftLogRows(SqliteFile db)
{
    private const string Select = "SELECT first, count, term, time, kind, payload, crc FROM batches ";

    /// <summary>What the one row says, and where the log ends.</summary>
    public readonly record struct Ends(Term Term, MemberId? Vote, LogPosition Base, TimeSpan BaseTime, LogPosition Last, TimeSpan LastTime, LogPosition Expected);

    private Ends _ends;
    private bool _gave;

    public Ends Now => _ends;

    public static void Create(SqliteFile db)
    {
        db.Run("CREATE TABLE batches (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, term INTEGER NOT NULL, time INTEGER NOT NULL, kind INTEGER NOT NULL, payload BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID");
        db.Run($"CREATE INDEX memberships ON batches (first) WHERE kind = {(int)BatchKind.Membership}");
        db.Run("CREATE TABLE terms (term INTEGER PRIMARY KEY, first INTEGER NOT NULL) WITHOUT ROWID");
        db.Run("CREATE TABLE hard (id INTEGER PRIMARY KEY, term INTEGER NOT NULL, vote TEXT, base_term INTEGER NOT NULL, base INTEGER NOT NULL, base_time INTEGER NOT NULL, expected_term INTEGER NOT NULL, expected INTEGER NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID");
        db.Run("CREATE TABLE traces (member TEXT PRIMARY KEY, folder TEXT NOT NULL, epoch INTEGER NOT NULL, term INTEGER NOT NULL, last_term INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID");
        new RaftLogRows(db).SaveHard();
    }

    /// <summary>Reads the ends. Cost: constant.</summary>
    public void Load()
    {
        using (var rows = db.Query("SELECT term, vote, base_term, base, base_time, expected_term, expected, crc FROM hard WHERE id = 1").Rows())
        {
            if (!rows.Next()) throw Damage("the row of term and vote is gone");
            var at = new LogPosition(new Term(rows.ULong(2)), new LogIndex(rows.ULong(3)));
            var time = TimeSpan.FromTicks(rows.Long(4));
            _ends = new Ends(new Term(rows.ULong(0)), rows.IsNull(1) ? null : new MemberId(rows.Text(1)), at, time, at, time, new LogPosition(new Term(rows.ULong(5)), new LogIndex(rows.ULong(6))));
            if (rows.Long(7) != HardSum(_ends)) throw Damage("the row of term and vote has a wrong checksum");
        }
        LoadLast();
        if (_ends.Last == _ends.Base) return;
        using var first = db.Query(Select + "ORDER BY first LIMIT 1").Rows();
        if (!first.Next() || Batch(first).First != _ends.Base.Index.Next) throw Damage($"its entries do not begin after {_ends.Base.Index}");
    }

    /// <summary>Drawn when the log was made.</summary>
    public string Folder()
    {
        using var row = db.Query("SELECT folder FROM identity WHERE id = 1").Rows();
        return row.Next() ? row.Text(0) : throw Damage("it does not say whose it is");
    }

    /// <summary>What other members were last known to have.</summary>
    public ImmutableDictionary<MemberId, MemberTrace> Traces()
    {
        var traces = ImmutableDictionary.CreateBuilder<MemberId, MemberTrace>();
        using var rows = db.Query("SELECT member, folder, epoch, term, last_term, last FROM traces").Rows();
        while (rows.Next())
            traces.Add(new MemberId(rows.Text(0)), new MemberTrace(rows.Text(1), rows.ULong(2), new Term(rows.ULong(3)), new LogPosition(new Term(rows.ULong(4)), new LogIndex(rows.ULong(5)))));
        return traces.ToImmutable();
    }

    /// <summary>Within a transaction. Keeps or forgets what another member has.</summary>
    public LogPosition Trace(MemberId member, MemberTrace? trace)
    {
        if (trace is null) db.Query("DELETE FROM traces WHERE member = ?1").Bind(1, member.Value).Run();
        else
        {
            db.Query("INSERT OR REPLACE INTO traces (member, folder, epoch, term, last_term, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(1, member.Value).Bind(2, trace.Folder).Bind(3, trace.Epoch).Bind(4, trace.Term.Value).Bind(5, trace.Last.Term.Value).Bind(6, trace.Last.Index.Value).Run();
        }
        return _ends.Last;
    }

    /// <summary>Everything that a member starts with, except the batches. Cost: the number of terms and memberships in the log.</summary>
    public RaftLogContents Contents()
    {
        var terms = ImmutableArray.CreateBuilder<(Term Term, LogIndex First)>();
        using (var rows = db.Query("SELECT term, first FROM terms ORDER BY term").Rows())
            while (rows.Next()) terms.Add((new Term(rows.ULong(0)), LogIndex.Max(new LogIndex(rows.ULong(1)), _ends.Base.Index.Next)));
        var known = _ends.Last == _ends.Base ? [] : terms.ToImmutable();
        if (_ends.Last != _ends.Base && (known.IsEmpty || known[^1].Term != _ends.Last.Term)) throw Damage("its table of terms does not fit its entries");
        var memberships = ImmutableArray.CreateBuilder<(LogIndex, Membership)>();
        using (var rows = db.Query(Select + $"WHERE kind = {(int)BatchKind.Membership} ORDER BY first").Rows())
            while (rows.Next()) memberships.Add((Batch(rows).First, Batch(rows).Membership!));
        return new RaftLogContents(_ends.Term, _ends.Vote, new LogView(_ends.Base, known, [], _ends.Last), memberships.ToImmutable(), _ends.LastTime, _ends.Expected, Folder(), Traces());
    }

    /// <summary>Within a transaction. Returns the last entry then.</summary>
    public LogPosition Put(Persist what)
    {
        if (what.TruncateFrom is { } from && from <= _ends.Last.Index) Truncate(from);
        foreach (var batch in what.Batches)
            if (batch.First > _ends.Base.Index) Insert(batch);
        if (what.Term == _ends.Term && what.Vote == _ends.Vote) return _ends.Last;
        _ends = _ends with { Term = what.Term, Vote = what.Vote };
        SaveHard();
        return _ends.Last;
    }

    /// <summary>A snapshot up to that position is about to replace the state: <see cref="StartAfter"/> follows, or it was not used.</summary>
    public LogPosition Expect(LogPosition position)
    {
        if (position == _ends.Expected) return _ends.Last;
        _ends = _ends with { Expected = position };
        SaveHard();
        return _ends.Last;
    }

    /// <summary>A snapshot up to that position is in use: the log goes on after it where it has it, else it is empty.</summary>
    public LogPosition StartAfter(LogPosition position, TimeSpan logTime)
    {
        if (position.Index <= _ends.Base.Index) return _ends.Last;
        if (LastUpTo(position.Index) is { } found && found.Position == position)
        {
            DropUpTo(found);
            return _ends.Last;
        }
        db.Run("DELETE FROM batches");
        db.Run("DELETE FROM terms");
        _ends = _ends with { Base = position, BaseTime = logTime, Last = position, LastTime = logTime };
        SaveHard();
        return _ends.Last;
    }

    /// <summary>Drops up to a number of whole batches that end at or below an index. True: there is more.</summary>
    public bool Trim(LogIndex upTo, int atMost)
    {
        LogBatch? last = null;
        var more = false;
        using (var rows = db.Query(Select + "WHERE first <= ?1 ORDER BY first LIMIT ?2").Bind(1, upTo.Value).Bind(2, atMost + 1).Rows())
        {
            for (var seen = 0; rows.Next() && Batch(rows) is var batch && batch.Last <= upTo; seen++)
            {
                if (more = seen == atMost) break;
                last = batch;
            }
        }
        if (last is not null) DropUpTo(last);
        return more;
    }

    /// <summary>Gives free pages back to the file system when they outnumber the used ones. True: there are more to give.</summary>
    public bool Vacuum(int atMost)
    {
        const int slack = 256;
        var (free, pages) = (db.Number("PRAGMA freelist_count"), db.Number("PRAGMA page_count"));
        var give = free - Math.Max(slack, pages - free);
        if (give <= 0) return false;
        db.Run($"PRAGMA incremental_vacuum({Math.Min(give, atMost)})");
        _gave = true;
        return give > atMost;
    }

    /// <summary>Outside of a transaction. What <see cref="Vacuum"/> gave leaves the file only when the write-ahead file is worked in.</summary>
    public void Shrink()
    {
        if (!_gave) return;
        _gave = false;
        db.Run("PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// <summary>Batches from the one that holds an index on, until so many bytes are reached (at least one). None when that index is trimmed or not there yet.</summary>
    public RaftLogSlice Read(LogIndex from, ulong maxBytes)
    {
        if (from <= _ends.Base.Index || from > _ends.Last.Index) return new RaftLogSlice(LogPosition.Start, []);
        var holder = LastUpTo(from) ?? throw Damage($"entry {from} is gone");
        var previous = holder.First.Previous == _ends.Base.Index ? _ends.Base : (LastUpTo(holder.First.Previous) ?? throw Damage($"entry {holder.First.Previous} is gone")).Position;
        var found = ImmutableArray.CreateBuilder<LogBatch>();
        var (next, bytes) = (holder.First, 0ul);
        using var rows = db.Query(Select + "WHERE first >= ?1 ORDER BY first").Bind(1, holder.First.Value).Rows();
        while (rows.Next())
        {
            var batch = Batch(rows);
            if (batch.First != next) throw Damage($"entry {next} is gone");
            bytes += (ulong)batch.Payload.Length + 64;
            if (found.Count > 0 && bytes > maxBytes) break;
            found.Add(batch);
            next = batch.Last.Next;
        }
        return new RaftLogSlice(previous, found.ToImmutable());
    }

    /// <summary>The transaction was rolled back: what is known is as before.</summary>
    public void Forget(Ends before) => _ends = before;

    private void Insert(LogBatch batch)
    {
        if (batch.First != _ends.Last.Index.Next) throw new InvalidOperationException($"batch {batch.First} does not follow {_ends.Last.Index}, the end of {db.Path}");
        if (_ends.Last == _ends.Base || batch.Term != _ends.Last.Term)
            db.Query("INSERT OR IGNORE INTO terms (term, first) VALUES (?1, ?2)").Bind(1, batch.Term.Value).Bind(2, batch.First.Value).Run();
        var payload = batch.Membership is { } membership ? RaftWire.Members.Encode(membership) : batch.Payload;
        db.Query("INSERT INTO batches (first, count, term, time, kind, payload, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, batch.First.Value).Bind(2, batch.Count).Bind(3, batch.Term.Value).Bind(4, batch.LogTime.Ticks).Bind(5, (long)batch.Kind)
            .Bind(6, payload.Span).Bind(7, Sum(batch.First.Value, batch.Count, batch.Term.Value, batch.LogTime.Ticks, (long)batch.Kind, payload.Span)).Run();
        _ends = _ends with { Last = batch.Position, LastTime = batch.LogTime };
    }

    private void Truncate(LogIndex from)
    {
        if (from <= _ends.Base.Index) throw new InvalidOperationException($"{db.Path} begins after {_ends.Base.Index}, it can't be cut at {from}");
        db.Query("DELETE FROM batches WHERE first >= ?1").Bind(1, from.Value).Run();
        db.Query("DELETE FROM terms WHERE first >= ?1").Bind(1, from.Value).Run();
        LoadLast();
        if (_ends.Last.Index != from.Previous) throw new InvalidOperationException($"{from} is within a batch of {db.Path}, which can't be cut there");
    }

    private void DropUpTo(LogBatch last)
    {
        db.Query("DELETE FROM batches WHERE first <= ?1").Bind(1, last.First.Value).Run();
        db.Query("DELETE FROM terms WHERE term < (SELECT max(term) FROM terms WHERE first <= ?1)").Bind(1, last.Last.Next.Value).Run();
        _ends = _ends with { Base = last.Position, BaseTime = last.LogTime };
        SaveHard();
    }

    private void LoadLast()
    {
        var batch = LastUpTo(new LogIndex(long.MaxValue));
        _ends = batch is null ? _ends with { Last = _ends.Base, LastTime = _ends.BaseTime } : _ends with { Last = batch.Position, LastTime = batch.LogTime };
    }

    private LogBatch? LastUpTo(LogIndex index)
    {
        using var rows = db.Query(Select + "WHERE first <= ?1 ORDER BY first DESC LIMIT 1").Bind(1, index.Value).Rows();
        return rows.Next() ? Batch(rows) : null;
    }

    private void SaveHard() =>
        db.Query("INSERT OR REPLACE INTO hard (id, term, vote, base_term, base, base_time, expected_term, expected, crc) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .Bind(1, _ends.Term.Value).Bind(2, _ends.Vote?.Value).Bind(3, _ends.Base.Term.Value).Bind(4, _ends.Base.Index.Value)
            .Bind(5, _ends.BaseTime.Ticks).Bind(6, _ends.Expected.Term.Value).Bind(7, _ends.Expected.Index.Value).Bind(8, HardSum(_ends)).Run();

    private LogBatch Batch(SqliteRows row)
    {
        var (first, count, term, time, kind, payload) = (row.ULong(0), row.ULong(1), row.ULong(2), row.Long(3), row.Long(4), row.Blob(5));
        if (row.Long(6) != Sum(first, count, term, time, kind, payload)) throw Damage($"the row of entry {first} has a wrong checksum");
        var membership = kind == (long)BatchKind.Membership ? RaftWire.Members.Decode(payload) : null;
        return new LogBatch(
            new Term(term), new LogIndex(first), (uint)count, TimeSpan.FromTicks(time), (BatchKind)kind, membership is null ? payload : default, membership);
    }

    private static uint Sum(ulong first, ulong count, ulong term, long time, long kind, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(head, first);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], count);
        BinaryPrimitives.WriteUInt64LittleEndian(head[16..], term);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], time);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], kind);
        return ~Castagnoli.Update(Castagnoli.Update(Castagnoli.Start, head), payload);
    }

    private static uint HardSum(Ends e)
    {
        var vote = System.Text.Encoding.UTF8.GetBytes(e.Vote?.Value ?? "");
        var expected = Sum(e.Expected.Term.Value, e.Expected.Index.Value, 0, 0, 0, vote);
        return Sum(e.Term.Value, e.Base.Term.Value, e.Base.Index.Value, e.BaseTime.Ticks, e.Vote is null ? 0 : 1, BitConverter.GetBytes(expected));
    }

    private RaftLogRefused Damage(string what) => RaftLogRefused.Damaged(db.Path, what);
}
