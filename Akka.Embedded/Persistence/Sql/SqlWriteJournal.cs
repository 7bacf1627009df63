using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// The journal `akka.persistence.journal.sql` on SQLite. It does not order the writes of different actors among each other: each actor's
/// answers come in its own order, when its events are on disk.
/// </summary>
internal sealed class SqlWriteJournal : WriteJournalBase
{
    private readonly ExtendedActorSystem _system;
    private readonly JournalTables _tables;
    private readonly SqlTagMode _tagMode;
    private readonly string _tagSeparator;
    private readonly string _connectionString;
    private readonly string? _serializer;
    private readonly int _replayBatch;
    private readonly ReplayFilterSettings _filter;
    private SqliteDatabase _database = null!;

    public SqlWriteJournal(Config config)
    {
        _system = (ExtendedActorSystem)Context.System;
        _connectionString = SqlProvider.ConnectionString(config, Self.Path.Name);
        var names = new SqlNames(config);
        _tables = new JournalTables(names);
        _tagMode = names.TagMode;
        _tagSeparator = config.GetString("tag-separator", ";");
        _serializer = SqlProvider.Serializer(config);
        _replayBatch = Math.Max(1, config.GetInt("replay-batch-size", 1000));
        _filter = ReplayFilterSettings.Of(config);
    }

    protected override void PreStart() => _database = SqliteDatabase.Acquire(_connectionString);

    protected override void PostStop() => _database.Release();

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages m:
                Write(m);
                return true;
            case ReplayMessages m:
                _database.Read(m.PersistenceId, new JournalReplay(m, _tables, _replayBatch, _system, new ReplayFilter(_filter, _system.Log, m.PersistenceId, e => Deliver(e, m.PersistentActor))));
                return true;
            case DeleteMessagesTo m:
                _database.Write(new JournalDelete(m, _tables));
                return true;
            default:
                return false;
        }
    }

    private void Write(WriteMessages request)
    {
        var envelopes = request.Messages as IReadOnlyList<IPersistentEnvelope> ?? [.. request.Messages];
        var now = DateTime.UtcNow.Ticks;
        var rows = new List<JournalRow>(envelopes.Count);
        List<Exception?>? refusals = null;
        var writes = 0;
        var id = "";
        foreach (var envelope in envelopes)
        {
            if (envelope is not AtomicWrite write) continue;
            id = write.PersistenceId;
            var from = rows.Count;
            try
            {
                foreach (var e in write.Events) rows.Add(Row(Prepare(e, now)));
                refusals?.Add(null);
            }
            catch (Exception refusal)
            {
                rows.RemoveRange(from, rows.Count - from);
                refusals ??= [.. new Exception?[writes]];
                refusals.Add(refusal);
            }
            writes++;
        }
        _database.Write(new JournalWrite(id, request, envelopes, rows, refusals, _tables, _tagMode));
    }

    private JournalRow Row(IPersistentRepresentation e)
    {
        var payload = e.Payload;
        string[] tags = [];
        if (payload is Tagged tagged)
        {
            payload = tagged.Payload;
            tags = [.. tagged.Tags];
        }
        var line = _tagMode == SqlTagMode.TagTable || tags.Length == 0 ? null : _tagSeparator + string.Join(_tagSeparator, tags) + _tagSeparator;
        return new JournalRow(e.PersistenceId, e.SequenceNr, e.Timestamp, SqlPayload.Of(_system, payload, _serializer), e.WriterGuid, tags, line);
    }

    private void Deliver(IPersistentRepresentation e, IActorRef target)
    {
        foreach (var adapted in AdaptFromJournal(e)) target.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender);
    }
}
