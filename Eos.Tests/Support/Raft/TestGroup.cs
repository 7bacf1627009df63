using Akka.Actor;
using Akka.Configuration;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>One member of a group on loopback, with an actor system of its own and what survives a restart.</summary>
internal sealed class TestMember(int port, string folder, string hocon)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static ulong _seed;

    public MemberId Id { get; } = new($"127.0.0.1:{port}");

    public string Folder { get; set; } = folder;

    public TestMachineDisk Disk { get; } = new();

    public TestMachine Machine { get; private set; } = null!;

    public ActorSystem System { get; private set; } = null!;

    public IActorRef Actor { get; private set; } = null!;

    /// <summary>Why the member has stopped itself.</summary>
    public Task<Exception> Stopped { get; private set; } = null!;

    public ulong KeepEvery { get; set; } = 1_000_000;

    public ulong DigestEvery { get; set; } = 1_000_000;

    public async Task Start()
    {
        var config = Loopback.At(port, hocon);
        System = ActorSystem.Create("eos", config);
        try
        {
            var stopped = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
            Stopped = stopped.Task;
            var settings = RaftNodeSettings.From(config);
            var parts = new RaftNodeParts(
                Id, Folder, owner => Machine = new TestMachine(Disk, owner, KeepEvery, DigestEvery), settings, new PeerCard(new MemberEndpoints($"redis-of-{port}", ""), "1.2.3"),
                BootClock.Instance, Interlocked.Increment(ref _seed));
            Actor = await RaftGroups.StartAsync(System.ActorOf(RaftGroups.Props(), RaftGroups.Name), parts, e => stopped.TrySetResult(e));
        }
        catch
        {
            await System.Terminate();
            throw;
        }
    }

    public Task Stop() => System.Terminate().WaitAsync(Patience);

    /// <summary>Its files are gone.</summary>
    public void Lose() => Directory.Delete(Folder, recursive: true);

    public Task<MemberStatus> Describe() => Actor.Ask<MemberStatus>(new DescribeMember(), Patience);

    public TestSubmission Submit(string entry)
    {
        var submission = new TestSubmission(entry);
        Actor.Tell(new Submit([submission]));
        return submission;
    }

    /// <summary>Asks for a change of members or of the leader.</summary>
    public async Task<string> Change(object request) => await Actor.Ask<object>(request, Patience) switch
    {
        Done => "done",
        NotDone no => no.Why,
        var other => throw new InvalidOperationException($"{other}"),
    };

    public Task<string?> Read(string key)
    {
        var reading = new TestReading(key);
        Actor.Tell(new RaftNodeProtocol.Ask([reading]));
        return reading.Answer.WaitAsync(Patience);
    }
}

/// <summary>Members on loopback that know each other's addresses.</summary>
internal sealed class TestGroup : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestMember> _members = [];

    private TestGroup()
    {
    }

    public TestMember this[int index] => _members[index];

    public IReadOnlyList<TestMember> Members => _members;

    /// <summary>Makes the founders; they are not started yet.</summary>
    public static TestGroup Of(int count, string hocon = "")
    {
        var group = new TestGroup();
        var ports = FreePort.Take(count);
        foreach (var port in ports) group.Add(port, $"{hocon}\n{PatientGroup.Of(count)}", string.Join(", ", ports.Select(p => $"\"127.0.0.1:{p}\"")));
        return group;
    }

    /// <summary>The same, started, with a leader that serves.</summary>
    public static async Task<TestGroup> Start(int count, string hocon = "", Action<TestMember>? before = null)
    {
        var group = Of(count, hocon);
        group._members.ForEach(before ?? (_ => { }));
        try
        {
            await Task.WhenAll(group._members.Select(m => m.Start()));
            await group.Leader();
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more member, which is not among the founders; it is not started yet.</summary>
    public TestMember AddOutsider(string hocon = "") => Add(FreePort.Take(1)[0], $"{hocon}\n{PatientGroup.Of(_members.Count)}", string.Join(", ", _members.Select(m => $"\"{m.Id}\"")));

    /// <summary>Waits until a member that runs serves, and gives it.</summary>
    public async Task<TestMember> Leader(params TestMember[] notThese)
    {
        TestMember? leader = null;
        await Eventually.Is(
            async () =>
            {
                foreach (var m in Running.Except(notThese))
                    if ((await m.Describe()).Leadership.Serves) leader = m;
                return leader is not null;
            },
            found => found, "a leader that serves");
        return leader!;
    }

    /// <summary>Writes until it is applied, through whoever leads; what is unknown is tried again.</summary>
    public async Task Write(string entry)
    {
        while (true)
        {
            var leader = await Leader();
            var (fate, _, _) = await leader.Submit(entry).Answer.WaitAsync(Eventually.Patience);
            if (fate == Fate.Applied) return;
        }
    }

    /// <summary>The members that run and do not lead.</summary>
    public async Task<TestMember[]> Followers()
    {
        var leader = await Leader();
        return [.. Running.Where(m => m != leader)];
    }

    /// <summary>Waits until all that run hold the same, and gives it.</summary>
    public async Task<string> Agreed(params TestMember[] among)
    {
        var all = among.Length > 0 ? among : [.. Running];
        return (await Eventually.Is(
            () => Task.FromResult(all.Select(m => m.Machine.Dump()).Distinct().ToList()), dumps => dumps.Count == 1 && dumps[0].Length > 0, "all hold the same"))[0];
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Running.Select(m => m.Stop()));
        _folder.Dispose();
    }

    private IEnumerable<TestMember> Running => _members.Where(m => m.System is { } s && !s.WhenTerminated.IsCompleted);

    private TestMember Add(int port, string hocon, string members)
    {
        var member = new TestMember(port, _folder.Of($"{port}"), $"{hocon}\neos.qdb.members = [{members}]\neos.qdb.handshake-interval = 200ms");
        _members.Add(member);
        return member;
    }
}
