using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// What an entry may be at most. Asked before an entry goes into the log, so that nothing oversized travels, and again by the machine, whatever is in the
/// log. These are part of what the log means: they can't be settings, and another value is a change of format.
/// </summary>
public static class KvLimits
{
    /// <summary>Longest value, key or event.</summary>
    public const int MaxValue = 1 << 20;

    /// <summary>Most bytes of events in one append.</summary>
    public const int MaxAppend = 16 << 20;

    /// <summary>Most memory that the replies to one entry take (<see cref="Reply.Size"/>); what does not fit is refused, and a value that does not fit is not taken away.</summary>
    public const int MaxReplies = 16 << 20;

    /// <summary>A page of a scan ends when it takes so much, however many rows were asked for.</summary>
    public const int MaxPage = 8 << 20;

    /// <summary>Longest name of a lease, holder, journal, index, counter, key of the configuration or directory, in UTF-8.</summary>
    public const int MaxName = 1_024;

    /// <summary>Longest key in an index.</summary>
    public const int MaxIndexKey = 4_096;

    /// <summary>Most chunks of a snapshot.</summary>
    public const int MaxChunks = 65_536;

    /// <summary>Longest lease.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromDays(1);

    /// <summary>Why a data command is too large; null when it is not.</summary>
    public static Reply.ErrorReply? Refusal(Request request)
    {
        foreach (var word in request.Words)
            if (word.Length > MaxValue) return new Reply.ErrorReply($"ERR {Errno.FileTooLarge.Text()}: an argument has {word.Length} bytes, the limit is {MaxValue}");
        return null;
    }

    /// <summary>Why an entry can't be: too large (EFBIG), a name too long (ENAMETOOLONG) or a nonsense (EINVAL). Null when it can.</summary>
    public static Refused? Refusal(IEntry entry) => entry switch
    {
        UserCommands x => x.Requests.SelectMany(r => r.Words).Select(word => Value("an argument", word)).FirstOrDefault(refused => refused is not null),
        Once x => Refusal(x.Entry),
        AcquireLease x => Name("lease", x.Name) ?? Name("holder", x.Holder) ?? Duration(x.Duration),
        AcquireRole x => Name("lease", x.Name) ?? Name("holder", x.Holder) ?? Duration(x.Duration) ?? Name("session", x.Sessions + x.Holder),
        RenewLease x => Name("lease", x.Name) ?? Duration(x.Duration),
        AcquireBound x => Name("lease", x.Name) ?? Name("holder", x.Holder) ?? Name("session", x.Session.Lease),
        ReleaseLease x => Name("lease", x.Name),
        ClaimJournal x => Written(x.PersistenceId, x.Fence),
        AppendJournal x => Written(x.PersistenceId, x.Fence) ?? Events(x.Events) ?? Index(x.Index),
        TrimJournal x => Written(x.PersistenceId, x.Fence),
        PutSnapshot x => Written(x.PersistenceId, x.Fence) ?? Chunk(x),
        DropSnapshots x => Written(x.PersistenceId, x.Fence),
        PutPages x => Written(x.PersistenceId, x.Fence) ?? Events([.. x.Pages.Select(p => p.Bytes)]),
        DropPages x => Written(x.PersistenceId, x.Fence),
        TakeNumbers x => Name("counter", x.Counter) ?? (x.Count == 0 ? Invalid("no numbers are asked for") : null),
        SetConfiguration x => Changes(x.Changes),
        _ => null,
    };

    private static Refused? Written(string id, Fence fence) => Name("persistence id", id) ?? Name("lease", fence.Lease);

    private static Refused? Events(ImmutableArray<ReadOnlyMemory<byte>> events)
    {
        var sum = 0L;
        foreach (var bytes in events)
        {
            if (bytes.Length > MaxValue) return Value("an event", bytes);
            sum += bytes.Length;
        }
        return sum > MaxAppend ? new Refused(Errno.FileTooLarge, $"the events have {sum} bytes, the limit is {MaxAppend}") : null;
    }

    private static Refused? Index(ImmutableArray<IndexOp> changes)
    {
        foreach (var change in changes)
        {
            if (Name("index", change.Index) is { } wrong) return wrong;
            if (change.Key.Length is 0 or > MaxIndexKey) return Invalid($"a key of an index has 1 to {MaxIndexKey} bytes, not {change.Key.Length}");
            if (Value("a row of an index", change.Value) is { } large) return large;
        }
        return null;
    }

    private static Refused? Chunk(PutSnapshot x)
    {
        if (x.Chunks is < 1 or > MaxChunks || x.Chunk < 0 || x.Chunk >= x.Chunks) return Invalid($"chunk {x.Chunk} of {x.Chunks} can't be; the limit is {MaxChunks}");
        return x.SequenceNr < 0 ? Invalid($"snapshot {x.SequenceNr} can't be") : Value("a chunk", x.Bytes);
    }

    private static Refused? Changes(ImmutableSortedDictionary<string, string?> changes)
    {
        foreach (var (key, value) in changes)
        {
            if (Name("key of the configuration", key) is { } wrong) return wrong;
            if (value is not null && Encoding.UTF8.GetByteCount(value) is > MaxValue and var size) return TooLarge("a value of the configuration", size);
        }
        return null;
    }

    private static Refused? Name(string what, string name)
    {
        if (name.Length == 0) return Invalid($"the {what} is empty");
        return name.Length * 3 > MaxName && Encoding.UTF8.GetByteCount(name) is > MaxName and var size
            ? new Refused(Errno.NameTooLong, $"the {what} has {size} bytes, the limit is {MaxName}")
            : null;
    }

    private static Refused? Duration(TimeSpan duration) =>
        duration <= TimeSpan.Zero || duration > MaxLease ? Invalid($"a lease of {duration.TotalSeconds} s can't be; the limit is {MaxLease.TotalSeconds} s") : null;

    private static Refused? Value(string what, ReadOnlyMemory<byte> value) => value.Length > MaxValue ? TooLarge(what, value.Length) : null;

    private static Refused TooLarge(string what, int size) => new(Errno.FileTooLarge, $"{what} has {size} bytes, the limit is {MaxValue}");

    private static Refused Invalid(string text) => new(Errno.Invalid, text);
}
