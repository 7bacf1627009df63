using System.Text;
using Eos.Kernel;

namespace Eos.Kv;

/// <summary>Where a persistence id belongs when there is more than one group: one of 4 096 slots, by the CRC-32C of its name. The same for ever.</summary>
public static class Slots
{
    public const int Count = 4_096;

    public static ushort Of(string persistenceId) => Of(Encoding.UTF8.GetBytes(persistenceId));

    public static ushort Of(ReadOnlySpan<byte> persistenceId) => (ushort)(Castagnoli.Of(persistenceId) % Count);
}
