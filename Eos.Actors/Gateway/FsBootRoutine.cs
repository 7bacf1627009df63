using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs boot`: filesystems look at their mounts anew, and with `--syncdisk` at all that lies there. They say how it went in their reports.</summary>
public sealed class FsBootRoutine(Administer request, ImmutableArray<FstProtocol.FsIdentity> filesystems, VirtualIdentity who, RoutineFacts facts)
    : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        yield return new Step.Order([.. filesystems.Select(fs => new FstProtocol.OrderBoot(fs.Id) { Sweeps = request.Options.ContainsKey("syncdisk") })]);
        Answer = AdminRoutine.Part(request, [], [.. filesystems.Select(Line)]);
    }

    internal static string Line(FstProtocol.FsIdentity fs) => $"success: boot message sent to {ViewRules.NodeOf(fs)}:{fs.Path}";
}
