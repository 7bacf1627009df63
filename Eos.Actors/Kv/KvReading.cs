using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Kv;

/// <summary>A question on its way to the machine. Its fate is told once, on any thread.</summary>
public sealed class KvReading(IQuestion question, Action<KvFate> told) : IReading
{
    public IQuestion Question => question;

    public void Answered(object answer) => told(new KvFate(KvFateKind.Done, answer, null, null));

    public void Refused(MemberId? leader, string why) => told(new KvFate(KvFateKind.Refused, null, leader, why));
}
