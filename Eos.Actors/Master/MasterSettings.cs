using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Master;

/// <summary>Knobs of the role: `eos.master`.</summary>
/// <param name="Lease">For so long the role is granted.</param>
/// <param name="Retry">Between two looks at the lease, and before an unanswered renewal is repeated.</param>
/// <param name="MoveTimeout">For so long `ns master NODE` waits for the node to have the role.</param>
/// <param name="LeaveTimeout">How long a node that stops waits until it has given the role up.</param>
/// <param name="LogLines">Lines that `ns master --log` keeps.</param>
/// <param name="ClockDrift">How much slower this node's clock may run than others', as a fraction; that of the Raft group.</param>
public sealed record MasterSettings(TimeSpan Lease, TimeSpan Retry, TimeSpan MoveTimeout, TimeSpan LeaveTimeout, int LogLines, double ClockDrift)
{
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public static MasterSettings From(Settings s, Settings raft)
    {
        var settings = new MasterSettings(s.Duration("lease"), s.Duration("retry-interval"), s.Duration("move-timeout"), s.Duration("leave-timeout"), s.Int("log-lines"), raft.Real("clock-drift"));
        if (settings.Lease < TimeSpan.FromSeconds(1)) throw new ConfigurationException("eos.master.lease: 1s ..");
        if (settings.Retry < TimeSpan.FromMilliseconds(10) || settings.Retry > settings.Lease / 4) throw new ConfigurationException("eos.master.retry-interval: 10ms .. a quarter of eos.master.lease");
        if (settings.MoveTimeout < TimeSpan.FromSeconds(1)) throw new ConfigurationException("eos.master.move-timeout: 1s ..");
        if (settings.LeaveTimeout < TimeSpan.FromMilliseconds(10) || settings.LeaveTimeout > TimeSpan.FromSeconds(5)) throw new ConfigurationException("eos.master.leave-timeout: 10ms .. 5s");
        if (settings.LogLines is < 1 or > 100_000) throw new ConfigurationException("eos.master.log-lines: 1 .. 100000");
        return settings;
    }
}
