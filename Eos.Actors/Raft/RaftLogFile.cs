using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>Whose log a file is.</summary>
public sealed record RaftLogIdentity(string Cluster, MemberId Member);

/// <summary>What a member starts with. The batches themselves stay on disk: the view's tail is empty.</summary>
/// <param name="Memberships">Those in the log, oldest first.</param>
/// <param name="LogTime">Log time of the last entry, also when that has been trimmed.</param>
/// <param name="Folder">Drawn when the log was made.</param>
/// <param name="Traces">What other members were last known to have.</param>
/// <param name="Expected">A snapshot that was about to replace the state; only a state at just this place may be beyond the log's end.</param>
public sealed record RaftLogContents(
    Term Term, MemberId? Vote, LogView View, ImmutableArray<(LogIndex At, Membership Membership)> Memberships, TimeSpan LogTime, LogPosition Expected,
    string Folder, ImmutableDictionary<MemberId, MemberTrace> Traces);

/// <summary>Batches that were read, and the position before them.</summary>
public sealed record RaftLogSlice(LogPosition Previous, ImmutableArray<LogBatch> Batches);

/// <summary>This file can't be this member's log. The message names the file and the cure.</summary>
public sealed class RaftLogRefused : Exception
{
    internal RaftLogRefused(string subject, string what, string cure, Exception? cause = null)
        : base($"{subject} {what}{cure}", cause) => What = what;

    /// <summary>What is wrong with it, without file and cure: `is damaged: …`.</summary>
    public string What { get; }

    internal static RaftLogRefused File(string file, string what, string cure, Exception? cause = null) => new($"the Raft log {file}", what, cure, cause);

    internal static RaftLogRefused Damaged(string file, string what, Exception? cause = null) => File(
        file, $"is damaged: {what}", ". A member whose log has forgotten must not vote: stop it, move the file away, remove the member from the group "
        + "(raft-remove-member) and add it anew (raft-add-observer); it then gets everything from the others", cause);

    internal static RaftLogRefused Of(SqliteFailure e, string file) => e switch
    {
        { IsDamage: true } => Damaged(file, e.Message, e),
        { IsBusy: true } => File(file, "is in use by another process", ": stop that one first", e),
        _ => File(file, $"can't be opened: {e.Message}", ". Make its folder exist, writable and with free space", e),
    };
}

/// <summary>Opens a log's file, for this process alone, and makes sure whose it is.</summary>
internal static class RaftLogFile
{
    private const int ApplicationId = 0x456f7352;   // "EosR", in the header of the file
    private const int Format = 2;

    /// <exception cref="RaftLogRefused"/>
    public static SqliteFile Open(string file, RaftLogIdentity identity, bool create, RaftLogSettings settings)
    {
        if (!create && !File.Exists(file))
            throw RaftLogRefused.File(file, "is gone", ": bring it back, or remove the member from the group (raft-remove-member) and add it anew (raft-add-observer)");
        SqliteFile? db = null;
        try
        {
            db = SqliteFile.Open(file, create, settings.LockWait);
            // No other process can open it from here on, so there is no shared memory file.
            db.Run("PRAGMA locking_mode = EXCLUSIVE");
            var isNew = db.Number("PRAGMA application_id") == 0 && db.Number("SELECT count(*) FROM sqlite_master") == 0;
            if (isNew) db.Run("PRAGMA page_size = 4096");
            if (isNew) db.Run("PRAGMA auto_vacuum = INCREMENTAL");
            if (!isNew) Check(db, identity);
            Prepare(db, settings);
            if (isNew) Begin(db, identity, create);
            return db;
        }
        catch (Exception e)
        {
            db?.Dispose();
            if (e is SqliteFailure failure) throw RaftLogRefused.Of(failure, file);
            throw;
        }
    }

    /// <summary>Whose log it is.</summary>
    /// <exception cref="RaftLogRefused"/>
    public static RaftLogIdentity OwnerOf(string file, RaftLogSettings settings)
    {
        SqliteFile? db = null;
        try
        {
            return OwnerOf(db = SqliteFile.Open(file, create: false, settings.LockWait));
        }
        catch (SqliteFailure e)
        {
            throw RaftLogRefused.Of(e, file);
        }
        finally
        {
            db?.Dispose();
        }
    }

    private static void Prepare(SqliteFile db, RaftLogSettings settings)
    {
        db.Run("PRAGMA journal_mode = WAL");
        db.Run("PRAGMA synchronous = FULL");
        db.Run($"PRAGMA wal_autocheckpoint = {settings.CheckpointAfter / 4096}");
        db.Run($"PRAGMA journal_size_limit = {settings.CheckpointAfter * 2}");
    }

    private static void Begin(SqliteFile db, RaftLogIdentity identity, bool create)
    {
        if (!create) throw RaftLogRefused.Damaged(db.Path, "it is empty");
        db.Run("BEGIN IMMEDIATE");
        db.Run($"PRAGMA application_id = {ApplicationId}");
        db.Run($"PRAGMA user_version = {Format}");
        db.Run("CREATE TABLE identity (id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, member TEXT NOT NULL, folder TEXT NOT NULL) WITHOUT ROWID");
        db.Query("INSERT INTO identity (id, cluster, member, folder) VALUES (1, ?1, ?2, lower(hex(randomblob(16))))").Bind(1, identity.Cluster).Bind(2, identity.Member.Value).Run();
        RaftLogRows.Create(db);
        db.Run("COMMIT");
    }

    private static void Check(SqliteFile db, RaftLogIdentity identity)
    {
        if (OwnerOf(db) is var owner && owner != identity)
            throw RaftLogRefused.File(
                db.Path, $"belongs to member {owner.Member} of cluster {owner.Cluster}, not to {identity.Member} of {identity.Cluster}",
                ": start this node with its own data folder, or correct its name");
    }

    private static RaftLogIdentity OwnerOf(SqliteFile db)
    {
        if (db.Number("PRAGMA application_id") != ApplicationId)
            throw RaftLogRefused.File(db.Path, "is a database, but no Raft log", ": give the node a data folder of its own, or move the file away");
        var format = db.Number("PRAGMA user_version");
        if (format != Format) throw RaftLogRefused.File(db.Path, $"has format {format}, this version of Eos knows {Format}", ": start the version that wrote it");
        using var row = db.Query("SELECT cluster, member FROM identity WHERE id = 1").Rows();
        return row.Next() ? new RaftLogIdentity(row.Text(0), new MemberId(row.Text(1))) : throw RaftLogRefused.Damaged(db.Path, "it does not say whose it is");
    }
}
