using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Anything that persistent actors and snapshot stores say to each other.</summary>
public interface ISnapshotMessage : IPersistenceMessage;

/// <summary>What a snapshot store is asked.</summary>
public interface ISnapshotRequest : ISnapshotMessage;

/// <summary>What a snapshot store answers.</summary>
public interface ISnapshotResponse : ISnapshotMessage;

/// <summary>Load the youngest snapshot of an id that fits.</summary>
public sealed class LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) : ISnapshotRequest
{
    public string PersistenceId { get; } = persistenceId;
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
    public long ToSequenceNr { get; } = toSequenceNr;
    public override string ToString() => $"LoadSnapshot<pid: {PersistenceId}, toSeqNr: {ToSequenceNr}, criteria: {Criteria}>";
}

/// <summary>The snapshot, or null where none fits.</summary>
public sealed class LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr) : ISnapshotResponse
{
    public SelectedSnapshot Snapshot { get; } = snapshot!;
    public long ToSequenceNr { get; } = toSequenceNr;
    public override string ToString() => $"LoadSnapshotResult<toSeqNr: {ToSequenceNr}, snapshot: {Snapshot}>";
}

/// <summary>There may be a snapshot; it could not be read.</summary>
public sealed class LoadSnapshotFailed(Exception cause) : ISnapshotResponse
{
    public Exception Cause { get; } = cause;
    public override string ToString() => $"LoadSnapshotFailed<cause: {Cause.Message}>";
}

/// <summary>Store a snapshot; one of the same number is replaced.</summary>
public sealed class SaveSnapshot(SnapshotMetadata metadata, object snapshot) : ISnapshotRequest
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public object Snapshot { get; } = snapshot;
    public override string ToString() => $"SaveSnapshot<meta: {Metadata}, snapshot: {Snapshot}>";
}

/// <summary>The snapshot is stored.</summary>
public sealed class SaveSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public override bool Equals(object? obj) => obj is SaveSnapshotSuccess other && Metadata.Equals(other.Metadata);
    public override int GetHashCode() => Metadata.GetHashCode();
    public override string ToString() => $"SaveSnapshotSuccess<{Metadata}>";
}

/// <summary>The snapshot is not stored.</summary>
public sealed class SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public Exception Cause { get; } = cause;
    public override string ToString() => $"SaveSnapshotFailure<meta: {Metadata}, cause: {Cause.Message}>";
}

/// <summary>Remove one snapshot.</summary>
public sealed class DeleteSnapshot(SnapshotMetadata metadata) : ISnapshotRequest
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public override string ToString() => $"DeleteSnapshot<meta: {Metadata}>";
}

/// <summary>The snapshot is gone.</summary>
public sealed class DeleteSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public override bool Equals(object? obj) => obj is DeleteSnapshotSuccess other && Metadata.Equals(other.Metadata);
    public override int GetHashCode() => Metadata.GetHashCode();
    public override string ToString() => $"DeleteSnapshotSuccess<meta: {Metadata}>";
}

/// <summary>The snapshot may still be there.</summary>
public sealed class DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    public SnapshotMetadata Metadata { get; } = metadata;
    public Exception Cause { get; } = cause;
    public override string ToString() => $"DeleteSnapshotFailure<meta: {Metadata}, cause: {Cause.Message}>";
}

/// <summary>Remove every snapshot of an id that fits.</summary>
public sealed class DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria) : ISnapshotRequest
{
    public string PersistenceId { get; } = persistenceId;
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
    public override string ToString() => $"DeleteSnapshots<pid: {PersistenceId}, criteria: {Criteria}>";
}

/// <summary>The snapshots are gone.</summary>
public sealed class DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria) : ISnapshotResponse
{
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
    public override bool Equals(object? obj) => obj is DeleteSnapshotsSuccess other && Criteria.Equals(other.Criteria);
    public override int GetHashCode() => Criteria.GetHashCode();
    public override string ToString() => $"DeleteSnapshotsSuccess<criteria: {Criteria}>";
}

/// <summary>Some of the snapshots may still be there.</summary>
public sealed class DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause) : ISnapshotResponse
{
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
    public Exception Cause { get; } = cause;
    public override string ToString() => $"DeleteSnapshotsFailure<criteria: {Criteria}, cause: {Cause.Message}>";
}
