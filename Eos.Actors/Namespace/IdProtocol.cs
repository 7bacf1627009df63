using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// Numbers for files and directories, in blocks, unique for ever. A gateway asks for a block before it needs one and may ask again: a block that was
/// granted and never arrived is lost, which costs nothing but numbers.
/// </summary>
public static class IdProtocol
{
    /// <summary>Which counter. Append only.</summary>
    public enum Counter
    {
        File = 1,
        Directory = 2,
    }

    // commands

    /// <summary>Asks for a block of <paramref name="Count"/> numbers. Each answer is another block.</summary>
    public sealed record TakeBlock(Counter Counter, uint Count, OpId Op);

    /// <summary>Numbers up to this one are not given any more, whether or not they were. Answered <see cref="Reserved"/>.</summary>
    public sealed record Reserve(Counter Counter, ulong UpTo, OpId Op);

    // replies

    public sealed record Reserved(Counter Counter, ulong UpTo, OpId Op);

    public sealed record BlockTaken(Counter Counter, ulong First, uint Count, OpId Op);

    // events

    /// <summary>All numbers below <paramref name="Next"/> have been given away.</summary>
    public sealed record BlockGranted(Counter Counter, ulong Next);

    // state

    /// <summary>The next free number of each counter: also the snapshot.</summary>
    public sealed record IdState(ImmutableSortedDictionary<Counter, ulong> Next)
    {
        /// <summary>Files begin at 1; directory 1 is the root.</summary>
        public static readonly IdState Empty = new(
            ImmutableSortedDictionary<Counter, ulong>.Empty.Add(Counter.File, 1).Add(Counter.Directory, DirectoryId.Root.Value + 1));

        public IdState Apply(BlockGranted e) => new(Next.SetItem(e.Counter, e.Next));
    }
}
