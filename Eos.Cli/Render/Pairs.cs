using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Eos.Cli.Render;

/// <summary>A record for programs: keys and values in a fixed order, printed as `key=value …` or as a JSON object.</summary>
internal sealed class Pairs
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<(string Key, string Text, bool Number)> _pairs = [];

    public Pairs Add(string key, string value) => Put(key, value, number: false);
    public Pairs AddAll(IEnumerable<KeyValuePair<string, string>> pairs) => pairs.Aggregate(this, (all, pair) => all.Add(pair.Key, pair.Value));
    public Pairs Add(string key, ulong value) => Put(key, value.ToString(CultureInfo.InvariantCulture), number: true);
    public Pairs Add(string key, long value) => Put(key, value.ToString(CultureInfo.InvariantCulture), number: true);
    public Pairs Add(string key, double value) => Put(key, value.ToString("0.00", CultureInfo.InvariantCulture), number: true);

    /// <summary>A number that is text already.</summary>
    public Pairs AddNumber(string key, string text) => Put(key, text, number: true);

    /// <summary>One line: pairs separated by blanks; a value with blanks or nothing in it is put in quotes.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        foreach (var (key, text, _) in _pairs)
        {
            if (line.Length > 0) line.Append(' ');
            line.Append(key).Append('=');
            if (text.Any(char.IsWhiteSpace)) line.Append('"').Append(text.Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
            else line.Append(text);
        }
        return line.ToString();
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (key, text, number) in _pairs)
        {
            json.WritePropertyName(key);
            if (number) json.WriteRawValue(text);
            else json.WriteStringValue(text);
        }
        json.WriteEndObject();
    }

    /// <summary>The JSON text of whatever <paramref name="write"/> writes.</summary>
    public static string JsonText(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Json)) write(json);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>EOS's frame around the answer of a command: `{"errormsg":…,"result":[…],"retc":"n"}`.</summary>
    public static string Envelope(IEnumerable<Pairs> rows, int code = 0, string message = "") => JsonText(json =>
    {
        json.WriteStartObject();
        json.WriteString("errormsg", message);
        json.WriteStartArray("result");
        foreach (var row in rows) row.WriteTo(json);
        json.WriteEndArray();
        json.WriteString("retc", code.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    });

    private Pairs Put(string key, string text, bool number)
    {
        _pairs.Add((key, text, number));
        return this;
    }
}
