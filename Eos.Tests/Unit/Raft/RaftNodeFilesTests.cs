using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Raft;

public sealed class RaftNodeFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Somebody_else_on_the_same_folder_is_refused_before_the_state_is_touched()
    {
        var opened = 0;
        using (RaftNodeFiles.Open(Parts(() => opened++)))
        {
            var refused = Assert.Throws<RaftLogRefused>(() => RaftNodeFiles.Open(Parts(() => opened++)));
            Assert.Contains(_folder.Of("log.db"), refused.Message, StringComparison.Ordinal);
            Assert.Contains("in use by another process: stop that one first", refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, opened);
        }
        RaftNodeFiles.Open(Parts(() => opened++)).Dispose();
        Assert.Equal(2, opened);
    }

    private RaftNodeParts Parts(Action opening)
    {
        var settings = RaftNodeSettings.From(Settings.Reference) with { Log = RaftLogs.Knobs };
        return new RaftNodeParts(
            new MemberId("a:1"), _folder.Path,
            owner =>
            {
                opening();
                return StateFiles.Engine(_folder.Of("state.db"), owner);
            },
            settings, new RaftNodeProtocol.PeerCard(RaftNodeProtocol.MemberEndpoints.None, "test"), BootClock.Instance, 1);
    }
}
