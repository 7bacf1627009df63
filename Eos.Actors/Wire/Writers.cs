namespace Eos.Wire;

/// <summary>A thread's writer, kept from one message to the next; who needs one within another's writing gets a new one.</summary>
internal static class Writers
{
    private const int MostRoom = 64 * 1024;

    [ThreadStatic]
    private static FieldWriter? _spare;

    public static FieldWriter Take()
    {
        var writer = _spare ?? new FieldWriter(1024);
        _spare = null;
        return writer;
    }

    public static void Return(FieldWriter writer)
    {
        if (writer.Clear(MostRoom)) _spare = writer;
    }
}
