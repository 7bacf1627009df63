namespace Eos.Identity;

/// <summary>How an identity was proved. Append only.</summary>
public enum Proof
{
    /// <summary>Not at all: nobody.</summary>
    None = 0,

    /// <summary>The caller holds a key of the cluster and is believed what it claims, as with EOS's sss keytab.</summary>
    ClusterKey = 1,
}

/// <summary>Who a request is run as.</summary>
public sealed record VirtualIdentity(uint Uid, uint Gid, string Name, string Host, string App, Proof Proof)
{
    /// <summary>Uid and gid of those who prove nothing.</summary>
    public const uint NobodyId = 99;

    public bool IsRoot => Uid == 0;

    /// <summary>May act for others: root only, until there is a list of sudoers.</summary>
    public bool IsSudoer => IsRoot;

    public static VirtualIdentity Nobody(string host, string app) => new(NobodyId, NobodyId, "nobody", host, app, Proof.None);
}
