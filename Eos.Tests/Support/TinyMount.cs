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

    /// <summary>Takes all space; gives the file that has it.</summary>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            return path;
        }
    }

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
