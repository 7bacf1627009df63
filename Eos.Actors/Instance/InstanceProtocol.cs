using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Instance;

/// <summary>
/// The configuration of the instance on one node. Readers subscribe once and get the whole state, now and whenever it has changed. Whoever wants a change sends the rule
/// that makes it, which is asked about the newest state, perhaps several times; a change that is asked for again under its operation happens once. Nodes tell each other of
/// changes, and any of that may be lost: each node also looks by itself.
/// </summary>
public static class InstanceProtocol
{
    /// <summary>The actor on every node.</summary>
    public const string Name = "instance";

    /// <summary>Every node's actor subscribes to it.</summary>
    public const string Topic = "eos-instance";

    // signals: never leave the process

    /// <summary>The sender wants every <see cref="Published"/> from now on.</summary>
    public sealed record Subscribe;

    /// <summary>The whole state. Immutable.</summary>
    public sealed record Published(InstanceState State);

    public interface IRequest;

    /// <summary>Make a change. <paramref name="Revise"/> is pure. Answered <see cref="Changed"/>, <see cref="NotChanged"/> or <see cref="NotKnown"/>.</summary>
    public sealed record Change(OpId Op, Func<InstanceState, Revision> Revise) : IRequest;

    /// <summary>Rows beside the configuration, below <see cref="InstanceRows.Log"/>, <see cref="InstanceRows.Saved"/> or <see cref="InstanceRows.Backup"/>. Answered <see cref="Rows"/> or <see cref="NotKnown"/>.</summary>
    public sealed record ReadRows(string Prefix) : IRequest;

    public interface IReply;

    /// <summary>It is so, also where nothing had to be changed, and this node's readers have been told.</summary>
    public sealed record Changed(InstanceState State) : IReply;

    /// <summary>The rule refused; nothing changed.</summary>
    public sealed record NotChanged(Refusal Refusal) : IReply;

    /// <summary>The group did not answer in time: it may have happened, and may still happen.</summary>
    public sealed record NotKnown(string Why) : IReply;

    public sealed record Rows(ImmutableSortedDictionary<string, string> Values) : IReply;

    // between nodes

    /// <summary>The configuration has this version now: look.</summary>
    public sealed record Wake(ulong Version);
}
