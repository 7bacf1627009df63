namespace Eos.Identity;

/// <summary>Turns what a caller says, and what it has proved, into who it is.</summary>
public static class Mapping
{
    /// <summary>A claim counts only with a proof; else the caller is nobody.</summary>
    public static VirtualIdentity Map(uint uid, uint gid, string name, string host, string app, Proof proof) =>
        proof == Proof.ClusterKey
            ? new VirtualIdentity(new Caller(uid, gid) { App = app }, name, host, proof)
            : VirtualIdentity.Nobody(host, app);
}
