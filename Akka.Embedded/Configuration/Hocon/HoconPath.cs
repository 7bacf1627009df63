namespace Akka.Configuration.Hocon;

/// <summary>Paths such as <c>akka.actor."a.b".c</c>: keys joined by dots, quoted where a key holds one.</summary>
internal static class HoconPath
{
    public static List<string> Split(string path)
    {
        var keys = new List<string>(4);
        if (!path.Contains('"'))
        {
            foreach (var range in path.AsSpan().Split('.')) keys.Add(path[range].Trim());
            return keys;
        }
        var key = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '.' && !quoted) { keys.Add(key.ToString()); key.Clear(); }
            else key.Append(c);
        }
        keys.Add(key.ToString());
        return keys;
    }
}
