using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Persistence.Sql;

/// <summary>One open connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    static SqliteSession() => Batteries_V2.Init();

    private SqliteSession(SqliteConnection connection, string file)
    {
        _connection = connection;
        File = file;
    }

    public string File { get; }

    private sqlite3 Handle => _connection.Handle!;

    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    public long LastRowId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>Opens the file; <paramref name="writer"/> also chooses WAL, full fsync and a larger checkpoint distance.</summary>
    public static SqliteSession Open(SqliteAddress address, bool writer)
    {
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            connection.Open();
            var session = new SqliteSession(connection, address.File);
            raw.sqlite3_busy_timeout(session.Handle, (int)address.BusyTimeout.TotalMilliseconds);
            if (writer) session.BecomeWriter(address);
            if (writer) raw.sqlite3_busy_timeout(session.Handle, 2);   // the writer waits by itself
            return session;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new SqliteFailure(address.File, e.SqliteExtendedErrorCode, e.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteStatement Statement(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        var code = raw.sqlite3_prepare_v2(Handle, sql, out var handle);
        if (code != raw.SQLITE_OK) throw Failure(code);
        return _statements[sql] = new SqliteStatement(this, handle);
    }

    public void Run(string sql) => Statement(sql).Run();

    /// <summary>Tables that this connection has seen or made; what a rollback unmade is looked at again.</summary>
    public HashSet<object> Ensured { get; } = [];

    public void Rollback()
    {
        Ensured.Clear();
        Run("ROLLBACK");
    }

    public bool HasTable(string name)
    {
        var query = Statement("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1").Bind(1, name);
        var found = query.Step();
        query.Reset();
        return found;
    }

    public SqliteFailure Failure(int code)
    {
        var extended = raw.sqlite3_extended_errcode(Handle);
        return new SqliteFailure(File, (extended & 0xff) == (code & 0xff) ? extended : code, raw.sqlite3_errmsg(Handle).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    /// <summary>Turning on WAL needs the file alone for a moment and SQLite does not wait for that, so we do.</summary>
    private void BecomeWriter(SqliteAddress address)
    {
        var deadline = Environment.TickCount64 + (long)address.BusyTimeout.TotalMilliseconds;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            try
            {
                if (!address.InMemory) Run("PRAGMA journal_mode = WAL");
                break;
            }
            catch (SqliteFailure busy) when (busy.IsBusy && Environment.TickCount64 < deadline)
            {
                Thread.Sleep(pause);
            }
        }
        Run("PRAGMA synchronous = FULL");
        Run("PRAGMA wal_autocheckpoint = 4000");
    }
}
