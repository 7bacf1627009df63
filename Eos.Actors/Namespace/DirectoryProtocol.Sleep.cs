using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>How a walk over many directories reads them without waking them.</summary>
public static partial class DirectoryProtocol
{
    /// <summary>
    /// As <see cref="ReadPage"/>, but one that sleeps is read where it is stored and sleeps on. Answered <see cref="Page"/>, <see cref="Unborn"/> or <see cref="Gone"/> by what is stored
    /// when it is read, which is all that anybody was ever told.
    /// </summary>
    public sealed record Peek(DirectoryId Directory, OpId Op, string After, uint Limit) : IQuery
    {
        public ReadPage Question => new(Directory, Op, After, Limit);
    }
}
