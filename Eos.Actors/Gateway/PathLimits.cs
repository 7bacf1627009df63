using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Where a caller may not even look: nobody below the public levels, and the bearer of a token beside its paths.</summary>
public static class PathLimits
{
    /// <summary>Null: the path is open to it, as far as these limits go.</summary>
    public static Refusal? Check(VirtualIdentity who, EosPath path, int publicAccessLevel)
    {
        if (who.Uid == VirtualIdentity.NobodyId && path.Names.Length >= publicAccessLevel)
            return new Refusal(Errno.AccessDenied, $"{path}: the public sees {publicAccessLevel - 1} levels only");
        return who.Caller.Token is { } token && !SignedToken.Covers(token.Paths, token.Tree, path.ToString())
            ? new Refusal(Errno.AccessDenied, $"{path}: the token is for other paths")
            : null;
    }
}
