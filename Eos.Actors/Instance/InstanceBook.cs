using Akka.Actor;
using Eos.Journal;
using static Eos.Kv.SystemProtocol;

namespace Eos.Instance;

/// <summary>Where the configuration lies: keys and texts under one version.</summary>
public interface IInstanceBook
{
    /// <summary>Answered <see cref="ConfigurationRead"/>; anything else: not now.</summary>
    Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within);

    /// <summary>Answered <see cref="ConfigurationSet"/>, or <see cref="Refused"/> (ESTALE: it has another version), or not known.</summary>
    Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within);
}

/// <summary>In the group: survives what the group survives, the same on every node.</summary>
public sealed class GroupBook(KvClient client) : IInstanceBook
{
    public Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within) => client.LookAsync(question, within);
    public Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within) => client.DoAsync(entry, within);
}

/// <summary>In an instance without a group: with the one actor that keeps it (<see cref="ConfigurationActor"/>).</summary>
/// <param name="keeper">The shard region.</param>
public sealed class KeptBook(IActorRef keeper) : IInstanceBook
{
    public Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within) => AskAsync(question, within);
    public Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within) => AskAsync(entry, within);

    private async Task<IAnswer> AskAsync(object message, TimeSpan within)
    {
        try
        {
            return await keeper.Ask<IAnswer>(message, within).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return new KvClient.Unknown("the configuration has not answered in time");
        }
    }
}
