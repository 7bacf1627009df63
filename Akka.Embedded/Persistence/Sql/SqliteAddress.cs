using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql;

/// <summary>Where a database is: the connection string as the driver wants it, and the file's name for errors and sharing.</summary>
internal sealed record SqliteAddress(string Key, string ConnectionString, string File, bool InMemory, TimeSpan BusyTimeout)
{
    private readonly object? _turns = InMemory ? new object() : null;

    /// <summary>In memory, where there is no log to read beside a write, reads and writes take turns.</summary>
    public T InTurn<T>(Func<T> work)
    {
        if (_turns is null) return work();
        lock (_turns) return work();
    }

    /// <summary>Two connection strings that mean the same file share one writer, so their writes share commits.</summary>
    public static SqliteAddress Parse(string connectionString)
    {
        var parts = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var memory = parts.Mode == SqliteOpenMode.Memory || parts.DataSource is ":memory:" or "";
        if (memory && parts.Cache != SqliteCacheMode.Shared)
        {
            if (parts.DataSource is ":memory:" or "") parts.DataSource = "memory-" + Guid.NewGuid().ToString("N");
            parts.Mode = SqliteOpenMode.Memory;
            parts.Cache = SqliteCacheMode.Shared;
        }
        var file = memory || parts.DataSource.StartsWith("file:", StringComparison.Ordinal) ? parts.DataSource : Path.GetFullPath(parts.DataSource);
        if (!memory && !parts.DataSource.StartsWith("file:", StringComparison.Ordinal)) parts.DataSource = file;
        var timeout = TimeSpan.FromSeconds(parts.DefaultTimeout <= 0 ? 30 : parts.DefaultTimeout);
        return new SqliteAddress((memory ? "memory " : "file ") + file, parts.ToString(), file, memory, timeout);
    }
}
