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

    public string Journal(HostSettings settings) => settings.Journal.Length > 0 ? settings.Journal : System.IO.Path.Combine(Path, "journal.db");

    /// <summary>The capability keys lie beside the journal, since who shares the one shares the other.</summary>
    public string CapabilityKeys(HostSettings settings) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Journal(settings)))!, "capability.keys");

    /// <summary>The folder of a filesystem.</summary>
    public string Filesystem(uint id) => System.IO.Path.Combine(Path, "fst", id.ToString());

    private string MembersFile => System.IO.Path.Combine(Path, "members");

    private string StatusFile => System.IO.Path.Combine(Path, "node.status");

    /// <summary>Takes the folder, made if it is not there.</summary>
    /// <exception cref="ConfigurationException">Another process has it, or it can't be written.</exception>
    public static DataFolder Take(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
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

    /// <summary>The other nodes of the cluster as last seen, "host:port" each; none before the first time.</summary>
    public IReadOnlyList<string> Members() => File.Exists(MembersFile) ? File.ReadAllLines(MembersFile).Where(l => l.Length > 0).ToList() : [];

    public void WriteMembers(IEnumerable<string> members) => WriteWhole(MembersFile, string.Join('\n', members) + "\n");

    /// <summary>One line of key=value for scripts and people.</summary>
    public void WriteStatus(string line) => WriteWhole(StatusFile, line + "\n");

    private static void WriteWhole(string file, string text)
    {
        var part = file + ".part";
        File.WriteAllText(part, text);
        File.Move(part, file, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();
}
