namespace Eos.Tests.Support;

/// <summary>
/// Groups of several members in the test process keep their leader however busy the machine is: a follower waits three seconds for a heartbeat, and not one. A leader
/// that is gone is replaced all the same.
/// </summary>
internal static class PatientGroup
{
    /// <summary>HOCON for every member of a group of so many founders; one alone has nobody to wait for.</summary>
    public static string Of(int founders) => founders == 1 ? "" : "eos.raft.presets.default { election-timeout-min = 3s, election-timeout-max = 4s }";
}
