using Eos.Kernel;

namespace Eos.Cli;

/// <summary>Addresses of storage that this program does not speak to.</summary>
internal static class Schemes
{
    private static readonly (string Scheme, string Advice)[] Foreign =
    [
        ("as3:", "a client of S3 (aws, s3cmd) fetches it, then cp the file"),
        ("s3:", "a client of S3 (aws, s3cmd) fetches it, then cp the file"),
        ("http:", "pipe it: curl URL | eos cp - PATH"),
        ("https:", "pipe it: curl URL | eos cp - PATH"),
        ("gsiftp:", "fetch it with a client of GridFTP, then cp the file"),
    ];

    /// <summary>EOPNOTSUPP with what helps instead.</summary>
    public static void Refuse(string typed)
    {
        foreach (var (scheme, advice) in Foreign)
            if (typed.StartsWith(scheme, StringComparison.Ordinal)) throw new EosException(Errno.NotSupported, $"{typed}: {scheme[..^1]} is not spoken here; {advice}");
    }
}
