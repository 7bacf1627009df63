using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>Names of the snapshot table and its columns, and its statements: Akka.Persistence.Sql's own. Times are UTC ticks.</summary>
internal sealed class SnapshotTables
{
    private readonly bool _autoInitialize;
    private readonly string _name;
    private readonly string _create;

    public SnapshotTables(Config plugin)
    {
        var mapping = plugin.GetString("table-mapping", "default");
        var table = plugin.GetConfig(mapping + ".snapshot") ?? throw new ConfigurationException($"table-mapping '{mapping}' has no block of that name in the snapshot store's configuration");
        string Column(string key, string otherwise) => SqlNames.Quote(table.GetString("columns." + key, otherwise));
        _autoInitialize = plugin.GetBoolean("auto-initialize", true);
        _name = table.GetString("table-name", "snapshot");
        var t = SqlNames.Quote(_name);
        var (id, number, created) = (Column("persistence-id", "persistence_id"), Column("sequence-number", "sequence_number"), Column("created", "created"));
        var (snapshot, manifest, serializer) = (Column("snapshot", "snapshot"), Column("manifest", "manifest"), Column("serializerId", "serializer_id"));
        _create = $"""
            CREATE TABLE IF NOT EXISTS {t} ({id} NVarChar(255) NOT NULL, {number} BigInt NOT NULL, {created} BigInt NOT NULL, {snapshot} VarBinary NOT NULL,
            {manifest} NVarChar(500) NOT NULL, {serializer} Int NULL, PRIMARY KEY ({id}, {number}))
            """;
        Save = $"INSERT OR REPLACE INTO {t} ({id}, {number}, {created}, {snapshot}, {manifest}, {serializer}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        var fits = $"{id} = ?1 AND {number} BETWEEN ?2 AND ?3 AND {created} BETWEEN ?4 AND ?5";
        Load = $"SELECT {number}, {created}, {snapshot}, {manifest}, {serializer} FROM {t} WHERE {fits} ORDER BY {number} DESC LIMIT 1";
        Delete = $"DELETE FROM {t} WHERE {fits}";
    }

    public string Save { get; }
    public string Load { get; }
    public string Delete { get; }

    public void Ensure(SqliteSession session)
    {
        if (_autoInitialize && session.Ensured.Add(this) && !session.HasTable(_name)) SqlNames.Create(session, [_create]);
    }
}
