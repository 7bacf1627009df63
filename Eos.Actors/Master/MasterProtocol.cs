using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kernel;

namespace Eos.Master;

/// <summary>
/// What a node's gateway and its master actor, `/user/master`, say to each other. Every node of role mgm has one; wishes and log stand in the configuration, so it does not matter
/// which one is asked. None of this leaves the process.
/// </summary>
public static class MasterProtocol
{
    /// <summary>The master actor's name below `/user`.</summary>
    public const string Name = "master";

    /// <summary>The lease of the role; its token is in every order to a filesystem.</summary>
    public const string LeaseName = "master";

    // commands: answered by Done or NotDone where nothing else is said

    public interface IRequest;

    /// <summary>That node, by name or "host:port", shall have the role. Answered by <see cref="Moved"/> when it has it, or by <see cref="NotDone"/>.</summary>
    public sealed record Move(string Node) : IRequest;

    /// <summary>Whether standbys take the role by themselves when it is free.</summary>
    public sealed record SetFailover(bool On) : IRequest;

    public sealed record ClearLog : IRequest;

    /// <summary>The node is about to stop: it gives the role up, if it has it, and takes it no more. Answered when the role is free for others.</summary>
    public sealed record Leave : IRequest;

    // queries

    /// <summary>Answered by <see cref="Log"/>.</summary>
    public sealed record ReadLog : IRequest;

    /// <summary>The sender is told <see cref="Standing"/>, now and at each change, until it ends.</summary>
    public sealed record Follow;

    // replies

    public interface IReply;

    public sealed record Done : IReply;

    /// <param name="WasThere">The node had the role when it was asked for.</param>
    public sealed record Moved(bool WasThere) : IReply;

    /// <summary>Nothing was changed, or the wish stands and was not fulfilled in time.</summary>
    public sealed record NotDone(Errno Why, string Text) : IReply;

    /// <summary>The changes of the role, the oldest first.</summary>
    public sealed record Log(ImmutableArray<string> Lines) : IReply;

    /// <summary>Who is what. Nodes as "host:port"; empty: nobody, or not known.</summary>
    /// <param name="Local">The node that tells.</param>
    /// <param name="Followers">The other nodes that may have the role and live.</param>
    /// <param name="Token">Of the role's lease; 0 without a master.</param>
    public sealed record Standing(string Local, string Master, ulong Token, ImmutableArray<string> Followers, string QdbLeader, ImmutableArray<string> QdbFollowers)
    {
        public static readonly Standing Unknown = new("", "", 0, [], "", []);

        public bool IsMaster => Local.Length > 0 && Local == Master;
    }

    /// <summary>Something that runs on the master only: the name of its actor, and its props under a token.</summary>
    public sealed record Service(string Name, Func<ulong, Props> Props);
}
