namespace Eos.Tests.Support;

/// <summary>Tests that start processes run one after another and beside no other test: they measure how fast a cluster reacts, or what this process holds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessesCollection
{
    public const string Name = "processes";
}
