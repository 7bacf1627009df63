namespace Eos.Tests.Support;

/// <summary>A folder of its own for one test; gone with all below it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("eos-test-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Relative paths of all files below, in order.</summary>
    public string[] Files() =>
        [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal)];

    /// <summary>Several may have shared it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
