namespace Eos.Kernel;

/// <summary>Hands out operation ids of one client, each once. Thread-safe.</summary>
public sealed class OpSource(Guid client)
{
    private ulong _last;

    /// <summary>A client that nobody else is: for actors that ask on their own behalf.</summary>
    public static OpSource Fresh() => new(Guid.NewGuid());

    public OpId Next() => new(client, Interlocked.Increment(ref _last));
}
