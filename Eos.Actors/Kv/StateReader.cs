using Eos.Kernel;

namespace Eos.Kv;

/// <summary>Rows as the file has them, on a connection of its own. All that is read between two <see cref="Release"/> is from one moment.</summary>
internal sealed class StateReader : IDisposable
{
    private const int FirstPage = 16;
    private const int LastPage = 1024;
    private const long PageBytes = 1 << 20;

    private readonly SqliteFile _db;
    private readonly SqliteQuery _one;
    private bool _held;

    public StateReader(SqliteFile db)
    {
        _db = db;
        _one = db.Query("SELECT v FROM rows WHERE k = ?1");
    }

    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        Hold();
        using var rows = _one.Bind(1, key).Rows();
        return rows.Next() ? rows.Blob(0) : null;
    }

    /// <summary>Rows with from &lt;= key &lt; until, read in pages that grow up to a bound in rows and one in bytes, so that no statement is open between two rows.</summary>
    public IEnumerable<KvRow> Range(byte[] from, byte[] until)
    {
        Hold();
        var (first, size) = (true, FirstPage);
        for (var page = new List<KvRow>(size); ; size = Math.Min(size * 4, LastPage))
        {
            page.Clear();
            var more = Page(first, from, until, size, page);
            foreach (var row in page) yield return row;
            if (!more) yield break;
            (from, first) = (page[^1].Key.ToArray(), false);
        }
    }

    /// <summary>Ends the moment that is being read, so that the next read sees what was committed, and the write-ahead file may begin anew.</summary>
    public void Release()
    {
        if (!_held) return;
        _held = false;
        _db.Run("COMMIT");
    }

    public void Dispose() => _db.Dispose();

    /// <summary>Whether there may be more behind it.</summary>
    private bool Page(bool first, byte[] from, byte[] until, int size, List<KvRow> page)
    {
        var query = _db.Query(first ? "SELECT k, v FROM rows WHERE k >= ?1 AND k < ?2 ORDER BY k LIMIT ?3" : "SELECT k, v FROM rows WHERE k > ?1 AND k < ?2 ORDER BY k LIMIT ?3");
        using var rows = query.Bind(1, from).Bind(2, until).Bind(3, size).Rows();
        var bytes = 0L;
        while (bytes < PageBytes && rows.Next())
        {
            page.Add(new KvRow(rows.Blob(0), rows.Blob(1)));
            bytes += Allowance.SizeOf(page[^1]);
        }
        return bytes >= PageBytes || page.Count == size;
    }

    private void Hold()
    {
        if (_held) return;
        _db.Run("BEGIN");
        _held = true;
    }
}
