using Eos.Raft;

namespace Eos.Kv;

/// <summary>A key and its value. Whoever holds it must not change the bytes.</summary>
public readonly record struct KvRow(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>How far a store has come: stored together with the effects of the entry, so that each entry is applied exactly once.</summary>
/// <param name="Applied">The last entry whose effects the rows show.</param>
/// <param name="LogTime">The log time of that entry.</param>
/// <param name="Digest">The digest of all rows.</param>
public readonly record struct KvMark(LogIndex Applied, TimeSpan LogTime, KvDigest Digest);

/// <summary>Rows in the order of the bytes of their keys. One machine uses it, from one thread at a time.</summary>
public interface IKvStore
{
    /// <summary>The mark of the last <see cref="Commit"/>; of an empty store the default.</summary>
    KvMark Mark { get; }

    /// <summary>The value, as the puts and deletes so far left it; null when there is none.</summary>
    ReadOnlyMemory<byte>? Get(ReadOnlySpan<byte> key);

    /// <summary>Sets a row; both spans are copied.</summary>
    void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    void Delete(ReadOnlySpan<byte> key);

    /// <summary>Rows with from &lt;= key &lt; until, ascending and read as they are asked for. The store must not change meanwhile.</summary>
    IEnumerable<KvRow> Range(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> until);

    /// <summary>What was put and deleted since the last time becomes durable with the mark, together or not at all.</summary>
    void Commit(KvMark mark);
}
