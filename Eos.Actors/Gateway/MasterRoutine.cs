using Eos.Identity;
using Eos.Kernel;
using Eos.Master;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`ns master`: hands a wish, or the question for the log, to this node's master actor. Wishes are root's.</summary>
public sealed class MasterRoutine(IRequest request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (request is not ReadMasterLog && !Who.IsRoot)
        {
            Refuse(Errno.NotPermitted, "only root can change the master");
            yield break;
        }
        yield return new Step.AskMaster(request switch
        {
            MoveMaster x => new MasterProtocol.Move(x.Node),
            SetMasterFailover x => new MasterProtocol.SetFailover(x.On),
            ClearMasterLog => new MasterProtocol.ClearLog(),
            ReadMasterLog => new MasterProtocol.ReadLog(),
            _ => throw new InvalidOperationException($"no wish for {request.GetType().Name}"),
        });
        switch (MasterAnswer)
        {
            case MasterProtocol.Done: Answer = new Done(Op); break;
            case MasterProtocol.Moved x: Answer = new MasterMoved(Op, x.WasThere); break;
            case MasterProtocol.Log x: Answer = new MasterLog(Op, x.Lines); break;
            case MasterProtocol.NotDone x: Refuse(x.Why, x.Text); break;
        }
    }
}
