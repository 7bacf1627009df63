using System.Globalization;
using System.Security.Cryptography;
using Eos.Fst;
using Eos.Instance;

namespace Eos.Gateway;

/// <summary>By what tokens are signed, and which generation of them counts.</summary>
public static class TokenRules
{
    /// <summary>A secret of its own that follows from the one that signs capabilities, so that every node has it.</summary>
    public static byte[] KeyOf(CapabilityKey key) => HMACSHA256.HashData(key.Secret.AsSpan(), "eos token"u8);

    /// <summary>Key `token.generation` of the space `default`; 0, as without one: tokens are switched off.</summary>
    public static ulong GenerationOf(InstanceState instance) =>
        ulong.TryParse(instance["space", "default#token.generation"], NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : 0;
}
