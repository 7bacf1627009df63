using System.Collections.Immutable;
using System.Text;

namespace Eos.Kv;

/// <summary>Said on a channel because of a write: versioned hashes tell their changes.</summary>
public sealed record Publication(string Channel, Reply Payload);

/// <summary>What data commands see: the user's key space, the clock of the machine, and what the running transaction has done to versioned hashes.</summary>
internal sealed class UserSpace(KeySpace rows)
{
    /// <summary>Stands for a reply that would take more than <see cref="Room"/>.</summary>
    public static readonly Reply TooLarge = Reply.Err($"reply too large: the replies to what happens together take at most {KvLimits.MaxReplies} bytes");

    private readonly Dictionary<string, Dictionary<string, byte[]>> _changes = new(StringComparer.Ordinal);
    private ulong? _soonest = 0;

    public KeySpace Rows => rows;

    /// <summary>What the reply to the command that runs may take in memory.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Milliseconds of log time: moved by entries only.</summary>
    public ulong Clock { get; private set; }

    /// <summary>Milliseconds of log time as the reader reckons them now; never less than <see cref="Clock"/>.</summary>
    public ulong DynamicClock { get; private set; }

    /// <summary>Opens a transaction at this log time; leases that are over by then end first.</summary>
    public void Begin(ulong now)
    {
        (Clock, DynamicClock) = (now, now);
        _changes.Clear();
        if (_soonest is not { } soonest || soonest > now) return;
        var over = rows.Under(Keys.Expirations).TakeWhile(row => Keys.Number(row.Key.Span) <= now).Select(row => row.Key[8..]).ToList();
        foreach (var key in over) Remove(key.Span);
        _soonest = rows.Under(Keys.Expirations).Select(row => (ulong?)Keys.Number(row.Key.Span)).FirstOrDefault();
    }

    /// <summary>Looks only: no lease ends by reading.</summary>
    public void BeginRead(ulong applied, ulong now) => (Clock, DynamicClock) = (applied, Math.Max(applied, now));

    /// <summary>An array of all items; as soon as it takes more than <see cref="Room"/>, <see cref="TooLarge"/>.</summary>
    public Reply Array(IEnumerable<Reply> items)
    {
        var (all, size) = (new List<Reply>(), 64L);
        foreach (var item in items)
        {
            size += item.Size + 8;
            if (size > Room) return TooLarge;
            all.Add(item);
        }
        return Reply.Array(all);
    }

    /// <summary>A lease will end at that time.</summary>
    public void Expect(ulong deadline) => _soonest = Math.Min(_soonest ?? deadline, deadline);

    public KeyType TypeOf(ReadOnlySpan<byte> key) => rows.Get(Keys.Descriptor(key)) is { } head ? (KeyType)head.Span[0] : KeyType.None;

    /// <summary>The descriptor of the key, an empty one when it does not exist; false when it holds something else.</summary>
    public bool Open(ReadOnlySpan<byte> key, KeyType type, out KeyHead head)
    {
        head = new KeyHead(type, 0, 0);
        if (rows.Get(Keys.Descriptor(key)) is not { } stored) return true;
        if (stored.Span[0] != (byte)type) return false;
        head = KeyHead.Of(stored.Span);
        return true;
    }

    /// <summary>Stores the descriptor. A key that holds nothing any more is gone, but for a versioned hash, which keeps its version.</summary>
    public void Save(ReadOnlySpan<byte> key, KeyHead head)
    {
        if (head.Size == 0 && head.Type != KeyType.VersionedHash) rows.Delete(Keys.Descriptor(key));
        else rows.Put(Keys.Descriptor(key), head.ToBytes());
    }

    /// <summary>The value of a string or the body of a lease, without the type; null when there is no such key. The type must be right.</summary>
    public ReadOnlyMemory<byte>? Whole(ReadOnlySpan<byte> key) => rows.Get(Keys.Descriptor(key)) is { } row ? row[1..] : default(ReadOnlyMemory<byte>?);

    public void PutWhole(ReadOnlySpan<byte> key, KeyType type, ReadOnlySpan<byte> body) => rows.Put(Keys.Descriptor(key), [(byte)type, .. body]);

    public bool Is(ReadOnlySpan<byte> key, KeyType type) => TypeOf(key) is var found && (found == KeyType.None || found == type);

    /// <summary>Removes a key of any type with all that it holds; whether there was one.</summary>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        if (rows.Get(Keys.Descriptor(key)) is not { } descriptor) return false;
        Removal.Of(rows, key, descriptor, Allowance.Everything);
        return true;
    }

    /// <summary>Notes changes of a versioned hash; true at the first of this transaction, when its version moves.</summary>
    public bool Changed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var name = Encoding.Latin1.GetString(key);
        var first = !_changes.TryGetValue(name, out var fields);
        if (first) _changes[name] = fields = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        fields![Encoding.Latin1.GetString(field)] = value.ToArray();
        return first;
    }

    /// <summary>What this transaction says to those who watch versioned hashes: the new version and the fields it set; an empty value is a field gone.</summary>
    public ImmutableArray<Publication> Publications() => _changes.Count == 0 ? [] :
        [.. from change in _changes.OrderBy(c => c.Key, StringComparer.Ordinal)
            let key = Encoding.Latin1.GetBytes(change.Key)
            where TypeOf(key) == KeyType.VersionedHash
            let version = KeyHead.Of(rows.Get(Keys.Descriptor(key))!.Value.Span).First
            let fields = change.Value.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => new[] { Reply.Bulk(Encoding.Latin1.GetBytes(f.Key)), Reply.Bulk(f.Value) })
            select new Publication("__vhash@" + Encoding.UTF8.GetString(key), Reply.Array(Reply.Integer(version), Reply.Array(fields)))];
}
