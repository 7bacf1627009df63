using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The snapshot store `akka.persistence.snapshot-store.sql` on SQLite; shares the writer of a journal in the same file.</summary>
internal sealed class SqlSnapshotStore : SnapshotStore
{
    private readonly ExtendedActorSystem _system;
    private readonly SnapshotTables _tables;
    private readonly string _connectionString;
    private readonly string? _serializer;
    private SqliteDatabase _database = null!;

    public SqlSnapshotStore(Config config)
    {
        _system = (ExtendedActorSystem)Context.System;
        _connectionString = SqlProvider.ConnectionString(config, Self.Path.Name);
        _tables = new SnapshotTables(config);
        _serializer = SqlProvider.Serializer(config);
    }

    protected override void PreStart() => _database = SqliteDatabase.Acquire(_connectionString);

    protected override void PostStop() => _database.Release();

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var load = new Load(_tables, persistenceId, criteria, _system);
        _database.Read(persistenceId, load);
        return load.Task;
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var payload = SqlPayload.Of(_system, snapshot, _serializer);
        return Change(metadata.PersistenceId, session => session.Statement(_tables.Save).Bind(1, metadata.PersistenceId).Bind(2, metadata.SequenceNr)
            .Bind(3, metadata.Timestamp.Ticks).Bind(4, payload.Bytes).Bind(5, payload.Manifest).Bind(6, payload.SerializerId).Run());
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        var any = metadata.Timestamp == DateTime.MinValue;
        return DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, any ? DateTime.MaxValue : metadata.Timestamp,
            metadata.SequenceNr, any ? DateTime.MinValue : metadata.Timestamp));
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Change(persistenceId, session => Bounds(session.Statement(_tables.Delete), persistenceId, criteria).Run());

    private static SqliteStatement Bounds(SqliteStatement statement, string persistenceId, SnapshotSelectionCriteria criteria) =>
        statement.Bind(1, persistenceId).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
            .Bind(4, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks).Bind(5, criteria.MaxTimeStamp.Ticks);

    private Task Change(string persistenceId, Action<SqliteSession> change)
    {
        var write = new Write(_tables, persistenceId, change);
        _database.Write(write);
        return write.Task;
    }

    private sealed class Write(SnapshotTables tables, string persistenceId, Action<SqliteSession> change) : SqliteWrite(persistenceId)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _done.Task;

        public override void Apply(SqliteSession session)
        {
            tables.Ensure(session);
            change(session);
        }

        public override void Ended(Exception? failure)
        {
            if (failure is null) _done.SetResult();
            else _done.SetException(failure);
        }
    }

    private sealed class Load(SnapshotTables tables, string persistenceId, SnapshotSelectionCriteria criteria, ExtendedActorSystem system) : SqliteRead
    {
        private readonly TaskCompletionSource<SelectedSnapshot> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<SelectedSnapshot> Task => _done.Task;

        public override void Run(SqliteSession session)
        {
            tables.Ensure(session);
            var row = Bounds(session.Statement(tables.Load), persistenceId, criteria);
            try
            {
                _done.SetResult(row.Step() ? Selected(row) : null!);
            }
            finally
            {
                row.Reset();
            }
        }

        public override void Failed(Exception failure) => _done.SetException(failure);

        private SelectedSnapshot Selected(SqliteStatement row)
        {
            var payload = new SqlPayload(row.Blob(2), (int)row.Long(4), row.Text(3));
            return new SelectedSnapshot(new SnapshotMetadata(persistenceId, row.Long(0), new DateTime(row.Long(1), DateTimeKind.Utc)), payload.Read(system));
        }
    }
}
