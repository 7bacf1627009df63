using Akka.Actor;

namespace Eos.Raft;

/// <summary>The actor `/user/qdb`: parent of the members of this node, one for each group. A member that fails is not restarted: it has stopped itself already.</summary>
public sealed class RaftGroups : ReceiveActor
{
    public const string Name = "qdb";

    private sealed record Start(string Group, Props Member);

    private sealed record Started(IActorRef Member);

    public RaftGroups() => Receive<Start>(m => Sender.Tell(new Started(Context.ActorOf(m.Member, m.Group))));

    /// <summary>Opens the files of a member and starts it below <paramref name="groups"/>, which is an actor of <see cref="Props"/> with the name <see cref="Name"/>.</summary>
    /// <param name="stopped">Told once, on any thread, why the member has stopped itself; it still answers <see cref="RaftNodeProtocol.DescribeMember"/>.</param>
    /// <exception cref="RaftLogRefused">Its files are torn, corrupt, foreign, in use or older than they were; the message names file and cure.</exception>
    public static async Task<IActorRef> StartAsync(IActorRef groups, RaftNodeParts parts, Action<Exception> stopped)
    {
        var files = await Task.Factory.StartNew(() => RaftNodeFiles.Open(parts), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var started = await groups.Ask<Started>(new Start(parts.Settings.Qdb.Group, RaftNodeActor.Props(parts, files, stopped)), TimeSpan.FromSeconds(30));
            return started.Member;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new RaftGroups());

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
}
