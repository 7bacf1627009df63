using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Identity;

/// <summary>Users and groups of a node: names, numbers, members, as the files `passwd` and `group` have them. Immutable.</summary>
public sealed class UserBook
{
    public static readonly UserBook Empty = Parse("", "");

    private readonly ImmutableDictionary<string, (uint Uid, uint Gid)> _users;
    private readonly ImmutableDictionary<uint, string> _userNames;
    private readonly ImmutableDictionary<string, uint> _groups;
    private readonly ImmutableDictionary<uint, string> _groupNames;
    private readonly ImmutableDictionary<string, ImmutableArray<uint>> _memberships;

    private UserBook(
        ImmutableDictionary<string, (uint, uint)> users, ImmutableDictionary<uint, string> userNames, ImmutableDictionary<string, uint> groups, ImmutableDictionary<uint, string> groupNames,
        ImmutableDictionary<string, ImmutableArray<uint>> memberships) =>
        (_users, _userNames, _groups, _groupNames, _memberships) = (users, userNames, groups, groupNames, memberships);

    /// <summary>Reads both files; lines that are none are passed over, and of two for one name or number the first counts.</summary>
    public static UserBook Parse(string passwd, string group)
    {
        var (users, userNames) = (ImmutableDictionary.CreateBuilder<string, (uint, uint)>(StringComparer.Ordinal), ImmutableDictionary.CreateBuilder<uint, string>());
        foreach (var fields in Rows(passwd))
        {
            if (fields.Length < 4 || Number(fields[2]) is not { } uid || Number(fields[3]) is not { } gid) continue;
            users.TryAdd(fields[0], (uid, gid));
            userNames.TryAdd(uid, fields[0]);
        }
        var (groups, groupNames) = (ImmutableDictionary.CreateBuilder<string, uint>(StringComparer.Ordinal), ImmutableDictionary.CreateBuilder<uint, string>());
        var members = ImmutableDictionary.CreateBuilder<string, ImmutableArray<uint>>(StringComparer.Ordinal);
        foreach (var fields in Rows(group))
        {
            if (fields.Length < 3 || Number(fields[2]) is not { } gid) continue;
            groups.TryAdd(fields[0], gid);
            groupNames.TryAdd(gid, fields[0]);
            foreach (var member in fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [])
                members[member] = members.GetValueOrDefault(member, []).Add(gid);
        }
        return new UserBook(users.ToImmutable(), userNames.ToImmutable(), groups.ToImmutable(), groupNames.ToImmutable(), members.ToImmutable());
    }

    /// <summary>The number of a user, of a name or of a number as text; null: nobody has that name.</summary>
    public uint? Uid(string nameOrNumber) => Number(nameOrNumber) ?? (_users.TryGetValue(nameOrNumber, out var user) ? user.Uid : null);

    /// <inheritdoc cref="Uid"/>
    public uint? Gid(string nameOrNumber) => Number(nameOrNumber) ?? (_groups.TryGetValue(nameOrNumber, out var gid) ? gid : null);

    /// <summary>The name of a number; the number itself where it has none.</summary>
    public string User(uint uid) => _userNames.GetValueOrDefault(uid) ?? uid.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="User"/>
    public string Group(uint gid) => _groupNames.GetValueOrDefault(gid) ?? gid.ToString(CultureInfo.InvariantCulture);

    /// <summary>A user's own number and group; null: nobody has that name.</summary>
    public (uint Uid, uint Gid)? Find(string name) => _users.TryGetValue(name, out var user) ? user : null;

    /// <summary>The groups that a user is in beside its own.</summary>
    public ImmutableArray<uint> Memberships(string name) => _memberships.GetValueOrDefault(name, []);

    private static IEnumerable<string[]> Rows(string text) => text.Split('\n').Where(line => line.Length > 0 && line[0] is not ('#' or '+' or '-')).Select(line => line.TrimEnd('\r').Split(':'));

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
