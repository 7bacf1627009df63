namespace Eos.Tests.Support;

/// <summary>A test that needs curl: skipped without it, unless everything is to run.</summary>
public sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute() => Skip = Curl.Missing;
}

/// <summary>As <see cref="CurlFactAttribute"/>, for several cases.</summary>
public sealed class CurlTheoryAttribute : TheoryAttribute
{
    public CurlTheoryAttribute() => Skip = Curl.Missing;
}

internal static class Curl
{
    /// <summary>Why curl cannot be used; null if it can, or must.</summary>
    public static string? Missing =>
        Environment.GetEnvironmentVariable("EOS_TEST_ALL") == "1"
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl")))
            ? null
            : "needs curl";
}
