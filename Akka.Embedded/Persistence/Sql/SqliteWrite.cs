namespace Akka.Persistence.Sql;

/// <summary>One thing to store, whole or not at all. Runs on the database's writer thread, perhaps more than once.</summary>
internal abstract class SqliteWrite(string persistenceId)
{
    /// <summary>Reads of this id wait until this write has ended.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>False for what only waits for its turn and needs no transaction.</summary>
    public virtual bool NeedsTransaction => true;

    /// <summary>Changes the tables inside a transaction that it shares with others; throws to refuse only itself.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>Called once, after the commit is on disk (null) or after nothing of it was stored.</summary>
    public abstract void Ended(Exception? failure);
}
