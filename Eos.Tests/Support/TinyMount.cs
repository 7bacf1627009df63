using System.Diagnostics;

namespace Eos.Tests.Support;

/// <summary>A test that needs a small filesystem that can be full: mounting one takes root.</summary>
public sealed class FullDiskFactAttribute : FactAttribute
{
    public FullDiskFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("EOS_TEST_ALL") == "1") return;
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") Skip = "needs root on Linux, to mount a small tmpfs";
    }
}

/// <summary>A tmpfs of a few megabytes.</summary>
public sealed class TinyMount : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyMount(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path);

    public string Path => _folder.Path;

    public string[] Files() => _folder.Files();

    public void Dispose()
    {
        Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {said}");
    }
}
