using Eos.Raft;

namespace Eos.Tests.Support.Raft;

/// <summary>A Raft group in one thread: virtual time, network, disks and clocks.</summary>
internal sealed class World
{
    public World(Film film, Rules rules)
    {
        Film = film;
        Rules = rules;
        Settings = film.Settings;
        Chances = new Chances(film.Seed);
        Safety = new Safety(this);
        Clients = film.Users?.Invoke(this) ?? new Clients(this);
        Net = new Net(this);
        Nemesis = new Nemesis(this);
        var ids = Enumerable.Range(1, Film.Members).Select(i => new MemberId("m" + i)).ToList();
        foreach (var id in ids) Members.Add(new SimMember(this, id, film.Founders(ids), (Chances.Unit() - 0.5) * 2 * film.Drift));
    }

    public Film Film { get; }
    public Chances Chances { get; }
    public Rules Rules { get; }
    public RaftSettings Settings { get; }
    public Agenda Agenda { get; } = new();
    public Safety Safety { get; }
    public ISimClients Clients { get; }
    public Net Net { get; }
    public Nemesis Nemesis { get; }
    public List<SimMember> Members { get; } = [];

    public SimMember Member(MemberId id) => Members.First(m => m.Id == id);

    public SimMember? Leader => Members.FirstOrDefault(m => m is { Up: true, State.Role: RoleKind.Leader });

    /// <summary>Lets the film run with faults, then heals everything and lets it settle; checks the history at the end.</summary>
    public void Run(TimeSpan faults, TimeSpan calm)
    {
        Clients.Start(faults);
        Nemesis.Start(faults);
        while (Agenda.Now < faults && Agenda.Step()) { }
        Net.Heal();
        foreach (var member in Members)
        {
            if (!member.Up) member.Boot();
            member.Resume();
        }
        while (Agenda.Now < faults + calm && Agenda.Step()) { }
        Clients.Check();
    }
}
