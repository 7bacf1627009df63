using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>Rows of indexes as one journal has them: by index and key, in hexadecimal.</summary>
internal static class IndexInMemory
{
    public static void Apply(Dictionary<(string, string), string> rows, IndexOp op)
    {
        var at = (op.Index, Convert.ToHexString(op.Key.Span));
        if (op.Change == IndexChange.Delete) Assert.True(rows.Remove(at), $"{at} is deleted and was not there");
        else rows[at] = Convert.ToHexString(op.Value.Span);
    }
}
