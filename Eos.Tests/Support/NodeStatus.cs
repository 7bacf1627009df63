namespace Eos.Tests.Support;

/// <summary>The line that a node writes when it serves: words of key=value.</summary>
internal sealed record NodeStatus(IReadOnlyDictionary<string, string> Values)
{
    public string Remoting => Values["remoting"];
    public string Http => Values["http"];
    public string Fst => Values["fst"];

    /// <summary>Null until the file says that the node is up.</summary>
    public static NodeStatus? Read(string file)
    {
        if (!File.Exists(file)) return null;
        var values = File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => w.Contains('=')).ToDictionary(w => w[..w.IndexOf('=')], w => w[(w.IndexOf('=') + 1)..]);
        return values.GetValueOrDefault("state") == "up" ? new NodeStatus(values) : null;
    }
}
