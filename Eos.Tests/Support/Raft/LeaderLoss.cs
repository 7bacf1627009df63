using System.Globalization;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Support.Raft;

/// <summary>Simulated groups of three in which nothing goes wrong except that the leader is killed, or asked to stop, again and again: how long it takes until another serves.</summary>
internal static class LeaderLoss
{
    private const int KillsOfAGroup = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static RaftSettings SettingsOf(string preset) => RaftSettings.From(new Settings(EosNode.Configuration, "eos.raft"), preset);

    /// <summary>The times of about so many ends, the shortest first.</summary>
    /// <param name="asked">Leaders are not killed, but asked to stop.</param>
    public static IReadOnlyList<TimeSpan> Times(RaftSettings settings, int kills, bool asked = false) =>
        [.. Enumerable.Range(1, (kills + KillsOfAGroup - 1) / KillsOfAGroup).AsParallel().SelectMany(seed => OfOne((ulong)seed, settings, asked)).Order()];

    public static string Describe(string preset, IReadOnlyList<TimeSpan> times)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{preset}: {times.Count} kills, until another leader serves: median {Share(0.5)}, 99 % {Share(0.99)}, 99.9 % {Share(0.999)}, worst {Share(1)}");

        string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{times[Math.Min((int)(times.Count * share), times.Count - 1)].TotalSeconds:0.00} s");
    }

    private static List<TimeSpan> OfOne(ulong seed, RaftSettings settings, bool asked)
    {
        // a short log: the simulated disk goes through all of it
        var film = new Film(seed, Plot.Users, Voters: 3, Drops: 0, Users: w => new Clients(w), Times: settings with { KeepEntries = 10 }, Late: 0);
        var world = new World(film, new Rules());
        world.Clients.Start(TimeSpan.MaxValue);
        var (times, leader) = (new List<TimeSpan>(), Await(world));
        while (times.Count < KillsOfAGroup)
        {
            Pass(world, settings.ElectionMax + world.Chances.Between(0, settings.ElectionMax.TotalMilliseconds));
            leader = Await(world);
            var killed = world.Agenda.Now;
            if (asked) leader.Input(new Retire(leader.Now, ISimClients.NoTag));
            else leader.Crash();
            // a member that stands still for a while may miss that it was asked
            while (asked && Find(world, leader) is null && world.Agenda.Now < killed + settings.ElectionMax) world.Agenda.Step();
            if (asked && Find(world, leader) is null) leader.Crash();
            Await(world, leader);
            times.Add(world.Agenda.Now - killed);
            if (leader.Up) leader.Crash();
            leader.Boot();
        }
        return times;
    }

    private static SimMember Await(World world, SimMember? notThis = null)
    {
        var end = world.Agenda.Now + Patience;
        while (world.Agenda.Now < end)
        {
            if (Find(world, notThis) is { } leader) return leader;
            world.Agenda.Step();
        }
        throw new Violation($"nobody leads for {Patience}: " + string.Join(" | ", world.Members.Select(m => $"{m.Id} {m.Up} {m.State.Role} t{m.State.Term} last {m.State.Log.Last}")));
    }

    private static SimMember? Find(World world, SimMember? notThis) => world.Members.FirstOrDefault(m => m != notThis && Serves(m));

    private static bool Serves(SimMember m) => m is { Up: true, State: { Lead: { } lead } state } && state.Committed >= lead.ServesFrom;

    private static void Pass(World world, TimeSpan time)
    {
        var end = world.Agenda.Now + time;
        while (world.Agenda.Now < end) world.Agenda.Step();
    }
}
