using Eos.Raft;

namespace Eos.Tests.Support.Raft;

/// <summary>What a film is about: everything may go wrong in each, and what it is about goes wrong far more often.</summary>
internal enum Plot
{
    /// <summary>Any accident at any time.</summary>
    Anything = 0,

    /// <summary>Requests for votes come late, voters crash just after they have voted, leaders live for a few messages.</summary>
    Elections = 1,

    /// <summary>The leadership is handed over all the time, and the old leader is cut off while that happens.</summary>
    HandOvers = 2,

    /// <summary>The membership changes all the time, while the group is split.</summary>
    Memberships = 3,

    /// <summary>A follower that no longer hears a living leader stands for election, and those that it asks have just been restarted.</summary>
    Restarts = 4,

    /// <summary>It is about who uses the group, which works most of the time.</summary>
    Users = 5,

    /// <summary>One votes and the others observe; its disk is slow, and it crashes when it has just sent something.</summary>
    Alone = 6,

    /// <summary>Clocks differ by half, which is what the settings allow for, and the leader is cut off again and again.</summary>
    Clocks = 7,
}

/// <summary>One run of a simulated group of five: its seed decides everything, and whoever has the seed can see it again.</summary>
/// <param name="Voters">How many of the five vote at the beginning; the others are strangers until somebody adds them.</param>
/// <param name="Drops">The share of messages that the network loses.</param>
/// <param name="Users">Who uses the group, and so what it replicates; null: clients of registers.</param>
/// <param name="Times">Other settings than those of the plot.</param>
/// <param name="Late">The share of messages that are under way for up to 600 ms.</param>
internal sealed record Film(ulong Seed, Plot Plot, int Voters, double Drops = 0.05, Func<World, ISimClients>? Users = null, RaftSettings? Times = null, double Late = 0.03)
{
    public const int Members = 5;

    private static readonly TimeSpan Faults = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    public static Film Of(ulong seed)
    {
        var plot = (Plot)(seed % 5);
        // where one forgetful voter is to make the difference there must be few
        return new Film(seed, plot, plot is Plot.Elections or Plot.Restarts ? 3 : 3 + (int)(seed / 5 % 3));
    }

    /// <summary>One voter and four observers.</summary>
    public static Film Alone(ulong seed) => new(seed, Plot.Alone, 1);

    public static Film OfClocks(ulong seed) => new(seed, Plot.Clocks, 3);

    public Membership Founders(IReadOnlyList<MemberId> members)
    {
        var voters = Membership.Of(members.Take(Voters));
        return Plot == Plot.Alone ? voters with { Observers = [.. members.Skip(Voters)] } : voters;
    }

    /// <summary>How much faster or slower than time a member's clock runs at most.</summary>
    public double Drift => Plot == Plot.Clocks ? 0.2 : Settings.ClockDrift;

    /// <summary>The share of writes that take long.</summary>
    public double SlowWrites => Plot == Plot.Alone ? 0.5 : 0.02;

    /// <summary>
    /// About elections: waits that differ much, so that a voter is restarted and votes again before a late request comes, and batches sent one by one.
    /// About restarts: waits that hardly differ, so that the follower that is cut off stands soon, while the old leader's lease has some time left.
    /// </summary>
    public RaftSettings Settings => Times ?? Plot switch
    {
        Plot.Elections => Of(60, 400, 15, window: 1, messageBytes: 1),
        Plot.Clocks => Of(200, 250, 40, window: 8, messageBytes: 512) with { ClockDrift = 0.25 },
        Plot.Restarts => Of(150, 200, 40, window: 8, messageBytes: 512),
        _ => Of(200, 400, 40, window: 8, messageBytes: 512),
    };

    private static RaftSettings Of(int electionMin, int electionMax, int heartbeat, int window, ulong messageBytes) => new(
        TimeSpan.FromMilliseconds(electionMin), TimeSpan.FromMilliseconds(electionMax), TimeSpan.FromMilliseconds(heartbeat), 0.02,
        window, messageBytes, KeepEntries: 10, TailEntries: 12, TailBytes: 1 << 20, PromoteWithin: 20);

    /// <summary>How long a client waits between two operations. Where it is about elections the log must stand still at times: only who has all of it may lead.</summary>
    public TimeSpan Pace(Chances chances) => Plot is Plot.Elections or Plot.Restarts ? chances.Between(20, 500) : chances.Between(5, 60);

    /// <summary>Shows it to its end; throws <see cref="Violation"/> where safety ends.</summary>
    public World Show(Rules? rules = null)
    {
        var world = new World(this, rules ?? new Rules());
        try
        {
            world.Run(Faults, Calm);
        }
        catch (Exception e)
        {
            e.Data["at"] = $"{world.Agenda.Now.TotalSeconds:0.000} s, step {world.Safety.Steps}";
            throw;
        }
        return world;
    }
}
