using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>Where a state stands: the end of the last whole batch, the membership then, and the machine's own mark.</summary>
/// <param name="LogTime">Of that batch.</param>
internal sealed record StateMark(LogPosition Position, TimeSpan LogTime, Membership Membership, KvMark Machine)
{
    public SnapshotInfo Info(ulong size = 0) => new(Position, LogTime, Membership, size);

    /// <summary>Writes it within the running transaction.</summary>
    public void Save(SqliteFile db)
    {
        var members = RaftWire.Members.Encode(Membership);
        db.Query("INSERT OR REPLACE INTO mark (id, term, position, time, members, applied, applied_time, high, low, rows, crc) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            .Bind(1, Position.Term.Value).Bind(2, Position.Index.Value).Bind(3, LogTime.Ticks).Bind(4, members)
            .Bind(5, Machine.Applied.Value).Bind(6, Machine.LogTime.Ticks).Bind(7, Machine.Digest.High).Bind(8, Machine.Digest.Low).Bind(9, Machine.Digest.Rows)
            .Bind(10, Sum(members)).Run();
    }

    /// <exception cref="StateRefused">It is not there, or not whole.</exception>
    public static StateMark Load(SqliteFile db)
    {
        using var row = db.Query("SELECT term, position, time, members, applied, applied_time, high, low, rows, crc FROM mark WHERE id = 1").Rows();
        if (!row.Next()) throw StateRefused.Damaged(db.Path, "it does not say how far it has come");
        var members = row.Blob(3);
        var machine = new KvMark(new LogIndex(row.ULong(4)), TimeSpan.FromTicks(row.Long(5)), new KvDigest(row.ULong(6), row.ULong(7), row.Long(8)));
        var mark = new StateMark(new LogPosition(new Term(row.ULong(0)), new LogIndex(row.ULong(1))), TimeSpan.FromTicks(row.Long(2)), Membership.Of([]), machine);
        if (row.Long(9) != mark.Sum(members)) throw StateRefused.Damaged(db.Path, "the row that says how far it has come has a wrong checksum");
        return mark with { Membership = RaftWire.Members.Decode(members) };
    }

    private long Sum(byte[] members)
    {
        Span<long> numbers =
        [
            (long)Position.Term.Value, (long)Position.Index.Value, LogTime.Ticks, (long)Machine.Applied.Value, Machine.LogTime.Ticks,
            (long)Machine.Digest.High, (long)Machine.Digest.Low, Machine.Digest.Rows,
        ];
        var crc = Castagnoli.Update(Castagnoli.Start, System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers));
        return ~Castagnoli.Update(crc, members);
    }
}
