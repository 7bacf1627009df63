namespace Akka.Persistence.Sql;

/// <summary>
/// One database file as this process sees it: a writer and a few readers, shared by every journal and snapshot store that names the file.
/// Closed when the last of them has gone.
/// </summary>
internal sealed class SqliteDatabase
{
    private const int Readers = 4;
    private static readonly object Gate = new();
    private static readonly Dictionary<string, SqliteDatabase> Open = [];

    private readonly SqliteAddress _address;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteSession? _anchor;
    private int _users;

    private SqliteDatabase(SqliteAddress address)
    {
        _address = address;
        _anchor = address.InMemory ? SqliteSession.Open(address, writer: false) : null;   // a database in memory lives as long as a connection
        _writer = new SqliteWriter(address);
        _readers = new SqliteReaders(address, Readers);
    }

    /// <summary>Touches no disk yet: a file that cannot be opened fails the first write or read, and every one until it can.</summary>
    public static SqliteDatabase Acquire(string connectionString)
    {
        var address = SqliteAddress.Parse(connectionString);
        lock (Gate)
        {
            if (!Open.TryGetValue(address.Key, out var database)) Open[address.Key] = database = new SqliteDatabase(address);
            database._users++;
            return database;
        }
    }

    public void Write(SqliteWrite write) => _writer.Add(write);

    /// <summary>Runs beside the writes of other ids, but after those of this id that came before.</summary>
    public void Read(string persistenceId, SqliteRead read)
    {
        if (_writer.HasOpen(persistenceId)) _writer.Add(new Turn(persistenceId, () => _readers.Add(read)));
        else _readers.Add(read);
    }

    /// <summary>Ends one user's share. The last one waits until everything given to <see cref="Write"/> is stored.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (--_users > 0) return;
            Open.Remove(_address.Key);
        }
        _writer.Close();
        _readers.Close();
        _anchor?.Dispose();
    }

    private sealed class Turn(string persistenceId, Action then) : SqliteWrite(persistenceId)
    {
        public override bool NeedsTransaction => false;
        public override void Apply(SqliteSession session) { }
        public override void Ended(Exception? failure) => then();
    }
}
