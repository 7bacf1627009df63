using Akka.Configuration;

namespace Eos.Host;

/// <summary>The folder that holds everything that a node owns; one process at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        (Path, _lock) = (path, held);
    }

    public string Path { get; }

    public string Keytab => System.IO.Path.Combine(Path, "keytab");

    /// <summary>Journal of the node's own persistent actors: its filesystems.</summary>
    public string Journal => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>Files of the node's members of groups.</summary>
    public string Qdb => System.IO.Path.Combine(Path, "qdb");

    /// <summary>The Unix socket for people on this machine, unless the settings name another place.</summary>
    public string Socket => System.IO.Path.Combine(Path, "socket");

    /// <summary>The folder of a filesystem.</summary>
    public string Filesystem(uint id) => System.IO.Path.Combine(Path, "fst", id.ToString());

    private string PortFile => System.IO.Path.Combine(Path, "node.port");

    private string StatusFile => System.IO.Path.Combine(Path, "node.status");

    /// <summary>Takes the folder, made if it is not there.</summary>
    /// <exception cref="ConfigurationException">Another process has it, or it can't be written.</exception>
    public static DataFolder Take(string path)
    {
        var file = LockOf(path);
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ConfigurationException($"the data folder {path} can't be used: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new ConfigurationException($"the data folder {path} is in use by another process, or can't be written: {e.Message}", e);
        }
    }

    /// <summary>Whether a node has run on it.</summary>
    public static bool IsOne(string path) => File.Exists(LockOf(path));

    /// <summary>The port of remoting that this node has had from its first start on, when it was free to choose; null before that.</summary>
    public int? RemotingPort() => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), out var port) ? port : null;

    public void KeepRemotingPort(int port) => WriteWhole(PortFile, $"{port}\n");

    /// <summary>One line of key=value for scripts and people.</summary>
    public void WriteStatus(string line) => WriteWhole(StatusFile, line + "\n");

    private static void WriteWhole(string file, string text)
    {
        var part = file + ".part";
        File.WriteAllText(part, text);
        File.Move(part, file, overwrite: true);
    }

    private static string LockOf(string path) => System.IO.Path.Combine(path, "lock");

    public void Dispose() => _lock.Dispose();
}
