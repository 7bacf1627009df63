namespace Eos.Tests.Support;

/// <summary>A test that needs redis-cli and redis-benchmark: skipped without them, unless everything is to run.</summary>
public sealed class RedisToolsFactAttribute : FactAttribute
{
    public RedisToolsFactAttribute() => Skip = RedisTools.Missing;
}

/// <summary>Redis' own programs, as users have them.</summary>
internal static class RedisTools
{
    /// <summary>Why they cannot be used; null if they can, or must.</summary>
    public static string? Missing =>
        Environment.GetEnvironmentVariable("EOS_TEST_ALL") == "1"
        || new[] { "redis-cli", "redis-benchmark" }.All(tool => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool))))
            ? null
            : "needs redis-cli and redis-benchmark (Debian package redis-tools)";

    /// <summary>What redis-cli prints, without the end of the last line.</summary>
    public static async Task<string> CliAsync(int port, params string[] words)
    {
        var outcome = await Child.RunAsync("redis-cli", ["-p", $"{port}", .. words]);
        return (outcome.Output + outcome.Error).TrimEnd('\n');
    }
}
