namespace Akka.Persistence.Sql;

/// <summary>Names of the journal's tables and columns, and its statements: Akka.Persistence.Sql's own, so that a file opens under either.</summary>
internal sealed class JournalTables
{
    private readonly SqlNames _names;
    private readonly string _create;
    private readonly string? _createTags;
    private readonly string? _createMetadata;

    public JournalTables(SqlNames names)
    {
        _names = names;
        var n = names;
        var csv = n.TagMode != SqlTagMode.TagTable;
        var writer = n.WriterUuid is null ? "" : $", {n.WriterUuid} NVarChar(128) NULL";
        _create = $"""
            CREATE TABLE IF NOT EXISTS {n.Journal} ({n.Ordering} INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {n.Created} BigInt NOT NULL, {n.Deleted} Bit NOT NULL,
            {n.PersistenceId} NVarChar(255) NOT NULL, {n.SequenceNumber} BigInt NOT NULL, {n.Message} VarBinary NOT NULL{(csv ? $", {n.Tags} NVarChar(100) NULL" : "")},
            {n.Manifest} NVarChar(500) NULL, {n.Identifier} Int NULL{writer})
            """;
        _createTags = n.TagMode == SqlTagMode.Csv ? null : $"""
            CREATE TABLE IF NOT EXISTS {n.TagTable} ({n.TagOrdering} INTEGER NOT NULL, {n.TagValue} NVarChar(64) NOT NULL, {n.TagPersistenceId} NVarChar(255) NOT NULL,
            {n.TagSequenceNumber} INTEGER NOT NULL, PRIMARY KEY ({n.TagOrdering}, {n.TagValue}))
            """;
        _createMetadata = n.Metadata is null ? null : $"""
            CREATE TABLE IF NOT EXISTS {n.Metadata} ({n.MetadataPersistenceId} NVarChar(255) NOT NULL, {n.MetadataSequenceNumber} BigInt NOT NULL,
            PRIMARY KEY ({n.MetadataPersistenceId}, {n.MetadataSequenceNumber}))
            """;
        Index = $"CREATE UNIQUE INDEX IF NOT EXISTS {SqlNames.Quote(n.JournalName + "_uq")} ON {n.Journal} ({n.PersistenceId}, {n.SequenceNumber})";
        Insert = $"""
            INSERT INTO {n.Journal} ({n.Created}, {n.Deleted}, {n.PersistenceId}, {n.SequenceNumber}, {n.Message}, {n.Manifest}, {n.Identifier}
            {(n.WriterUuid is null ? "" : ", " + n.WriterUuid)}{(csv ? ", " + n.Tags : "")})
            VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6{(n.WriterUuid is null ? "" : ", ?7")}{(csv ? ", ?8" : "")})
            """;
        InsertTag = $"INSERT INTO {n.TagTable} ({n.TagOrdering}, {n.TagValue}, {n.TagPersistenceId}, {n.TagSequenceNumber}) VALUES (?1, ?2, ?3, ?4)";
        Replay = $"""
            SELECT {n.SequenceNumber}, {n.Message}, {n.Manifest}, {n.Identifier}, {n.Created}, {n.WriterUuid ?? "NULL"} FROM {n.Journal}
            WHERE {n.PersistenceId} = ?1 AND {n.SequenceNumber} BETWEEN ?2 AND ?3 AND {n.Deleted} = 0 ORDER BY {n.SequenceNumber} LIMIT ?4
            """;
        Highest = $"SELECT MAX({n.SequenceNumber}) FROM {n.Journal} WHERE {n.PersistenceId} = ?1";
        HighestUpTo = $"{Highest} AND {n.SequenceNumber} <= ?2";
        MarkDeleted = $"UPDATE {n.Journal} SET {n.Deleted} = 1 WHERE {n.PersistenceId} = ?1 AND {n.SequenceNumber} = ?2";
        DeleteBelow = $"DELETE FROM {n.Journal} WHERE {n.PersistenceId} = ?1 AND {n.SequenceNumber} < ?2";
        DeleteTags = $"DELETE FROM {n.TagTable} WHERE {n.TagPersistenceId} = ?1 AND {n.TagSequenceNumber} <= ?2";
        HighestDeleted = $"SELECT MAX({n.MetadataSequenceNumber}) FROM {n.Metadata} WHERE {n.MetadataPersistenceId} = ?1";
        KeepHighest = $"INSERT OR IGNORE INTO {n.Metadata} ({n.MetadataPersistenceId}, {n.MetadataSequenceNumber}) VALUES (?1, ?2)";
        ForgetLower = $"DELETE FROM {n.Metadata} WHERE {n.MetadataPersistenceId} = ?1 AND {n.MetadataSequenceNumber} < ?2";
    }

    public bool HasWriter => _names.WriterUuid is not null;
    public string Insert { get; }
    public string InsertTag { get; }
    public string Replay { get; }
    private string Index { get; }
    private string Highest { get; }
    private string HighestUpTo { get; }
    private string MarkDeleted { get; }
    private string DeleteBelow { get; }
    private string DeleteTags { get; }
    private string HighestDeleted { get; }
    private string KeepHighest { get; }
    private string ForgetLower { get; }

    /// <summary>Creates what is missing, once per connection, if the plugin may (auto-initialize).</summary>
    public void Ensure(SqliteSession session)
    {
        if (!_names.AutoInitialize || !session.Ensured.Add(this)) return;
        var missing = new List<string>();
        if (!session.HasTable(_names.JournalName)) missing.AddRange([_create, Index]);
        if (_createTags is not null && !session.HasTable(_names.TagTableName))
            missing.AddRange([_createTags, $"CREATE INDEX IF NOT EXISTS {SqlNames.Quote($"{_names.TagTableName}_by_id")} ON {_names.TagTable} ({_names.TagPersistenceId}, {_names.TagSequenceNumber})"]);
        if (_createMetadata is not null && !session.HasTable(_names.MetadataName!)) missing.Add(_createMetadata);
        SqlNames.Create(session, missing);
    }

    /// <summary>Never falls: the last row deleted stays behind, marked, so that its number is not given out again.</summary>
    public long HighestSequenceNr(SqliteSession session, string persistenceId)
    {
        var highest = SqlNames.Scalar(session.Statement(Highest).Bind(1, persistenceId));
        return _createMetadata is null ? highest : Math.Max(highest, SqlNames.Scalar(session.Statement(HighestDeleted).Bind(1, persistenceId)));
    }

    public void Delete(SqliteSession session, string persistenceId, long upTo)
    {
        var last = SqlNames.Scalar(session.Statement(HighestUpTo).Bind(1, persistenceId).Bind(2, upTo));
        if (last == 0) return;
        session.Statement(MarkDeleted).Bind(1, persistenceId).Bind(2, last).Run();
        session.Statement(DeleteBelow).Bind(1, persistenceId).Bind(2, last).Run();
        if (_createTags is not null) session.Statement(DeleteTags).Bind(1, persistenceId).Bind(2, last).Run();
        if (_createMetadata is null) return;
        session.Statement(KeepHighest).Bind(1, persistenceId).Bind(2, last).Run();
        session.Statement(ForgetLower).Bind(1, persistenceId).Bind(2, last).Run();
    }
}
