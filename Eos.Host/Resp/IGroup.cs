using System.Collections.Immutable;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>What the door asks of the replicated group, through the member of this node. Nothing here waits.</summary>
public interface IGroup
{
    /// <summary>How the group looked lately from here.</summary>
    GroupView View { get; }

    /// <summary>Puts commands into the log as one entry.</summary>
    void Write(ImmutableArray<Request> requests, IGroupCall call);

    /// <summary>Removes keys from one on, up to these bounds, as one entry of the log; the reply is the key to go on with, or nil when none is left.</summary>
    void Clear(ReadOnlyMemory<byte> from, ClearBounds most, IGroupCall call);

    /// <summary>Asks commands that only look, all of one state that has every write acknowledged before. The first of them are answered, as many as the caller has room for.</summary>
    /// <param name="stale">What this member has is good enough, whoever leads.</param>
    void Read(ImmutableArray<Request> requests, bool stale, IGroupQuestion call);

    /// <summary>A command about the group and its members (raft-*, quarkdb-*) that is in <see cref="AdminCommands"/>.</summary>
    /// <param name="connection">Ends when the connection that asks does.</param>
    Task<Reply> AdministerAsync(Request request, CancellationToken connection);
}

/// <summary>Who asked the group: gets exactly one of the answers, once, on any thread, and hands it on quickly.</summary>
public interface IGroupCall
{
    void Done(ImmutableArray<Reply> replies);

    /// <summary>Nothing happened: this member does not lead.</summary>
    /// <param name="leader">Where the leader speaks the Redis protocol, if that is known.</param>
    void Refused(string? leader);

    /// <summary>It may have happened, or not.</summary>
    void Unknown();
}

/// <summary>Who asked commands that only look, and how much may be answered.</summary>
public interface IGroupQuestion : IGroupCall, IReplyRoom;

/// <summary>Whether this member leads, and where the one that does speaks the Redis protocol, if known.</summary>
public sealed record GroupView(bool Leads, string? Leader)
{
    /// <summary>The error for whoever needs the leader and is not there.</summary>
    public string Redirection => Redirect(Leader);

    public static string Redirect(string? leader) => leader is null ? RespErrors.Unavailable : $"MOVED 0 {leader}";
}

/// <summary>Texts of errors that are said in more than one place; clients know them by heart.</summary>
internal static class RespErrors
{
    public const string Unavailable = "ERR unavailable";
    public const string NotAuthenticated = "NOAUTH Authentication required.";
    public const string Syntax = "ERR syntax error";

    public static string Arity(Request request) => $"ERR wrong number of arguments for '{request.Text(0)}' command";

    public static string Unknown(Request request) => $"ERR unknown command '{request.Text(0)}'";
}
