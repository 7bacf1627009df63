using System.Globalization;

namespace Eos.Cli.Render;

/// <summary>Names of users and groups as this machine knows them; a number without a name stays a number.</summary>
internal sealed class Names(string passwd, string group)
{
    private readonly Lazy<Dictionary<uint, string>> _users = new(() => Read(passwd));
    private readonly Lazy<Dictionary<uint, string>> _groups = new(() => Read(group));

    /// <summary>The two files of this machine, read when first needed.</summary>
    public static Names OfThisMachine { get; } = new("/etc/passwd", "/etc/group");

    public string User(uint uid) => Name(_users.Value, uid);
    public string Group(uint gid) => Name(_groups.Value, gid);

    /// <summary>The number of a name, or of a number; null for neither.</summary>
    public uint? Uid(string nameOrNumber) => Number(_users, nameOrNumber);

    /// <inheritdoc cref="Uid"/>
    public uint? Gid(string nameOrNumber) => Number(_groups, nameOrNumber);

    private static string Name(Dictionary<uint, string> names, uint id) =>
        names.TryGetValue(id, out var name) ? name : id.ToString(CultureInfo.InvariantCulture);

    private static uint? Number(Lazy<Dictionary<uint, string>> names, string nameOrNumber)
    {
        if (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return id;
        foreach (var (number, name) in names.Value)
            if (name == nameOrNumber) return number;
        return null;
    }

    private static Dictionary<uint, string> Read(string file)
    {
        var names = new Dictionary<uint, string>();
        if (!File.Exists(file)) return names;
        foreach (var line in File.ReadLines(file))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var id)) names.TryAdd(id, fields[0]);
        }
        return names;
    }
}
