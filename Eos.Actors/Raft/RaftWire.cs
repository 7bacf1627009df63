using Eos.Wire;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>The bytes of what members of a Raft group say to each other, and of the memberships in their logs.</summary>
public static class RaftWire
{
    private static readonly Shape<MemberId> Member = new("raft-member", (v, w) => w.Text(1, v.Value), r => new MemberId(r.Text(1)));

    private static readonly Shape<LogPosition> Position = new(
        "raft-position",
        (v, w) => { w.UInt(1, v.Term.Value); w.UInt(2, v.Index.Value); },
        r => new LogPosition(new Term(r.UInt(1)), new LogIndex(r.UInt(2))));

    /// <summary>Also the payload of a membership's row in the log.</summary>
    public static readonly Shape<Membership> Members = new(
        "raft-membership",
        (v, w) => { w.UInt(1, v.Epoch); w.Parts(2, Member, v.Voters); w.Parts(3, Member, v.Observers); },
        r => new Membership(r.UInt(1), [.. r.Parts(2, Member)], [.. r.Parts(3, Member)]));

    public static readonly Shape<LogBatch> Batch = new(
        "raft-batch",
        (v, w) =>
        {
            w.UInt(1, v.Term.Value);
            w.UInt(2, v.First.Value);
            w.UInt(3, v.Count);
            w.Span(4, v.LogTime);
            w.UInt(5, (ulong)v.Kind);
            w.Bytes(6, v.Payload.Span);
            w.Part(7, Members, v.Membership);
        },
        r => new LogBatch(
            TermOf(r), IndexOf(r, 2), r.UInt32(3), r.Span(4), (BatchKind)r.UInt32(5), r.Bytes(6), r.OptionalPart(7, Members)));

    public static readonly Shape<SnapshotInfo> Info = new(
        "raft-snapshot-info",
        (v, w) => { w.Value(1, Position, v.Position); w.Span(2, v.LogTime); w.Part(3, Members, v.Membership); w.UInt(4, v.Size); },
        r => new SnapshotInfo(r.Part(1, Position), r.Span(2), r.Part(3, Members), r.UInt(4)));

    private static readonly Shape<MemberTrace> Trace = new(
        "raft-trace",
        (v, w) => { w.Text(1, v.Folder); w.UInt(2, v.Epoch); w.UInt(3, v.Term.Value); w.Value(4, Position, v.Last); },
        r => new MemberTrace(r.Text(1), r.UInt(2), new Term(r.UInt(3)), r.Part(4, Position)));

    private static readonly Shape<RaftNodeProtocol.PeerCard> Card = new(
        "raft-card",
        (v, w) => { w.Text(1, v.Endpoints.Redis); w.Text(2, v.Endpoints.Http); w.Text(3, v.Version); },
        r => new RaftNodeProtocol.PeerCard(new RaftNodeProtocol.MemberEndpoints(r.Text(1), r.Text(2)), r.Text(3)));

