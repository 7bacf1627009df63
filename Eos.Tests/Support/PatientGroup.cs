namespace Eos.Tests.Support;

/// <summary>
/// Groups of several members keep their leader however busy the machine is: a follower waits three seconds for a heartbeat, and not one. A leader
/// that is gone is replaced all the same.
/// </summary>
internal static class PatientGroup
{
    /// <summary>The same as settings of nodes, key=value.</summary>
    public static readonly IReadOnlyList<string> Settings = ["eos.raft.presets.default.election-timeout-min=3s", "eos.raft.presets.default.election-timeout-max=4s"];

    /// <summary>HOCON for every member of a group of so many founders; one alone has nobody to wait for.</summary>
    public static string Of(int founders) => founders == 1 ? "" : string.Join('\n', Settings);
}
