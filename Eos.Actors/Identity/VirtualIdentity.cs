using System.Collections.Immutable;

namespace Eos.Identity;

/// <summary>How an identity was proved. Append only.</summary>
public enum Proof
{
    /// <summary>Not at all: nobody.</summary>
    None = 0,

    /// <summary>The caller holds a key of the cluster and is believed what it claims, as with EOS's sss keytab.</summary>
    ClusterKey = 1,

    /// <summary>A process on a node's machine: the kernel has told the node at a Unix socket which user runs it.</summary>
    UnixSocket = 2,

    /// <summary>The holder of a certificate's key, by TLS.</summary>
    Certificate = 3,
}

/// <summary>Who a request is run as: what permission depends on, and what is shown and logged of it.</summary>
public sealed record VirtualIdentity(Caller Caller, string Name, string Host, Proof Proof)
{
    /// <summary>Uid and gid of those who prove nothing.</summary>
    public const uint NobodyId = 99;

    /// <summary>The user ids that the caller may take, its present one among them.</summary>
    public ImmutableArray<uint> Uids { get; init; } = [Caller.Uid];

    /// <summary>Where the caller is; empty: not known.</summary>
    public string Geotag { get; init; } = "";

    /// <summary>What it showed beside its proof; null: nothing.</summary>
    public EosToken? Token { get; init; }

    public uint Uid => Caller.Uid;
    public uint Gid => Caller.Gid;
    public string App => Caller.App;
    public bool IsRoot => Caller.IsRoot;

    /// <summary>May act for others.</summary>
    public bool IsSudoer => Caller.IsRoot || Caller.IsSudoer;

    /// <summary>EOS's word for the proof.</summary>
    public string Protocol => Credentials.ProtocolOf(Proof);

    /// <summary>The caller's group ids.</summary>
    public ImmutableArray<uint> Gids => [Caller.Gid, .. Caller.Gids.Where(g => g != Caller.Gid)];

    public static VirtualIdentity Nobody(string host, string app) => new(new Caller(NobodyId, NobodyId) { App = app }, "nobody", host, Proof.None);
}
