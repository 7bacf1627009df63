using Eos.Host.Resp;
using Eos.Raft;
using Eos.Tests.Support;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Members as actors: their rules, logs on disk and remoting together.</summary>
[Collection(ClustersCollection.Name)]
public class RaftNodeTests
{
    [Fact]
    public async Task A_member_alone_leads_answers_and_comes_back_with_what_it_had()
    {
        await using var group = await TestGroup.Start(1);
        var only = group[0];
        Assert.Equal((Fate.Applied, ""), await Fates(only.Submit("a=1")));
        Assert.Equal((Fate.Applied, "1"), await Fates(only.Submit("a=2")));
        Assert.Equal("2", await only.Read("a"));
        await only.Stop();
        await only.Start();
        await group.Leader();
        Assert.Equal("2", await only.Read("a"));
        var status = await only.Describe();
        Assert.Equal([only.Id], status.Membership.Voters);
        Assert.Equal(status.Log.LogSize.Previous, status.Log.Applied);
    }

    [Fact]
    public async Task Three_members_elect_replicate_and_outlive_their_leader()
    {
        await using var group = await TestGroup.Start(3);
        var first = await group.Leader();
        var submissions = Enumerable.Range(0, 500).Select(i => first.Submit($"k{i}={i}")).ToList();
        foreach (var s in submissions) Assert.Equal(Fate.Applied, (await Fates(s)).Fate);
        await group.Agreed();
        await first.Stop();
        var second = await group.Leader();
        Assert.NotSame(first, second);
        Assert.Equal("499", await second.Read("k499"));
        await group.Write("after=1");
        await first.Start();
        Assert.Contains("after=1", await group.Agreed());
    }

    [Fact]
    public async Task Every_submission_has_one_outcome_also_when_the_leader_changes_under_way()
    {
        await using var group = await TestGroup.Start(3);
        var (first, heir) = (await group.Leader(), (await group.Followers())[0]);
        // a leader serves as soon as one follower has answered: this one may hear of it a little later
        var refused = await Eventually.Is(() => heir.Submit("a=1").Answer, a => a.Leader is not null, "the follower names the leader");
        Assert.Equal((Fate.Refused, first.Id), (refused.Fate, refused.Leader!.Value));
        Assert.Null(await heir.Read("a"));

        var submissions = new List<TestSubmission>();
        for (var i = 0; i < 2000; i++)
        {
            submissions.Add(first.Submit($"k{i}={i}"));
            if (i == 500) await submissions[i].Answer.WaitAsync(Eventually.Patience);
            if (i == 1000) Assert.Equal("done", await first.Change(new HandOver(heir.Id)));
        }
        var fates = await Task.WhenAll(submissions.Select(s => s.Answer)).WaitAsync(Eventually.Patience);
        Assert.All(fates.Take(500), f => Assert.Equal(Fate.Applied, f.Fate));
        var after = await group.Leader(first);
        Assert.Same(heir, after);
        var state = await group.Agreed();
        for (var i = 0; i < fates.Length; i++)
        {
            var there = $";{state};".Contains($";k{i}={i};");
            if (fates[i].Fate != Fate.Unknown) Assert.True(there == (fates[i].Fate == Fate.Applied), $"k{i}: {fates[i]}, in the state: {there}");
        }
        await Eventually.Is(() => first.Change(new Coup()), a => a == "done", "the coup begins, once the leader is known there");
        Assert.Same(first, await group.Leader(heir));
        Assert.Equal("this member leads already", await first.Change(new Coup()));
    }

