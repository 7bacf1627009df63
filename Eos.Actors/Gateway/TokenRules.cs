using System.Globalization;
using System.Security.Cryptography;
using Eos.Fst;
using Eos.Identity;
using Eos.Namespace;
using Eos.Scheduling;
using Eos.Views;

namespace Eos.Gateway;

/// <summary>By what tokens are signed, which generation of them counts, and who may issue them.</summary>
public static class TokenRules
{
    /// <summary>A secret of its own that follows from the one that signs capabilities, so that every node has it.</summary>
    public static byte[] KeyOf(CapabilityKey key) => HMACSHA256.HashData(key.Secret.AsSpan(), "eos token"u8);

    /// <summary>Key `token.generation` of the space `default`; 0, as without one: tokens are switched off.</summary>
    public static ulong GenerationOf(ViewConfiguration configuration) =>
        ulong.TryParse(configuration.SpaceKeys(LayoutPolicy.DefaultSpace).GetValueOrDefault("token.generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : 0;

    public static bool MayIssue(Caller caller, DirectoryRecord directory) =>
        caller.Uid == directory.Owner.Uid || AccessRules.RightsOf(caller, directory).Grants(AclFlags.IssueTokens);

    /// <summary>Whether a permission has something that its issuer has not.</summary>
    public static bool Exceeds(Caller caller, DirectoryRecord directory, string permission) =>
        (permission.Contains('r') && !AccessRules.May(caller, directory, Intent.Read))
        || (permission.Contains('x') && !AccessRules.May(caller, directory, Intent.Enter))
        || (permission.Contains('w') && !(AccessRules.May(caller, directory, Intent.Create) && AccessRules.May(caller, directory, Intent.Update)))
        || permission.Any(letter => "miqcaAXpt".Contains(letter, StringComparison.Ordinal));
}
