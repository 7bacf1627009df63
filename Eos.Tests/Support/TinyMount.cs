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

/// <summary>A filesystem of a few megabytes.</summary>
public sealed class TinyMount : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder? _image;

    /// <summary>A tmpfs.</summary>
    public TinyMount(int megabytes)
    {
        Must(Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path));
        Kind = "tmpfs";
    }

    private TinyMount(TemporaryFolder image, int megabytes)
    {
        (_image, Kind) = (image, "ext4 on a loop device");
        var file = image.Of("disk");
        using (var disk = File.Create(file)) disk.SetLength((long)megabytes << 20);
        Must(Run("mkfs.ext4", "-q", "-m", "0", file));
        Must(Run("mount", "-o", "loop", file, _folder.Path));
    }

    public string Path => _folder.Path;

    /// <summary>What it is, for people.</summary>
    public string Kind { get; }

    /// <summary>A disk: ext4 on a loop device, or a tmpfs where there are no loop devices.</summary>
    public static TinyMount Disk(int megabytes)
    {
        var image = new TemporaryFolder();
        try
        {
            return new TinyMount(image, megabytes);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            image.Dispose();
            return new TinyMount(megabytes);
        }
    }

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
        Must(Run("umount", "-l", _folder.Path));
        _folder.Dispose();
        _image?.Dispose();
    }

    private static void Must(string failure)
    {
        if (failure.Length > 0) throw new InvalidOperationException(failure);
    }

    /// <summary>What went wrong, "" if nothing.</summary>
    private static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{command} {string.Join(' ', arguments)}: {said}";
    }
}
