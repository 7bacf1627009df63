using System.Globalization;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `ns reserve-ids`: numbers up to the given ones are never given again. First it stands in the configuration, which every gateway follows and so passes over what it has in
/// stock; then the allocator goes on behind them.
/// </summary>
public sealed class ReservedIds(Administer request, ulong file, ulong directory, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    private const string Section = "global";

    /// <summary>Up to which number nothing is given; 0: none is reserved.</summary>
    public static ulong Of(InstanceState instance, IdProtocol.Counter counter) =>
        ulong.TryParse(instance[Section, KeyOf(counter)], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public override IEnumerable<Step> Run()
    {
        foreach (var step in Alter(now => Raise(Raise(Revision.None, now, IdProtocol.Counter.File, file), now, IdProtocol.Counter.Directory, directory))) yield return step;
        if (InstanceAnswer is not InstanceProtocol.Changed) yield break;
        yield return new Step.AskNumbers(new IdProtocol.Reserve(IdProtocol.Counter.File, file, Op));
        yield return new Step.AskNumbers(new IdProtocol.Reserve(IdProtocol.Counter.Directory, directory, Op));
        Answer = new Report(Op, [], [$"success: file ids up to {file} and container ids up to {directory} are reserved"]);
    }

    private static Revision Raise(Revision revision, InstanceState now, IdProtocol.Counter counter, ulong number) =>
        number <= Of(now, counter) ? revision : revision.And(Section, KeyOf(counter), number.ToString(CultureInfo.InvariantCulture));

    private static string KeyOf(IdProtocol.Counter counter) => counter == IdProtocol.Counter.File ? "reserved.fid" : "reserved.cid";
}
