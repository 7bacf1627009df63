using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Kv;

/// <summary>An entry on its way into the log: its bytes are made once, here. Its fate is told once, on any thread.</summary>
public sealed class KvSubmission(IEntry entry, Action<KvFate> told) : ISubmission
{
    /// <summary>The entry as it is; the member that took it applies this instead of reading the bytes again.</summary>
    public IEntry Asked => entry;

    public ReadOnlyMemory<byte> Entry { get; } = KvWire.Encode(entry);

    public void Applied(object outcome) => told(new KvFate(KvFateKind.Done, outcome, null, null));

    public void Refused(MemberId? leader, string why) => told(new KvFate(KvFateKind.Refused, null, leader, why));

    public void Unknown(string why) => told(new KvFate(KvFateKind.Unknown, null, null, why));
}
