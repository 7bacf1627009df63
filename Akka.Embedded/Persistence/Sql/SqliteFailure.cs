namespace Akka.Persistence.Sql;

/// <summary>What SQLite refused, with the file it was about: a torn, full, locked or foreign file is named in the message.</summary>
internal sealed class SqliteFailure(string file, int code, string text)
    : Exception($"SQLite file '{file}': {text} (code {code})")
{
    /// <summary>Extended result code; its low byte is the primary one.</summary>
    public int Code { get; } = code;

    /// <summary>One write broke a rule of the tables; the others of its group are not to blame.</summary>
    public bool IsConstraint => (Code & 0xff) == SQLitePCL.raw.SQLITE_CONSTRAINT;

    /// <summary>Another process holds the file; trying again later may help.</summary>
    public bool IsBusy => (Code & 0xff) is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED;
}