    [Fact]
    public async Task An_answer_that_was_stale_in_hand_is_not_given_but_asked_for_again()
    {
        await using var group = await TestGroup.Start(3);
        var leader = await group.Leader();
        await group.Write("a=1");
        var asked = 0;
        leader.Machine.Believes = () => ++asked > 3;
        Assert.Equal("1", await leader.Read("a"));
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_newcomer_observes_is_promoted_votes_and_is_removed()
    {
        await using var group = await TestGroup.Start(3, "eos.raft.keep-entries = 10", m => m.KeepEvery = 50);
        var leader = await group.Leader();
        await leader.Submit("first=1").Answer.WaitAsync(Eventually.Patience);
        var writes = Enumerable.Range(0, 120).Select(i => leader.Submit($"k{i}={new string('x', 10_000)}")).ToList();
        foreach (var w in writes) Assert.Equal(Fate.Applied, (await Fates(w)).Fate);
        await Eventually.Is(leader.Describe, s => s.Log.LogStart.Value > 10, "the log is trimmed, so that the newcomer needs the snapshot");
        var newcomer = group.AddOutsider("eos.qdb.chunk-size = 64KiB\neos.raft.keep-entries = 10");
        await newcomer.Start();
        Assert.Empty((await newcomer.Describe()).Membership.All);
        Assert.Equal($"{newcomer.Id} is neither an observer nor a full node.", await leader.Change(new ChangeMember(RaftProtocol.Change.Remove, newcomer.Id)));
        Assert.Equal("not leading", await (await group.Followers()).First(m => m != newcomer).Change(new ChangeMember(RaftProtocol.Change.AddObserver, newcomer.Id)));
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.AddObserver, newcomer.Id)));
        await Eventually.Is(leader.Describe, s => s.Replicas.Any(r => r.Member == newcomer.Id && r is { Standing: ReplicaStanding.UpToDate, Version: "1.2.3" }), "the newcomer is up-to-date");
        await Eventually.Is(() => leader.Change(new ChangeMember(RaftProtocol.Change.Promote, newcomer.Id)), a => a == "done", "it is promoted");
        Assert.Equal(3, (await leader.Describe()).Membership.Quorum);
        await group.Agreed();
        Assert.NotNull(newcomer.Disk.Snapshot);

        await newcomer.Stop();
        await group.Write("meanwhile=1");
        await newcomer.Start();
        Assert.Contains("meanwhile=1", await group.Agreed());
        Assert.Contains(newcomer.Id, (await newcomer.Describe()).Membership.Voters);
        Assert.Equal("cannot perform membership changes on current leader", await leader.Change(new ChangeMember(RaftProtocol.Change.Remove, leader.Id)));
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.Remove, newcomer.Id)));
        Assert.Equal(3, (await leader.Describe()).Membership.Voters.Count);
    }

    [Fact]
    public async Task A_change_that_leaves_no_quorum_of_those_that_are_there_is_refused()
    {
        await using var group = await TestGroup.Start(3);
        var dead = (await group.Followers())[0];
        await dead.Stop();
        await Eventually.Is(
            async () => await (await group.Leader(dead)).Describe(), s => s.Replicas.Any(r => r.Member == dead.Id && r.Standing == ReplicaStanding.Offline), "the leader misses one");
        const string refused = "membership update blocked, new cluster would not have an up-to-date quorum";
        foreach (var change in new[] { RaftProtocol.Change.Remove, RaftProtocol.Change.Demote })
            await Eventually.Is(() => Alive(change), a => a == refused, "it is not changed");
        await Eventually.Is(async () => await (await group.Leader(dead)).Change(new ChangeMember(RaftProtocol.Change.Remove, dead.Id)), a => a == "done", "the dead one may go");

        async Task<string> Alive(RaftProtocol.Change change)
        {
            var leader = await group.Leader(dead);
            return await leader.Change(new ChangeMember(change, group.Members.Single(m => m != leader && m != dead).Id));
        }
    }

    [Fact]
    public async Task Who_is_of_another_cluster_or_has_other_times_is_no_peer()
    {
        await using var group = await TestGroup.Start(1);
        var leader = await group.Leader();
        var stranger = group.AddOutsider("eos.qdb.cluster = other");
        var hasty = group.AddOutsider("eos.raft.timeouts = relaxed");
        await stranger.Start();
        await hasty.Start();
        await Eventually.Is(leader.Describe, s => s.Health.Strangers >= 2, "both are noticed");
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.AddObserver, stranger.Id)));
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.AddObserver, hasty.Id)));
        Assert.Equal("membership update blocked, observer is not up-to-date", await leader.Change(new ChangeMember(RaftProtocol.Change.Promote, stranger.Id)));
        Assert.All((await leader.Describe()).Replicas, r => Assert.Equal(ReplicaStanding.Offline, r.Standing));
        await group.Write("a=1");
        Assert.Equal(0ul, (await stranger.Describe()).Log.Applied.Value);
        Assert.Equal(0ul, (await hasty.Describe()).Log.Applied.Value);
    }

    [Fact]
    public async Task A_member_whose_state_most_others_contradict_stops_itself()
    {
        await using var group = await TestGroup.Start(3, "eos.qdb.digest-interval = 16", m => m.DigestEvery = 16);
        var liar = (await group.Followers())[0];
        liar.Machine.Lies = true;
        var writes = Enumerable.Range(0, 40).Select(i => group.Write($"k{i}={i}"));
        await Task.WhenAll(writes);
        Assert.Contains("differs from that of a majority", (await liar.Stopped.WaitAsync(Eventually.Patience)).Message);
        Assert.Contains("differs from that of a majority", (await liar.Describe()).Health.Stopped);
        Assert.Equal(Fate.Refused, (await Fates(liar.Submit("a=1"))).Fate);
        Assert.Null(await liar.Read("a"));
        await group.Write("goes=on");
        Assert.All(group.Members.Where(m => m != liar), m => Assert.False(m.Stopped.IsCompleted));
    }

    [Fact]
    public async Task A_member_whose_state_can_not_be_stored_steps_down_and_comes_back()
    {
        await using var group = await TestGroup.Start(1);
        var only = group[0];
        only.Machine.Disk(new IOException("no space left"));
        var troubled = await Eventually.Is(only.Describe, s => s.Health.Trouble.Contains("no space left"), "the trouble is shown");
        Assert.Contains("+TROUBLE no space left ", $"{RaftReports.Info(troubled, NodeHealth.Red)}");
        Assert.NotEqual(Fate.Applied, (await Fates(only.Submit("a=1"))).Fate);
        only.Machine.Disk(null);
        await group.Write("a=2");
        Assert.Equal("", (await only.Describe()).Health.Trouble);
    }

    [Fact]
    public async Task A_log_that_is_written_for_ever_keeps_its_size()
    {
        await using var group = await TestGroup.Start(
            1, "eos.raft { keep-entries = 100, log.checkpoint-after = 64KiB }\neos.qdb.batch-size = 32KiB", m => m.KeepEvery = 200);
        var only = group[0];
        for (var round = 0; round < 10; round++)
        {
            var writes = Enumerable.Range(0, 200).Select(i => only.Submit($"k={new string('x', 5_000)}")).ToList();
            foreach (var w in writes) Assert.Equal(Fate.Applied, (await Fates(w)).Fate);
        }
        await Eventually.True(() => new DirectoryInfo(only.Folder).GetFiles().Sum(f => f.Length) < 3_000_000, "ten megabytes went through a log of three at most");
        Assert.True((await only.Describe()).Log.LogStart.Value > 1000);
    }

    [FullDiskFact]
    public async Task A_leader_with_a_full_disk_steps_down_acknowledges_nothing_and_catches_up_with_space()
    {
        using var mount = new TinyMount(4);
        var founders = 0;
        await using var group = await TestGroup.Start(3, "eos.raft.log.checkpoint-after = 64KiB", m => m.Folder = founders++ == 0 ? mount.Path : m.Folder);
        var full = group[0];
        while (await group.Leader() != full) await full.Change(new Coup());
        await group.Write("before=1");
        var filler = mount.Fill();
        var fates = new List<Fate>();
        while (fates.Count == 0 || fates[^1] == Fate.Applied) fates.Add((await Fates(full.Submit($"k{fates.Count}={new string('x', 10_000)}"))).Fate);
        var troubled = await Eventually.Is(full.Describe, s => s.Health.Trouble.Length > 0, "the trouble is shown");
        Assert.Contains("+TROUBLE ", $"{RaftReports.Info(troubled, NodeHealth.Red)}");
        await group.Leader(full);
        await group.Write("meanwhile=1");
        Assert.Equal(Fate.Refused, (await Fates(full.Submit("refused=1"))).Fate);
        File.Delete(filler);
        await Eventually.Is(full.Describe, s => s.Health.Trouble.Length == 0, "there is space again");
        var state = await group.Agreed();
        Assert.Contains("meanwhile=1", state);
        for (var i = 0; i < fates.Count - 1; i++) Assert.Contains($"k{i}=", state);
    }

    private static async Task<(Fate Fate, string Text)> Fates(TestSubmission s)
    {
        var (fate, text, _) = await s.Answer.WaitAsync(Eventually.Patience);
        return (fate, text);
    }
}
