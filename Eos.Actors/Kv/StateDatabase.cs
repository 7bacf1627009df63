using Eos.Kernel;
using Eos.Raft;

namespace Eos.Kv;

/// <summary>This file can't be this member's state. The message names the file and the cure.</summary>
public sealed class StateRefused(string file, string what, string cure, Exception? cause = null) : Exception($"the state {file} {what}{cure}", cause)
{
    /// <summary>What is wrong with it, without file and cure: `is damaged: …`.</summary>
    public string What => what;

    internal static StateRefused Damaged(string file, string what, Exception? cause = null) => new(
        file, $"is damaged: {what}", ". Stop the member, move the file away, remove the member from the group (raft-remove-member) and add it anew "
        + "(raft-add-observer): it then gets everything from the others; or found a new group from a checkpoint (Eos.Host restore)", cause);

    internal static StateRefused Of(SqliteFailure e, string file) => e switch
    {
        { IsDamage: true } => Damaged(file, e.Message, e),
        { IsBusy: true } => new StateRefused(file, "is in use by another process", ": stop that one first", e),
        _ => new StateRefused(file, $"can't be opened: {e.Message}", ". Make its folder exist, writable and with free space", e),
    };
}

/// <summary>Opens connections to a state's file and makes sure what it is. Cost: constant, whatever the number of rows.</summary>
internal static class StateDatabase
{
    private const int ApplicationId = 0x456f7353;   // "EosS", in the header of the file
    private const int Format = 1;

    public const string Rows = "CREATE TABLE rows (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID";

    /// <summary>The connection that writes; makes the file if there is none.</summary>
    /// <exception cref="StateRefused"/>
    public static SqliteFile OpenWriter(string file, StateOrigin origin, StateSettings settings) => Guarded(file, settings, create: true, db =>
    {
        var isNew = db.Number("PRAGMA application_id") == 0 && db.Number("SELECT count(*) FROM sqlite_master") == 0;
        if (isNew) Shape(db, settings);
        else Check(db, origin.Cluster);
        Pace(db, settings);
        if (isNew) Begin(db, origin.Cluster, new StateMark(LogPosition.Start, TimeSpan.Zero, origin.Founders, default));
    });

    /// <summary>A further connection, for reading beside the one that writes.</summary>
    public static SqliteFile OpenReader(string file, StateSettings settings, long pageCache) =>
        Guarded(file, settings, create: false, db => db.Run($"PRAGMA cache_size = -{Math.Max(1, pageCache >> 10)}"));

    /// <summary>Whose state it is.</summary>
    /// <exception cref="StateRefused"/>
    public static string OwnerOf(string file, StateSettings settings)
    {
        var owner = "";
        Guarded(file, settings, create: false, db => owner = OwnerOf(db)).Dispose();
        return owner;
    }

    /// <summary>Makes it the state of another cluster, with that mark, on stable storage.</summary>
    public static void HandOver(string file, string cluster, StateMark mark, StateSettings settings)
    {
        using var db = Guarded(file, settings, create: false, db =>
        {
            Pace(db, settings);
            db.Run("PRAGMA synchronous = FULL");
            db.Run("BEGIN IMMEDIATE");
            db.Query("UPDATE identity SET cluster = ?1").Bind(1, cluster).Run();
            mark.Save(db);
            db.Run("COMMIT");
            db.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        });
    }

    /// <summary>An empty file to fill in one go, without a write-ahead file: whoever fills it syncs it.</summary>
    public static SqliteFile OpenBuilder(string file, string cluster, StateMark mark, StateSettings settings) => Guarded(file, settings, create: true, db =>
    {
        Shape(db, settings);
        db.Run("PRAGMA journal_mode = OFF");
        db.Run("PRAGMA synchronous = OFF");
        Begin(db, cluster, mark);
    });

    private static SqliteFile Guarded(string file, StateSettings settings, bool create, Action<SqliteFile> prepare)
    {
        SqliteFile? db = null;
        try
        {
            db = SqliteFile.Open(file, create, settings.LockWait);
            prepare(db);
            return db;
        }
        catch (Exception e)
        {
            db?.Dispose();
            if (e is SqliteFailure failure) throw StateRefused.Of(failure, file);
            throw;
        }
    }

    private static void Shape(SqliteFile db, StateSettings settings)
    {
        db.Run($"PRAGMA page_size = {settings.PageSize}");
        db.Run("PRAGMA auto_vacuum = INCREMENTAL");
    }

    private static void Pace(SqliteFile db, StateSettings settings)
    {
        db.Run("PRAGMA journal_mode = WAL");
        db.Run("PRAGMA synchronous = NORMAL");
        db.Run("PRAGMA wal_autocheckpoint = 0");
        db.Run($"PRAGMA journal_size_limit = {settings.CheckpointAfter * 2}");
    }

    private static void Begin(SqliteFile db, string cluster, StateMark mark)
    {
        db.Run("BEGIN IMMEDIATE");
        db.Run($"PRAGMA application_id = {ApplicationId}");
        db.Run($"PRAGMA user_version = {Format}");
        db.Run("CREATE TABLE identity (id INTEGER PRIMARY KEY, cluster TEXT NOT NULL) WITHOUT ROWID");
        db.Query("INSERT INTO identity (id, cluster) VALUES (1, ?1)").Bind(1, cluster).Run();
        db.Run("CREATE TABLE mark (id INTEGER PRIMARY KEY, term INTEGER NOT NULL, position INTEGER NOT NULL, time INTEGER NOT NULL, members BLOB NOT NULL, applied INTEGER NOT NULL, applied_time INTEGER NOT NULL, "
            + "high INTEGER NOT NULL, low INTEGER NOT NULL, rows INTEGER NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID");
        db.Run(Rows);
        mark.Save(db);
        db.Run("COMMIT");
    }

    private static void Check(SqliteFile db, string cluster)
    {
        if (OwnerOf(db) is var owner && owner != cluster)
            throw new StateRefused(db.Path, $"belongs to cluster {owner}, not to {cluster}", ": start this node with its own data folder, or correct the cluster's name");
    }

    private static string OwnerOf(SqliteFile db)
    {
        if (db.Number("PRAGMA application_id") != ApplicationId)
            throw new StateRefused(db.Path, "is a database, but no state of Eos", ": give the node a data folder of its own, or move the file away");
        var format = db.Number("PRAGMA user_version");
        if (format != Format) throw new StateRefused(db.Path, $"has format {format}, this version of Eos knows {Format}", ": start the version that wrote it");
        CheckLength(db);
        using var row = db.Query("SELECT cluster FROM identity WHERE id = 1").Rows();
        return row.Next() ? row.Text(0) : throw StateRefused.Damaged(db.Path, "it does not say whose it is");
    }

    /// <summary>Pages that are neither in the file nor in the write-ahead file were cut off.</summary>
    private static void CheckLength(SqliteFile db)
    {
        var wal = new FileInfo(db.Path + "-wal");
        var bytes = new FileInfo(db.Path).Length + (wal.Exists ? wal.Length : 0);
        var expected = db.Number("PRAGMA page_count") * db.Number("PRAGMA page_size");
        if (bytes < expected) throw StateRefused.Damaged(db.Path, $"it has {bytes} bytes of {expected}");
    }
}
