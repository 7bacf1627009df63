namespace Eos.Wire;

/// <summary>How one type is written and read, field by field. The name stands in the contract.</summary>
public sealed record Shape<T>(string Name, Action<T, FieldWriter> Write, Func<FieldReader, T> Read)
{
    public byte[] Encode(T value)
    {
        var writer = Writers.Take();
        Write(value, writer);
        var bytes = writer.ToArray();
        Writers.Return(writer);
        return bytes;
    }

    public T Decode(ReadOnlyMemory<byte> body) => Read(new FieldReader(body));
}

/// <summary>One row of the table of messages: the manifest, which is for ever, and how the type is written and read.</summary>
public abstract record Manifest(string Name, Type Type)
{
    public abstract byte[] Encode(object message);

    /// <summary>The fields alone, behind what the writer has.</summary>
    public abstract void Write(object message, FieldWriter writer);

    public abstract object Decode(ReadOnlyMemory<byte> body);
    internal abstract void Describe(WireContract contract);

    /// <summary>A row for <typeparamref name="T"/>.</summary>
    public static Manifest Of<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class =>
        new Typed<T>(new Shape<T>(name, write, read));

    private sealed record Typed<T>(Shape<T> Shape) : Manifest(Shape.Name, typeof(T)) where T : class
    {
        public override byte[] Encode(object message) => Shape.Encode((T)message);
        public override void Write(object message, FieldWriter writer) => Shape.Write((T)message, writer);
        public override object Decode(ReadOnlyMemory<byte> body) => Shape.Decode(body);
        internal override void Describe(WireContract contract) => contract.Describe(Name, r => Shape.Read(r));
    }
}
