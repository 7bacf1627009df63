using System.Collections.Immutable;
using Eos.Journal;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Fst;

/// <summary>The capability keys of the instance: they stand in the configuration of the group, so that every node signs and opens with the same ones.</summary>
public sealed class CapabilityKeyBook(KvClient client)
{
    private const string Key = "capability.keys";

    /// <summary>The keys; made if there are none. Null when the group does not answer in time.</summary>
    /// <exception cref="EosException">EBADMSG: what stands there is no keys of ours.</exception>
    public async Task<CapabilityKeys?> LoadAsync(TimeSpan within)
    {
        while (await client.LookAsync(new ReadConfiguration(Key, null), within).ConfigureAwait(false) is ConfigurationRead read)
        {
            if (read.Values!.TryGetValue(Key, out var text))
                return CapabilityKeyText.Read(text) ?? throw new EosException(Errno.BadMessage, $"{Key} in the configuration is damaged");
            var fresh = ImmutableSortedDictionary<string, string?>.Empty.Add(Key, CapabilityKeyText.Write(CapabilityKeyText.Next(null)));
            await client.DoAsync(new SetConfiguration(read.Version, fresh, null), within).ConfigureAwait(false);   // another node may be faster: read again
        }

        return null;
    }
}
