using Akka.Actor;
using Akka.Persistence.Journal;

namespace Akka.Persistence.Sql;

/// <summary>One event as the journal table keeps it.</summary>
internal sealed record JournalRow(string PersistenceId, long SequenceNr, long Created, SqlPayload Payload, string WriterUuid, string[] Tags, string? TagLine);

/// <summary>Stores one WriteMessages and answers it.</summary>
internal sealed class JournalWrite(string persistenceId, WriteMessages request, IReadOnlyList<IPersistentEnvelope> envelopes,
    List<JournalRow> rows, IReadOnlyList<Exception?>? refusals, JournalTables tables, SqlTagMode tagMode) : SqliteWrite(persistenceId)
{
    public override bool NeedsTransaction => rows.Count > 0;

    public override void Apply(SqliteSession session)
    {
        tables.Ensure(session);
        var insert = session.Statement(tables.Insert);
        foreach (var row in rows)
        {
            insert.Bind(1, row.Created).Bind(2, row.PersistenceId).Bind(3, row.SequenceNr).Bind(4, row.Payload.Bytes)
                .Bind(5, row.Payload.Manifest).Bind(6, row.Payload.SerializerId);
            if (tables.HasWriter) insert.Bind(7, row.WriterUuid);
            if (tagMode != SqlTagMode.TagTable) insert.Bind(8, row.TagLine);
            insert.Run();
            if (tagMode != SqlTagMode.Csv && row.Tags.Length > 0) AddTags(session, row);
        }
    }

    public override void Ended(Exception? failure) => WriteReplies.Send(request, envelopes, refusals, failure);

    private void AddTags(SqliteSession session, JournalRow row)
    {
        var ordering = session.LastRowId;
        foreach (var tag in row.Tags)
            session.Statement(tables.InsertTag).Bind(1, ordering).Bind(2, tag).Bind(3, row.PersistenceId).Bind(4, row.SequenceNr).Run();
    }
}

/// <summary>Removes events and answers the DeleteMessagesTo.</summary>
internal sealed class JournalDelete(DeleteMessagesTo request, JournalTables tables) : SqliteWrite(request.PersistenceId)
{
    public override void Apply(SqliteSession session)
    {
        tables.Ensure(session);
        tables.Delete(session, request.PersistenceId, request.ToSequenceNr);
    }

    public override void Ended(Exception? failure) => request.PersistentActor.Tell(
        failure is null ? new DeleteMessagesSuccess(request.ToSequenceNr) : new DeleteMessagesFailure(failure, request.ToSequenceNr), ActorRefs.NoSender);
}

/// <summary>Reads one id's events, some rows at a time so that no read keeps the log from being checkpointed, and ends with the highest number.</summary>
internal sealed class JournalReplay(ReplayMessages request, JournalTables tables, int batch, ExtendedActorSystem system, ReplayFilter filter) : SqliteRead
{
    public override void Run(SqliteSession session)
    {
        tables.Ensure(session);
        var highest = tables.HighestSequenceNr(session, request.PersistenceId);
        var next = request.FromSequenceNr;
        var to = Math.Min(request.ToSequenceNr, highest);
        for (var left = request.Max; left > 0 && next <= to;)
        {
            var most = Math.Min(batch, left);
            var (count, last) = Batch(session, next, to, most);
            if (count < most) break;
            left -= count;
            next = last + 1;
        }
        filter.End();
        request.PersistentActor.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
    }

    public override void Failed(Exception failure) => request.PersistentActor.Tell(new ReplayMessagesFailure(failure), ActorRefs.NoSender);

    private (long Count, long Last) Batch(SqliteSession session, long from, long to, long most)
    {
        var rows = session.Statement(tables.Replay).Bind(1, request.PersistenceId).Bind(2, from).Bind(3, to).Bind(4, most);
        var (count, last) = (0L, from);
        try
        {
            while (rows.Step())
            {
                count++;
                last = rows.Long(0);
                if (rows.IsNull(3)) throw new InvalidDataException($"{session.File}: event {last} of '{request.PersistenceId}' names no serializer");
                var payload = new SqlPayload(rows.Blob(1), (int)rows.Long(3), rows.Text(2)).Read(system);
                filter.Next(new Persistent(payload, last, request.PersistenceId, rows.Text(2), false, ActorRefs.NoSender, rows.Text(5), rows.Long(4)));
            }
            return (count, last);
        }
        finally
        {
            rows.Reset();
        }
    }
}
