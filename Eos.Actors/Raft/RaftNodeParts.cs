using Eos.Kernel;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Raft;

/// <summary>What a member is made of.</summary>
/// <param name="Self">Its name: "host:port" of its actor system's remoting, by which the others reach it.</param>
/// <param name="Folder">Holds log.db, and what the state machine puts there.</param>
/// <param name="Machine">Opens the state machine; called on a thread where it may take its time. It may throw what says that its file is none of ours.</param>
/// <param name="Seed">Of chance; different on each member and at each start.</param>
public sealed record RaftNodeParts(
    MemberId Self, string Folder, Func<IStateMachineOwner, IStateMachine> Machine, RaftNodeSettings Settings, PeerCard Card, IClock Clock, ulong Seed);

/// <summary>All settings of a member: `eos.raft`, `eos.raft.log` and `eos.qdb`.</summary>
/// <param name="Timeouts">Name of the preset of times.</param>
public sealed record RaftNodeSettings(RaftSettings Raft, RaftLogSettings Log, QdbSettings Qdb, string Timeouts)
{
    /// <summary>Reads the three sections. <see cref="Akka.Configuration.ConfigurationException"/> for a value out of range.</summary>
    public static RaftNodeSettings From(Akka.Configuration.Config config)
    {
        var raft = new Settings(config, "eos.raft");
        return new RaftNodeSettings(RaftSettings.From(raft), RaftLogSettings.From(raft.Section("log")), QdbSettings.From(new Settings(config, "eos.qdb")), raft.Text("timeouts"));
    }
}

/// <summary>The two files of a member, open, and what it starts from.</summary>
internal sealed class RaftNodeFiles : IDisposable
{
    private RaftNodeFiles(RaftLog log, IStateMachine machine, RaftState start, Upcalls upcalls, LogKeep keep, StartReport report) =>
        (Log, Machine, Start, Upcalls, Keep, Report) = (log, machine, start, upcalls, keep, report);

    public RaftLog Log { get; }

    public IStateMachine Machine { get; }

    public RaftState Start { get; }

    public Upcalls Upcalls { get; }

    public LogKeep Keep { get; }

    public StartReport Report { get; }

    /// <summary>Opens log and state, waits for their locks, compares them. Blocks.</summary>
    /// <exception cref="RaftLogRefused">Torn, corrupt, foreign, in use, or older than it was; the message names the file and the cure.</exception>
    public static RaftNodeFiles Open(RaftNodeParts parts)
    {
        var (upcalls, qdb, begun) = (new Upcalls(), parts.Settings.Qdb, parts.Clock.Now);
        Directory.CreateDirectory(parts.Folder);
        var file = Path.Combine(parts.Folder, "log.db");
        // Its lock is the folder's: nobody else touches the state.
        var log = File.Exists(file) ? OpenLog(create: true) : null;
        IStateMachine? machine = null;
        try
        {
            machine = parts.Machine(upcalls);
            var opened = machine.Opened;
            log ??= OpenLog(create: opened.Position == LogPosition.Start);
            var start = RaftStart.Of(
                parts.Self, parts.Settings.Raft, log.Contents, opened, RaftStart.Founders(parts.Self, qdb.Members), parts.Seed, parts.Clock.Now, parts.Folder);
            if (start.Log.Base != log.Contents.View.Base) log.StartAfter(opened.Position, opened.LogTime, _ => { });
            return new RaftNodeFiles(log, machine, start, upcalls, new LogKeep(parts.Settings.Log.KeepBytes), new StartReport(start, begun, parts.Clock.Now));
        }
        catch
        {
            machine?.Dispose();
            log?.Dispose();
            throw;
        }

        RaftLog OpenLog(bool create) => RaftLog.Open(
            file, new RaftLogIdentity($"{qdb.Cluster}/{qdb.Group}", parts.Self), create, parts.Settings.Log, e => upcalls.Say(new Upcalls.LogHealth(e)));
    }

    /// <summary>Stores what waits and closes both. Blocks.</summary>
    public void Dispose()
    {
        Upcalls.Detach();
        Machine.Dispose();
        Log.Dispose();
    }
}
