namespace Akka.Serialization;

/// <summary>A serializer that can write straight into a connection's buffer and read straight from it, without an array in between.</summary>
internal interface IDirectSerializer
{
    /// <summary>Appends the body of the message; the manifest travels apart.</summary>
    void Write(object message, WireWriter writer);

    object Read(string manifest, ref WireReader reader);
}
