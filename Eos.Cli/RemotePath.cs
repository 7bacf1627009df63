namespace Eos.Cli;

/// <summary>Paths in the namespace as a user types them: absolute or relative to the shell's directory, with . and .. and doubled slashes.</summary>
internal static class RemotePath
{
    /// <summary>The absolute path without "." and ".."; ".." at the root stays at the root. A trailing slash is dropped.</summary>
    public static string Resolve(string cwd, string typed)
    {
        var parts = new List<string>();
        var whole = typed.StartsWith('/') ? typed : cwd + "/" + typed;
        foreach (var part in whole.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return "/" + string.Join('/', parts);
    }

    public static string Join(string directory, string name) => directory.EndsWith('/') ? directory + name : directory + "/" + name;

    /// <summary>The last part of a path; empty for the root.</summary>
    public static string Name(string path) => path[(path.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');

    /// <summary>The directory that holds <paramref name="path"/>; the root holds itself.</summary>
    public static string Parent(string path)
    {
        var end = path.TrimEnd('/').LastIndexOf('/');
        return end <= 0 ? "/" : path[..end];
    }
}
