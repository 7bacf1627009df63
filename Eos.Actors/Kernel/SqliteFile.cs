using SQLitePCL;

namespace Eos.Kernel;

/// <summary>One open SQLite file with its prepared statements. Used by one thread at a time.</summary>
public sealed class SqliteFile : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteQuery> _queries = [];

    static SqliteFile() => Batteries_V2.Init();

    private SqliteFile(string path, sqlite3 handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens the file, or makes it. <see cref="SqliteFailure"/> when that can't be.</summary>
    /// <param name="patience">How long to wait for another process that has it open.</param>
    public static SqliteFile Open(string path, bool create, TimeSpan patience)
    {
        var code = raw.sqlite3_open_v2(
            path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0), null);
        if (code != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw new SqliteFailure(path, code, raw.sqlite3_errstr(code).utf8_to_string());
        }
        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, (int)patience.TotalMilliseconds);
        return new SqliteFile(path, handle);
    }

    /// <summary>The prepared statement for that text, ready to be bound.</summary>
    public SqliteQuery Query(string sql)
    {
        if (_queries.TryGetValue(sql, out var known)) return known;
        var code = raw.sqlite3_prepare_v2(_handle, sql, out var statement);
        if (code != raw.SQLITE_OK) throw Failure(code);
        return _queries[sql] = new SqliteQuery(this, statement);
    }

    public void Run(string sql) => Query(sql).Run();

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    public long Number(string sql)
    {
        using var rows = Query(sql).Rows();
        return rows.Next() ? rows.Long(0) : 0;
    }

    internal SqliteFailure Failure(int code) => new(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose()
    {
        foreach (var query in _queries.Values) query.Close();
        _queries.Clear();
        _handle.Dispose();
    }
}

/// <summary>A prepared statement of a <see cref="SqliteFile"/>. Parameters count from 1, columns from 0.</summary>
public sealed class SqliteQuery
{
    private readonly SqliteFile _file;
    private readonly sqlite3_stmt _statement;

    internal SqliteQuery(SqliteFile file, sqlite3_stmt statement) => (_file, _statement) = (file, statement);

    public SqliteQuery Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(_statement, index, value));

    public SqliteQuery Bind(int index, ulong value) => Bind(index, (long)value);

    public SqliteQuery Bind(int index, string? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));

    /// <summary>An empty blob stays a blob: SQLite would take a null pointer for NULL.</summary>
    public SqliteQuery Bind(int index, ReadOnlySpan<byte> value) =>
        Checked(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));

    public void Run()
    {
        using var rows = Rows();
        while (rows.Next()) { }
    }

    /// <summary>Its rows, one after the other; dispose before the statement is used again.</summary>
    public SqliteRows Rows() => new(this);

    internal bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw _file.Failure(code);
    }

    internal void Reset()
    {
        raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement);
    }

    internal void Close() => _statement.Dispose();

    internal sqlite3_stmt Statement => _statement;

    private SqliteQuery Checked(int code) => code == raw.SQLITE_OK ? this : throw _file.Failure(code);
}

/// <summary>The rows of a statement under way.</summary>
public readonly struct SqliteRows(SqliteQuery query) : IDisposable
{
    public bool Next() => query.Step();

    public bool IsNull(int column) => raw.sqlite3_column_type(query.Statement, column) == raw.SQLITE_NULL;
    public long Long(int column) => raw.sqlite3_column_int64(query.Statement, column);
    public ulong ULong(int column) => (ulong)Long(column);
    public string Text(int column) => raw.sqlite3_column_text(query.Statement, column).utf8_to_string() ?? "";
    public byte[] Blob(int column) => raw.sqlite3_column_blob(query.Statement, column).ToArray();

    public void Dispose() => query.Reset();
}

/// <summary>What SQLite refused, with the file it was about.</summary>
public sealed class SqliteFailure(string file, int code, string text) : Exception($"SQLite file {file}: {text} (code {code})")
{
    /// <summary>Extended result code; its low byte is the primary one.</summary>
    public int Code { get; } = code;

    /// <summary>Another process holds the file.</summary>
    public bool IsBusy => (Code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>No space is left, for the moment.</summary>
    public bool IsFull => (Code & 0xff) == raw.SQLITE_FULL;

    /// <summary>The file is not what SQLite wrote.</summary>
    public bool IsDamage => (Code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
