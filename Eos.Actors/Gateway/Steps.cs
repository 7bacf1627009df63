using System.Collections.Immutable;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>What a routine wants next of the worker that runs it.</summary>
public abstract record Step
{
    /// <summary>Ask directories, all at once, and wait until each has answered for good, or for so long; null: for ever.</summary>
    public sealed record AskAll(ImmutableArray<Question> Questions, TimeSpan? Patience = null) : Step;

    /// <summary>Ask this node's master actor: <see cref="Routine.MasterAnswer"/>.</summary>
    public sealed record AskMaster(MasterProtocol.IRequest Request) : Step;

    /// <summary>Ask this node's actor of the configuration: <see cref="Routine.InstanceAnswer"/>.</summary>
    public sealed record AskInstance(InstanceProtocol.IRequest Request) : Step;
    /// <summary>Have a directory moved into another: <see cref="Routine.MoverAnswer"/>. Repeated until it is answered.</summary>
    public sealed record AskMover(MoverProtocol.MoveDirectory Request) : Step;

    /// <summary>Read rows of an index whose keys begin with a prefix, after a key, at most so many: <see cref="Routine.Rows"/>.</summary>
    public sealed record ReadRows(string Index, ReadOnlyMemory<byte> Prefix, ReadOnlyMemory<byte> After, int Most) : Step;

    /// <summary>Ask the actor of that name below `/user` on every node: <see cref="Routine.NodeAnswers"/> has what came in time.</summary>
    /// <param name="Enough">With such an answer no other is waited for; null: all are.</param>
    public sealed record AskNodes(string Actor, object Message, TimeSpan Patience, Func<INodeReply, bool>? Enough = null) : Step;

    /// <summary>Ask the gateway itself: <see cref="Routine.GatewayAnswer"/>.</summary>
    internal sealed record AskGateway(GatewaySignals.IWish Wish) : Step;

    /// <summary>Ask the allocator of numbers: <see cref="Routine.NumbersAnswer"/>.</summary>
    public sealed record AskNumbers(IdProtocol.Reserve Message) : Step;

    /// <summary>Give orders to filesystems. They are not answered.</summary>
    public sealed record Order(ImmutableArray<FstProtocol.IOrder> Orders) : Step;

    /// <summary>Take a fresh number: <see cref="Routine.Number"/>.</summary>
    public sealed record TakeNumber(IdProtocol.Counter Counter) : Step;

    /// <summary>Ask directories and go on at once; the answers come while later steps wait.</summary>
    public sealed record Send(ImmutableArray<Question> Questions) : Step;

    /// <summary>Wait until one of the questions that were sent is answered.</summary>
    public sealed record AwaitAny : Step;

    /// <summary>In a strand of a <see cref="Weave"/>: wait until something holds that other strands bring about.</summary>
    public sealed record Await(Func<bool> IsMet) : Step;

    /// <summary>Give the client a part of the answer, and go on unless it has too many parts to take.</summary>
    public sealed record Deliver(GatewayProtocol.TreePart Part) : Step;
}

/// <summary>A message to a directory and the place for its answer. Repeated with the same operation id until there is one.</summary>
public sealed class Question(IForDirectory message, OpId op)
{
    public IForDirectory Message { get; } = message;
    public OpId Op { get; } = op;

    /// <summary>Null: not answered yet, or not in time. Never <see cref="DirectoryProtocol.Unknown"/>.</summary>
    public DirectoryProtocol.IReply? Answer { get; set; }

    public static Question Of(DirectoryProtocol.ICommand command) => new(command, command.Call.Op);
    public static Question Of(DirectoryProtocol.IQuery query) => new(query, query.Op);
}
