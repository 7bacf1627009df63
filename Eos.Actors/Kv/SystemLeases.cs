using System.Buffers.Binary;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>When an entry happens: its index, which is the token of what it grants, and its log time.</summary>
internal readonly record struct Moment(LogIndex Index, TimeSpan Now);

/// <summary>
/// Who may do what until when, in log time. A lease is over by its row and the time alone: nothing sweeps, and the row of a lease that is over stays until the
/// next holder overwrites it. A lease that was granted, to whomever, never has a token twice.
/// </summary>
internal sealed class SystemLeases(KeySpace rows)
{
    /// <summary>A lease's row. A bound one has the lease and token of its session, and the time of that lease is its own.</summary>
    private readonly record struct Held(ulong Token, TimeSpan Until, ulong SessionToken, ReadOnlyMemory<byte> Session, ReadOnlyMemory<byte> Holder)
    {
        public bool Bound => SessionToken != 0;

        public static Held Of(ReadOnlyMemory<byte> row)
        {
            var session = 26 + BinaryPrimitives.ReadUInt16BigEndian(row.Span[24..]);
            return new Held(
                Keys.Number(row.Span), new TimeSpan((long)Keys.Number(row.Span[8..])), Keys.Number(row.Span[16..]), row[26..session], row[session..]);
        }

        public byte[] ToBytes()
        {
            var length = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Session.Length);
            return [.. Keys.Number(Token), .. Keys.Number((ulong)Until.Ticks), .. Keys.Number(SessionToken), .. length, .. Session.Span, .. Holder.Span];
        }
    }

    public IAnswer Acquire(AcquireLease entry, Moment at) => Acquire(entry, Current(SystemKeys.Bytes(entry.Name), at.Now), at);

    public IAnswer AcquireRole(AcquireRole entry, Moment at)
    {
        if (!HasSession(entry.Sessions, SystemKeys.Bytes(entry.Holder), at.Now)) return new Refused(Errno.Stale, $"the session of '{entry.Holder}' is over");
        var held = Current(SystemKeys.Bytes(entry.Name), at.Now) is { } current && HasSession(entry.Sessions, current.Holder.Span, at.Now) ? current : default(Held?);
        return Acquire(new AcquireLease(entry.Name, entry.Holder, entry.Duration), held, at);
    }

    public IAnswer Renew(RenewLease entry, Moment at)
    {
        var name = SystemKeys.Bytes(entry.Name);
        if (Current(name, at.Now) is { Bound: false } held && held.Token == entry.Token) return Extend(entry.Name, name, held, at.Now + entry.Duration);
        return new Refused(Errno.Stale, Stale(new Fence(entry.Name, entry.Token), at.Now));
    }

    /// <summary>The same holder under the same session keeps its token.</summary>
    public IAnswer Bind(AcquireBound entry, Moment at)
    {
        var (name, holder, session) = (SystemKeys.Bytes(entry.Name), SystemKeys.Bytes(entry.Holder), SystemKeys.Bytes(entry.Session.Lease));
        if (Current(session, at.Now) is not { } node || node.Token != entry.Session.Token) return new Refused(Errno.Stale, Stale(entry.Session, at.Now));
        if (node.Bound) return new Refused(Errno.Invalid, $"lease '{entry.Session.Lease}' is bound itself and can't bind others");
        if (Current(name, at.Now) is not { } held) return Grant(entry.Name, name, new Held(at.Index.Value, node.Until, entry.Session.Token, session, holder));
        var same = held.SessionToken == entry.Session.Token && held.Session.Span.SequenceEqual(session) && held.Holder.Span.SequenceEqual(holder);
        return same ? new LeaseGranted(entry.Name, held.Token, node.Until) : Busy(entry.Name, held, at.Now);
    }

    public IAnswer Release(ReleaseLease entry)
    {
        var name = SystemKeys.Bytes(entry.Name);
        if (Find(name) is { } held && held.Token == entry.Token) rows.Delete(SystemKeys.Lease(name));
        return Done.Instance;
    }

    public IAnswer Look(LookAtLeases question, TimeSpan now) => new Leases(
        [
            .. rows.Under([.. SystemKeys.Leases, .. SystemKeys.Bytes(question.Prefix)]).Select(row =>
            {
                var held = Held.Of(row.Value);
                return new LeaseRow(question.Prefix + SystemKeys.Text(row.Key.Span), SystemKeys.Text(held.Holder.Span), held.Token, End(held) - now);
            }),
        ],
        now);

    /// <summary>Whether a fence may still write at this log time.</summary>
    public bool Holds(ReadOnlySpan<byte> lease, ulong token, TimeSpan now) => Current(lease, now) is { } held && held.Token == token;

    /// <summary>Why a fence may not write.</summary>
    public string Stale(Fence fence, TimeSpan now) => Find(SystemKeys.Bytes(fence.Lease)) switch
    {
        null => $"lease '{fence.Lease}' is held by nobody, not under token {fence.Token}",
        { } held when held.Token != fence.Token => $"lease '{fence.Lease}' has token {held.Token}, not {fence.Token}",
        { } held => $"lease '{fence.Lease}' under token {fence.Token} has been over for {(now - End(held)).TotalMilliseconds:0} ms",
    };

    private IAnswer Acquire(AcquireLease entry, Held? current, Moment at)
    {
        var (name, holder) = (SystemKeys.Bytes(entry.Name), SystemKeys.Bytes(entry.Holder));
        if (current is not { } held) return Grant(entry.Name, name, new Held(at.Index.Value, at.Now + entry.Duration, 0, default, holder));
        return !held.Bound && held.Holder.Span.SequenceEqual(holder) ? Extend(entry.Name, name, held, at.Now + entry.Duration) : Busy(entry.Name, held, at.Now);
    }

    private bool HasSession(string sessions, ReadOnlySpan<byte> holder, TimeSpan now) => Current([.. SystemKeys.Bytes(sessions), .. holder], now) is not null;

    private LeaseGranted Grant(string text, byte[] name, Held held)
    {
        rows.Put(SystemKeys.Lease(name), held.ToBytes());
        return new LeaseGranted(text, held.Token, held.Until);
    }

    /// <summary>Never shortens: renewals may be applied in another order than they were sent, and the holder counts on each.</summary>
    private LeaseGranted Extend(string text, byte[] name, Held held, TimeSpan until) =>
        until > held.Until ? Grant(text, name, held with { Until = until }) : new LeaseGranted(text, held.Token, held.Until);

    private LeaseHeld Busy(string name, Held held, TimeSpan now) => new(name, SystemKeys.Text(held.Holder.Span), held.Token, End(held) - now);

    private Held? Find(ReadOnlySpan<byte> name) => rows.Get(SystemKeys.Lease(name)) is { } row ? Held.Of(row) : null;

    private Held? Current(ReadOnlySpan<byte> name, TimeSpan now) => Find(name) is { } held && End(held) > now ? held : null;

    /// <summary>Zero for one whose session is gone.</summary>
    private TimeSpan End(Held held)
    {
        if (!held.Bound) return held.Until;
        return Find(held.Session.Span) is { Bound: false } session && session.Token == held.SessionToken ? session.Until : TimeSpan.Zero;
    }
}
