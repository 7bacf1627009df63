using Eos.Raft;
using Eos.Tests.Support;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Members that come back with other files than they had.</summary>
[Collection(ClustersCollection.Name)]
public class ForgottenMemberTests
{
    [Fact]
    public async Task A_voter_that_lost_its_folder_takes_no_part_until_it_is_removed_and_added_anew()
    {
        await using var group = await TestGroup.Start(3);
        await group.Write("a=1");
        var lost = (await group.Followers())[0];
        await group.Agreed();
        await Task.WhenAll(group.Members.Select(m => m.Stop()));
        lost.Lose();
        await Task.WhenAll(group.Members.Select(m => m.Start()));   // the others have it on disk whom they met
        var why = (await lost.Stopped.WaitAsync(Eventually.Patience)).Message;
        Assert.Contains(lost.Folder, why, StringComparison.Ordinal);
        Assert.Contains("raft-remove-member", why, StringComparison.Ordinal);
        Assert.Contains("raft-add-observer", (await lost.Describe()).Health.Stopped, StringComparison.Ordinal);
        await group.Write("b=2");
        var leader = await group.Leader();
        Assert.NotSame(lost, leader);
        await Eventually.Is(async () => (await leader.Describe()).Replicas.SingleOrDefault(r => r.Member == lost.Id)?.Standing, s => s == ReplicaStanding.Offline, "nobody hears it");

        await lost.Stop();
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.Remove, lost.Id)));
        var removed = (await leader.Describe()).Log.Committed;
        foreach (var other in group.Members.Where(m => m != lost)) await Eventually.Is(other.Describe, s => s.Log.Committed >= removed, "the removal is known");
        lost.Lose();
        await lost.Start();
        Assert.Equal("done", await leader.Change(new ChangeMember(RaftProtocol.Change.AddObserver, lost.Id)));
        await Eventually.Is(() => leader.Change(new ChangeMember(RaftProtocol.Change.Promote, lost.Id)), a => a == "done", "it has caught up");
        await group.Write("c=3");
        Assert.Contains("c=3", await group.Agreed(), StringComparison.Ordinal);
        Assert.Contains(lost.Id, (await leader.Describe()).Membership.Voters);
    }

    [Fact]
    public async Task An_old_copy_of_a_folder_is_noticed_by_its_log()
    {
        await using var group = await TestGroup.Start(3);
        await group.Write("a=1");
        var old = (await group.Followers())[0];
        var why = (string?)null;
        // a leader knows what it was acknowledged; one that came to lead on the way may not have heard of it yet
        for (var tries = 0; why is null && tries < 10; tries++) why = await PutBack(group, old);
        Assert.Contains("old copy", why, StringComparison.Ordinal);
        Assert.Contains(old.Folder, why, StringComparison.Ordinal);
        await group.Write("b=2");
        await Eventually.Is(async () => (await (await group.Leader()).Describe()).Replicas.SingleOrDefault(r => r.Member == old.Id)?.Standing, s => s == ReplicaStanding.Offline, "nobody hears it");
    }

    /// <summary>Takes a copy of a member's files, lets it acknowledge more and puts the copy in their place; why it stopped, or null when the leadership moved meanwhile.</summary>
    private static async Task<string?> PutBack(TestGroup group, TestMember old)
    {
        await group.Agreed();
        await old.Stop();
        var copy = old.Folder + "-copy";
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(old.Folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        await old.Start();
        for (var i = 0; i < 5; i++) await group.Write($"k{i}={i}");
        var leader = await group.Leader();
        if (leader == old) return null;
        var term = (await leader.Describe()).Leadership.Term;
        var told = await Eventually.Is(
            leader.Describe, s => s.Leadership.Term != term || s.Replicas.SingleOrDefault(r => r.Member == old.Id)?.Match.Next == s.Log.LogSize, "it has acknowledged everything");
        if (told.Leadership.Term != term) return null;
        await old.Stop();
        old.Lose();
        Directory.Move(copy, old.Folder);
        await old.Start();
        await Eventually.Is(leader.Describe, s => old.Stopped.IsCompleted || s.Leadership.Term != told.Leadership.Term || s.Leadership.Role != RoleKind.Leader, "it stops itself, or another leads");
        return old.Stopped.IsCompleted ? (await old.Stopped).Message : null;
    }
}
