using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>The Raft journal does what a journal must.</summary>
public sealed class RaftJournalConformance : JournalConformance, IDisposable
{
    private readonly RaftPlugins _raft = new();

    protected override string Hocon => RaftPlugins.Hocon;

    protected override void Started() => _raft.Start(System);

    public void Dispose() => _raft.Dispose();
}

/// <summary>The Raft snapshot store does what a snapshot store must.</summary>
public sealed class RaftSnapshotStoreConformance : SnapshotStoreConformance, IDisposable
{
    private readonly RaftPlugins _raft = new();

    protected override string Hocon => RaftPlugins.Hocon;

    protected override void Started() => _raft.Start(System);

    protected override Task Introduce(string id) => _raft.Recover(System, id);

    public void Dispose() => _raft.Dispose();
}
