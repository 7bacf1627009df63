using Eos.Kernel;

namespace Eos.Services;

/// <summary>
/// What keeps a node small: compaction, which the master leads, and forgetting what is remembered. A gateway tells all nodes, and each answers; nothing is repeated. The master asks
/// nodes one after the other to compact what they have.
/// </summary>
public static class UpkeepProtocol
{
    /// <summary>The actor's name below `/user` on every node.</summary>
    public const string Name = "upkeep";

    /// <summary>Compact after so long, and then again and again; or not. Held in memory by every node, so that whoever is master then does it. Answered <see cref="Status"/>.</summary>
    /// <param name="Interval">Zero: once.</param>
    public sealed record Set(bool On, TimeSpan Delay, TimeSpan Interval);

    /// <summary>Answered <see cref="Status"/>.</summary>
    public sealed record Ask;

    /// <param name="Text">As <see cref="CompactionState.Text"/> has it.</param>
    public sealed record Status(string Node, bool IsMaster, string Text) : INodeReply;

    /// <summary>Compact the files of this node's member of the group. Answered <see cref="Compacted"/>.</summary>
    public sealed record Compact;

    /// <param name="Before">Bytes.</param>
    /// <param name="Trouble">Empty: it went well.</param>
    public sealed record Compacted(string Node, ulong Before, ulong After, string Trouble) : INodeReply;

    /// <summary>Directories go to sleep, and gateways forget what they remember of them. Answered <see cref="Done"/>.</summary>
    /// <param name="Directory">0: all of them.</param>
    public sealed record Forget(DirectoryId Directory) : IToGateway;

    /// <summary>Gateways remember at most so many directories. Answered <see cref="Done"/>.</summary>
    public sealed record Remember(uint Most) : IToGateway;

    /// <summary>Gateways read users and groups of their machines anew. Answered <see cref="Done"/>.</summary>
    public sealed record ReadUsers : IToGateway;

    public sealed record Done(string Node) : INodeReply;

    /// <summary>Is handed on to this node's gateway.</summary>
    public interface IToGateway;
}
