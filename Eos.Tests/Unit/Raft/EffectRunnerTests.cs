using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Raft;

/// <summary>A member's rules with a real log on disk; the test is the actor, so that nothing is heard of the disk before it listens.</summary>
public sealed class EffectRunnerTests : IDisposable
{
    private static readonly MemberId Self = new("a:1"), Other = new("b:2");
    private static readonly Membership All = Membership.Of([Self, Other, new MemberId("c:3")]);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];
    private readonly List<IPeerMessage> _sent = [];
    private readonly StoppedClock _clock = new();
    private readonly RaftNodeParts _parts;
    private readonly RaftNodeFiles _files;
    private readonly EffectRunner _runner;

    public EffectRunnerTests()
    {
        var settings = RaftNodeSettings.From(ConfigurationFactory.ParseString("""eos.qdb.members = ["a:1", "b:2", "c:3"]""").WithFallback(EosNode.Configuration));
        _parts = new RaftNodeParts(
            Self, _folder.Path, owner => new TestMachine(new TestMachineDisk(), owner), settings, new RaftNodeProtocol.PeerCard(RaftNodeProtocol.MemberEndpoints.None, ""), _clock, 1);
        _files = RaftNodeFiles.Open(_parts);
        _runner = new EffectRunner(_files, settings.Qdb.Limits, _clock, ActorRefs.Nobody, _notes.Add);
    }

    public void Dispose()
    {
        _runner.Close("the test is over");
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_follows_a_write_is_not_sent_before_it_is_stored()
    {
        Round(new AskVote(new Term(7), LogPosition.Start, ByTransfer: true));
        Assert.Empty(_sent);
        Assert.Equal(new Vote(new Term(7), Granted: true, Veto: false), await Said<Vote>());
        _files.Dispose();
        using var log = RaftLog.Open(
            Path.Combine(_folder.Path, "log.db"), new RaftLogIdentity($"{_parts.Settings.Qdb.Cluster}/{_parts.Settings.Qdb.Group}", Self), create: false, _parts.Settings.Log, _ => { });
        Assert.Equal((new Term(7), Other), (log.Contents.Term, log.Contents.Vote));
    }

    [Fact]
    public async Task A_piece_of_a_snapshot_that_arrives_broken_is_not_kept()
    {
        var bytes = Encoding.UTF8.GetBytes("k=v;;");
        var snapshot = new SnapshotInfo(new LogPosition(new Term(7), new LogIndex(10)), TimeSpan.Zero, All, (ulong)bytes.Length);
        Round(new Heartbeat(new Term(7), LogIndex.None, _runner.Now));
        await Said<Alive>();
        Round(new SnapshotChunk(new Term(7), snapshot, 0, bytes, Castagnoli.Of(bytes) + 1, _runner.Now));
        Assert.Contains("broken", Assert.Single(_notes));
        Round(new SnapshotChunk(new Term(7), snapshot, 0, bytes, Castagnoli.Of(bytes), _runner.Now));
        Assert.True((await Said<SnapshotProgress>()).Installed);
        Assert.Single(_notes);
    }

    /// <summary>The lease ends while the value is in hand: only a quorum can say then that nobody leads since.</summary>
    [Fact]
    public async Task A_value_that_was_read_under_a_lease_is_not_given_after_its_end()
    {
        Round(new Heartbeat(new Term(1), LogIndex.None, _runner.Now));
        await Said<Alive>();
        Round(new StandNow(new Term(1)));
        var term = (await Said<AskVote>()).Term;
        Round(new Vote(term, Granted: true, Veto: false));
        var marker = await Said<Append>();
        Round(new Appended(term, marker.Batches[^1].Last, marker.SentAt));
        await Eventually.True(() => Listens(() => _runner.State.AppliedUpTo == marker.Batches[^1].Last), "the leader has applied its marker");
        Assert.True(Lease.Holds(_runner.State, _clock.Now));

        var read = 0;
        ((TestMachine)_files.Machine).Believes = () =>
        {
            if (Interlocked.Increment(ref read) == 1) _clock.Advance(TimeSpan.FromMinutes(1));
            return true;
        };
        var reading = new TestReading("k");
        _sent.Clear();
        _runner.Read([reading]);
        await Eventually.True(() => Listens(() => reading.Answer.IsCompleted || _sent.OfType<Heartbeat>().Any()), "the reading is asked for again");
        Assert.False(reading.Answer.IsCompleted);
        Round(new Alive(term, _sent.OfType<Heartbeat>().Last().SentAt));
        Assert.Equal("", await reading.Answer.WaitAsync(Eventually.Patience));
        Assert.Equal(2, read);
    }

    private bool Listens(Func<bool> condition)
    {
        Round();
        return condition();
    }

    private void Round(params IPeerMessage[] came)
    {
        _runner.Round([.. came.Select(message => (Func<Instant, IInput>)(now => new Received(now, Other, message)))]);
        _runner.Outbox.Post((_, message) => _sent.Add(message));
    }

    /// <summary>Listens until something of that kind has been sent.</summary>
    private async Task<T> Said<T>() where T : IPeerMessage
    {
        await Eventually.True(() => Listens(() => _sent.OfType<T>().Any()), typeof(T).Name);
        return _sent.OfType<T>().Last();
    }
}
