using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Kv;

/// <summary>A question on its way to the machine. Its fate is told once, on any thread.</summary>
/// <param name="room">How much may be answered to data commands: then the first of them get a reply, as many as fit. Null: all get one, bounded as those to an entry are.</param>
public sealed class KvReading(IQuestion question, Action<KvFate> told, IReplyRoom? room = null) : IReading
{
    public IQuestion Question => question;

    public IReplyRoom? Room => room;

    public void Answered(object answer) => told(new KvFate(KvFateKind.Done, answer, null, null));

    public void Refused(MemberId? leader, string why) => told(new KvFate(KvFateKind.Refused, null, leader, why));
}
