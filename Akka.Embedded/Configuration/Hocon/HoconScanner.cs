using System.Buffers;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Walks over HOCON text: blanks, comments, keys, strings. Every error names the line.</summary>
internal sealed class HoconScanner(string text, string? source)
{
    private static readonly SearchValues<char> EndsUnquoted = SearchValues.Create(" \t\r\n$\"{}[]:=,#`^?!@*&\\/\u00a0\ufeff");
    private static readonly SearchValues<char> EndsKey = SearchValues.Create("\r\n$\"{}[]:=,#`^?!@*&\\./+");

    private int _at;

    public bool AtEnd => _at >= text.Length;
    public char Peek => _at < text.Length ? text[_at] : '\0';
    public int Line => 1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n');
    public bool AtEndOfValue => AtEnd || text[_at] is '\n' or ',' or '}' or ']' || AtComment;

    private bool AtComment => text[_at] == '#' || text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/';

    public void Take() => _at++;

    public bool TryTake(char c)
    {
        if (Peek != c || AtEnd) return false;
        _at++;
        return true;
    }

    public bool TryTake(string token)
    {
        if (!text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal)) return false;
        _at += token.Length;
        return true;
    }

    /// <summary>Skips blanks, new lines and comments.</summary>
    public void SkipBlank()
    {
        while (!AtEnd)
        {
            if (IsBlank(text[_at])) _at++;
            else if (AtComment) SkipLine();
            else return;
        }
    }

    /// <summary>Takes the blanks of this line and returns them.</summary>
    public string Spaces()
    {
        var start = _at;
        while (!AtEnd && text[_at] != '\n' && IsBlank(text[_at])) _at++;
        return start == _at ? "" : text[start.._at];
    }

    /// <summary>Takes what may stand between two fields or elements: blanks, and one comma or at least one new line.</summary>
    public bool TakeSeparator()
    {
        var broke = TakeNewLine();
        return TryTake(',') || broke;
    }

    /// <summary>Takes blanks and comments; answers whether a new line was among them.</summary>
    public bool TakeNewLine()
    {
        var start = _at;
        SkipBlank();
        return text.AsSpan(start, _at - start).Contains('\n');
    }

    /// <summary>Takes <c>include "name"</c> and returns the name; null, taking nothing, if something else is here.</summary>
    public string? TryTakeInclude()
    {
        var start = _at;
        if (TryTake("include"))
        {
            if (Spaces().Length > 0 && Peek == '"') return Quoted();
            _at = start;
        }
        return null;
    }

    /// <summary>Takes a key, which may be a path of keys.</summary>
    public List<string> Key()
    {
        var path = new List<string>(2);
        do path.Add(OneKey());
        while (TryTake('.'));
        return path;
    }

    private string OneKey()
    {
        Spaces();
        if (Peek == '"')
        {
            var quoted = Quoted();
            Spaces();
            return quoted;
        }
        var start = _at;
        while (!AtEnd)
        {
            var length = text.AsSpan(_at).IndexOfAny(EndsKey);
            _at = length < 0 ? text.Length : _at + length;
            if (!AtEnd && (text[_at] == '/' && !AtComment || text[_at] == '+' && !text.AsSpan(_at).StartsWith("+="))) _at++;
            else break;
        }
        var key = text.AsSpan(start, _at - start).Trim();
        return key.Length > 0 ? key.ToString() : throw (AtEnd ? Broken("a key is missing") : Unexpected());
    }

    public string Unquoted()
    {
        var start = _at;
        while (!AtEnd)
        {
            var length = text.AsSpan(_at).IndexOfAny(EndsUnquoted);
            _at = length < 0 ? text.Length : _at + length;
            if (!AtEnd && text[_at] == '/' && !AtComment) _at++;
            else break;
        }
        return _at > start ? text[start.._at] : throw Unexpected();
    }

    /// <summary>Takes <c>${path}</c> or <c>${?path}</c>.</summary>
    public (string Path, bool Optional) Substitution()
    {
        if (!TryTake("${")) throw Unexpected();
        var optional = TryTake('?');
        var end = text.AsSpan(_at).IndexOfAny('}', '\n');
        if (end <= 0 || text[_at + end] != '}') throw Broken("a substitution ${…} is not closed");
        var path = text.AsSpan(_at, end).Trim().ToString();
        _at += end + 1;
        return (path, optional);
    }

    /// <summary>Takes a text in quotes: escaped in one line, or verbatim between triple quotes.</summary>
    public string Quoted()
    {
        if (TryTake("\"\"\"")) return Verbatim();
        var opened = _at++;
        var rest = text.AsSpan(_at);
        var end = rest.IndexOfAny('"', '\\', '\n');
        if (end >= 0 && rest[end] == '"')
        {
            _at += end + 1;
            return rest[..end].ToString();
        }
        var value = new StringBuilder();
        while (!AtEnd && text[_at] != '\n')
        {
            var c = text[_at++];
            if (c == '"') return value.ToString();
            value.Append(c == '\\' ? Escape() : c);
        }
        _at = opened;
        throw Broken("a quoted text is not closed");
    }

    private string Verbatim()
    {
        var end = text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        if (end < 0) throw Broken("a text in triple quotes is not closed");
        while (end + 3 < text.Length && text[end + 3] == '"') end++;
        var value = text[_at..end];
        _at = end + 3;
        return value;
    }

    private char Escape()
    {
        var c = Peek;
        _at++;
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'u' when _at + 4 <= text.Length
                    && ushort.TryParse(text.AsSpan(_at, 4), System.Globalization.NumberStyles.HexNumber, null, out var code):
                _at += 4;
                return (char)code;
            default: throw Broken($"'\\{c}' is no escape");
        }
    }

    public FormatException Unexpected() => Broken(AtEnd ? "unexpected end" : $"unexpected '{Peek}'");

    public FormatException Broken(string what) => new($"{source ?? "HOCON"}, line {Line}: {what}");

    private void SkipLine()
    {
        var length = text.AsSpan(_at).IndexOf('\n');
        _at = length < 0 ? text.Length : _at + length;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\ufeff' || c > '\x7f' && char.IsWhiteSpace(c);
}
