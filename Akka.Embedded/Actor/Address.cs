using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>Where an actor system is reached: protocol, system name and, unless local, host and port.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, ICloneable
{
    private sealed class ByText : IComparer<Address>
    {
        public int Compare(Address? x, Address? y)
        {
            if (ReferenceEquals(x, y)) return 0;
            if (x is null) return -1;
            if (y is null) return 1;
            var c = string.CompareOrdinal(x.Protocol, y.Protocol);
            if (c == 0) c = string.CompareOrdinal(x.System, y.System);
            if (c == 0) c = string.CompareOrdinal(x.Host ?? "", y.Host ?? "");
            return c != 0 ? c : (x.Port ?? 0).CompareTo(y.Port ?? 0);
        }
    }

    /// <summary>Orders by protocol, system, host and port, byte by byte.</summary>
    public static readonly IComparer<Address> Comparer = new ByText();

    /// <summary>The address that stands for every system.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private readonly int _hash;
    private string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
        _hash = HashCode.Combine(Protocol, System, Host, Port);
    }

    public string? Host { get; }

    public int? Port { get; }

    public string System { get; }

    public string Protocol { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !HasLocalScope;

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public string HostPort()
    {
        var text = ToString();
        return text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..];
    }

    /// <summary>Reads "akka.tcp://system@host:port" or "akka://system".</summary>
    /// <exception cref="UriFormatException">The text is no address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"no address: {address}");

    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) => TryParse(path.AsSpan(), out address);

    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address) =>
        TryParse(span, out address, out _);

    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address, out ReadOnlySpan<char> absoluteUri)
    {
        address = null;
        absoluteUri = default;
        var mark = span.IndexOf("://");
        if (mark <= 0 || !span.StartsWith("akka", StringComparison.OrdinalIgnoreCase)) return false;
        var protocol = span[..mark];
        var rest = span[(mark + 3)..];
        var slash = rest.IndexOf('/');
        absoluteUri = slash < 0 ? "/" : rest[slash..];
        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.IndexOf('@');
        if (at < 0)
        {
            if (authority.IsEmpty || authority.Contains(':')) return false;
            address = new Address(protocol.ToString(), authority.ToString());
            return true;
        }
        var hostPort = authority[(at + 1)..];
        var colon = hostPort.LastIndexOf(':');
        if (at == 0 || colon <= 0 || !int.TryParse(hostPort[(colon + 1)..], out var port) || port is < 0 or > 65535) return false;
        address = new Address(protocol.ToString(), authority[..at].ToString(), hostPort[..colon].ToString(), port);
        return true;
    }

    public int CompareTo(Address? other) => Comparer.Compare(this, other);

    public bool Equals(Address? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Port == other.Port &&
            Host == other.Host && System == other.System && Protocol == other.Protocol);

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => _hash;

    public override string ToString() =>
        _text ??= Host is null ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}:{Port}";

    public object Clone() => new Address(Protocol, System, Host, Port);

    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Address? left, Address? right) => !(left == right);
}