    public static IEnumerable<Manifest> Manifests =>
    [
        .. ShellManifests,
        Manifest.Of<AskPreVote>(
            "raft.ask-pre-vote",
            (m, w) => { w.UInt(1, m.Term.Value); w.Value(2, Position, m.Last); },
            r => new AskPreVote(TermOf(r), r.Part(2, Position))),
        Manifest.Of<PreVote>(
            "raft.pre-vote", (m, w) => { w.UInt(1, m.Term.Value); w.Flag(2, m.Granted); }, r => new PreVote(TermOf(r), r.Flag(2))),
        Manifest.Of<AskVote>(
            "raft.ask-vote",
            (m, w) => { w.UInt(1, m.Term.Value); w.Value(2, Position, m.Last); w.Flag(3, m.ByTransfer); },
            r => new AskVote(TermOf(r), r.Part(2, Position), r.Flag(3))),
        Manifest.Of<Vote>(
            "raft.vote",
            (m, w) => { w.UInt(1, m.Term.Value); w.Flag(2, m.Granted); w.Flag(3, m.Veto); },
            r => new Vote(TermOf(r), r.Flag(2), r.Flag(3))),
        Manifest.Of<Append>(
            "raft.append",
            (m, w) =>
            {
                w.UInt(1, m.Term.Value);
                w.Value(2, Position, m.Previous);
                w.Parts(3, Batch, m.Batches);
                w.UInt(4, m.Commit.Value);
                w.At(5, m.SentAt);
            },
            r => new Append(TermOf(r), r.Part(2, Position), r.Parts(3, Batch), IndexOf(r, 4), r.At(5))),
        Manifest.Of<Appended>(
            "raft.appended",
            (m, w) => { w.UInt(1, m.Term.Value); w.UInt(2, m.Match.Value); w.At(3, m.SentAt); },
            r => new Appended(TermOf(r), IndexOf(r, 2), r.At(3))),
        Manifest.Of<Rejected>(
            "raft.rejected",
            (m, w) => { w.UInt(1, m.Term.Value); w.UInt(2, m.Asked.Value); w.Value(3, Position, m.Hint); w.At(4, m.SentAt); },
            r => new Rejected(TermOf(r), IndexOf(r, 2), r.Part(3, Position), r.At(4))),
        Manifest.Of<Heartbeat>(
            "raft.heartbeat",
            (m, w) => { w.UInt(1, m.Term.Value); w.UInt(2, m.Commit.Value); w.At(3, m.SentAt); },
            r => new Heartbeat(TermOf(r), IndexOf(r, 2), r.At(3))),
        Manifest.Of<Alive>(
            "raft.alive", (m, w) => { w.UInt(1, m.Term.Value); w.At(2, m.SentAt); }, r => new Alive(TermOf(r), r.At(2))),
        Manifest.Of<StandNow>("raft.stand-now", (m, w) => w.UInt(1, m.Term.Value), r => new StandNow(TermOf(r))),
        Manifest.Of<AskTransfer>("raft.ask-transfer", (m, w) => w.UInt(1, m.Term.Value), r => new AskTransfer(TermOf(r))),
        Manifest.Of<SnapshotChunk>(
            "raft.chunk",
            (m, w) =>
            {
                w.UInt(1, m.Term.Value);
                w.Part(2, Info, m.Snapshot);
                w.UInt(3, m.Offset);
                w.Bytes(4, m.Bytes.Span);
                w.UInt(5, m.Crc32C);
                w.At(6, m.SentAt);
            },
            r => new SnapshotChunk(TermOf(r), r.Part(2, Info), r.UInt(3), r.Bytes(4), r.UInt32(5), r.At(6))),
        Manifest.Of<SnapshotProgress>(
            "raft.chunk-progress",
            (m, w) =>
            {
                w.UInt(1, m.Term.Value);
                w.Value(2, Position, m.Snapshot);
                w.UInt(3, m.Received);
                w.Flag(4, m.Installed);
                w.At(5, m.SentAt);
            },
            r => new SnapshotProgress(TermOf(r), r.Part(2, Position), r.UInt(3), r.Flag(4), r.At(5))),
    ];

    /// <summary>What members' shells say to each other.</summary>
    private static IEnumerable<Manifest> ShellManifests =>
    [
        Manifest.Of<RaftNodeProtocol.Hello>(
            "raft.hello",
            (m, w) =>
            {
                w.Value(1, Member, m.Member);
                w.Text(2, m.Group);
                w.Text(3, m.Cluster);
                w.Text(4, m.Fingerprint);
                w.UInt(5, m.Wire);
                w.Text(6, m.Founders);
                w.Part(7, Card, m.Card);
                w.Flag(8, m.Answer);
                w.Part(9, Trace, m.Trace);
                w.Part(10, Trace, m.Known);
            },
            r => new RaftNodeProtocol.Hello(r.Part(1, Member), r.Text(2), r.Text(3), r.Text(4), r.UInt32(5), r.Text(6), r.Part(7, Card), r.Part(9, Trace), r.OptionalPart(10, Trace), r.Flag(8))),
        Manifest.Of<RaftNodeProtocol.DigestTold>(
            "raft.digest", (m, w) => { w.UInt(1, m.Index.Value); w.Text(2, m.Digest); }, r => new RaftNodeProtocol.DigestTold(IndexOf(r, 1), r.Text(2))),
    ];

    private static Term TermOf(FieldReader r) => new(r.UInt(1));
    private static LogIndex IndexOf(FieldReader r, int field) => new(r.UInt(field));
}
