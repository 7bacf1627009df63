using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Support;

public sealed partial class NamespaceInMemory
{
    private readonly Dictionary<DirectoryId, TotalsDesk> _desks = [];

    private static PathCache NewCache() => new(TimeSpan.FromHours(1), TimeSpan.FromHours(2), 1000);

    /// <summary>The gateway believes nothing that it has seen.</summary>
    public void ForgetWays() => _cache = NewCache();

    /// <summary>Time passes until all directories have told their parents everything.</summary>
    public void Settle()
    {
        for (var turn = 0; turn < 100 && _directories.Values.Any(d => d.Totals.IsDue); turn++)
        {
            Now += TimeSpan.FromSeconds(10);
            foreach (var id in _directories.Keys.ToList())
            {
                var (desk, decision) = TotalsRules.Turn(Desk(id), State(id), DirectoryModel.Settings.Totals, Now);
                _desks[id] = desk;
                Follow(id, decision);
                foreach (var pass in decision.Effects.OfType<Effect.Pass>()) Hear(pass.Message);
            }
        }
        AddFilesystem(1);
    }

    private TotalsDesk Desk(DirectoryId id) => _desks.GetValueOrDefault(id) ?? TotalsDesk.Empty;

    private void Hear(IForDirectory message)
    {
        var id = message.Directory;
        if (message is TotalsProtocol.TotalsKept kept) _desks[id] = TotalsRules.Kept(Desk(id), State(id), kept);
        if (message is not TotalsProtocol.ReportTotals report) return;
        (_desks[id], var decision) = TotalsRules.Heard(Desk(id), State(id), report);
        foreach (var pass in decision.Effects.OfType<Effect.Pass>()) Hear(pass.Message);
    }
}
