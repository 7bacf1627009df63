using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Journal;

/// <summary>
/// The snapshot store `eos.persistence.snapshot-store.raft`. A snapshot is stored in pieces and is there once all of them are; whoever may write the
/// events of an id may write its snapshots.
/// </summary>
public sealed class RaftSnapshotStore : SnapshotStore
{
    /// <summary>Its name as a plugin.</summary>
    public const string Id = "eos.persistence.snapshot-store.raft";

    private readonly ExtendedActorSystem _system;
    private readonly KvGroup _group;
    private readonly JournalSettings _settings;

    public RaftSnapshotStore(Config config)
    {
        _system = (ExtendedActorSystem)Context.System;
        _group = KvGroup.Get(_system);
        _settings = JournalSettings.From(new Settings(_system.Settings.Config, "eos.journal"));
    }

    protected override async Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        while (true)
        {
            var found = await LookAsync<SnapshotFound>(persistenceId, new FindSnapshot(
                persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks, criteria.MaxTimeStamp.Ticks)).ConfigureAwait(false);
            if (found.Chunks == 0) return null!;
            if (await ReadAsync(persistenceId, found).ConfigureAwait(false) is not { } bytes) continue;
            var stored = JournalWire.Snapshot.Decode(bytes);
            return new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, found.SequenceNr, new DateTime(found.Timestamp, DateTimeKind.Utc)),
                _system.Serialization.Deserialize(stored.Payload.ToArray(), stored.SerializerId, stored.SerializerManifest));
        }
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var stored = Akka.Serialization.Serialization.WithTransport(_system, () =>
        {
            var serializer = _system.Serialization.FindSerializerFor(snapshot);
            return new StoredSnapshot(serializer.ToBinary(snapshot), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, snapshot));
        });
        return WriteAsync(metadata, JournalWire.Snapshot.Encode(stored));
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        var any = metadata.Timestamp == DateTime.MinValue;
        return DropAsync(metadata.PersistenceId, metadata.SequenceNr, metadata.SequenceNr, any ? DateTime.MinValue : metadata.Timestamp, any ? DateTime.MaxValue : metadata.Timestamp);
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        DropAsync(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp ?? DateTime.MinValue, criteria.MaxTimeStamp);

    /// <summary>A few pieces at a time, so that a large snapshot does not fill the log's way before all else.</summary>
    private async Task WriteAsync(SnapshotMetadata metadata, ReadOnlyMemory<byte> bytes)
    {
        var fence = await _group.FenceOfAsync(metadata.PersistenceId, _settings.Patience).ConfigureAwait(false);
        var (size, chunks) = (_settings.ChunkBytes, Math.Max(1, (bytes.Length + _settings.ChunkBytes - 1) / _settings.ChunkBytes));
        for (var next = 0; next < chunks;)
        {
            var some = Enumerable.Range(next, Math.Min(_settings.ChunksInFlight, chunks - next)).ToList();
            await Task.WhenAll(some.Select(Put)).ConfigureAwait(false);
            next += some.Count;
        }

        async Task Put(int chunk)
        {
            var piece = bytes.Slice(chunk * size, Math.Min(size, bytes.Length - chunk * size));
            var put = new PutSnapshot(metadata.PersistenceId, fence, metadata.SequenceNr, metadata.Timestamp.Ticks, chunk, chunks, piece);
            await DoneAsync(metadata.PersistenceId, put).ConfigureAwait(false);
        }
    }

    /// <summary>Null when it was deleted meanwhile.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(string id, SnapshotFound found)
    {
        var pieces = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (pieces.Count < found.Chunks)
        {
            var some = Enumerable.Range(pieces.Count, Math.Min(_settings.ChunksInFlight, found.Chunks - pieces.Count))
                .Select(chunk => LookAsync<SnapshotBytes>(id, new ReadSnapshot(id, found.SequenceNr, chunk)));
            foreach (var piece in await Task.WhenAll(some).ConfigureAwait(false))
            {
                if (piece.Bytes is not { } bytes) return null;
                pieces.Add(bytes);
            }
        }
        var whole = new byte[pieces.Sum(p => p.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }
        return whole;
    }

    private async Task DropAsync(string id, long minNumber, long maxNumber, DateTime minTime, DateTime maxTime)
    {
        var fence = await _group.FenceOfAsync(id, _settings.Patience).ConfigureAwait(false);
        await DoneAsync(id, new DropSnapshots(id, fence, minNumber, maxNumber, minTime.Ticks, maxTime.Ticks)).ConfigureAwait(false);
    }

    private async Task DoneAsync(string id, Kv.KvProtocol.IEntry entry)
    {
        var answer = await _group.Client.DoAsync(entry, _settings.Patience).ConfigureAwait(false);
        if (answer is not Done) throw RaftJournal.CauseOf(id, answer);
    }

    private async Task<T> LookAsync<T>(string id, Kv.KvProtocol.IQuestion question) where T : class =>
        await _group.Client.LookAsync(question, _settings.Patience).ConfigureAwait(false) is var answer && answer is T found ? found : throw RaftJournal.CauseOf(id, answer);
}
