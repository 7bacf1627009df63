namespace Eos.Cli.Shell;

/// <summary>The lines typed so far, newest last, kept in a file of at most <see cref="Limit"/> lines.</summary>
internal sealed class History
{
    private readonly List<string> _lines;
    private readonly string? _file;
    private int _at;
    private string _draft = "";

    public const int Limit = 1000;

    private History(List<string> lines, string? file) => (_lines, _file, _at) = (lines, file, lines.Count);

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>That in the file of EOS_HISTORY_FILE, or in this user's home.</summary>
    public static History OfThisUser() => Load(Environment.GetEnvironmentVariable("EOS_HISTORY_FILE") is { Length: > 0 } file
        ? file
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".eos_history"));

    /// <summary>The history in <paramref name="file"/>; an unreadable or missing file is an empty history.</summary>
    public static History Load(string? file)
    {
        try
        {
            var lines = file is not null && File.Exists(file) ? File.ReadAllLines(file).Where(l => l.Length > 0).TakeLast(Limit).ToList() : [];
            return new(lines, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new([], null);
        }
    }

    /// <summary>Remembers a line unless it is empty or the same as the one before, and leaves browsing.</summary>
    public void Add(string line)
    {
        if (line.Trim().Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            if (_lines.Count > Limit) _lines.RemoveAt(0);
        }
        _at = _lines.Count;
        _draft = "";
    }

    /// <summary>The line before the one shown; what was being typed is kept for <see cref="Newer"/>.</summary>
    public string? Older(string shown)
    {
        if (_at == 0) return null;
        if (_at == _lines.Count) _draft = shown;
        return _lines[--_at];
    }

    /// <summary>The line after the one shown, at the end the unfinished one.</summary>
    public string? Newer()
    {
        if (_at == _lines.Count) return null;
        return ++_at == _lines.Count ? _draft : _lines[_at];
    }

    /// <summary>The newest line that contains <paramref name="text"/>, not looking past <paramref name="before"/>; -1 when none does.</summary>
    public int Find(string text, int before)
    {
        for (var i = Math.Min(before, _lines.Count) - 1; i >= 0; i--)
            if (_lines[i].Contains(text, StringComparison.Ordinal)) return i;
        return -1;
    }

    /// <summary>Writes the file; a folder that cannot be written costs the history, not the session.</summary>
    public void Save()
    {
        if (_file is null) return;
        try
        {
            if (Path.GetDirectoryName(_file) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllLines(_file, _lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
