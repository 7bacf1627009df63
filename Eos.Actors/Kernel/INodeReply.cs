namespace Eos.Kernel;

/// <summary>What one node answers to a question that went to all nodes.</summary>
public interface INodeReply
{
    /// <summary>`host:port` of who answers.</summary>
    string Node { get; }
}
