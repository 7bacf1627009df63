using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Writes values as HOCON text that parses back to the same values.</summary>
internal static class HoconRenderer
{
    public static string Render(HoconValue value)
    {
        var text = new StringBuilder();
        if (value.Kind == HoconKind.Object) WriteKeys(text, value.Object!, 0);
        else Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, HoconValue value, int depth)
    {
        switch (value.Kind)
        {
            case HoconKind.Null: text.Append("null"); break;
            case HoconKind.Literal: WriteText(text, value.Text!, isKey: false); break;
            case HoconKind.Substitution: text.Append(value.Optional ? "${?" : "${").Append(value.Text).Append('}'); break;
            case HoconKind.Undefined: text.Append("${").Append(value.Text).Append('}'); break;
            case HoconKind.Object: WriteObject(text, value.Object!, depth); break;
            case HoconKind.Array:
                text.Append('[');
                WriteAll(text, value.Parts, ", ", depth);
                text.Append(']');
                break;
            default: WriteAll(text, value.Parts, "", depth); break;
        }
    }

    private static void WriteAll(StringBuilder text, List<HoconValue> values, string separator, int depth)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0) text.Append(separator);
            Write(text, values[i], depth);
        }
    }

    private static void WriteObject(StringBuilder text, HoconObject value, int depth)
    {
        if (value.Items.Count == 0) { text.Append("{}"); return; }
        text.Append("{\n");
        WriteKeys(text, value, depth + 1);
        text.Append(' ', depth * 2).Append('}');
    }

    private static void WriteKeys(StringBuilder text, HoconObject value, int depth)
    {
        foreach (var (key, item) in value.Items)
            foreach (var layer in item.Kind == HoconKind.Layers ? item.Parts : [item])
            {
                text.Append(' ', depth * 2);
                WriteText(text, key, isKey: true);
                text.Append(layer.Kind == HoconKind.Object ? " " : " = ");
                Write(text, layer, depth);
                text.Append('\n');
            }
    }

    private static void WriteText(StringBuilder text, string value, bool isKey)
    {
        if (IsPlain(value, isKey)) { text.Append(value); return; }
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4")),
                _ => text.Append(c),
            };
        text.Append('"');
    }

    private static bool IsPlain(string value, bool isKey)
    {
        if (value.Length == 0 || value is "null" or "include") return false;
        foreach (var c in value)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_') && (isKey || c != '.')) return false;
        return true;
    }
}
