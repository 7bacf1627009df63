using SQLitePCL;

namespace Akka.Persistence.Sql;

/// <summary>One prepared statement of one session. Not thread-safe; parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteSession session, sqlite3_stmt handle) : IDisposable
{
    public SqliteStatement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(handle, index, value));

    public SqliteStatement Bind(int index, string? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(handle, index) : raw.sqlite3_bind_text(handle, index, value));

    /// <summary>An empty blob stays a blob: SQLite would take a null pointer for NULL.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value) =>
        Checked(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));

    /// <summary>True when there is a row to read; false at the end. A failure resets the statement first.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        var failure = session.Failure(code);
        raw.sqlite3_reset(handle);
        throw failure;
    }

    public void Run()
    {
        while (Step()) { }
        Reset();
    }

    public void Reset()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;
    public long Long(int column) => raw.sqlite3_column_int64(handle, column);
    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";
    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();

    private SqliteStatement Checked(int code) => code == raw.SQLITE_OK ? this : throw session.Failure(code);
}
