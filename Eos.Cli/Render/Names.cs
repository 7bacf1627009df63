using System.Collections.Concurrent;
using System.Globalization;

namespace Eos.Cli.Render;

/// <summary>Names of users and groups as this machine knows them; a number without a name stays a number.</summary>
/// <param name="asksSystem">Whom the files do not know, the C library is asked for.</param>
internal sealed class Names(string passwd, string group, bool asksSystem = false)
{
    private readonly Lazy<ConcurrentDictionary<uint, string>> _users = new(() => Read(passwd));
    private readonly Lazy<ConcurrentDictionary<uint, string>> _groups = new(() => Read(group));

    /// <summary>The two files of this machine, read when first needed, and behind them whatever else it knows users from.</summary>
    public static Names OfThisMachine { get; } = new("/etc/passwd", "/etc/group", asksSystem: true);

    public string User(uint uid) => Name(_users.Value, uid, SystemNames.User);
    public string Group(uint gid) => Name(_groups.Value, gid, SystemNames.Group);

    /// <summary>The number of a name, or of a number; null for neither.</summary>
    public uint? Uid(string nameOrNumber) => Number(_users, nameOrNumber, SystemNames.Uid);

    /// <inheritdoc cref="Uid"/>
    public uint? Gid(string nameOrNumber) => Number(_groups, nameOrNumber, SystemNames.Gid);

    /// <summary>What the library said is kept: a listing asks for the same few again and again.</summary>
    private string Name(ConcurrentDictionary<uint, string> names, uint id, Func<uint, string?> ask) =>
        names.GetOrAdd(id, number => (asksSystem ? ask(number) : null) ?? number.ToString(CultureInfo.InvariantCulture));

    private uint? Number(Lazy<ConcurrentDictionary<uint, string>> names, string nameOrNumber, Func<string, uint?> ask)
    {
        if (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return id;
        foreach (var (number, name) in names.Value)
            if (name == nameOrNumber) return number;
        return asksSystem ? ask(nameOrNumber) : null;
    }

    private static ConcurrentDictionary<uint, string> Read(string file)
    {
        var names = new ConcurrentDictionary<uint, string>();
        if (!File.Exists(file)) return names;
        foreach (var line in File.ReadLines(file))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var id)) names.TryAdd(id, fields[0]);
        }
        return names;
    }
}
