using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>
/// Paths and manifests travel once per connection and by number afterwards. Encoding: 0 nothing; 1 a text that is used once; 2 a text that
/// gets the next number; n the text with number n - 3.
/// </summary>
internal static class Symbol
{
    public const uint None = 0, Once = 1, Define = 2, First = 3;

    /// <summary>Numbers per table; a full table is started anew.</summary>
    public const int Limit = 8192;
}

/// <summary>The writer's side; used by the connection's writer only.</summary>
internal sealed class OutboundSymbols(Address self)
{
    // A reference to the other side reads "/user/x" as recipient, and with its address as sender: two keys.
    private readonly Dictionary<object, uint> _recipients = new(ByIdentityOrText.Instance);
    private readonly Dictionary<object, uint> _others = new(ByIdentityOrText.Instance);
    private readonly List<(Dictionary<object, uint> Of, object Key)> _defined = [];

    public int Count => _defined.Count;

    public bool IsFull => _defined.Count >= Symbol.Limit - 4;

    public void Clear()
    {
        _recipients.Clear();
        _others.Clear();
        _defined.Clear();
    }

    /// <summary>Takes back the definitions of a message that was not sent after all.</summary>
    public void Rollback(int count)
    {
        for (var i = _defined.Count - 1; i >= count; i--)
        {
            _defined[i].Of.Remove(_defined[i].Key);
            _defined.RemoveAt(i);
        }
    }

    public void Text(WireWriter w, string text)
    {
        if (text.Length == 0) w.UInt(Symbol.None);
        else if (!Known(w, _others, text)) w.Text(text);
    }

    /// <summary>A recipient at the other side: its path without the address.</summary>
    public void Recipient(WireWriter w, IActorRef recipient)
    {
        if (IsTemporary(recipient.Path)) w.UInt(Symbol.Once);
        else if (Known(w, _recipients, recipient)) return;
        w.Text(Relative(recipient.Path));
    }

    /// <summary>A sender: without the address if it is of this system.</summary>
    public void Sender(WireWriter w, IActorRef? sender)
    {
        if (sender is null)
        {
            w.UInt(Symbol.None);
            return;
        }
        if (IsTemporary(sender.Path)) w.UInt(Symbol.Once);
        else if (Known(w, _others, sender)) return;
        var address = sender.Path.Address;
        w.Text(address.HasLocalScope || address.Equals(self) ? Relative(sender.Path) : sender.Path.ToSerializationFormat());
    }

    /// <summary>References that take one answer are not worth a number.</summary>
    private static bool IsTemporary(ActorPath path) => path.Depth == 2 && path.Parent.Name == "temp";

    private static string Relative(ActorPath path)
    {
        var text = path.ToStringWithoutAddress();
        return path.Uid == 0 ? text : $"{text}#{path.Uid}";
    }

    private bool Known(WireWriter w, Dictionary<object, uint> table, object key)
    {
        if (table.TryGetValue(key, out var id))
        {
            w.UInt(id);
            return true;
        }
        table.Add(key, (uint)_defined.Count + Symbol.First);
        _defined.Add((table, key));
        w.UInt(Symbol.Define);
        return false;
    }

    /// <summary>References by identity (comparing paths would cost more than a second definition), texts by value.</summary>
    private sealed class ByIdentityOrText : IEqualityComparer<object>
    {
        public static readonly ByIdentityOrText Instance = new();

        public new bool Equals(object? x, object? y) => ReferenceEquals(x, y) || (x is string a && y is string b && a == b);

        public int GetHashCode(object o) => o is string s ? s.GetHashCode() : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(o);
    }
}

/// <summary>One text of the other side, and the reference it was found to mean.</summary>
internal sealed class InboundSymbol(string text)
{
    public string Text { get; } = text;

    /// <summary>As a recipient; looked up again when it has stopped.</summary>
    public IInternalActorRef? Recipient;

    /// <summary>As a sender.</summary>
    public IActorRef? Sender;

    /// <summary>Whether a client may write there; null until judged.</summary>
    public ClientTarget? Target;
}

/// <summary>The reader's side; used by the connection's reader only.</summary>
internal sealed class InboundSymbols
{
    private readonly List<InboundSymbol> _known = [];

    public void Clear() => _known.Clear();

    public InboundSymbol? Read(ref WireReader r)
    {
        switch (r.UInt())
        {
            case Symbol.None:
                return null;
            case Symbol.Once:
                return new InboundSymbol(r.Text());
            case Symbol.Define:
                if (_known.Count >= Symbol.Limit) throw new ProtocolException("too many symbols");
                var made = new InboundSymbol(r.Text());
                _known.Add(made);
                return made;
            case var id when id - Symbol.First < _known.Count:
                return _known[(int)(id - Symbol.First)];
            default:
                throw new ProtocolException("an unknown symbol");
        }
    }
}
