namespace Eos.Identity;

/// <summary>What a caller says of itself, and how much of that is proved.</summary>
/// <param name="Host">Where it says to be.</param>
public sealed record Credentials(Proof Proof, uint Uid, uint Gid, string Name, string Host, string App)
{
    /// <summary>The role that is wanted; null: the caller's own.</summary>
    public uint? RoleUid { get; init; }

    /// <inheritdoc cref="RoleUid"/>
    public uint? RoleGid { get; init; }

    /// <summary>A key that stands for a user, from a gateway; empty: none.</summary>
    public string Key { get; init; } = "";

    /// <summary>The text of a token; empty: none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Of one that has proved nothing, by what door it comes: what gateway rules go by.</summary>
    public string Door { get; init; } = "none";

    public string Protocol => Proof == Proof.None ? Door : ProtocolOf(Proof);

    /// <summary>EOS's word for a way of proof, as rules and listings have it.</summary>
    public static string ProtocolOf(Proof proof) => proof switch
    {
        Proof.ClusterKey => "sss",
        Proof.UnixSocket => "unix",
        Proof.Certificate => "https",
        _ => "none",
    };
}
