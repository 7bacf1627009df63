namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON text into an object: keys, values, includes. The characters are <see cref="HoconScanner"/>'s business.</summary>
internal sealed class HoconParser(string text, Func<string, HoconRoot>? include, string? source = null)
{
    private readonly HoconScanner _scan = new(text, source);

    /// <summary>The keys from the root to the object being read.</summary>
    private readonly List<string> _at = [];

    /// <summary>Writes everything that the text says over what the object holds.</summary>
    public void ReadInto(HoconObject root)
    {
        _scan.SkipBlank();
        var braced = _scan.TryTake('{');
        Fields(root, braced);
        if (!braced) return;
        _scan.SkipBlank();
        if (!_scan.AtEnd) throw _scan.Unexpected();
    }

    private void Fields(HoconObject into, bool braced)
    {
        var opened = _scan.Line;
        while (true)
        {
            _scan.SkipBlank();
            if (_scan.AtEnd) { if (braced) throw _scan.Broken($"the '{{' of line {opened} is never closed"); return; }
            if (_scan.Peek == '}')
            {
                if (!braced) throw _scan.Unexpected();
                _scan.Take();
                return;
            }
            if (_scan.TryTakeInclude() is { } name) { Include(into, name); EndField(true); }
            else EndField(Field(into));
        }
    }

    /// <summary>Reads one key and its value; answers whether a comma may follow.</summary>
    private bool Field(HoconObject into)
    {
        var path = _scan.Key();
        _scan.SkipBlank();
        if (_scan.Peek == '{' && !_scan.AtEnd)
        {
            into.SetPath(path, At(path, Object));
            return false;
        }
        if (_scan.TryTake("+="))
        {
            var self = HoconValue.Substitution(FullPath(path), optional: true, _scan.Line);
            into.SetPath(path, HoconValue.Concatenation([self, HoconValue.Array([At(path, Value)])]));
        }
        else if (_scan.TryTake('=') || _scan.TryTake(':')) into.SetPath(path, At(path, Value));
        else throw _scan.AtEnd ? _scan.Broken($"key '{string.Join('.', path)}' has no value") : _scan.Unexpected();
        return true;
    }

    private void EndField(bool mayComma)
    {
        if (mayComma) { if (_scan.TakeSeparator()) return; }
        else if (_scan.TakeNewLine()) return;
        if (!_scan.AtEnd && _scan.Peek != '}') throw _scan.Unexpected();
    }

    private void Include(HoconObject into, string name)
    {
        if (include is null) throw _scan.Broken($"include \"{name}\" needs an include callback");
        if (include(name)?.Value.GetObject() is { } included) into.MergeInPlace(included.Clone());
    }

    private HoconValue Value()
    {
        _scan.SkipBlank();
        var parts = new List<HoconValue>(1);
        var isOpen = false;
        while (true)
        {
            var space = _scan.Spaces();
            if (_scan.AtEndOfValue) break;
            if (space.Length > 0 && parts.Count > 0) parts.Add(HoconValue.Literal(space, quoted: false));
            var part = Part();
            isOpen |= part.IsOpen;
            parts.Add(part);
        }
        if (parts.Count == 0) throw _scan.Broken("a value is missing");
        if (isOpen) return parts.Count == 1 ? parts[0] : HoconValue.Concatenation(parts);
        if (parts.Count == 1) return parts[0] is { Kind: HoconKind.Literal, Quoted: false, Text: "null" } ? HoconValue.Nothing : parts[0];
        try
        {
            return HoconConcatenation.Join(parts)!;
        }
        catch (FormatException e)
        {
            throw _scan.Broken(e.Message);
        }
    }

    private HoconValue Part()
    {
        switch (_scan.Peek)
        {
            case '{': return Object();
            case '[': return Array();
            case '"': return HoconValue.Literal(_scan.Quoted(), quoted: true);
            case '$':
                var line = _scan.Line;
                var (path, optional) = _scan.Substitution();
                return HoconValue.Substitution(path, optional, line);
            default: return HoconValue.Literal(_scan.Unquoted(), quoted: false);
        }
    }

    private HoconValue Object()
    {
        _scan.Take();
        var value = new HoconObject();
        Fields(value, braced: true);
        return HoconValue.Of(value);
    }

    private HoconValue Array()
    {
        var opened = _scan.Line;
        _scan.Take();
        var items = new List<HoconValue>();
        while (true)
        {
            _scan.SkipBlank();
            if (_scan.AtEnd) throw _scan.Broken($"the '[' of line {opened} is never closed");
            if (_scan.TryTake(']')) return HoconValue.Array(items);
            items.Add(Value());
            if (!_scan.TakeSeparator() && !_scan.AtEnd && _scan.Peek != ']') throw _scan.Unexpected();
        }
    }

    private HoconValue At(List<string> path, Func<HoconValue> read)
    {
        _at.AddRange(path);
        var value = read();
        _at.RemoveRange(_at.Count - path.Count, path.Count);
        return value;
    }

    private string FullPath(List<string> path) =>
        string.Join('.', _at.Concat(path).Select(key => key.Contains('.') ? $"\"{key}\"" : key));
}
