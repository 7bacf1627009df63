using System.Globalization;

namespace Eos.Master;

/// <summary>One run of a node's actor system. A node that comes back, also in the same process, is another incarnation; none of them ever comes back itself.</summary>
/// <param name="Place">Where it is reached: "host:port" of remoting.</param>
/// <param name="Uid">Tells it from the others that ran at the same place.</param>
public readonly record struct Incarnation(string Place, int Uid)
{
    public static Incarnation Of(Akka.Cluster.UniqueAddress address) => new($"{address.Address.Host}:{address.Address.Port}", address.Uid);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place}#{Uid}");

    /// <summary>Reads what <see cref="ToString"/> writes; null for any other text.</summary>
    public static Incarnation? Parse(string text)
    {
        var hash = text.LastIndexOf('#');
        return hash > 0 && int.TryParse(text.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid) ? new Incarnation(text[..hash], uid) : null;
    }
}
