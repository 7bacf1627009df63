using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>The name of an actor: its place below a root, and the uid of its incarnation.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private readonly Address? _address;
    private readonly ActorPath? _parent;
    private IReadOnlyList<string>? _elements;
    private string? _text;
    private int _hash;

    protected ActorPath(Address address, string name)
    {
        _address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public string Name { get; }

    /// <summary>Tells incarnations of one name apart; 0 where none is meant.</summary>
    public long Uid { get; }

    public int Depth { get; }

    public ActorPath Parent => _parent ?? this;

    public ActorPath Root => ParentOf(0);

    public Address Address => _parent is null ? _address! : Root._address!;

    /// <summary>The names from below the root to this one.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            if (_elements is { } known) return known;
            var names = new string[Depth];
            for (var p = this; p._parent is not null; p = p._parent) names[p.Depth - 1] = p.Name;
            return _elements = names;
        }
    }

    public ActorPath ParentOf(int depth)
    {
        var p = this;
        while (p.Depth > depth && p._parent is not null) p = p._parent;
        return p;
    }

    public ActorPath Child(string childName) => this / childName;

    public ActorPath WithUid(long uid) =>
        uid == Uid || _parent is null ? this : new ChildActorPath(_parent, Name, uid);

    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#');
        return hash < 0
            ? new ChildActorPath(path, name, 0)
            : new ChildActorPath(path, name[..hash], ParseUid(name.AsSpan(hash + 1)));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(n => n.Length > 0).Aggregate(path, (p, n) => p / n);

    /// <summary>Whether a name may be given to an actor: ASCII letters, digits, and -_.*$+:@&amp;=,!~'; not starting with $; or %hh.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || "-_.*$+:@&=,!~';()".Contains(c)) continue;
            if (c == '%' && i + 2 < s.Length && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2])) continue;
            return false;
        }
        return true;
    }

    /// <exception cref="UriFormatException">The text is no path with an address.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"no actor path: {path}");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path.AsSpan(), out var address, out var rest)) return false;
        return TryParse(new RootActorPath(address), rest, out actorPath);
    }

    public static bool TryParse(ActorPath basePath, ReadOnlySpan<char> absoluteUri, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = basePath;
        while (!absoluteUri.IsEmpty)
        {
            if (absoluteUri[0] == '/')
            {
                absoluteUri = absoluteUri[1..];
                continue;
            }
            var slash = absoluteUri.IndexOf('/');
            var name = slash < 0 ? absoluteUri : absoluteUri[..slash];
            absoluteUri = slash < 0 ? default : absoluteUri[(slash + 1)..];
            var hash = name.IndexOf('#');
            actorPath = hash < 0
                ? new ChildActorPath(actorPath, name.ToString(), 0)
                : new ChildActorPath(actorPath, name[..hash].ToString(), ParseUid(name[(hash + 1)..]));
        }
        return true;
    }

    public static bool TryParseAddress(string path, [NotNullWhen(true)] out Address? address) =>
        Address.TryParse(path.AsSpan(), out address, out _);

    public string ToStringWithoutAddress() => Depth == 0 ? "/" : "/" + string.Join('/', Elements);

    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>With that address, unless this path carries host and port of its own.</summary>
    public string ToStringWithAddress(Address address) =>
        (Address.Host is null ? address : Address) + ToStringWithoutAddress();

    public string ToStringWithUid() => ToStringWithAddress() + UidSuffix;

    public string ToSerializationFormat() => ToStringWithAddress() + UidSuffix;

    public string ToSerializationFormatWithAddress(Address address) => ToStringWithAddress(address) + UidSuffix;

    private string UidSuffix => Uid == 0 ? "" : "#" + Uid;

    private static long ParseUid(ReadOnlySpan<char> text) => long.TryParse(text, out var uid) ? uid : 0;

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Depth != other.Depth || GetHashCode() != other.GetHashCode()) return false;
        ActorPath a = this, b = other;
        while (a._parent is not null)
        {
            if (ReferenceEquals(a, b)) return true;
            if (a.Name != b.Name) return false;
            a = a._parent;
            b = b._parent!;
        }
        return a._address! == b._address!;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        if (_hash != 0) return _hash;
        var hash = _parent is null ? _address!.GetHashCode() : HashCode.Combine(_parent.GetHashCode(), Name);
        return _hash = hash == 0 ? 1 : hash;
    }

    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() => _text ??= ToStringWithAddress();

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "") : base(address, name)
    {
    }
}

/// <summary>A path below a root.</summary>
public sealed class ChildActorPath : ActorPath
{
    public ChildActorPath(ActorPath parentPath, string name, long uid) : base(parentPath, name, uid)
    {
    }
}
