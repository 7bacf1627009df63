using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>A sub-directory, the directory and name that it has, and those that it is to have.</summary>
public sealed record DirectoryMove(DirectoryId Source, string Name, DirectoryId Child, DirectoryId Target, string NewName);

/// <summary>
/// Moving a directory into another directory. One entity does all such moves, one after the other, so that no two of them can make a circle; renaming within a directory needs it
/// not. A gateway repeats its order until it is answered.
/// </summary>
public static class MoverProtocol
{
    // commands

    public sealed record MoveDirectory(DirectoryProtocol.Call Call, DirectoryMove Move);

    // replies

    public interface IReply
    {
        OpId Op { get; }
    }

    public sealed record Moved(OpId Op) : IReply;

    public sealed record NotMoved(OpId Op, Errno Why, string Text) : IReply;

    // events

    public interface IEvent;

    /// <summary>This one is done now. Until it has ended, a mover that wakes begins it again: each step happens once.</summary>
    /// <param name="Number">Grows by one with each.</param>
    public sealed record MoveBegun(DirectoryProtocol.Call Call, DirectoryMove Move, ulong Number) : IEvent;

    /// <param name="Why">None: it has happened.</param>
    public sealed record MoveEnded(OpId Op, Errno Why, string Text) : IEvent;

    // state

    /// <summary>What is being done, and how the last ones ended: also the snapshot.</summary>
    /// <param name="Begun">How many were begun.</param>
    public sealed record MoverState(MoveBegun? Current, ImmutableArray<MoveEnded> Ended, ulong Begun)
    {
        /// <summary>Ends that are remembered, for gateways that ask again.</summary>
        public const int MaxEnded = 1000;

        public static readonly MoverState Idle = new(null, [], 0);

        public MoverState Apply(IEvent e) => e switch
        {
            MoveBegun x => this with { Current = x, Begun = x.Number },
            MoveEnded x => this with { Current = null, Ended = (Ended.Length < MaxEnded ? Ended : Ended.RemoveAt(0)).Add(x) },
            _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
        };

        /// <summary>What begins when an order is next.</summary>
        public MoveBegun Next(MoveDirectory order) => new(order.Call, order.Move, Begun + 1);

        /// <summary>The answer to an order that was carried out before; null: it was not, or long ago.</summary>
        public IReply? Of(OpId op) => Ended.LastOrDefault(e => e.Op == op) is not { } end ? null : ReplyOf(end);

        public static IReply ReplyOf(MoveEnded end) => end.Why == Errno.None ? new Moved(end.Op) : new NotMoved(end.Op, end.Why, end.Text);
    }
}
