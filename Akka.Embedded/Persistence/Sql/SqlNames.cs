using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>Where an event's tags go.</summary>
internal enum SqlTagMode { Csv = 1, TagTable = 2, Both = 3 }

/// <summary>Table and column names out of a journal plugin's HOCON (`table-mapping` names the block), quoted for SQL.</summary>
internal sealed class SqlNames
{
    public SqlNames(Config plugin)
    {
        var mapping = plugin.GetString("table-mapping", "default");
        var tables = plugin.GetConfig(mapping);
        if (tables is null || tables.IsEmpty) throw new ConfigurationException($"table-mapping '{mapping}' has no block of that name in the journal's configuration");
        var mode = plugin.GetString("tag-write-mode", "TagTable");
        if (!Enum.TryParse<SqlTagMode>(mode, ignoreCase: true, out var tagMode)) throw new ConfigurationException($"tag-write-mode '{mode}' is none of Csv, TagTable, Both");
        TagMode = tagMode;
        AutoInitialize = plugin.GetBoolean("auto-initialize", true);
        JournalName = tables.GetString("journal.table-name", "journal");
        Journal = Quote(JournalName);
        string Column(string key, string otherwise) => Quote(tables.GetString("journal.columns." + key, otherwise));
        Ordering = Column("ordering", "ordering");
        Deleted = Column("deleted", "deleted");
        PersistenceId = Column("persistence-id", "persistence_id");
        SequenceNumber = Column("sequence-number", "sequence_number");
        Created = Column("created", "created");
        Tags = Column("tags", "tags");
        Message = Column("message", "message");
        Identifier = Column("identifier", "identifier");
        Manifest = Column("manifest", "manifest");
        WriterUuid = tables.GetBoolean("journal.use-writer-uuid-column", true) ? Column("writer-uuid", "writer_uuid") : null;
        TagTableName = tables.GetString("tag.table-name", "tags");
        TagTable = Quote(TagTableName);
        TagOrdering = Quote(tables.GetString("tag.columns.ordering-id", "ordering_id"));
        TagValue = Quote(tables.GetString("tag.columns.tag-value", "tag"));
        TagPersistenceId = Quote(tables.GetString("tag.columns.persistence-id", "persistence_id"));
        TagSequenceNumber = Quote(tables.GetString("tag.columns.sequence-nr", "sequence_nr"));
        MetadataName = plugin.GetBoolean("delete-compatibility-mode", false) ? tables.GetString("metadata.table-name", "journal_metadata") : null;
        Metadata = MetadataName is null ? null : Quote(MetadataName);
        MetadataPersistenceId = Quote(tables.GetString("metadata.columns.persistence-id", "persistence_id"));
        MetadataSequenceNumber = Quote(tables.GetString("metadata.columns.sequence-number", "sequence_number"));
    }

    public SqlTagMode TagMode { get; }
    public bool AutoInitialize { get; }
    public string JournalName { get; }
    public string Journal { get; }
    public string Ordering { get; }
    public string Deleted { get; }
    public string PersistenceId { get; }
    public string SequenceNumber { get; }
    public string Created { get; }
    public string Tags { get; }
    public string Message { get; }
    public string Identifier { get; }
    public string Manifest { get; }
    public string? WriterUuid { get; }
    public string TagTableName { get; }
    public string TagTable { get; }
    public string TagOrdering { get; }
    public string TagValue { get; }
    public string TagPersistenceId { get; }
    public string TagSequenceNumber { get; }

    /// <summary>Only with `delete-compatibility-mode`: where the highest deleted number is kept as well.</summary>
    public string? MetadataName { get; }
    public string? Metadata { get; }
    public string MetadataPersistenceId { get; }
    public string MetadataSequenceNumber { get; }

    /// <summary>Brackets: a name in double quotes that no column has would be taken for a text.</summary>
    public static string Quote(string name) =>
        name.Contains(']', StringComparison.Ordinal) ? throw new ConfigurationException($"'{name}' cannot be the name of a table or column") : $"[{name}]";

    /// <summary>The first column of the first row; zero for NULL or no row.</summary>
    public static long Scalar(SqliteStatement query)
    {
        var value = query.Step() ? query.Long(0) : 0;
        query.Reset();
        return value;
    }

    /// <summary>Runs DDL, in a transaction of its own if there is none.</summary>
    public static void Create(SqliteSession session, List<string> statements)
    {
        if (statements.Count == 0) return;
        var own = !session.InTransaction;
        if (own) session.Run("BEGIN IMMEDIATE");
        try
        {
            foreach (var statement in statements) session.Run(statement);
            if (own) session.Run("COMMIT");
        }
        catch
        {
            if (own && session.InTransaction) session.Rollback();
            throw;
        }
    }
}
