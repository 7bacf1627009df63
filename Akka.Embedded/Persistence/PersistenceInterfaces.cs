using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Says under which name and with which plugins an actor persists.</summary>
public interface IPersistentIdentity
{
    string PersistenceId { get; }
    string JournalPluginId { get; }
    string SnapshotPluginId { get; }
}

/// <summary>Says how an actor wants to recover.</summary>
public interface IPersistenceRecovery
{
    Recovery Recovery { get; }
}

/// <summary>Has a stash that works beside the internal one.</summary>
public interface IPersistenceStash : IWithUnboundedStash;
